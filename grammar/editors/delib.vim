" Written by generate.awk from keywords.def: change these, not this file.
" Vim syntax of Délib, the language of tariff délibérations.
if exists("b:current_syntax")
  finish
endif
syntax iskeyword @,48-57,_,192-255
syntax sync minlines=50

syntax match delibOperator /[=<>≤≥≠+×*\/÷−–|:;-]/
syntax match delibName /\<\k\+\(-\k\+\)\+/
syntax match delibNumber /\<\d\+\([ \u00a0\u202f]\d\d\d\)*\(,\d\+\)\?\(\s*[€%]\)\?/
syntax match delibNumber /\<\(1\(er\|re\|ère\)\|\d\+\(e\|ème\|nde\|nd\)\)\>/
syntax match delibNumber /\<\(\d\{4}-\d\d-\d\d\|\d\d\?\/\d\d\?\/\d\{4}\)\>/
syntax match delibStructure /\c\<\(\k-\)\@4<!\(d[eéÉ]lib[eéÉ]ration\>\|enregistrement\>\|collectivit[eéÉ]\>\|[eéÉ]num[eéÉ]ration\>\|propri[eéÉ]t[eéÉ]\>\|r[eèÈ]glement\>\|applicable\>\|calendrier\>\|d[eéÉ]cision\>\|finalit[eéÉ]\>\|arr[eêÊ]t[eéÉ]\>\|remplace\>\|document\>\|tranches\>\|fonction\>\|entr[eéÉ]e\>\|tableau\>\|utilise\>\|source\>\|essais\>\|unit[eéÉ]\>\|siret\>\|tarif\>\|essai\>\|soit\>\|fin\>\)\(-\k\)\@!/
syntax match delibStatement /\c\<\(\k-\)\@4<!\(suppl[eéÉ]ment\>\|inf[eéÉ]rieure\>\|sup[eéÉ]rieure\>\|r[eéÉ]duction\>\|majoration\>\|d[eéÉ]duction\>\|troncature\>\|inf[eéÉ]rieur\>\|sup[eéÉ]rieur\>\|volontaire\>\|exception\>\|r[eéÉ]sultat\>\|tronqu[eéÉ]e\>\|plancher\>\|arrondie\>\|tronqu[eéÉ]\>\|augmente\>\|plafond\>\|arrondi\>\|attendu\>\|lorsque\>\|diminue\>\|remise\>\|baisse\>\|quand\>\|monte\>\|prix\>\|base\>\|puis\>\|cite\>\)\(-\k\)\@!/
syntax match delibKeyword /\c\<\(\k-\)\@4<!\(facultative\>\|facultatif\>\|bar[eèÈ]me\>\|grille\>\|depuis\>\|autres\>\|selon\>\)\(-\k\)\@!/
syntax match delibOperator /\c\<\(\k-\)\@4<!\(comprises\>\|incluses\>\|comprise\>\|au-del[aàÀ]\>\|gratuite\>\|incluse\>\|compris\>\|exclues\>\|gratuit\>\|inclus\>\|exclue\>\|exclu\>\|entre\>\|avec\>\|non\>\|oui\>\|est\>\|par\>\|si\>\|et\>\|ou\>\|de\>\|d['’]\|du\>\|[àÀ]\>\|au\>\|en\>\)\(-\k\)\@!/
syntax match delibFunction /\c\<\(\k-\)\@4<!\(d[eéÉ]croissante\>\|d[eéÉ]croissant\>\|croissante\>\|croissant\>\|somme\>\)\(-\k\)\@!/
syntax match delibStructure /\c\<\(\k-\)\@4<!\(conventionn[eéÉ]e[ \t\u00a0\u202f]\+avec\>\|grille[ \t\u00a0\u202f]\+tarifaire\>\|valeur[ \t\u00a0\u202f]\+nationale\>\|adopt[eéÉ]e[ \t\u00a0\u202f]\+le\>\|adopt[eéÉ][ \t\u00a0\u202f]\+le\>\|sans[ \t\u00a0\u202f]\+date\>\)\(-\k\)\@!/
syntax match delibStatement /\c\<\(\k-\)\@4<!\(r[eéÉ]sultat[ \t\u00a0\u202f]\+n[eéÉ]gatif\>\|sans[ \t\u00a0\u202f]\+suppl[eéÉ]ment\>\|sans[ \t\u00a0\u202f]\+r[eéÉ]duction\>\|sans[ \t\u00a0\u202f]\+majoration\>\|multipli[eéÉ][ \t\u00a0\u202f]\+par\>\|reste[ \t\u00a0\u202f]\+toujours\>\|par[ \t\u00a0\u202f]\+exception\>\|est[ \t\u00a0\u202f]\+toujours\>\|divis[eéÉ][ \t\u00a0\u202f]\+par\>\|sans[ \t\u00a0\u202f]\+effet\>\)\(-\k\)\@!/
syntax match delibConstant /\c\<\(\k-\)\@4<!\(source[ \t\u00a0\u202f]\+indisponible\>\|sans[ \t\u00a0\u202f]\+justificatif\>\|non[ \t\u00a0\u202f]\+communiqu[eéÉ]e\>\|non[ \t\u00a0\u202f]\+communiqu[eéÉ]s\>\|non[ \t\u00a0\u202f]\+communiqu[eéÉ]\>\|non[ \t\u00a0\u202f]\+renseign[eéÉ]\>\|sans[ \t\u00a0\u202f]\+quotient\>\|non[ \t\u00a0\u202f]\+pr[eéÉ]vue\>\|non[ \t\u00a0\u202f]\+pr[eéÉ]vu\>\|sans[ \t\u00a0\u202f]\+objet\>\)\(-\k\)\@!/
syntax match delibKeyword /\c\<\(\k-\)\@4<!\(bar[eèÈ]me[ \t\u00a0\u202f]\+progressif\>\|bar[eèÈ]me[ \t\u00a0\u202f]\+interpol[eéÉ]\>\|sur[ \t\u00a0\u202f]\+justificatif\>\|hors[ \t\u00a0\u202f]\+tranches\>\|par[ \t\u00a0\u202f]\+d[eéÉ]faut\>\|[aàÀ][ \t\u00a0\u202f]\+d[eéÉ]faut\>\|par[ \t\u00a0\u202f]\+seuils\>\|autre[ \t\u00a0\u202f]\+cas\>\)\(-\k\)\@!/
syntax match delibOperator /\c\<\(\k-\)\@4<!\(est[ \t\u00a0\u202f]\+communiqu[eéÉ]e\>\|sont[ \t\u00a0\u202f]\+renseign[eéÉ]s\>\|est[ \t\u00a0\u202f]\+renseign[eéÉ]e\>\|est[ \t\u00a0\u202f]\+communiqu[eéÉ]\>\|est[ \t\u00a0\u202f]\+renseign[eéÉ]\>\|inf[eéÉ]rieur[ \t\u00a0\u202f]\+[aàÀ]\>\|sup[eéÉ]rieur[ \t\u00a0\u202f]\+[aàÀ]\>\|commenc[eéÉ]e[ \t\u00a0\u202f]\+de\>\|au-dessus[ \t\u00a0\u202f]\+de\>\|et[ \t\u00a0\u202f]\+suivantes\>\|commenc[eéÉ][ \t\u00a0\u202f]\+de\>\|abaiss[eéÉ]e[ \t\u00a0\u202f]\+de\>\|au-del[aàÀ][ \t\u00a0\u202f]\+de\>\|non[ \t\u00a0\u202f]\+compris\>\|et[ \t\u00a0\u202f]\+suivants\>\|et[ \t\u00a0\u202f]\+au-del[aàÀ]\>\|est[ \t\u00a0\u202f]\+pendant\>\|ramen[eéÉ]e[ \t\u00a0\u202f]\+au\>\|entam[eéÉ]e[ \t\u00a0\u202f]\+de\>\|abaiss[eéÉ][ \t\u00a0\u202f]\+de\>\|relev[eéÉ]e[ \t\u00a0\u202f]\+de\>\|et[ \t\u00a0\u202f]\+suivant\>\|au[ \t\u00a0\u202f]\+maximum\>\|est[ \t\u00a0\u202f]\+apr[eèÈ]s\>\|ramen[eéÉ][ \t\u00a0\u202f]\+au\>\|entam[eéÉ][ \t\u00a0\u202f]\+de\>\|relev[eéÉ][ \t\u00a0\u202f]\+de\>\|apr[eèÈ]s[ \t\u00a0\u202f]\+le\>\|est[ \t\u00a0\u202f]\+avant\>\|moins[ \t\u00a0\u202f]\+de\>\|moins[ \t\u00a0\u202f]\+d['’]\|au[ \t\u00a0\u202f]\+moins\>\|jusqu['’][aàÀ]\>\|ou[ \t\u00a0\u202f]\+moins\>\|et[ \t\u00a0\u202f]\+moins\>\|au[ \t\u00a0\u202f]\+del[aàÀ]\>\|avant[ \t\u00a0\u202f]\+le\>\|jusqu['’]au\>\|est[ \t\u00a0\u202f]\+dans\>\|plus[ \t\u00a0\u202f]\+de\>\|plus[ \t\u00a0\u202f]\+d['’]\|au[ \t\u00a0\u202f]\+plus\>\|et[ \t\u00a0\u202f]\+plus\>\|ou[ \t\u00a0\u202f]\+plus\>\|et[ \t\u00a0\u202f]\+par\>\|de[ \t\u00a0\u202f]\+la\>\|de[ \t\u00a0\u202f]\+l['’]\|[aàÀ][ \t\u00a0\u202f]\+l['’]\|[aàÀ][ \t\u00a0\u202f]\+la\>\)\(-\k\)\@!/
syntax match delibFunction /\c\<\(\k-\)\@4<!\([aàÀ][ \t\u00a0\u202f]\+[eéÉ]galit[eéÉ]\>\|pour[ \t\u00a0\u202f]\+chaque\>\|minimum[ \t\u00a0\u202f]\+de\>\|maximum[ \t\u00a0\u202f]\+de\>\|telles[ \t\u00a0\u202f]\+que\>\|rang[ \t\u00a0\u202f]\+parmi\>\|nombre[ \t\u00a0\u202f]\+de\>\|nombre[ \t\u00a0\u202f]\+d['’]\|somme[ \t\u00a0\u202f]\+des\>\|pour[ \t\u00a0\u202f]\+une\>\|somme[ \t\u00a0\u202f]\+de\>\|tels[ \t\u00a0\u202f]\+que\>\|pour[ \t\u00a0\u202f]\+un\>\|si[ \t\u00a0\u202f]\+vide\>\)\(-\k\)\@!/
syntax match delibType /\c\<\(\k-\)\@4<!\(aujourd['’]hui\>\|demi[ \t\u00a0\u202f]\+heure\>\)\(-\k\)\@!/
syntax match delibStructure /\c\<\(\k-\)\@4<!\(de[ \t\u00a0\u202f]\+l['’]association\>\|[aàÀ][ \t\u00a0\u202f]\+compter[ \t\u00a0\u202f]\+du\>\)\(-\k\)\@!/
syntax match delibStatement /\c\<\(\k-\)\@4<!\(ne[ \t\u00a0\u202f]\+diminue[ \t\u00a0\u202f]\+jamais\>\|n['’]augmente[ \t\u00a0\u202f]\+jamais\>\|ne[ \t\u00a0\u202f]\+baisse[ \t\u00a0\u202f]\+jamais\>\|ne[ \t\u00a0\u202f]\+monte[ \t\u00a0\u202f]\+jamais\>\|du[ \t\u00a0\u202f]\+prix[ \t\u00a0\u202f]\+obtenu\>\|le[ \t\u00a0\u202f]\+plus[ \t\u00a0\u202f]\+proche\>\|la[ \t\u00a0\u202f]\+plus[ \t\u00a0\u202f]\+proche\>\|au[ \t\u00a0\u202f]\+plus[ \t\u00a0\u202f]\+proche\>\|l['’]emporte[ \t\u00a0\u202f]\+sur\>\)\(-\k\)\@!/
syntax match delibConstant /\c\<\(\k-\)\@4<!\(sur[ \t\u00a0\u202f]\+d[eéÉ]cision[ \t\u00a0\u202f]\+individuelle\>\)\(-\k\)\@!/
syntax match delibKeyword /\c\<\(\k-\)\@4<!\(sur[ \t\u00a0\u202f]\+l['’]honneur\>\)\(-\k\)\@!/
syntax match delibOperator /\c\<\(\k-\)\@4<!\(ramen[eéÉ]e[ \t\u00a0\u202f]\+[aàÀ][ \t\u00a0\u202f]\+l['’]\|est[ \t\u00a0\u202f]\+apr[eèÈ]s[ \t\u00a0\u202f]\+le\>\|ramen[eéÉ][ \t\u00a0\u202f]\+[aàÀ][ \t\u00a0\u202f]\+l['’]\|[aàÀ][ \t\u00a0\u202f]\+partir[ \t\u00a0\u202f]\+de\>\|[aàÀ][ \t\u00a0\u202f]\+partir[ \t\u00a0\u202f]\+d['’]\|[aàÀ][ \t\u00a0\u202f]\+partir[ \t\u00a0\u202f]\+du\>\|est[ \t\u00a0\u202f]\+avant[ \t\u00a0\u202f]\+le\>\|au[ \t\u00a0\u202f]\+del[aàÀ][ \t\u00a0\u202f]\+de\>\|[aàÀ][ \t\u00a0\u202f]\+moins[ \t\u00a0\u202f]\+de\>\|[aàÀ][ \t\u00a0\u202f]\+moins[ \t\u00a0\u202f]\+d['’]\|et[ \t\u00a0\u202f]\+jusqu['’][aàÀ]\>\|et[ \t\u00a0\u202f]\+moins[ \t\u00a0\u202f]\+de\>\|et[ \t\u00a0\u202f]\+moins[ \t\u00a0\u202f]\+d['’]\)\(-\k\)\@!/
syntax match delibType /\c\<\(\k-\)\@4<!\(quarts[ \t\u00a0\u202f]\+d['’]heure\>\|quart[ \t\u00a0\u202f]\+d['’]heure\>\)\(-\k\)\@!/
syntax match delibStatement /\c\<\(\k-\)\@4<!\(sans[ \t\u00a0\u202f]\+r[eéÉ]duction[ \t\u00a0\u202f]\+ni[ \t\u00a0\u202f]\+majoration\>\|donne[ \t\u00a0\u202f]\+toujours[ \t\u00a0\u202f]\+une[ \t\u00a0\u202f]\+r[eéÉ]ponse\>\|donne[ \t\u00a0\u202f]\+toujours[ \t\u00a0\u202f]\+un[ \t\u00a0\u202f]\+montant\>\|du[ \t\u00a0\u202f]\+prix[ \t\u00a0\u202f]\+de[ \t\u00a0\u202f]\+base\>\)\(-\k\)\@!/
syntax match delibConstant /\c\<\(\k-\)\@4<!\(comme[ \t\u00a0\u202f]\+la[ \t\u00a0\u202f]\+derni[eèÈ]re[ \t\u00a0\u202f]\+tranche\>\|comme[ \t\u00a0\u202f]\+la[ \t\u00a0\u202f]\+derni[eèÈ]re[ \t\u00a0\u202f]\+ligne\>\)\(-\k\)\@!/
syntax match delibOperator /\c\<\(\k-\)\@4<!\(inf[eéÉ]rieure[ \t\u00a0\u202f]\+ou[ \t\u00a0\u202f]\+[eéÉ]gale[ \t\u00a0\u202f]\+[aàÀ]\>\|sup[eéÉ]rieure[ \t\u00a0\u202f]\+ou[ \t\u00a0\u202f]\+[eéÉ]gale[ \t\u00a0\u202f]\+[aàÀ]\>\|inf[eéÉ]rieur[ \t\u00a0\u202f]\+ou[ \t\u00a0\u202f]\+[eéÉ]gal[ \t\u00a0\u202f]\+[aàÀ]\>\|sup[eéÉ]rieur[ \t\u00a0\u202f]\+ou[ \t\u00a0\u202f]\+[eéÉ]gal[ \t\u00a0\u202f]\+[aàÀ]\>\|la[ \t\u00a0\u202f]\+moins[ \t\u00a0\u202f]\+favorable[ \t\u00a0\u202f]\+de\>\|la[ \t\u00a0\u202f]\+plus[ \t\u00a0\u202f]\+favorable[ \t\u00a0\u202f]\+de\>\|le[ \t\u00a0\u202f]\+plus[ \t\u00a0\u202f]\+[eéÉ]lev[eéÉ][ \t\u00a0\u202f]\+de\>\|le[ \t\u00a0\u202f]\+plus[ \t\u00a0\u202f]\+petit[ \t\u00a0\u202f]\+de\>\)\(-\k\)\@!/
syntax match delibIdentifier /\c\(\<\([eéÉ]num[eéÉ]ration\|entr[eéÉ]e\|source\|soit\|tarif\|tranches\|tableau\|unit[eéÉ]\|fonction\|enregistrement\|calendrier\|r[eéÉ]sultat\)[ \t\u00a0\u202f]\+\)\@<=\k\+\(-\k\+\)*/
syntax region delibString start=/«/ end=/»/
syntax region delibString start=/“/ end=/”/
syntax match delibString /"[^"]*"/
syntax match delibComment /--.*$/

highlight default link delibStructure Structure
highlight default link delibStatement Statement
highlight default link delibConstant Constant
highlight default link delibKeyword Keyword
highlight default link delibOperator Operator
highlight default link delibFunction Function
highlight default link delibType Type
highlight default link delibNumber Number
highlight default link delibIdentifier Identifier
highlight default link delibString String
highlight default link delibComment Comment

let b:current_syntax = "delib"
