"""Soft potential model: random quartic potentials and their double wells; empty so far."""
