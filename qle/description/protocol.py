"""How each sample of a sweep is minimised."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import quartic
from qle.description.grid import choice, fault, integer, number
from quartic.anneal import FIELD_PATHS

QUENCHES = ("quench", "flow")
"""Ways from a liquid to a glass: `glass.quench`, without and with ``flow``."""

DRAWN = "drawn"
"""The start of particles: the places they were drawn at."""


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """How each sample is minimised.

    Parameters
    ----------
    method, start, tol, max_products
        Of `quartic.minimize`. For particles start ``"drawn"``, and method ``"quench"`` (`glass.quench`) or
        ``"flow"``, that along the gradient; `max_products` then bounds the steps.
    starts : int
        More than 1: the lowest minimum of so many random starts (`quartic.anneal.best_of`).
    field_path : {"constant", "falling", "alternating"}
        Unless constant, a strong field is taken away (`quartic.anneal.anneal`), in `field_steps` steps.
    field_steps : int

    Examples
    --------
    >>> import qle
    >>> quench = qle.Protocol(method="descent", start="random")  # a quench from high energy
    >>> quench.method, quench.tol
    ('descent', 1e-10)
    """

    method: str = "lbfgs"
    start: str = "decoupled"
    tol: float = 1e-10
    max_products: int = 100_000
    starts: int = 1
    field_path: str = "constant"
    field_steps: int = 30

    @property
    def identity(self) -> dict[str, Any]:
        """What the protocol is in the store, without starts and field where they are as by default."""
        table = dataclasses.asdict(self)
        if self.starts == 1:
            del table["starts"]
        if self.field_path == "constant":
            del table["field_path"], table["field_steps"]
        return table

    def __post_init__(self) -> None:
        self._check_slow()
        choice("protocol.method", self.method, (*quartic.METHODS, *QUENCHES))
        choice("protocol.start", self.start, (*quartic.STARTS, DRAWN))
        tol = number("protocol.tol", self.tol)
        if not 0.0 < tol < 1.0:
            raise fault("protocol.tol", self.tol, "must be in (0, 1)")
        object.__setattr__(self, "tol", tol)
        object.__setattr__(self, "max_products", integer("protocol.max_products", self.max_products, 1))

    def _check_slow(self) -> None:
        object.__setattr__(self, "starts", integer("protocol.starts", self.starts, 1))
        choice("protocol.field_path", self.field_path, ("constant", *FIELD_PATHS))
        object.__setattr__(self, "field_steps", integer("protocol.field_steps", self.field_steps, 1))
        if self.starts > 1 and (self.method, self.start, self.field_path) != ("lbfgs", "random", "constant"):
            raise fault(
                "protocol.starts",
                self.starts,
                "more than 1 needs method 'lbfgs', start 'random', no field_path",
            )
        if self.field_path != "constant" and self.start != "decoupled":
            raise fault(
                "protocol.field_path", self.field_path, "needs start 'decoupled', in the strong field"
            )
