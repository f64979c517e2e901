"""A page of HTML taken apart, and whether its script can be read."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "br", "link", "img", "input"}


class Markup(HTMLParser):
    """What is in a page; elements that are not closed in turn raise AssertionError."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, its id and addresses."""
        self.found.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        self.links += [f"#{one}" for _, value in attrs for one in re.findall(r"url\(#(.*?)\)", value or "")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep text by the tag that it is in."""
        self.words.setdefault(self.open[-1] if self.open else "", []).append(data)

    def text(self, *tags: str) -> str:
        """Return the text in some tags."""
        return "\n".join("".join(self.words.get(tag, [])) for tag in tags)


def check_script(script: str, folder: Path) -> None:
    """Raise AssertionError for a script that is no JavaScript; without node nothing is looked at."""
    if (node := shutil.which("node")) is not None:
        (folder / "page.mjs").write_text(script)
        done = subprocess.run([node, "--check", folder / "page.mjs"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
