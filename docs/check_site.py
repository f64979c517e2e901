"""Check a built site without a network: `python docs/check_site.py build/docs [--browser chromium]`.

Every internal link and its anchor, every image, style and script must be there. No formula and no link may be
left as source text, no output of a notebook may be a warning. With a browser, every formula must be typeset
without an error. Prints one line a fault, and exits with 1 if there is any.
"""

import argparse
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

SILENT = {"pre", "code", "script", "style", "title", "math"}  # their text is not prose
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SOURCE_TEXT = ("$", r"\(", r"\[", "](", "```")  # of formulas, links and blocks that were not read as such


class Page(HTMLParser):
    """What a page links to, which anchors it has, and its prose.

    Attributes
    ----------
    links : list of (str, str)
        Attribute and address.
    anchors : set of str
    prose : list of str
        Text outside code and formulas.
    formulas : int
    warnings : int
        Outputs of notebooks on standard error.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.anchors: set[str] = set()
        self.prose: list[str] = []
        self.formulas = self.warnings = 0
        self._open: list[tuple[str, bool]] = []  # tags, and whether their text is prose
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note addresses, anchors and kinds of a tag."""
        found = {name: value or "" for name, value in attrs}
        classes = found.get("class", "").split()
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        self.links += [(name, found[name]) for name in ("href", "src", "data") if name in found]
        self.formulas += "math" in classes
        self.warnings += "stderr" in classes
        prose = self._open[-1][1] if self._open else True
        if tag not in VOID:
            self._open.append((tag, prose and tag not in SILENT and "math" not in classes))

    def handle_endtag(self, tag: str) -> None:
        """Close a tag, and those inside that were left open."""
        while any(name == tag for name, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep prose."""
        if not self._open or self._open[-1][1]:
            self.prose.append(data)


def image_fault(path: Path) -> str | None:
    """Return why a browser would not show an image; None if it would."""
    if path.suffix == ".png" and not path.read_bytes().startswith(b"\x89PNG\r\n"):
        return "is no PNG"
    if path.suffix == ".svg":
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            return f"is no SVG: {error}"
        return None if root.tag.endswith("svg") else "is no SVG"
    return None


def link_faults(path: Path, folder: Path, pages: dict[Path, Page]) -> list[str]:
    """Return the links of a page that lead nowhere."""
    found = []
    for name, link in pages[path].links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_relative_to(folder) or not target.is_file():
            found.append(f'{name}="{link}": no such file in the site')
        elif unquote(parts.fragment) not in pages.get(target, Page("")).anchors | {"", "top"}:
            if target.suffix == ".html":
                found.append(f'{name}="{link}": no such anchor')
        elif name != "href" and (fault := image_fault(target)):
            found.append(f'{name}="{link}": {fault}')
    return found


def text_faults(page: Page) -> list[str]:
    """Return source text left in prose, and warnings of notebooks."""
    found = [
        f"{mark!r} in the text: {text.strip()[:60]!r}"
        for text in page.prose
        for mark in SOURCE_TEXT
        if mark in text
    ]
    rows = [text.strip() for text in page.prose if text.strip().startswith("| ")]
    found += [f"a row of no table: {row[:60]!r}" for row in rows]
    return found + ["an output is a warning"] * page.warnings


def formula_faults(path: Path, page: Page, browser: str) -> list[str]:
    """Return formulas that the browser does not typeset, or typesets as an error."""
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
        command = [browser, *options, "--virtual-time-budget=30000", "--dump-dom", path.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = ["a formula is typeset as an error"] * (shown.count("<mjx-merror") + shown.count("<merror"))
    typeset = shown.count("<mjx-container")
    if typeset < page.formulas:
        found.append(f"{typeset} of {page.formulas} formulas are typeset")
    return found


def faults(folder: Path, browser: str | None = None) -> list[str]:
    """Return one line for each fault of the site in a folder."""
    folder = folder.resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    if not pages:
        return [f"{folder}: no pages"]
    found = []
    for path, page in pages.items():
        lines = link_faults(path, folder, pages) + text_faults(page)
        if browser and page.formulas:
            lines += formula_faults(path, page, browser)
        found += [f"{path.relative_to(folder)}: {line}" for line in lines]
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--browser", help="a Chromium to typeset formulas with")
    options = parser.parse_args()
    lines = faults(options.folder, options.browser)
    print("\n".join(lines) if lines else f"checked   {options.folder}")
    sys.exit(bool(lines))
