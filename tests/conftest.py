"""Settings of the whole suite: property tests draw the same examples in every run and are never timed.

Run again with bounds checks, they draw the first 25: what is looked for there is no rare case, but a fault
of the indices or of the last digits.

Nothing is said of kernels that are compiled, here and in what tests start: what is written is compared.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.fresh import Fresh

os.environ["QUARTIC_SILENT"] = "1"
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("again", settings.get_profile("repeatable"), max_examples=25)
settings.load_profile("again" if "NUMBA_BOUNDSCHECK" in os.environ else "repeatable")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Yield what runs Python in processes of its own."""
    processes = Fresh(tmp_path_factory.mktemp("fresh"))
    yield processes
    processes.end()
