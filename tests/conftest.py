"""Settings of the whole suite: property tests draw the same examples in every run and are never timed."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
