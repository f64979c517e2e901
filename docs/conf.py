"""How Sphinx builds the site; `make docs` calls it. The sources are docs/, notebooks/ and CHANGELOG.md."""

import json
import os
import re
from importlib import import_module
from importlib.metadata import version as installed
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref

from qle.report.page import ENVIRONMENT

project = "qle"
author = "The qle developers"
version = release = installed("qle")
root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/*.md", "CHANGELOG.md"]
exclude_patterns = ["docs/figures/**", "docs/static/**", "docs/*.py"]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx-mathjax-offline",
]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
os.environ["QLE_NOTEBOOKS"] = "small"  # for their kernels
nb_execution_mode = "cache"
nb_execution_cache_path = "build/notebooks"
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # sliders need a kernel; the page has the static figure
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = False
html_theme = "furo"
html_title = "qle"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_show_copyright = False


def setup(app):  # type: ignore[no-untyped-def]
    """Read docstrings as they are meant: |x| is no substitution, and formulas stand on lines of their own."""
    app.connect("autodoc-process-docstring", plain_docstring, priority=400)
    app.connect("autodoc-skip-member", skip_member)
    app.connect("doctree-read", unlink_words)
    app.connect("build-finished", write_modes)


def write_modes(app, exception):  # type: ignore[no-untyped-def]
    """Write the pages on which modes are turned, of kept modes, with the template of `--modes-to`."""
    for kept in Path(__file__).parent.glob("data/*-modes.json"):
        page = ENVIRONMENT.get_template("modes.html").render(data=json.loads(kept.read_text()))
        Path(app.outdir, "_static", f"{kept.stem}.html").write_text(page, encoding="utf-8")


def skip_member(app, what, name, obj, skip, options):  # type: ignore[no-untyped-def]
    """Leave out fields of named tuples, which their class describes, and what another package's page has."""
    if str(getattr(obj, "__doc__", "")).startswith("Alias for field number"):
        return True
    home = str(getattr(obj, "__module__", "")).partition(".")[0]
    page = app.env.docname.rpartition("/")[2].partition(".")[0]
    here = what != "module" or home == page or f"docs/api/{home}" not in app.env.found_docs
    return None if here or getattr(import_module(home), name, None) is not obj else True


def unlink_words(app, doctree):  # type: ignore[no-untyped-def]
    """Give no links to words in the types of fields, as the N of "array of N"."""
    for link in list(doctree.findall(pending_xref)):
        target = link.get("reftarget", "")
        if link.get("refspecific") and (target.islower() or len(target) == 1):
            link.replace_self(nodes.inline("", "", *link.children))


def plain_docstring(app, what, name, obj, options, lines):  # type: ignore[no-untyped-def]
    """Escape bars and lone stars; an indented block after an unindented paragraph is a literal one."""
    out: list[str] = []
    literal, before = False, ""
    for line in lines:
        indented = line.startswith("    ")
        if indented and out and not out[-1].strip() and before and not before.startswith(" "):
            literal = True
            out += ["::", ""]
        elif line.strip() and not indented:
            literal = False
        out.append(line if literal else re.sub(r"(?<!\S)\*(?=,)|\|", r"\\\g<0>", line))
        before = line if line.strip() else before
    lines[:] = out
