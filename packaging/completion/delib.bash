# Bash completion of delib. Commands and options are those that the program itself gives, so that none is forgotten.

_delib()
{
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(delib aide 2>/dev/null | sed -n '/^Commandes/,/^$/s/^  \([a-z-][a-z-]*\) .*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
        return
    fi
    case $previous in
    --api)
        mapfile -t COMPREPLY < <(compgen -W "aucune bac-a-sable reelle" -- "$word")
        return ;;
    --demande | --cas | --configuration | --journal | --certificat | --cle | --fichier-port*)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
        return ;;
    esac
    case $command,$word in
    aide,*)
        words=$(delib aide 2>/dev/null | sed -n '/^Commandes/,/^$/s/^  \([a-z-][a-z-]*\) .*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
    *,-*)
        words=$(delib "$command" --aide 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$words --aide" -- "$word") ;;
    *)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.delib*' -- "$word"; compgen -d -- "$word")
        compopt -o filenames 2>/dev/null ;;
    esac
}
complete -F _delib delib
