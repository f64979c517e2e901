"""Nonlinear conjugate gradients (Polak-Ribiere+)."""

from landscape.relaxation import Relaxation

_FIRST = 0.1  # of the landscape's length: the first step tried


def cg(run: Relaxation) -> None:
    """Go to a minimum along conjugate directions; along the gradient again where one does not fall.

    The first length tried is that which the last step's curvature says.
    """
    g = run.point.gradient
    d, length = -g, _FIRST * run.landscape.length / max(run.point.gradient_norm, 1e-300)
    while not run.arrived:
        before = run.point
        run.step(length * d)
        g, old = run.point.gradient, before.gradient
        moved = run.point.x - before.x
        bent = float(moved @ (g - old))  # > 0 where the energy curves upwards
        along = float(moved @ d) / float(d @ d)
        d = max(0.0, float(g @ (g - old)) / float(old @ old)) * d - g
        if float(d @ g) >= 0.0:
            d = -g
        if bent > 0.0 and along > 0.0:
            curvature = bent / float(moved @ moved)
            length = -float(d @ g) / (curvature * float(d @ d))
