"""What a caption says of samples, lines and marks, and how it is written under a figure."""

import re
from collections.abc import Iterable

import xarray as xr
from matplotlib.figure import Figure

LEFT = {"n_missing": "missing", "n_unconverged": "not converged", "n_excluded": "left out at saddles"}


def samples(counts: xr.Dataset, per: str) -> str:
    """Return "180 to 200 samples per curve, 25 missing": those that enter, and all that do not.

    Parameters
    ----------
    counts : xarray.Dataset
        Over the grid, with the names of `qle.statistics.points.COUNTS`.
    per : str
        What a grid point is in the figure.
    """
    words = [f"{span(counts['n_samples'].values.ravel())} samples per {per}"]
    total = {text: int(counts[name].sum()) for name, text in LEFT.items()}
    return ", ".join([*words, *(f"{count} {text}" for text, count in total.items() if count)])


def span(numbers: Iterable[int]) -> str:
    """Return "180 to 200", the least and the largest number, or "200" if they are one."""
    few, *_, many = sorted([*map(int, numbers)] * 2)
    return f"{few}" if few == many else f"{few} to {many}"


SIZE = 7.0  # points
LETTER = 0.54  # mean width of one, in its size
PIECE = re.compile(r"(?:\$[^$]*\$|[^\s$])+")
COMMAND = re.compile(r"\\[A-Za-z]+")


def below(drawing: Figure, words: str) -> None:
    """Write a caption under a figure, which grows by its height.

    What has no entry in a legend is named by it: the label of such an artist is "_" and its word there, which
    no legend shows. The tests look for the word.
    """
    room = 72.0 * drawing.get_figwidth() / (LETTER * SIZE)
    lines, left = [""], room
    for piece in PIECE.findall(words):
        if left < _letters(piece):
            lines, left = [*lines, ""], room
        lines[-1] += f" {piece}" if lines[-1] else piece
        left -= _letters(piece) + 1
    drawing.set_figheight(drawing.get_figheight() + 1.3 * SIZE * len(lines) / 72.0)
    drawing.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=SIZE)


def _letters(piece: str) -> int:
    """Return about how many letters wide a word is, formulas without what only TeX reads."""
    return len(re.sub(r"[${}^_\\,]", "", COMMAND.sub("x", piece))) if "$" in piece else len(piece)


def sweep_title(dataset: xr.Dataset, counts: xr.Dataset) -> str:
    """Return size, field if there is one, and samples of a sweep over h, J and kappa_0."""
    field = f", $h = {float(dataset['h'][0]):g}$" if dataset.sizes["h"] == 1 else ""
    return f"$N = {int(dataset['N'])}${field}, {samples(counts, 'point')}"


def protocol(dataset: xr.Dataset) -> str:
    """Return how the samples of a sweep were minimised, a sentence with a space first; "" for other data."""
    if "method" not in dataset.attrs:
        return ""
    return f" Minima: {dataset.attrs['method']} from {dataset.attrs['start']}."
