"""What every HTML page of the program must be: `check_page.py PAGE…` prints what is wrong, a line each, and nothing
when all is well. Elements closed in order, one <h1> and no level left out, tables with titles, figures with a title
and a description, ids that are unique and reached, nothing external, no script."""
import html.parser
import re
import sys

VOID = {"br", "hr", "meta"}
KNOWN = set("""html head title style body main nav header section div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption
    thead tbody tr th td pre code span a strong em small q mark blockquote figure figcaption details summary
    svg desc g path line rect circle text polyline""".split()) | VOID
ATTRIBUTES = set("""lang charset http-equiv content name class id href scope start colspan rowspan role aria-labelledby
    aria-hidden aria-label open title viewbox width height x y x1 x2 y1 y2 cx cy r d points transform text-anchor
    datetime tabindex""".split())


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.level, self.ids, self.links = [], [], 0, [], []
        self.tables, self.figures, self.titles = [], [], 0

    def fault(self, text):
        self.faults.append("%d: %s" % (self.getpos()[0], text))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in KNOWN:
            self.fault("element <%s>" % tag)
        if len(values) != len(attrs):
            self.fault("attribute given twice in <%s>" % tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.fault("attribute %s of <%s>" % (name, tag))
            if name == "href":
                self.links.append(value)
                if not value.startswith("#"):
                    self.fault("link out of the page: %s" % value)
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch("h[1-6]", tag):
            level = int(tag[1])
            if level > self.level + 1 or (level == 1 and self.level):
                self.fault("<%s> after <h%d>" % (tag, self.level))
            self.level = level
        if tag == "table":
            self.tables.append([False, self.getpos()[0]])
        if tag == "th" and self.tables:
            self.tables[-1][0] = True
            if values.get("scope") not in ("row", "col", "rowgroup", "colgroup"):
                self.fault("<th> without scope")
        if tag == "svg":
            self.figures.append([False, False])
            if values.get("role") != "img":
                self.fault("<svg> without role")
        if "svg" in self.open and tag in ("title", "desc"):
            self.figures[-1][tag == "desc"] = True
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault("</%s> while %s is open" % (tag, self.open[-1] if self.open else "nothing"))
            return
        self.open.pop()
        if tag == "table":
            if not self.tables.pop()[0]:
                self.fault("table without <th>")
        if tag == "svg" and self.figures[-1] != [True, True]:
            self.fault("<svg> without title and desc")

    def handle_startendtag(self, tag, attrs):
        self.fault("<%s/>: not how we write" % tag)

    def handle_comment(self, data):
        self.fault("comment")

    def handle_pi(self, data):
        self.fault("processing instruction")

    def unknown_decl(self, data):
        self.fault("declaration")


def check(path):
    try:
        text = open(path, encoding="utf-8").read()
    except OSError as error:
        return [str(error)]
    page = Page()
    page.feed(text)
    page.close()
    if page.open:
        page.fault("left open: %s" % page.open)
    if not text.startswith("<!DOCTYPE html>\n<html lang=\"fr\">"):
        page.fault("no doctype or no language")
    if page.level == 0:
        page.fault("no title")
    for name in set(page.ids):
        if page.ids.count(name) > 1:
            page.fault("id %s given %d times" % (name, page.ids.count(name)))
    for link in page.links:
        if link[1:] not in page.ids:
            page.fault("link to nothing: %s" % link)
    style = text[text.index("<style>"):text.index("</style>")]
    if re.search(r"url\(|@import|expression", style):
        page.fault("the style sheet reaches out")
    return ["%s:%s" % (path, fault) for fault in page.faults]


if __name__ == "__main__":
    found = [fault for path in sys.argv[1:] for fault in check(path)]
    print("\n".join(found[:40]), end="\n" if found else "")
    sys.exit(1 if found else 0)
