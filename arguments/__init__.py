"""What public functions take: an argument is converted once, or refused in a line with name, value and rule.

Numbers become Python's floats and ints, arrays C-ordered float64 of the machine's byte order; what comes
after sees no float32, big-endian, masked, strided or labelled array. All errors are ValueError.

Real numbers are the integers and floats of Python and numpy of any width, Fraction, Decimal, and arrays
without axes of these; they are rounded to the nearest float64, once. True, text, complex numbers, dates and
None are no numbers; nan is refused always, infinities unless a function says otherwise.
"""

from arguments.array_files import read_arrays
from arguments.arrays import array, frozen, integers, numbers, plain, rows, spread, truths
from arguments.files import read_table, read_text
from arguments.records import brief, settled
from arguments.scalars import count, fraction, integer, real, seed
from arguments.words import choice, nearest, shown

__all__ = [
    "array",
    "brief",
    "choice",
    "count",
    "fraction",
    "frozen",
    "integer",
    "integers",
    "nearest",
    "numbers",
    "plain",
    "read_arrays",
    "read_table",
    "read_text",
    "real",
    "rows",
    "seed",
    "settled",
    "shown",
    "spread",
    "truths",
]
