"""Minima of landscapes that are not quartic, on record as those of oscillators are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import landscape as general
import quartic
from landscape import Landscape, disorder
from qle.description.grid import fault
from qle.description.protocol import Protocol
from quartic.starts import KICK

STARTS = ("zero", "random", "kick")


def check_general(protocol: Protocol) -> None:
    """Raise SpecError for a protocol that only oscillators can follow."""
    if protocol.start not in STARTS:
        raise fault(
            "protocol.start", protocol.start, "needs oscillators; others start from zero, random, kick"
        )
    for name in ("starts", "field_path"):
        if (value := getattr(protocol, name)) not in (1, "constant"):
            raise fault(f"protocol.{name}", value, "needs oscillators")


def general_minimum(landscape: Landscape, protocol: Protocol, address: int, **checks: Any) -> quartic.Minimum:
    """Return where `landscape.minimize` ends by a protocol, with its steps in the place of products.

    Starts are displacements: x = 0, ``"random"`` of independent normal numbers times the landscape's
    `length`, and ``"kick"`` a thousandth of such.

    Raises
    ------
    SpecError
        For a protocol that only oscillators can follow.
    """
    check_general(protocol)
    found = general.minimize(
        landscape, starting_point(landscape, protocol.start, address), method=protocol.method,
        tol=protocol.tol, max_steps=protocol.max_products, **checks,
    )  # fmt: skip
    known: Any = {
        name: getattr(found, name) for name in ("x", "energy", "lowest_eigenvalue", "method", "tol")
    }
    return quartic.Minimum(
        **known,
        gradient_norm=found.point.gradient_norm,
        force_scale=found.point.force_scale,
        products=found.steps,
        status="max_products" if found.status == "max_steps" else found.status,
        start=protocol.start,
        seed=address,
    )


def starting_point(landscape: Landscape, start: str, address: int) -> NDArray[np.float64]:
    """Return the displacements from which a minimisation starts, shape (N,)."""
    if start == "zero":
        return np.zeros(landscape.size)
    sample, word = divmod(address, disorder.WORD)
    noise = disorder.normal(
        landscape.size, seed=word, sample=sample, label="start" if start == "random" else "kick"
    )
    return (1.0 if start == "random" else KICK) * landscape.length * noise
