# A hand-written page with the version of the program, and the text of the example where « @EXEMPLE@ » stands.
/^\.TH/ { sub(/delib [0-9.]+/, "delib " version) }
/^@EXEMPLE@$/ {
    while ((getline line < example) > 0) {
        gsub(/\\/, "\\e", line)
        gsub(/-/, "\\-", line)
        print line
    }
    next
}
{ print }
