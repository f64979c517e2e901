"""The KHGPS mean-field model of interacting anharmonic oscillators."""

from khgps.model import KHGPS, draw

__all__ = ["KHGPS", "draw"]
