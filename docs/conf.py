"""How Sphinx builds the site; `make docs` calls it. The sources are docs/, notebooks/ and CHANGELOG.md."""

import os
from importlib.metadata import version as installed

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


def setup(app):  # type: ignore[no-untyped-def]
    """Read docstrings as they are meant: |x| is no substitution, and formulas stand on lines of their own."""
    app.connect("autodoc-process-docstring", plain_docstring, priority=400)
    app.connect("autodoc-skip-member", skip_aliases)


def skip_aliases(app, what, name, obj, skip, options):  # type: ignore[no-untyped-def]
    """Leave out the fields of named tuples, which their class describes."""
    return True if str(getattr(obj, "__doc__", "")).startswith("Alias for field number") else None


def plain_docstring(app, what, name, obj, options, lines):  # type: ignore[no-untyped-def]
    """Escape bars, and make every indented block after an unindented paragraph a literal one."""
    out: list[str] = []
    literal, before = False, ""
    for line in lines:
        indented = line.startswith("    ")
        if indented and out and not out[-1].strip() and before and not before.startswith(" "):
            literal = True
            out += ["::", ""]
        elif line.strip() and not indented:
            literal = False
        out.append(line if literal else line.replace("|", r"\|"))
        before = line if line.strip() else before
    lines[:] = out
