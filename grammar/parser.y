/*
 * The grammar of Délib. Actions only build nodes: no look-up, no check. Each construct recovers from its own errors, so
 * that one fault gives one message.
 */
%code requires {
#include "grammar/parse.h"
#include "grammar/build.h"
#include "lang/correction.h"
}

%define api.pure full
%define api.prefix {delib_yy}
%define api.location.type {struct span}
%define api.value.type {union value}
%define parse.error custom
%define parse.lac full
%define parse.lac.es-capacity-initial "8192"
%locations
%expect 0
%param { struct parser *parser }

%code provides {
int delib_yylex(DELIB_YYSTYPE *value, struct span *span, struct parser *parser);
void delib_yyerror(struct span *span, struct parser *parser, const char *message);
}

%code {
/*
 * The stack of yyparse grows in the arena. That of the look-ahead correction starts large enough for the nesting limit;
 * there `parser` is the null below, so it does not grow.
 */
#pragma GCC diagnostic ignored "-Wshadow"
static struct parser *const parser = NULL;
#define YYMALLOC(size) parse_stack_alloc(parser, (size))
#define YYFREE(block) ((void)(block))
#define YYLLOC_DEFAULT(current, rhs, n) ((current) = build_span((n) ? &YYRHSLOC(rhs, 1) : NULL, (n) ? &YYRHSLOC(rhs, n) : &YYRHSLOC(rhs, 0)))
#define A (parser->arena)
}

/* The names in quotes are what a message says was expected. */
%token YYEOF 0              "la fin du fichier"
%token NEWLINE              "la fin de la ligne"
%token WORD COMMENT
%token <token> NAME         "un nom"
%token <token> NUMBER       "un nombre"
%token <token> ORDINAL      "un rang (« 1er », « 2e »)"
%token <token> DATE         "une date"
%token <token> TEXT         "un texte entre guillemets"
%token EURO "« € »" PERCENT "« % »"
%token LE "« ≤ »" GE "« ≥ »" NE "« ≠ »" LT "« < »" GT "« > »" EQ "« = »"
%token TIMES "« × »" DIVIDE "« / »" PLUS "« + »" MINUS "« - »"
%token LPAREN "« ( »" RPAREN "« ) »" BAR "« | »" COLON "« : »" SEMICOLON "« ; »" COMMA "« , »" DOT "« . »"
%token <token> DELIBERATION "« délibération »" COLLECTIVITE "« collectivité »" CONVENTIONNEE "« conventionnée avec »"
%token <token> ADOPTE_LE "« adopté le »" SIRET "« siret »" APPLICABLE "« applicable »" A_COMPTER_DU "« à compter du »"
%token <token> SANS_DATE "« sans date »" REMPLACE "« remplace »" DOCUMENT "« document »" FINALITE "« finalité »"
%token <token> ENUMERATION "« énumération »" ENTREE "« entrée »" SOURCE "« source »" SOIT "« soit »" TARIF "« tarif »"
%token <token> ESSAI "« essai »" ESSAIS "« essais »" TRANCHES "« tranches »" TABLEAU "« tableau »" UNITE "« unité »"
%token <token> FONCTION "« fonction »" ENREGISTREMENT "« enregistrement »" CALENDRIER "« calendrier »"
%token <token> VALEUR_NATIONALE "« valeur nationale »" UTILISE "« utilise »" FIN "« fin »"
%token <token> PROPRIETE "« propriété »" QUAND "« quand »" AUGMENTE "« augmente »" BAISSE "« baisse »"
%token <token> PRIX "« prix »" EXCEPTION "« exception »" PUIS "« puis »" RESULTAT "« résultat »"
%token <token> REDUCTION "« réduction »" MAJORATION "« majoration »" SUPPLEMENT "« supplément »" DEDUCTION "« déduction »"
%token <token> PLANCHER "« plancher »" PLAFOND "« plafond »" MULTIPLIE_PAR "« multiplié par »" DIVISE_PAR "« divisé par »"
%token DU_PRIX_DE_BASE "« du prix de base »" DU_PRIX_OBTENU "« du prix obtenu »"
%token <token> ARRONDI "« arrondi »" TRONQUE "« tronqué »" LE_PLUS_PROCHE "« le plus proche »" INFERIEUR "« inférieur »"
%token <token> SUPERIEUR "« supérieur »"
%token SANS_REDUCTION_NI_MAJORATION "« sans réduction ni majoration »" SANS_EFFET "« sans réduction »"
%token L_EMPORTE_SUR "« l'emporte sur »" RESULTAT_NEGATIF "« résultat négatif »" VOLONTAIRE "« volontaire »" CITE "« cite »"
%token NON_COMMUNIQUE "« non communiqué »" SOURCE_INDISPONIBLE "« source indisponible »" NON_PREVU "« non prévu »"
%token SUR_DECISION "« sur décision individuelle »" SANS_OBJET "« sans objet »"
%token DERNIERE_TRANCHE "« comme la dernière tranche »"
%token PAR_DEFAUT "« par défaut »" FACULTATIF "« facultatif »" A_DEFAUT "« à défaut »"
%token SUR_JUSTIFICATIF "« sur justificatif »" SUR_L_HONNEUR "« sur l'honneur »" PAR_ORDRE "« , par »"
%token BAREME_PROGRESSIF "« barème progressif »" BAREME_INTERPOLE "« barème interpolé »"
%token SELON "« selon »" BAREME "« barème »" GRILLE "« grille »" PAR_SEUILS "« par seuils »"
%token <token> DEPUIS "« depuis »" AUTRES "« autres »"
%token HORS_TRANCHES "« hors tranches »"
%token MOINS_DE "« moins de »" PLUS_DE "« plus de »" A_PARTIR_DE "« à partir de »" AU_PLUS "« au plus »"
%token A_MOINS_DE "« à moins de »" JUSQU_A "« jusqu'à »" ET_JUSQU_A "« et jusqu'à »" INCLUS "« inclus »" EXCLU "« exclu »"
%token ET_MOINS_DE "« et moins de »" ET_PLUS "« et plus »" OU_MOINS "« ou moins »"
%token INFERIEUR_EGAL "« inférieur ou égal à »" SUPERIEUR_EGAL "« supérieur ou égal à »" AU_DELA "« au-delà »"
%token MAXIMUM_BORNE "« au maximum »" GRATUIT "« gratuit »"
%token ENTRE "« entre »" AVANT_LE "« avant le »" APRES_LE "« après le »" A_PARTIR_DU "« à partir du »" JUSQU_AU "« jusqu'au »"
%token SI "« si »" ET "« et »" OU "« ou »" NON "« non »" OUI "« oui »" EST "« est »" EST_RENSEIGNE "« est renseigné »"
%token EST_DANS "« est dans »" EST_APRES "« est après »" EST_AVANT "« est avant »" AVEC "« avec »"
%token DE "« de »" DU "« du »" A_ "« à »" AU "« au »" A_L "« à l' »" EN "« en »" PAR "« par »" ET_PAR "« et par »"
%token RAMENE_AU "« ramené au »" ENTAME_DE "« entamé de »" ABAISSEE_DE "« abaissée de »" RELEVEE_DE "« relevée de »"
%token FAVORABLE "« la plus favorable de »" DEFAVORABLE "« la moins favorable de »" PLUS_PETIT "« le plus petit de »"
%token PLUS_ELEVE "« le plus élevé de »"
%token POUR "« pour un »" NOMBRE_DE "« nombre de »" SOMME_DE "« somme de »" MINIMUM_DE "« minimum de »"
%token <token> SOMME "« somme »"
%token MAXIMUM_DE "« maximum de »" POUR_CHAQUE "« pour chaque »" TELS_QUE "« tels que »" RANG_PARMI "« rang parmi »"
%token CROISSANT "« croissant »" DECROISSANT "« décroissant »" A_EGALITE "« à égalité »" SI_VIDE "« si vide »"
%token <token> ATTENDU "« attendu »"
%token EST_TOUJOURS "« est toujours »" NE_BAISSE_JAMAIS "« ne baisse jamais »"
%token N_AUGMENTE_JAMAIS "« n'augmente jamais »" DONNE_UN_MONTANT "« donne toujours un montant »"
%token DONNE_UNE_REPONSE "« donne toujours une réponse »"

