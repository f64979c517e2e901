"""Nonlinear excitations of a minimum of any landscape (S IV.F to IV.J): modes, paths, double wells."""
