"""Statistics of a sweep with error bars: density of states, omega^4 tail, softest modes, tables.

Every function takes the dataset that `qle.open` returns and works on all its grid points. Only converged
minima enter; how many did, and how many were left out, is part of every result. Standard errors come from
resampling disorder samples, the same samples at every grid point (`qle.statistics.resampling`); intervals
hold for few samples too (`qle.statistics.intervals`), those of A_g for laws that bend (`smooth_law`).

(S n) is equation n of Lerner and Bouchbinder, J. Chem. Phys. 155, 200901 (2021).
"""

from qle.statistics.binned_law import binned_tail
from qle.statistics.binned_peak import binned_peak
from qle.statistics.crossover import crossover
from qle.statistics.debye import debye_level
from qle.statistics.density import vdos
from qle.statistics.ensembles import compare_ensembles
from qle.statistics.finite_size import finite_size
from qle.statistics.moments import moments
from qle.statistics.protocols import compare
from qle.statistics.samples_needed import samples_needed
from qle.statistics.softest_mode import softest
from qle.statistics.summary import table, to_text
from qle.statistics.tail_law import tail
from qle.statistics.windows import windows

__all__ = [
    "binned_peak",
    "binned_tail",
    "compare",
    "compare_ensembles",
    "crossover",
    "debye_level",
    "finite_size",
    "moments",
    "samples_needed",
    "softest",
    "table",
    "tail",
    "to_text",
    "vdos",
    "windows",
]