%type <name> nom nom_libre nom_opt
%type <slice> texte_opt siret
%type <expr> axes expr ou_expr et_expr non_expr comparaison forme somme produit unaire primaire litteral tableau meilleur
%type <expr> decalage valeur_clause borne agregat liste tels_que si_vide egalite limite seulement
%type <title> titre intervalle cellule
%type <titles> cellules ligne_grille
%type <table> tete_tableau lignes grille_nue
%type <unit> unite unite_opt en_unite_opt unites
%type <names> noms
%type <exprs> arguments arguments_opt
%type <citation> citation renvoi
%type <clauses> clauses clause
%type <type> type domaine
%type <decl> declaration entete clauses_entete enumeration entree source soit fonction tarif clauses_tarif essai
%type <decl> enregistrement champs_enregistrement tranches tableau_parametres unite_declaree calendrier nationale utilise
%type <decl> affectations resultat propriete
%type <members> membres lignes_membres
%type <member> membre
%type <period> periode
%type <date> date
%type <parameters> parametres parametres_opt
%type <step> operation
%type <number> nature
%type <round> pas
%type <number> mode mode_opt assiette
%type <alternatives> alternatives
%type <alternative> alternative
%type <number> meilleur_mode croissance fold jamais sens
%type <property> enonce

%start acte

%%

acte:
    %empty
  | acte declaration                       { build_declaration(parser, $2); }
  | acte finalite_acte
  | acte error                             { build_recover(parser); }
  ;

finalite_acte:
    FINALITE nom                           { parser->act->finalite = $2; }
  ;

declaration:
    entete | enumeration | entree | source | soit | fonction | tarif | essai | enregistrement | tranches
  | tableau_parametres | unite_declaree | calendrier | nationale | utilise | propriete
  ;

/* ---------------------------------------------------------------- names, units, dates, texts */

nom:
    NAME                                   { $$ = build_name($1); }
  | nom_libre
  ;

/* Words that mean something at one place only, and are names elsewhere. */
nom_libre:
    COLLECTIVITE { $$ = build_name($1); } | SIRET { $$ = build_name($1); } | APPLICABLE { $$ = build_name($1); }
  | REMPLACE { $$ = build_name($1); } | DOCUMENT { $$ = build_name($1); } | DELIBERATION { $$ = build_name($1); }
  | ENTREE { $$ = build_name($1); } | SOURCE { $$ = build_name($1); } | TARIF { $$ = build_name($1); }
  | ESSAI { $$ = build_name($1); } | ESSAIS { $$ = build_name($1); } | TRANCHES { $$ = build_name($1); }
  | TABLEAU { $$ = build_name($1); } | UNITE { $$ = build_name($1); } | FONCTION { $$ = build_name($1); }
  | ENREGISTREMENT { $$ = build_name($1); } | CALENDRIER { $$ = build_name($1); } | ENUMERATION { $$ = build_name($1); }
  | PRIX { $$ = build_name($1); } | RESULTAT { $$ = build_name($1); } | REDUCTION { $$ = build_name($1); }
  | MAJORATION { $$ = build_name($1); } | SUPPLEMENT { $$ = build_name($1); } | DEDUCTION { $$ = build_name($1); }
  | PLANCHER { $$ = build_name($1); } | PLAFOND { $$ = build_name($1); } | EXCEPTION { $$ = build_name($1); }
  | UTILISE { $$ = build_name($1); } | INFERIEUR { $$ = build_name($1); }
  | SUPERIEUR { $$ = build_name($1); } | SOMME { $$ = build_name($1); } | DEPUIS { $$ = build_name($1); }
  | PROPRIETE { $$ = build_name($1); } | QUAND { $$ = build_name($1); } | AUGMENTE { $$ = build_name($1); }
  | BAISSE { $$ = build_name($1); }
  ;

nom_opt:
    %empty                                 { $$ = (struct name){ .span = @$ }; }
  | nom
  ;

noms:
    nom                                    { $$ = build_names(parser, NULL, $1); }
  | noms COMMA nom                         { $$ = build_names(parser, &$1, $3); }
  | noms ET nom                            { $$ = build_names(parser, &$1, $3); }
  ;

texte_opt:
    %empty                                 { $$ = SLICE(""); }
  | TEXT                                   { $$ = build_text($1); }
  ;

date:
    primaire                               { $$ = build_date(parser, $1); }
  ;

periode:
    DU date AU date                        { $$ = build_period($2, $4, @$); }
  | A_COMPTER_DU date                      { $$ = build_period($2, (struct date){ 0 }, @$); }
  ;

unite:
    EURO unites                            { $$ = build_unit(parser, true, false, $2, @$); }
  | EURO                                   { $$ = build_unit(parser, true, false, NULL, @$); }
  | PERCENT                                { $$ = build_unit(parser, false, true, NULL, @$); }
  | NAME                                   { $$ = build_plain_unit(parser, build_name($1)); }
  | NAME unites                            { $$ = build_named_unit(parser, build_name($1), $2, @$); }
  ;

unites:
    PAR nom                                { $$ = build_unit_per(parser, NULL, $2); }
  | unites ET_PAR nom                      { $$ = build_unit_per(parser, $1, $3); }
  ;

unite_opt:
    %empty                                 { $$ = NULL; }
  | unites
  ;

en_unite_opt:
    %empty                                 { $$ = NULL; }
  | EN unite                               { $$ = $2; }
  ;

/* ---------------------------------------------------------------- header */

entete:
    DELIBERATION texte_opt clauses_entete FIN   { $$ = build_header($3, $1, $2, @$); }
  | DELIBERATION error FIN                 { $$ = build_error(parser, @$); yyerrok; }
  ;

clauses_entete:
    %empty                                 { $$ = build_decl(parser, DECL_HEADER, @$); }
  | clauses_entete DU date                 { $$ = $1; $$->as.header.date = $3; }
  | clauses_entete ADOPTE_LE date          { $$ = $1; $$->as.header.date = $3; }
  | clauses_entete COLLECTIVITE TEXT       { $$ = $1; $$->as.header.authority = build_text($3); }
  | clauses_entete CONVENTIONNEE TEXT      { $$ = $1; $$->as.header.partner = build_text($3); }
  | clauses_entete SIRET siret             { $$ = $1; $$->as.header.siret = $3; $$->as.header.siret_span = @3; }
  | clauses_entete APPLICABLE periode      { $$ = $1; $$->as.header.period = $3; }
  | clauses_entete REMPLACE TEXT           { $$ = $1; $$->as.header.replaces = build_text($3); }
  | clauses_entete DOCUMENT TEXT           { $$ = $1; $$->as.header.document = build_text($3); $$->as.header.document_span = @3; }
  | clauses_entete SANS_DATE               { $$ = $1; $$->as.header.undated = true; }
  | clauses_entete FINALITE nom            { $$ = $1; parser->act->finalite = $3; }
  ;

