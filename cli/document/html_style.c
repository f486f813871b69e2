/*
 * The style sheet of every page: readable at 320 pixels, on paper, in black and white; contrasts of at least 4.5 to 1.
 */
#include "html.h"

/* `<` must not occur in it. */
const char *const html_style[] = {
    /* The page. */
    "*{box-sizing:border-box}\n"
    "html{color-scheme:light;-webkit-text-size-adjust:100%}\n"
    "body{margin:0;background:#fff;color:#1b1b1f;font:1rem/1.55 system-ui,'Segoe UI',Roboto,'DejaVu "
    "Sans',sans-serif}\n"
    "main{max-width:84rem;margin:0 auto;padding:1.5rem clamp(.9rem,3vw,2.5rem) 4rem}\n"
    "h1,h2,h3,h4,h5,h6{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}\n"
    "h1{font-size:1.8rem;margin:.2em 0 .5em}\n"
    "h2{font-size:1.35rem;margin:2.6em 0 .8em;padding-bottom:.25em;border-bottom:2px solid #1f3a6e;color:#1f3a6e}\n"
    "h3{font-size:1.12rem;margin:1.8em 0 .6em}\n"
    "h4,h5,h6{font-size:1rem;margin:1.4em 0 .5em}\n"
    "p,li,dd,caption{overflow-wrap:anywhere}\n"
    "p{margin:.6em 0}\n"
    "a{color:#1f3a6e}\n"
    "a:focus-visible,summary:focus-visible{outline:3px solid #b45309;outline-offset:2px}\n"
    "blockquote{margin:.8em 0;padding:.1em 0 .1em 1em;border-left:3px solid #8a93a5;color:#3a3f4b}\n"
    /* Lists of facts. */
    "dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.3rem 1.2rem;margin:1em 0}\n"
    "dt{font-weight:600;color:#3a3f4b}\n"
    "dd{margin:0}\n"
    /* Tables. */
    "table{border-collapse:collapse;margin:1em 0;font-variant-numeric:tabular-nums;font-size:.95rem}\n"
    "caption{text-align:left;font-weight:600;padding:.3em 0}\n"
    "th,td{border:1px solid #c3c9d4;padding:.3em .65em;text-align:left;vertical-align:top}\n"
    "thead th{background:#eef1f7}\n"
    "tbody th{font-weight:500;background:#f7f8fb}\n"
    ".nombre{text-align:right;white-space:nowrap}\n"
    /* A wide table scrolls in its own box, never the page. */
    ".large{overflow-x:auto;max-width:100%}\n"
    /* Code. */
    "pre,code{font-family:ui-monospace,'Cascadia Mono','DejaVu Sans Mono',Consolas,monospace;font-size:.86rem}\n"
    "pre{margin:.6em 0;padding:.7em .9em;background:#f6f7fa;border:1px solid "
    "#dde1e9;border-radius:4px;overflow-x:auto;"
    "line-height:1.5}\n",
    /* Rules: the number of each line stands in the margin and is not copied with the text. */
    ".regles{white-space:pre-wrap;padding:.6em .4em .6em 0}\n"
    ".regles code{overflow-wrap:anywhere}\n"
    ".ligne{display:block;position:relative;padding-left:3.4em;scroll-margin-top:40vh}\n"
    ".ligne:target{background:#fff2cc}\n"
    ".no{position:absolute;left:0;width:2.8em;text-align:right;color:#69707e;user-select:none}\n"
    ".bloc{color:#7a1f5c;font-weight:600}.mot{color:#1f3a6e}.valeur{color:#8a3b00}.texte{color:#14632f}"
    ".commentaire{color:#5b6270;font-style:italic}\n"
    /* The voted text on the left, its rules on the right. */
    ".article{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.35fr);gap:0 2rem;border-top:1px solid "
    "#dde1e9;"
    "padding:.4rem 0}\n"
    ".vote>:first-child{margin-top:.5rem}\n"
    ".surtitre{margin:0;color:#565d6b;letter-spacing:.02em}\n"
    /* Curves: the drawing, and its values beside it. */
    ".courbe{display:grid;grid-template-columns:minmax(0,30rem) minmax(14rem,1fr);gap:0 "
    "1.5rem;align-items:start;margin:1.4rem 0;"
    "break-inside:avoid}\n"
    ".courbe table{justify-self:start;margin-top:.4em}\n"
    "figcaption{grid-column:1/-1;font-weight:600;overflow-wrap:anywhere}\n"
    "svg{width:100%;height:auto;font-size:12px;fill:#3a3f4b}\n"
    ".axe{stroke:#3a3f4b;stroke-width:1}.grille{stroke:#dfe3ea;stroke-width:1}.vide{fill:#ebedf2}\n"
    ".prix{fill:none;stroke:#1f3a6e;stroke-width:2.2}.saut{stroke:#1f3a6e;stroke-width:1;stroke-dasharray:2 3}\n"
    ".inclus{fill:#1f3a6e;stroke:#1f3a6e;stroke-width:1.6}.exclu{fill:#fff;stroke:#1f3a6e;stroke-width:1.6}\n"
    ".document figure{margin:1.4em 0}.graphique{max-width:44rem}.barre{fill:#1f3a6e}.pale{fill:#9fb0cf}\n"
    /* The head: what was found, and where to read it. */
    ".bilan{border:1px solid #c3c9d4;border-left:6px solid #1f3a6e;border-radius:4px;padding:.7rem "
    "1rem;background:#f7f8fb}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;margin:1.2em 0;padding:0}\n"
    ".defauts td p:first-child{margin-top:0}.defauts p{margin:.25em 0}\n"
    ".empreinte{overflow-wrap:anywhere}.citation{color:#3a3f4b}\n",
    /* Statuses: always a word, the colour comes on top. */
    ".bien{color:#14632f}\n"
    ".attention{color:#8a4b00}\n"
    ".mal{color:#a3161a}\n"
    ".discret{color:#565d6b}\n"
    ".resultat{font-size:1.9rem;font-weight:600;line-height:1.2;margin:.3em 0 .8em}\n"
    /* Documents follow the preference of the reader; paper stays white. */
    "@media screen and (prefers-color-scheme:dark){\n"
    "html:has(.document){color-scheme:dark}\n"
    "body:has(.document){background:#16181d;color:#e6e8ee}\n"
    ".document h2{color:#a9c4ff;border-color:#a9c4ff}\n"
    ".document a{color:#a9c4ff}\n"
    ".document dt,.document blockquote{color:#c6cad4}\n"
    ".document .discret{color:#a7aebb}\n"
    ".document svg{fill:#d5d9e2}.document .barre{fill:#a9c4ff}.document .pale{fill:#5d6f95}\n"
    ".document th,.document td{border-color:#4a5160}\n"
    ".document thead th{background:#2a2f3a}\n"
    ".document tbody th{background:#20242c}\n"
    "}\n"
    /* Small screens and paper. */
    "@media (max-width:40rem){\n"
    "h1{font-size:1.45rem}h2{font-size:1.2rem}\n"
    "dl{display:block}dd{margin:0 0 .6em}\n"
    ".article,.courbe{display:block}.regles{font-size:.8rem}.ligne{padding-left:2.6em}.no{width:2em}\n"
    "}\n"
    "@media print{\n"
    "@page{margin:18mm 15mm}\n"
    "body{font-size:10pt}main{max-width:none;padding:0}\n"
    "h2,h3,h4,h5,h6{break-after:avoid}tr,figure,li{break-inside:avoid}thead{display:table-header-group}\n"
    "pre{white-space:pre-wrap}.large{overflow:visible}a{color:inherit;text-decoration:none}\n"
    "}\n",
    NULL,
};
