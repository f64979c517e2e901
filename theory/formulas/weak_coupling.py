"""KHGPS with kappa_min = 0, kappa uniform on [0, kappa_0], at weak coupling J << J_x (S IV.E, Fig. 9b).

Leading order as J -> 0 and h^(2/3) A^(1/3) << kappa_0. With E0 = `weak_exponent` and L = ln[kappa_0
(6/(A h^2))^(1/3)], the relative corrections to A_g are of order L^2/E0, those to the exponent of order
A^(1/3) h^(2/3)/kappa_0.
"""

from typing import Any

from theory.formulas.oscillator import oscillator_minimum, soft_oscillator_minimum


def weak_displacement(lib: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return <x^2> -> (3/2) h (6 h/A)^(1/3)/kappa_0, of independent oscillators in the field h."""
    return 3 * h * lib.cbrt(6 * h / A) / (2 * kappa_0)


def mean_square_displacement(lib: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return <x^2> of independent oscillators in the field h at any kappa_0."""
    soft = soft_oscillator_minimum(lib, h, A)
    stiff = oscillator_minimum(lib, kappa_0, h, A)
    return (h * (soft - stiff) + A * (soft**4 - stiff**4) / 12) / kappa_0


def weak_response(lib: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return chi = E[1/k] -> ln(kappa_0 (6/(A h^2))^(1/3))/kappa_0."""
    return lib.log(kappa_0 * lib.cbrt(6 / (A * h**2))) / kappa_0


def weak_exponent(lib: Any, J: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return E0 = h^2/(2 J^2 <x^2>) = kappa_0 (A h^2/6)^(1/3)/(3 J^2), with `weak_displacement`."""
    return kappa_0 * lib.cbrt(A * h**2 / 6) / (3 * J**2)


def weak_softening_factor(lib: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return e^(1/9) (kappa_0 (6/(A h^2))^(1/3))^(2/9): <x^2> of order J^2 in exp(-h^2/(2 J^2 <x^2>)).

    It does not tend to 1 as J -> 0, since the exponent is ~ J^-2: e^(1/9) is from the spread of the fields,
    the power from the softening of every stiffness by J^2 chi.
    """
    return lib.exp((h / h) / 9) * lib.exp(2 * lib.log(kappa_0 * lib.cbrt(6 / (A * h**2))) / 9)


def weak_field_density(lib: Any, J: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return p_f(0) of the cavity field, e^(-E0) (E0/pi)^(1/2)/h times `weak_softening_factor`."""
    exponent = weak_exponent(lib, J, h, kappa_0, A)
    bare = lib.exp(-exponent) * lib.sqrt(exponent / lib.pi) / h
    return bare * weak_softening_factor(lib, h, kappa_0, A)


def weak_replicon(lib: Any, J: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return 1 - J^2 E[1/k^2] to order J^2, of independent oscillators in the field h."""
    root, third = lib.cbrt(2 * h / h), lib.sqrt(3 * h / h)
    angles = lib.atan((2 * root - 1) / third) + lib.pi / 6
    integral = lib.log((1 + root) ** 3 / 3) / 6 + angles / third
    return 1 - J**2 * lib.cbrt(3 * h / A) * integral / (h * kappa_0)


def weak_prefactor_single_well(lib: Any, J: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return A_g -> 4 sqrt(2) p_f(0)/(kappa_0 sqrt(A)), were there wells of kappa' >= 0 only.

    That is for frequencies omega^2 >> J^2 chi; below, wells of kappa' < 0 count too.
    """
    return 4 * lib.sqrt(2) * weak_field_density(lib, J, h, kappa_0, A) / (kappa_0 * lib.sqrt(A))


def weak_prefactor_two_wells(lib: Any, J: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return A_g -> 4 sqrt(3) p_f(0)/(kappa_0 sqrt(A)), each site in the lower of its wells."""
    return 4 * lib.sqrt(3) * weak_field_density(lib, J, h, kappa_0, A) / (kappa_0 * lib.sqrt(A))