siret:
    NUMBER                                 { $$ = build_digits(parser, SLICE(""), $1); }
  | siret NUMBER                           { $$ = build_digits(parser, $1, $2); }
  ;

/* ---------------------------------------------------------------- data */

enumeration:
    ENUMERATION nom texte_opt COLON membres               { $$ = build_enumeration(parser, $2, $3, $5, @$); }
  | ENUMERATION nom texte_opt NEWLINE lignes_membres FIN  { $$ = build_enumeration(parser, $2, $3, $5, @$); }
  ;

membres:
    membre                                 { $$ = build_members(parser, NULL, $1); }
  | membres SEMICOLON membre               { $$ = build_members(parser, $1, $3); }
  ;

lignes_membres:
    membre NEWLINE                         { $$ = build_members(parser, NULL, $1); }
  | lignes_membres membre NEWLINE          { $$ = build_members(parser, $1, $2); }
  | lignes_membres error NEWLINE           { $$ = $1; yyerrok; }
  ;

membre:
    nom texte_opt unite_opt                { $$ = build_member($1, $2, $3); }
  | TEXT texte_opt unite_opt               { $$ = build_member(build_text_name($1), $2, $3); }
  ;

entree:
    ENTREE nom texte_opt COLON type texte_opt   { $$ = build_input(parser, $2, $6.length ? $6 : $3, $5, @$); }
  | entree PAR_DEFAUT unaire               { $$ = $1; $$->as.input.fallback = $3; }
  | entree PAR_DEFAUT NON                  { $$ = $1; $$->as.input.fallback = build_boolean(parser, false, @3); }
  | entree clause                          { $$ = $1; build_clause(parser, &$$->clauses, &$2); }
  | ENTREE error                           { $$ = build_error(parser, @$); }
  ;

source:
    SOURCE nom texte_opt COLON nom DOT nom LPAREN arguments_opt RPAREN
                                           { $$ = build_source(parser, $2, $3, $5, $7, $9, @$); }
  | source AU nom                          { $$ = $1; $$->as.source.precision = $3; }
  | source A_DEFAUT SUR_JUSTIFICATIF texte_opt  { $$ = build_fallback($1, FALLBACK_JUSTIFICATIF, $4); }
  | source A_DEFAUT SUR_L_HONNEUR texte_opt     { $$ = build_fallback($1, FALLBACK_HONNEUR, $4); }
  | source clause                          { $$ = $1; build_clause(parser, &$$->clauses, &$2); }
  | SOURCE error                           { $$ = build_error(parser, @$); }
  ;

type:
    nom                                    { $$ = build_type(parser, $1, @$); }
  | nom DE limite A_ limite                { $$ = build_type(parser, $1, @$); $$->low = $3; $$->high = $5; }
  | nom A_PARTIR_DE limite                 { $$ = build_type(parser, $1, @$); $$->low = $3; }
  | nom AU_PLUS limite                     { $$ = build_type(parser, $1, @$); $$->max_items = $3; }
  | nom AU nom domaine                     { $$ = build_type_domain(build_type(parser, $1, @$), $4, @$); $$->precision = $3; }
  | nom EN unite domaine                   { $$ = build_type_domain(build_type(parser, $1, @$), $4, @$); $$->unit = $3; }
  | nom DE nom domaine                     { $$ = build_type_domain(build_type(parser, $1, @$), $4, @$); $$->of = $3; }
  | nom PAR nom domaine                    { $$ = build_type_domain(build_type(parser, $1, @$), $4, @$); $$->of = $3; $$->basket = true; }
  | NOMBRE_DE limite A_ limite             { $$ = build_number_type(parser, @$); $$->low = $2; $$->high = $4; }
  | NOMBRE_DE nom domaine                  { $$ = build_type_domain(build_number_type(parser, @$), $3, @$); $$->of = $2; }
  ;

domaine:
    %empty                                 { $$ = build_type(parser, (struct name){ .span = @$ }, @$); }
  | domaine A_PARTIR_DE limite             { $$ = $1; $$->low = $3; }
  | domaine DE limite A_ limite            { $$ = $1; $$->low = $3; $$->high = $5; }
  | domaine AU_PLUS limite                 { $$ = $1; $$->max_items = $3; }
  ;

limite:
    litteral
  | MINUS litteral                         { $$ = build_unary(parser, EXPR_NEGATE, $2, @$); }
  ;

soit:
    SOIT nom texte_opt EQ expr             { $$ = build_let(parser, DECL_LET, $2, $3, NULL, $5, @$); }
  | SOIT nom texte_opt EQ decalage         { $$ = build_let(parser, DECL_LET, $2, $3, NULL, $5, @$); }
  | soit clause                            { $$ = $1; build_clause(parser, &$$->clauses, &$2); }
  | SOIT error                             { $$ = build_error(parser, @$); }
  ;

decalage:
    somme ABAISSEE_DE somme A_PARTIR_DE unaire            { $$ = build_shift(parser, true, $1, $3, NULL, $5, @$); }
  | somme ABAISSEE_DE somme SI expr A_PARTIR_DE unaire    { $$ = build_shift(parser, true, $1, $3, $5, $7, @$); }
  | somme RELEVEE_DE somme AU_PLUS unaire                 { $$ = build_shift(parser, false, $1, $3, NULL, $5, @$); }
  | somme RELEVEE_DE somme SI expr AU_PLUS unaire         { $$ = build_shift(parser, false, $1, $3, $5, $7, @$); }
  ;

fonction:
    FONCTION nom LPAREN parametres_opt RPAREN en_unite_opt EQ expr
                                           { $$ = build_function(parser, $2, $4, $6, $8, @$); }
  | fonction clause                        { $$ = $1; build_clause(parser, &$$->clauses, &$2); }
  | FONCTION error                         { $$ = build_error(parser, @$); }
  ;

parametres_opt:
    %empty                                 { $$ = NULL; }
  | parametres
  ;

parametres:
    nom COLON type                         { $$ = build_parameter(parser, NULL, $1, $3); }
  | parametres SEMICOLON nom COLON type    { $$ = build_parameter(parser, $1, $3, $5); }
  ;

enregistrement:
    ENREGISTREMENT nom texte_opt NEWLINE champs_enregistrement FIN
                                           { $$ = build_record($5, $2, $3, @$); }
  ;

champs_enregistrement:
    %empty                                 { $$ = build_decl(parser, DECL_RECORD, @$); }
  | champs_enregistrement NEWLINE
  | champs_enregistrement nom COLON type texte_opt NEWLINE
                                           { $$ = $1; build_field(parser, $$, $2, $4, $5, NULL); }
  | champs_enregistrement nom COLON type texte_opt PAR_DEFAUT unaire NEWLINE
                                           { $$ = $1; build_field(parser, $$, $2, $4, $5, $7); }
  | champs_enregistrement SOIT nom texte_opt EQ expr NEWLINE
                                           { $$ = $1; build_record_let(parser, $$, $3, $4, $6, @3); }
  | champs_enregistrement error NEWLINE    { $$ = $1; yyerrok; }
  ;

tranches:
    TRANCHES nom texte_opt SELON axes NEWLINE lignes FIN  { $$ = build_tranches(parser, $2, $3, $5, $7, @$, @4); }
  ;

tableau_parametres:
    TABLEAU nom texte_opt SELON axes NEWLINE lignes FIN   { $$ = build_tableau(parser, $2, $3, $5, $7, @$, @4); }
  ;

unite_declaree:
    UNITE nom texte_opt                    { $$ = build_named(parser, DECL_UNIT, $2, $3, @$); }
  ;

