"""Inherent structures of particles, on record as minima of oscillators are."""

import glass
import quartic
from landscape.minima import MinimizationError
from qle.description.grid import fault
from qle.description.protocol import DRAWN, QUENCHES, Protocol


def check_quench(protocol: Protocol) -> None:
    """Raise SpecError for a protocol that particles cannot follow."""
    for name, allowed in (("start", (DRAWN,)), ("method", QUENCHES)):
        if (value := getattr(protocol, name)) not in allowed:
            raise fault(f"protocol.{name}", value, f"must be {' or '.join(map(repr, allowed))} for particles")


def quenched(
    particles: glass.PairGlass, protocol: Protocol, address: int, *, check: bool = True
) -> quartic.Minimum:
    """Return where `glass.quench` ends from the places of a liquid, with its steps in the place of products.

    Parameters
    ----------
    check : bool
        Raise if that is no minimum.

    Raises
    ------
    SpecError
        For a protocol that only oscillators can follow.
    """
    check_quench(protocol)
    flow = protocol.method == "flow"
    try:
        found = glass.quench(particles, flow=flow, tol=protocol.tol, max_steps=protocol.max_products)
    except MinimizationError as error:
        if check:
            raise
        found = error.result
    return quartic.Minimum(
        x=found.x,
        energy=found.energy,
        gradient_norm=found.point.gradient_norm,
        force_scale=found.point.force_scale,
        products=found.steps,
        lowest_eigenvalue=found.lowest_eigenvalue,
        status="max_products" if found.status == "max_steps" else found.status,
        method=protocol.method,
        start=protocol.start,
        seed=address,
        tol=protocol.tol,
    )
