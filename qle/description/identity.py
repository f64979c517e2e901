"""What results are of, as JSON objects whose digests name the folders of a store.

A *series* is everything that makes results comparable (format version, model, seed, protocol, measure); a
*point* is a series and the parameters of the model. Both are *identities*, as is that of a batch of samples.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

FORMAT_VERSION = 4
"""Raise it when the layout, the meaning or the computed numbers of the store change."""

SERIES_KEYS = ("format", "model", "seed", "protocol", "measure")
POINT_KEYS = (*SERIES_KEYS, "parameters")

Identity = Mapping[str, Any]

Arrays = Mapping[str, NDArray[Any]]
"""What is kept of samples, by name; the first axis is the sample."""


def canonical(identity: Identity) -> str:
    """Return the identity as JSON text: sorted keys, no spaces, floats by their shortest exact form."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(identity: Identity) -> str:
    """Return 16 hexadecimal digits, the head of the SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(identity).encode()).hexdigest()[:16]


def series_of(identity: Identity) -> Identity:
    """Return the series part of a point's or a batch's identity."""
    return {key: identity[key] for key in SERIES_KEYS}