calendrier:
    CALENDRIER nom texte_opt periode       { $$ = build_calendar(parser, $2, $3, $4, @$); }
  ;

nationale:
    VALEUR_NATIONALE nom texte_opt EQ expr A_COMPTER_DU date COMMA SOURCE TEXT
                                           { $$ = build_national(parser, $2, $3, $5, $7, build_text($10), @$); }
  | VALEUR_NATIONALE error                 { $$ = build_error(parser, @$); }
  ;

utilise:
    UTILISE nom                            { $$ = build_named(parser, DECL_USE, $2, SLICE(""), @$); }
  ;

/* ---------------------------------------------------------------- tariffs */

tarif:
    TARIF nom texte_opt en_unite_opt clauses_tarif FIN
                                           { $$ = build_tariff($5, $2, $3, (struct name){ .span = @1 }, $4, @$); }
  | TARIF nom texte_opt POUR nom en_unite_opt clauses_tarif FIN
                                           { $$ = build_tariff($7, $2, $3, $5, $6, @$); }
  | TARIF error clauses_tarif FIN          { $$ = build_error(parser, @$); yyerrok; }
  ;

clauses_tarif:
    %empty                                 { $$ = build_decl(parser, DECL_TARIFF, @$); }
  | clauses_tarif FINALITE nom             { $$ = $1; $$->as.tariff.finalite = $3; }
  | clauses_tarif APPLICABLE periode       { $$ = $1; $$->as.tariff.period = $3; }
  | clauses_tarif soit                     { $$ = $1; build_append(&$$->as.tariff.lets, $2); }
  | clauses_tarif resultat                 { $$ = $1; build_append(&$$->as.tariff.outputs, $2); }
  | clauses_tarif PRIX expr clauses        { $$ = $1; build_price(parser, $$, $3, &$4, @3); }
  | clauses_tarif EXCEPTION nom_opt SI expr COLON expr clauses
                                           { $$ = $1; build_exception(parser, $$, $3, $5, $7, false, &$8, span_join(@2, @7)); }
  | clauses_tarif EXCEPTION nom_opt SI expr COLON expr SANS_REDUCTION_NI_MAJORATION clauses
                                           { $$ = $1; build_exception(parser, $$, $3, $5, $7, true, &$9, span_join(@2, @7)); }
  | clauses_tarif PUIS operation clauses   { $$ = $1; build_step(parser, $$, $3, NULL, &$4, span_join(@2, @3)); }
  | clauses_tarif PUIS operation SI expr clauses
                                           { $$ = $1; build_step(parser, $$, $3, $5, &$6, span_join(@2, @5)); }
  | clauses_tarif error                    { $$ = $1; }
  ;

resultat:
    RESULTAT nom texte_opt en_unite_opt EQ expr clauses   { $$ = build_let(parser, DECL_OUTPUT, $2, $3, $4, $6, @$); $$->clauses = $7; }
  ;

operation:
    nature DE expr assiette                { $$ = build_operation($1, $3, $4); }
  | nature tableau                         { $$ = build_operation($1, $2, STEP_BASE_UNSAID); }
  | nature DU_PRIX_OBTENU tableau          { $$ = build_operation($1, $3, STEP_BASE_CURRENT); }
  | nature DU_PRIX_DE_BASE tableau         { $$ = build_operation($1, $3, STEP_BASE_INITIAL); }
  | PLANCHER expr                          { $$ = build_operation(STEP_FLOOR, $2, STEP_BASE_UNSAID); }
  | PLANCHER DE expr                       { $$ = build_operation(STEP_FLOOR, $3, STEP_BASE_UNSAID); }
  | PLAFOND expr                           { $$ = build_operation(STEP_CEILING, $2, STEP_BASE_UNSAID); }
  | PLAFOND DE expr                        { $$ = build_operation(STEP_CEILING, $3, STEP_BASE_UNSAID); }
  | MULTIPLIE_PAR expr                     { $$ = build_operation(STEP_MULTIPLY, $2, STEP_BASE_UNSAID); }
  | DIVISE_PAR expr                        { $$ = build_operation(STEP_DIVIDE, $2, STEP_BASE_UNSAID); }
  | ARRONDI pas                            { $$ = build_rounding_step(parser, $2, @$); }
  | TRONQUE pas                            { $$ = build_rounding_step(parser, build_truncation($2), @$); }
  ;

nature:
    REDUCTION                              { $$ = STEP_REDUCTION; }
  | MAJORATION                             { $$ = STEP_MAJORATION; }
  | SUPPLEMENT                             { $$ = STEP_SUPPLEMENT; }
  | DEDUCTION                              { $$ = STEP_DEDUCTION; }
  ;

assiette:
    %empty                                 { $$ = STEP_BASE_UNSAID; }
  | DU_PRIX_DE_BASE                        { $$ = STEP_BASE_INITIAL; }
  | DU_PRIX_OBTENU                         { $$ = STEP_BASE_CURRENT; }
  ;

clauses:
    %empty                                 { $$ = (struct clauses){ .span = @$ }; }
  | clauses clause                         { $$ = $1; build_clause(parser, &$$, &$2); }
  ;

clause:
    NON_COMMUNIQUE COLON valeur_clause     { $$ = (struct clauses){ .absent = $3, .absent_span = @$, .span = @$ }; }
  | SOURCE_INDISPONIBLE COLON valeur_clause { $$ = (struct clauses){ .failed = $3, .span = @$ }; }
  | RESULTAT_NEGATIF COLON valeur_clause   { $$ = (struct clauses){ .negative = $3, .span = @$ }; }
  | L_EMPORTE_SUR noms                     { $$ = (struct clauses){ .prevails = $2, .span = @$ }; }
  | VOLONTAIRE                             { $$ = (struct clauses){ .deliberate = true, .span = @$ }; }
  | FACULTATIF                             { $$ = (struct clauses){ .optional = true, .span = @$ }; }
  | citation                               { $$ = (struct clauses){ .citation = $1, .span = @$ }; }
  ;

valeur_clause:
    expr
  | SANS_EFFET                             { $$ = build_outcome(parser, OUTCOME_NO_EFFECT, SLICE(""), @$); }
  | DERNIERE_TRANCHE                       { $$ = build_outcome(parser, OUTCOME_LAST_ROW, SLICE(""), @$); }
  ;

citation:
    CITE reference texte_opt               { $$ = build_citation(parser, @2, $3, @3); }
  ;

reference:
    NAME
  | NAME NUMBER
  | NAME NUMBER NAME
  | NAME ORDINAL
  | NAME NAME
  | TABLEAU
  | TABLEAU NUMBER
  | reference COMMA NAME NUMBER
  | reference COMMA NAME
  ;

/* ---------------------------------------------------------------- essais */

essai:
    ESSAI texte_opt NEWLINE affectations FIN    { $$ = build_essai($4, $2, @$); }
  | ESSAIS nom NEWLINE grille_nue FIN      { $$ = build_essais(parser, $2, $4, @$); }
  | ESSAI error FIN                        { $$ = build_error(parser, @$); yyerrok; }
  ;

affectations:
    %empty                                 { $$ = build_decl(parser, DECL_ESSAI, @$); }
  | affectations separateur
  | affectations expr separateur           { $$ = $1; build_assignment(parser, $$, $2, NULL, false); }
  | affectations ATTENDU expr separateur   { $$ = $1; build_assignment(parser, $$, $3, NULL, true); }
  | affectations forme EQ NEWLINE grille_nue    { $$ = $1; build_assignment(parser, $$, $2, $5, false); }
  | affectations error NEWLINE             { $$ = $1; yyerrok; }
  ;

