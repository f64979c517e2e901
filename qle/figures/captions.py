"""What a caption says of samples, lines and marks, and how it is written under a figure."""

import re
import textwrap

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
    entered = counts["n_samples"].values
    fewest, most = int(entered.min()), int(entered.max())
    words = [f"{fewest if fewest == most else f'{fewest} to {most}'} samples per {per}"]
    total = {text: int(counts[name].sum()) for name, text in LEFT.items()}
    return ", ".join([*words, *(f"{count} {text}" for text, count in total.items() if count)])


SIZE = 7.0  # points
WIDE = 0.5  # of a letter, in its size
MATHS = re.compile(r"\$[^$]*\$")


def below(drawing: Figure, words: str) -> None:
    """Write a caption under a figure, which grows by its height.

    What has no entry in a legend is named by it: the label of such an artist is "_" and its word there, which
    no legend shows. The tests look for the word.
    """
    whole = MATHS.sub(lambda match: match[0].replace(" ", "\u00a0"), words)
    width = int(72.0 * drawing.get_figwidth() / (WIDE * SIZE))
    lines = [
        line for part in whole.split("\n") for line in textwrap.wrap(part, width, break_on_hyphens=False)
    ]
    text = "\n".join(lines).replace("\u00a0", " ")
    drawing.set_figheight(drawing.get_figheight() + 1.25 * SIZE * len(lines) / 72.0)
    drawing.supxlabel(text, x=0.01, ha="left", fontsize=SIZE)


def protocol(dataset: xr.Dataset) -> str:
    """Return how the samples of a sweep were minimised, ", " first; "" for those of other data."""
    if "method" not in dataset.attrs:
        return ""
    return f", minimised by {dataset.attrs['method']} from {dataset.attrs['start']}"
