"""Settings of the whole suite: property tests draw the same examples in every run and are never timed.

Nothing is said of kernels that are compiled, here and in what tests start: what is written is compared.
"""

import os

from hypothesis import HealthCheck, settings

os.environ["QUARTIC_SILENT"] = "1"
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")