separateur:
    NEWLINE
  | SEMICOLON
  ;

grille_nue:
    ligne_grille NEWLINE                   { $$ = build_grid_line(parser, build_table_head(parser, false, NULL), $1, @1); }
  | grille_nue ligne_grille NEWLINE        { $$ = build_grid_line(parser, $1, $2, @2); }
  ;

/* ---------------------------------------------------------------- properties */

propriete:
    PROPRIETE TEXT enonce seulement renvoi FIN            { $$ = build_property(parser, $3, build_text($2), $4, $5, @$); }
  | PROPRIETE error FIN                    { $$ = build_error(parser, @$); yyerrok; }
  ;

enonce:
    expr                                   { $$ = build_statement(PROPERTY_HOLDS, $1, @$); }
  | forme EST_TOUJOURS intervalle          { $$ = build_statement(PROPERTY_HOLDS, build_is(parser, $1, $3, @$), @$); }
  | forme EST_TOUJOURS forme               { $$ = build_statement(PROPERTY_HOLDS, build_is(parser, $1, build_title($3), @$), @$); }
  | forme jamais QUAND liste sens          { $$ = build_statement($2, $1, @$); $$.datum = $4; $$.downwards = $5; }
  | forme jamais DE PLUS_DE somme QUAND liste sens DE limite
                                           { $$ = build_statement($2, $1, @$); $$.limit = $5; $$.datum = $7; $$.downwards = $8; $$.distance = $10; }
  | forme DONNE_UN_MONTANT                 { $$ = build_statement(PROPERTY_HAS_AMOUNT, $1, @$); }
  | forme DONNE_UNE_REPONSE                { $$ = build_statement(PROPERTY_HAS_ANSWER, $1, @$); }
  ;

seulement:
    %empty                                 { $$ = NULL; }
  | SI expr                                { $$ = $2; }
  ;

renvoi:
    %empty                                 { $$ = NULL; }
  | citation
  ;

jamais:
    NE_BAISSE_JAMAIS                       { $$ = PROPERTY_NEVER_FALLS; }
  | N_AUGMENTE_JAMAIS                      { $$ = PROPERTY_NEVER_RISES; }
  ;

sens:
    AUGMENTE                               { $$ = false; }
  | BAISSE                                 { $$ = true; }
  ;

/* ---------------------------------------------------------------- tables */

tableau:
    tete_tableau SELON axes NEWLINE lignes FIN            { $$ = build_table(parser, $1, $3, $5, @$, @2); }
  | tete_tableau SELON axes DEPUIS TEXT NEWLINE FIN       { $$ = build_import(parser, $1, $3, $5, @$, @2); }
  | tete_tableau SELON error FIN           { $$ = tree_expr(A, EXPR_ERROR, @$); yyerrok; }
  ;

/* « selon a, b et c » */
axes:
    expr
  | axes COMMA expr                        { $$ = build_binary(parser, OP_AND, $1, $3, @2); }
  ;

tete_tableau:
    %empty                                 { $$ = build_table_head(parser, false, NULL); }
  | BAREME en_unite_opt                    { $$ = build_table_head(parser, false, $2); }
  | BAREME en_unite_opt PAR_SEUILS         { $$ = build_table_head(parser, true, $2); }
  | BAREME_PROGRESSIF en_unite_opt         { $$ = build_scale_head(parser, true, $2); }
  | BAREME_INTERPOLE en_unite_opt          { $$ = build_scale_head(parser, false, $2); }
  | GRILLE en_unite_opt                    { $$ = build_table_head(parser, false, $2); }
  | GRILLE en_unite_opt PAR_SEUILS         { $$ = build_table_head(parser, true, $2); }
  ;

lignes:
    %empty                                 { $$ = build_table_head(parser, false, NULL); }
  | lignes titre COLON titre NEWLINE       { $$ = build_row(parser, $1, $2, $4, span_join(@2, @4)); }
  | lignes titre COLON titre VOLONTAIRE NEWLINE  { $$ = build_row(parser, $1, $2, $4, span_join(@2, @4)); build_row_deliberate(parser, $$, @5); }
  | lignes titre COLON titre citation NEWLINE    { $$ = build_row(parser, $1, $2, $4, span_join(@2, @4)); build_row_citation(parser, $$, $5, @5); }
  | lignes ligne_grille NEWLINE            { $$ = build_grid_line(parser, $1, $2, @2); }
  | lignes citation NEWLINE                { $$ = $1; build_row_citation(parser, $$, $2, @2); }
  | lignes VOLONTAIRE NEWLINE              { $$ = $1; build_row_deliberate(parser, $$, @2); }
  | lignes NEWLINE
  | lignes error NEWLINE                   { $$ = $1; build_row_error($$); yyerrok; }
  ;

ligne_grille:
    BAR cellules                           { $$ = $2; }
  ;

cellules:
    cellule BAR                            { $$ = build_cells(parser, NULL, $1); }
  | cellules cellule BAR                   { $$ = build_cells(parser, $1, $2); }
  ;

cellule:
    %empty                                 { $$ = (struct title){ .kind = TITLE_BLANK, .span = @$ }; }
  | MINUS                                  { $$ = (struct title){ .kind = TITLE_BLANK, .span = @$ }; }
  | ATTENDU                                { $$ = build_title(build_reference(parser, build_name($1))); }
  | titre
  ;

titre:
    expr                                   { $$ = build_title($1); }
  | intervalle
  | intervalle OU NON_COMMUNIQUE           { $$ = $1; $$.or_absent = true; $$.span = @$; }
  | intervalle ET NON_COMMUNIQUE           { $$ = $1; $$.or_absent = true; $$.span = @$; }
  | NON                                    { $$ = build_title(build_boolean(parser, false, @$)); }
  | SI expr                                { $$ = (struct title){ .kind = TITLE_CONDITION, .span = @$, .value = $2 }; }
  | HORS_TRANCHES                          { $$ = (struct title){ .kind = TITLE_OTHERS, .span = @$ }; }
  | AUTRES                                 { $$ = (struct title){ .kind = TITLE_OTHERS, .span = @$ }; }
  ;

