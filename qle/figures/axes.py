"""Units in the labels of axes, and numbers along logarithmic ones."""

import re

from matplotlib.axis import Axis
from matplotlib.ticker import FormatStrFormatter, LogFormatterMathtext, LogLocator, NullFormatter

from qle.description.units import REDUCED

PLAIN = (1e-5, 1e6)  # between them numbers are written out, beyond as powers of ten
WIDE, NARROW = 60.0, 8.0  # ratios of the ends, above and below which other numbers are labelled


def in_units(unit: str) -> str:
    """Return " [THz]" to end the label of an axis, powers raised; nothing for reduced units."""
    raised = re.sub(r"\^(-?[0-9]+)", r"$^{\1}$", unit)
    return "" if unit == REDUCED else f" [{raised}]"


def label_decades(axis: Axis) -> None:
    """Label 1, 2 and 5 of each decade, 1 alone where that would crowd, and 3 and 7 too in less than one."""
    low, high = axis.get_view_interval()
    some = (1, 2, 5) if high > NARROW * low else (1, 2, 3, 5, 7)
    axis.set_major_locator(LogLocator(subs=some if high < WIDE * low else (1,)))
    plain = low > PLAIN[0] and high < PLAIN[1]
    axis.set_major_formatter(FormatStrFormatter("%g") if plain else LogFormatterMathtext())
    axis.set_minor_formatter(NullFormatter())
