"""Figures as elements of a page: SVG without a file of its own, and with names that no other figure has."""

import re
from xml.etree import ElementTree

NAMESPACE = re.compile(r"^\{[^}]*\}")
PLACE = re.compile(r"url\(#")
DROPPED = ("metadata", "style")
STROKES = "stroke-linejoin:round;stroke-linecap:butt"
"""What matplotlib asks for with a style sheet, which would hold for the whole page."""


def inline(svg: bytes, name: str, words: str) -> str:
    """Return a figure of matplotlib as an element of a page of HTML.

    Parameters
    ----------
    svg : bytes
        What `qle.figures` writes.
    name : str
        Of the figure on the page: letters, digits and hyphens. The names inside it begin with it.
    words : str
        What a reader hears who does not see it.

    Returns
    -------
    str
        One svg element: without addresses of name spaces, comments, metadata and style sheets, as wide as
        the page lets it be.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if NAMESPACE.sub("", child.tag) in DROPPED:
                parent.remove(child)
    for element in root.iter():
        element.tag = NAMESPACE.sub("", element.tag)
        element.attrib = {
            NAMESPACE.sub("", key): _renamed(key, value, name) for key, value in element.attrib.items()
        }
    wide = root.attrib.pop("width").removesuffix("pt")
    del root.attrib["height"]
    look = f"{STROKES};width:100%;max-width:{float(wide) / 72.0 * 96.0:.0f}px"
    root.attrib |= {"id": name, "role": "img", "aria-label": words, "style": look}
    return ElementTree.tostring(root, encoding="unicode")


def _renamed(key: str, value: str, name: str) -> str:
    """Return the value of an attribute with the names of the page in it."""
    if key == "id":
        return f"{name}-{value}"
    if key.endswith("href") and value.startswith("#"):
        return f"#{name}-{value[1:]}"
    return PLACE.sub(f"url(#{name}-", value)