/* Every wording says which of its bounds is included. */
intervalle:
    MOINS_DE borne                         { $$ = tree_title_interval(@$, NULL, false, $2, false); }
  | PLUS_DE borne                          { $$ = tree_title_interval(@$, $2, false, NULL, false); }
  | A_PARTIR_DE borne                      { $$ = tree_title_interval(@$, $2, true, NULL, false); }
  | AU_PLUS borne                          { $$ = tree_title_interval(@$, NULL, false, $2, true); }
  | DE borne A_ borne                      { $$ = tree_title_interval(@$, $2, true, $4, true); }
  | DE borne A_ borne EXCLU                { $$ = tree_title_interval(@$, $2, true, $4, false); }
  | DE borne A_ borne INCLUS               { $$ = tree_title_interval(@$, $2, true, $4, true); }
  | DE borne A_MOINS_DE borne              { $$ = tree_title_interval(@$, $2, true, $4, false); }
  | DE borne A_ LT borne                   { $$ = tree_title_interval(@$, $2, true, $5, false); }
  | borne A_ borne                         { $$ = tree_title_interval(@$, $1, true, $3, true); }
  | borne A_MOINS_DE borne                 { $$ = tree_title_interval(@$, $1, true, $3, false); }
  | borne A_ LT borne                      { $$ = tree_title_interval(@$, $1, true, $4, false); }
  | PLUS_DE borne A_ borne                 { $$ = tree_title_interval(@$, $2, false, $4, true); }
  | PLUS_DE borne A_MOINS_DE borne         { $$ = tree_title_interval(@$, $2, false, $4, false); }
  | PLUS_DE borne ET_MOINS_DE borne        { $$ = tree_title_interval(@$, $2, false, $4, false); }
  | PLUS_DE borne ET_JUSQU_A borne INCLUS  { $$ = tree_title_interval(@$, $2, false, $4, true); }
  | PLUS_DE borne JUSQU_A borne INCLUS     { $$ = tree_title_interval(@$, $2, false, $4, true); }
  | A_PARTIR_DE borne ET_MOINS_DE borne    { $$ = tree_title_interval(@$, $2, true, $4, false); }
  | A_PARTIR_DE borne ET_JUSQU_A borne INCLUS   { $$ = tree_title_interval(@$, $2, true, $4, true); }
  | JUSQU_A borne INCLUS                   { $$ = tree_title_interval(@$, NULL, false, $2, true); }
  | JUSQU_A borne EXCLU                    { $$ = tree_title_interval(@$, NULL, false, $2, false); }
  | JUSQU_A borne                          { $$ = tree_title_interval(@$, NULL, false, $2, true); $$.bare_until = true; }
  | ENTRE borne ET borne                   { $$ = tree_title_interval(@$, $2, true, $4, true); $$.bare_between = true; }
  | INFERIEUR_EGAL borne                   { $$ = tree_title_interval(@$, NULL, false, $2, true); }
  | SUPERIEUR_EGAL borne                   { $$ = tree_title_interval(@$, $2, true, NULL, false); }
  | borne MAXIMUM_BORNE                    { $$ = tree_title_interval(@$, NULL, false, $1, true); }
  | borne A_ PLUS                          { $$ = tree_title_interval(@$, $1, true, NULL, false); }
  | DE borne A_ PLUS                       { $$ = tree_title_interval(@$, $2, true, NULL, false); }
  | borne A_ borne INCLUS                  { $$ = tree_title_interval(@$, $1, true, $3, true); }
  | borne A_ borne EXCLU                   { $$ = tree_title_interval(@$, $1, true, $3, false); }
  | ENTRE borne ET borne INCLUS            { $$ = tree_title_interval(@$, $2, true, $4, true); }
  | AU_DELA                                { $$ = tree_title_interval(@$, NULL, false, NULL, false); $$.beyond = true; }
  | AVANT_LE borne                         { $$ = tree_title_interval(@$, NULL, false, $2, false); }
  | APRES_LE borne                         { $$ = tree_title_interval(@$, $2, false, NULL, false); }
  | A_PARTIR_DU borne                      { $$ = tree_title_interval(@$, $2, true, NULL, false); }
  | A_COMPTER_DU borne                     { $$ = tree_title_interval(@$, $2, true, NULL, false); }
  | DU borne AU borne                      { $$ = tree_title_interval(@$, $2, true, $4, true); }
  | JUSQU_AU borne INCLUS                  { $$ = tree_title_interval(@$, NULL, false, $2, true); }
  | JUSQU_AU borne                         { $$ = tree_title_interval(@$, NULL, false, $2, true); $$.bare_until = true; }
  | borne ET_PLUS                          { $$ = tree_title_interval(@$, $1, true, NULL, false); }
  | borne OU_MOINS                         { $$ = tree_title_interval(@$, NULL, false, $1, true); }
  | LT borne                               { $$ = tree_title_interval(@$, NULL, false, $2, false); }
  | LE borne                               { $$ = tree_title_interval(@$, NULL, false, $2, true); }
  | GT borne                               { $$ = tree_title_interval(@$, $2, false, NULL, false); }
  | GE borne                               { $$ = tree_title_interval(@$, $2, true, NULL, false); }
  ;

borne:
    somme
  ;

/* ---------------------------------------------------------------- expressions */

expr:
    ou_expr
  | agregat
  ;

/* Lists: these read to the end of the expression; parentheses close them earlier. */
agregat:
    NOMBRE_DE liste TELS_QUE ou_expr       { $$ = build_count(parser, $2, $4, @$); }
  | fold somme POUR_CHAQUE nom DE liste tels_que si_vide
                                           { $$ = build_fold(parser, $1, $2, $4, $6, $7, $8, @$); }
  | SOMME POUR_CHAQUE nom DE liste DE ou_expr
                                           { $$ = build_fold(parser, AGGREGATE_SUM, $7, $3, $5, NULL, NULL, @$); }
  | RANG_PARMI liste tels_que PAR_ORDRE somme croissance egalite
                                           { $$ = build_rank(parser, $2, $3, $5, $6, $7, @$); }
  | RANG_PARMI liste PAR somme croissance egalite
                                           { $$ = build_rank(parser, $2, NULL, $4, $5, $6, @$); }
  ;

fold:
    SOMME_DE                               { $$ = AGGREGATE_SUM; }
  | MINIMUM_DE                             { $$ = AGGREGATE_MINIMUM; }
  | MAXIMUM_DE                             { $$ = AGGREGATE_MAXIMUM; }
  ;

liste:
    nom                                    { $$ = build_reference(parser, $1); }
  | liste DOT nom                          { $$ = build_member_of(parser, $1, $3, @$); }
  ;

tels_que:
    %empty                                 { $$ = NULL; }
  | TELS_QUE ou_expr                       { $$ = $2; }
  ;

si_vide:
    %empty                                 { $$ = NULL; }
  | SI_VIDE COLON somme                    { $$ = $3; }
  ;

egalite:
    %empty                                 { $$ = NULL; }
  | A_EGALITE SANS_EFFET                   { $$ = build_outcome(parser, OUTCOME_NO_EFFECT, SLICE(""), @$); }
  | A_EGALITE PAR somme                    { $$ = $3; }
  ;

ou_expr:
    et_expr
  | ou_expr OU et_expr                     { $$ = build_binary(parser, OP_OR, $1, $3, @2); }
  ;

et_expr:
    non_expr
  | et_expr ET non_expr                    { $$ = build_binary(parser, OP_AND, $1, $3, @2); }
  ;

non_expr:
    comparaison
  | NON non_expr                           { $$ = build_unary(parser, EXPR_NOT, $2, @$); }
  ;

comparaison:
    forme
  | forme EQ forme                         { $$ = build_binary(parser, OP_EQUAL, $1, $3, @2); }
  | forme EQ NON                           { $$ = build_binary(parser, OP_EQUAL, $1, build_boolean(parser, false, @3), @2); }
  | forme NE NON                           { $$ = build_binary(parser, OP_DIFFERENT, $1, build_boolean(parser, false, @3), @2); }
  | forme NE forme                         { $$ = build_binary(parser, OP_DIFFERENT, $1, $3, @2); }
  | forme LT forme                         { $$ = build_binary(parser, OP_LESS, $1, $3, @2); }
  | forme LE forme                         { $$ = build_binary(parser, OP_LESS_EQUAL, $1, $3, @2); }
  | forme GT forme                         { $$ = build_binary(parser, OP_GREATER, $1, $3, @2); }
  | forme LE forme LT forme                { $$ = build_chain(parser, $1, OP_LESS_EQUAL, $3, OP_LESS, $5, @2, @4); }
  | forme LE forme LE forme                { $$ = build_chain(parser, $1, OP_LESS_EQUAL, $3, OP_LESS_EQUAL, $5, @2, @4); }
  | forme LT forme LE forme                { $$ = build_chain(parser, $1, OP_LESS, $3, OP_LESS_EQUAL, $5, @2, @4); }
  | forme LT forme LT forme                { $$ = build_chain(parser, $1, OP_LESS, $3, OP_LESS, $5, @2, @4); }
  | forme GE forme                         { $$ = build_binary(parser, OP_GREATER_EQUAL, $1, $3, @2); }
  | forme EST intervalle                   { $$ = build_is(parser, $1, $3, @$); }
  | forme EST forme                        { $$ = build_is(parser, $1, build_title($3), @$); }
  | forme EST_DANS forme                   { $$ = build_when(parser, WHEN_DURING, $1, $3, @$); }
  | forme EST_APRES forme                  { $$ = build_when(parser, WHEN_AFTER, $1, $3, @$); }
  | forme EST_AVANT forme                  { $$ = build_when(parser, WHEN_BEFORE, $1, $3, @$); }
  | forme EST_RENSEIGNE                    { $$ = build_unary(parser, EXPR_KNOWN, $1, @$); }
  ;

