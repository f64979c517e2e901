"""Closed forms and their derivations, independent of the engine; empty so far."""
