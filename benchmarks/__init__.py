"""Benchmarks: time, residual and work, each against what a user would write instead."""