forme:
    somme
  | forme ARRONDI pas                      { $$ = build_round(parser, $1, $3, @$); }
  | forme TRONQUE pas                      { $$ = build_round(parser, $1, build_truncation($3), @$); }
  | forme EN unite                         { $$ = build_convert(parser, $1, $3, @$); }
  | forme RAMENE_AU nom                    { $$ = build_convert(parser, $1, build_unit_per(parser, NULL, $3), @$); }
  ;

pas:
    AU nom mode_opt                        { $$ = build_pas(number_of(1), NULL, $2, $3); }
  | A_L nom mode_opt                       { $$ = build_pas(number_of(1), NULL, $2, $3); }
  | A_ NUMBER NAME mode_opt                { $$ = build_pas(build_number_value(parser, $2), NULL, build_name($3), $4); }
  | A_ NUMBER EURO mode_opt                { $$ = build_pas(build_number_value(parser, $2), build_unit(parser, true, false, NULL, @3), (struct name){ .span = @3 }, $4); }
  ;

mode_opt:
    %empty                                 { $$ = ROUNDING_NEAREST; }
  | mode
  ;

mode:
    LE_PLUS_PROCHE                         { $$ = ROUNDING_NEAREST; }
  | INFERIEUR                              { $$ = ROUNDING_DOWN; }
  | SUPERIEUR                              { $$ = ROUNDING_UP; }
  ;

somme:
    produit
  | somme PLUS produit                     { $$ = build_binary(parser, OP_ADD, $1, $3, @2); }
  | somme MINUS produit                    { $$ = build_binary(parser, OP_SUBTRACT, $1, $3, @2); }
  ;

produit:
    unaire
  | produit TIMES unaire                   { $$ = build_binary(parser, OP_MULTIPLY, $1, $3, @2); }
  | produit DIVIDE unaire                  { $$ = build_binary(parser, OP_DIVIDE, $1, $3, @2); }
  ;

unaire:
    primaire
  | NUMBER EURO PAR nom ENTAME_DE unaire   { $$ = build_started(parser, $1, $4, $6, @$); }
  | nom AVEC nom EQ primaire               { $$ = build_with(parser, $1, $3, $5, @$); }
  | nom AVEC nom EQ NON                    { $$ = build_with(parser, $1, $3, build_boolean(parser, false, @5), @$); }
  | MINUS unaire                           { $$ = build_unary(parser, EXPR_NEGATE, $2, @$); }
  | primaire DE unaire                     { $$ = build_binary(parser, OP_PERCENT_OF, $1, $3, @2); }
  | primaire DU unaire                     { $$ = build_binary(parser, OP_PERCENT_OF, $1, $3, @2); }
  ;

primaire:
    litteral
  | liste
  | nom LPAREN arguments_opt RPAREN        { $$ = build_call(parser, $1, $3, @$); }
  | LPAREN expr RPAREN                     { $$ = $2; $$->span = @$; }
  | LPAREN error RPAREN                    { $$ = tree_expr(A, EXPR_ERROR, @$); yyerrok; }
  | tableau
  | meilleur
  | NOMBRE_DE liste                        { $$ = build_count(parser, $2, NULL, @$); }
  | NON_PREVU texte_opt                    { $$ = build_outcome(parser, OUTCOME_NON_PREVU, $2, @$); }
  | SUR_DECISION texte_opt                 { $$ = build_outcome(parser, OUTCOME_DECISION, $2, @$); }
  | SANS_OBJET                             { $$ = build_outcome(parser, OUTCOME_SANS_OBJET, SLICE(""), @$); }
  | NON_COMMUNIQUE                         { $$ = build_outcome(parser, OUTCOME_ABSENT, SLICE(""), @$); }
  | SOURCE_INDISPONIBLE                    { $$ = build_outcome(parser, OUTCOME_SOURCE_FAILED, SLICE(""), @$); }
  ;

litteral:
    NUMBER                                 { $$ = build_number(parser, $1, @$); }
  | NUMBER EURO                            { $$ = build_money(parser, $1, NULL, @$); }
  | NUMBER EURO unites                     { $$ = build_money(parser, $1, $3, @$); }
  | GRATUIT                                { $$ = build_free(parser, @$); }
  | NUMBER PERCENT                         { $$ = build_percent(parser, $1, @$); }
  | NUMBER NAME                            { $$ = build_quantity(parser, $1, $2, NULL, @$); }
  | NUMBER NAME NUMBER                     { $$ = build_quantity(parser, $1, $2, &$3, @$); }
  | ORDINAL                                { $$ = build_ordinal(parser, $1, NULL, NULL, @$); }
  | ORDINAL NAME                           { $$ = build_ordinal(parser, $1, &$2, NULL, @$); }
  | ORDINAL NAME NUMBER                    { $$ = build_ordinal(parser, $1, &$2, &$3, @$); }
  | DATE                                   { $$ = build_date_literal(parser, $1, @$); }
  | OUI                                    { $$ = build_boolean(parser, true, @$); }
  | TEXT                                   { $$ = build_text_literal(parser, $1, @$); }
  ;

arguments_opt:
    %empty                                 { $$ = (expr_list){ 0 }; }
  | arguments
  ;

arguments:
    expr                                   { $$ = build_exprs(parser, NULL, $1); }
  | arguments SEMICOLON expr               { $$ = build_exprs(parser, &$1, $3); }
  ;

meilleur:
    meilleur_mode alternatives FIN         { $$ = build_best(parser, $1, $2, @$); }
  | meilleur_mode alternatives SEMICOLON FIN { $$ = build_best(parser, $1, $2, @$); }
  ;

meilleur_mode:
    FAVORABLE                              { $$ = BEST_FAVORABLE; }
  | DEFAVORABLE                            { $$ = BEST_UNFAVORABLE; }
  | PLUS_PETIT                             { $$ = BEST_LOWEST; }
  | PLUS_ELEVE                             { $$ = BEST_HIGHEST; }
  ;

alternatives:
    alternative                            { $$ = build_alternatives(parser, NULL, $1); }
  | alternatives SEMICOLON alternative     { $$ = build_alternatives(parser, $1, $3); }
  ;

alternative:
    expr                                   { $$ = (struct alternative){ $1, NULL, @$ }; }
  | expr SI expr                           { $$ = (struct alternative){ $1, $3, @$ }; }
  ;

croissance:
    CROISSANT                              { $$ = false; }
  | DECROISSANT                            { $$ = true; }
  ;

%%

