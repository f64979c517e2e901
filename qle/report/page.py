"""The page: contents put into its template, and written."""

import time
from pathlib import Path

import jinja2

from qle.report.citation import citations
from qle.report.contents import Contents
from qle.report.progress import stamp
from qle.store.writing import replacing

ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(page: Contents, path: Path, *, pace: str = "", again_in: int = 0) -> None:
    """Write contents as one HTML file that needs no other; an earlier one is replaced when it is whole.

    Parameters
    ----------
    page : Contents
    path : Path
    pace : str
        How fast samples come in.
    again_in : int
        Seconds after which a browser loads the page again; 0: never.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    text = ENVIRONMENT.get_template("page.html").render(
        page=page, pace=pace, again_in=again_in, written=stamp(time.time()), cite=citations()
    )
    with replacing(path) as file:
        file.write(text.encode(errors="backslashreplace"))
