"""Statistics of a sweep with error bars: density of states, omega^4 tail, table per grid point.

Every function takes the dataset that `qle.open` returns and works on all its grid points. Only converged
minima enter; how many did, and how many were left out, is part of every result. Errors come from resampling
disorder samples, the same samples at every grid point (`qle.statistics.resampling`).
"""

from qle.statistics.density import vdos
from qle.statistics.summary import table, to_text
from qle.statistics.tail_law import tail

__all__ = ["table", "tail", "to_text", "vdos"]