int delib_yylex(DELIB_YYSTYPE *value, struct span *span, struct parser *parser)
{
    const struct token *token;

    while (parser->next + 1 < parser->tokens.count && parser->tokens.items[parser->next].hidden)
        parser->next++;
    token = &parser->tokens.items[parser->next];
    if (token->kind != 0)
        parser->next++;
    value->token = token;
    *span = token->span;
    return token->kind;
}

/* Only "memory exhausted" comes here, and parse_source() tells it: syntax errors are reported below. */
void delib_yyerror(struct span *span, struct parser *parser, const char *message)
{
    (void)span;
    (void)parser;
    (void)message;
}

/* A word that may also be a name: not worth listing beside « un nom ». */
static bool is_free_word(int symbol)
{
    if (symbol == YYSYMBOL_DEPUIS || symbol == YYSYMBOL_SOMME)
        return true;
    return symbol >= YYSYMBOL_DELIBERATION && symbol <= YYSYMBOL_SUPERIEUR && symbol != YYSYMBOL_FIN &&
           symbol != YYSYMBOL_PUIS && symbol != YYSYMBOL_SOIT && symbol != YYSYMBOL_FINALITE &&
           symbol != YYSYMBOL_ARRONDI && symbol != YYSYMBOL_TRONQUE;
}

/* Symbols that can begin an expression, told together as « une valeur ». */
static bool begins_value(int symbol)
{
    switch (symbol) {
    case YYSYMBOL_NUMBER: case YYSYMBOL_ORDINAL: case YYSYMBOL_DATE: case YYSYMBOL_LPAREN: case YYSYMBOL_OUI:
    case YYSYMBOL_NON: case YYSYMBOL_MINUS: case YYSYMBOL_FAVORABLE: case YYSYMBOL_DEFAVORABLE:
    case YYSYMBOL_PLUS_PETIT: case YYSYMBOL_PLUS_ELEVE: case YYSYMBOL_NOMBRE_DE: case YYSYMBOL_SOMME_DE:
    case YYSYMBOL_MINIMUM_DE: case YYSYMBOL_MAXIMUM_DE: case YYSYMBOL_RANG_PARMI: case YYSYMBOL_BAREME:
    case YYSYMBOL_GRILLE: case YYSYMBOL_SELON: case YYSYMBOL_NON_PREVU: case YYSYMBOL_SUR_DECISION:
    case YYSYMBOL_SANS_OBJET: case YYSYMBOL_NON_COMMUNIQUE: case YYSYMBOL_SOURCE_INDISPONIBLE: case YYSYMBOL_SOMME:
    case YYSYMBOL_TEXT: case YYSYMBOL_NAME:
        return true;
    default:
        return false;
    }
}

enum { EXPECTED_MAX = 200, EXPECTED_TOLD = 6 };

/* « a, b ou c »; nothing when the list would be too long to help. */
static void list_expected(struct strbuf *out, const yysymbol_kind_t *symbols, int count)
{
    bool name = false, value = false;
    int told = 0, left;

    for (int i = 0; i < count; i++) {
        name = name || symbols[i] == YYSYMBOL_NAME;
        value = value || symbols[i] == YYSYMBOL_NUMBER;
    }
    value = value && name;
    for (int i = 0; i < count; i++)
        told += !((name && is_free_word(symbols[i])) || (value && begins_value(symbols[i])));
    told += value;
    if (told > EXPECTED_TOLD || told == 0)
        return;
    strbuf_text(out, " ; attendu : ");
    left = told;
    if (value) {
        strbuf_text(out, "une valeur");
        left--;
    }
    for (int i = 0; i < count; i++) {
        if ((name && is_free_word(symbols[i])) || (value && begins_value(symbols[i])))
            continue;
        if (left < told)
            strbuf_text(out, left == 1 ? " ou " : ", ");
        strbuf_text(out, yysymbol_name(symbols[i]));
        left--;
    }
}

static struct slice rest_of_line(const struct parser *parser, uint32_t at)
{
    struct slice text = source_line(parser->source, source_position(parser->source, at).line);
    size_t gone = (size_t)(parser->source->bytes + at - text.bytes);

    return (struct slice){ text.bytes + gone, text.length - gone };
}

static void suggest(struct parser *parser, struct diag *diag, struct span at, const struct keyword *keyword, size_t length)
{
    at.end = at.start + (uint32_t)length;
    correction_word(parser->diags, diag, at, slice_of(keyword->spelling));
}

/* A word that looks like one of those expected here. */
static bool suggest_here(struct parser *parser, struct diag *diag, struct span span, const yysymbol_kind_t *expected,
                         int count)
{
    const struct keyword *keyword;
    size_t length = 0, rows = 0;
    bool *accepted;

    while (keyword_table[rows].spelling)
        rows++;
    accepted = arena_array(parser->arena, bool, rows);
    for (size_t k = 0; k < rows; k++)
        for (int i = 0; i < count; i++)
            accepted[k] = accepted[k] || YYTRANSLATE(keyword_table[k].token) == expected[i];
    keyword = keyword_suggest(rest_of_line(parser, span.start), accepted, &length);
    if (keyword)
        suggest(parser, diag, span, keyword, length);
    return keyword != NULL;
}

/* « moin de 300 »: the word before was read as a name, and what follows makes no sense of it. */
static void suggest_before(struct parser *parser, struct diag *diag, struct span span)
{
    const struct token *token = parser->next >= 2 ? &parser->tokens.items[parser->next - 2] : NULL;
    const struct keyword *keyword;
    size_t length = 0;

    if (!token || token->kind != NAME || token->span.end > span.start || utf8_count(token->text) < 4)
        return;
    keyword = keyword_suggest(rest_of_line(parser, token->span.start), NULL, &length);
    if (keyword && length >= token->text.length)
        suggest(parser, diag, token->span, keyword, length);
}

/* A « fin » alone on its line, with the word that may follow it, and that closes nothing. */
static void propose_removal(struct parser *parser, struct diag *diag, struct span fin)
{
    const struct token *next = &parser->tokens.items[parser->next];

    if (next->hidden && next->line_start == false && next->kind != NEWLINE && next->kind != COMMENT)
        fin = span_join(fin, next->span);
    correction_remove_lines(parser->diags, diag, parser->source, fin);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parser *parser)
{
    yysymbol_kind_t expected[EXPECTED_MAX];
    int count = yypcontext_expected_tokens(context, expected, EXPECTED_MAX);
    struct span span = *yypcontext_location(context);
    struct slice text = source_slice(parser->source, span);
    struct strbuf out = strbuf_in(parser->arena);
    yysymbol_kind_t found = yypcontext_token(context);
    struct diag *diag;

    /* A « fin » that was supplied: that it lacks has been told. */
    if (text.length == 0 && found != YYSYMBOL_YYEOF)
        return 0;
    if (found == YYSYMBOL_YYEOF)
        strbuf_text(&out, "le fichier s'arrête ici, la suite manque");
    else if (found == YYSYMBOL_NEWLINE)
        strbuf_text(&out, "la ligne s'arrête ici, la suite manque");
    else
        strbuf_format(&out, "« %.*s » n'est pas à sa place ici", SLICE_ARG(text));
    if (count > 0)
        list_expected(&out, expected, count);
    diag = diag_add(parser->diags, DIAG_UNEXPECTED, span, "%s", out.bytes);
    if (diag && found == YYSYMBOL_NAME && suggest_here(parser, diag, span, expected, count))
        return 0;
    if (diag && found == YYSYMBOL_FIN)
        propose_removal(parser, diag, span);
    if (diag && found != YYSYMBOL_YYEOF && found != YYSYMBOL_NEWLINE)
        suggest_before(parser, diag, span);
    return 0;
}
