"""The work of a mode search is bounded, whatever the spectrum: counted in operations, never in seconds."""

from typing import Any

import numpy as np
import pytest

import quartic
from landscape.modes import davidson, low
from quartic.couplings import Dense

N = 320


def rotated(values: np.ndarray) -> np.ndarray:
    """Return a matrix of these eigenvalues and random eigenvectors."""
    q, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(N, N)))
    return np.asarray((q * values) @ q.T)


def spectrum(name: str) -> np.ndarray:
    """Return a symmetric matrix whose low modes a subspace finds late or never."""
    rng = np.random.default_rng(2)
    v, block = rng.normal(size=(N, 3)), rng.normal(size=(N // 10, N // 10))
    i = np.arange(N)
    degenerate = np.where(i < 4, 0.1, 1.0)
    return {
        "complete graph": N * np.eye(N) - np.ones((N, N)),
        "bipartite graph": -((i[:, None] + i) % 2.0),
        "identity": np.eye(N),
        "identity and low rank": np.eye(N) - v @ v.T / N,
        "ten copies": np.kron(np.eye(10), block + block.T),
        "four modes below one level": rotated(degenerate),
        "five levels": rotated(1.0 + i % 5),
        "tiny gaps": rotated(1.0 + 1e-9 * i),
        "dense below": rotated((i / N) ** 0.1),
        "ring": 2.0 * np.eye(N) - np.roll(np.eye(N), 1, 0) - np.roll(np.eye(N), -1, 0),
    }[name]


SPECTRA = (
    "complete graph", "bipartite graph", "identity", "identity and low rank", "ten copies",
    "four modes below one level", "five levels", "tiny gaps", "dense below", "ring",
)  # fmt: skip


class Counted(Dense):
    """A coupling that adds up the operations of its products."""

    operations = 0.0

    def products(self, block: np.ndarray) -> np.ndarray:
        self.operations += 2.0 * self.size**2 * block.shape[1]
        return super().products(block)


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize(("k", "method"), [(1, None), (6, None), (20, None), (6, "davidson")])
def test_no_spectrum_costs_more_than_dense(
    name: str, k: int, method: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products and small eigenproblems, counted where they are made, beside the 4/3 N^3 of a dense one.

    2/3 N^3 are allowed, 4 N^3 where the method is given; beyond that are one step too many, a check of
    residuals, and another product of the vectors found.
    """
    monkeypatch.setattr(low, "DENSE_SIZE", 100)
    monkeypatch.setattr(low, "SADDLE_SIZE", 100)
    monkeypatch.setattr(low, "DENSE_RATIO", 0)
    matrix = spectrum(name)
    matrix = np.triu(matrix) + np.triu(matrix, 1).T
    coupling = Counted(matrix - np.diag(matrix.diagonal()))
    small = []
    plain = np.linalg.eigh

    def counted(h: np.ndarray) -> Any:
        small.append(9.0 * len(h) ** 3)
        return plain(h)

    class Counting:
        eigh = staticmethod(counted)
        norm = staticmethod(np.linalg.norm)

    class Numpy:
        linalg = Counting

        def __getattr__(self, attribute: str) -> Any:
            return getattr(np, attribute)

    monkeypatch.setattr(davidson, "np", Numpy())
    problem = quartic.Problem(matrix.diagonal(), coupling, 0.0, 1.0)
    found = quartic.low_modes(problem, np.zeros(N), k, method=method)
    exact = plain(matrix)[0]
    scale = np.abs(exact).max()
    np.testing.assert_allclose(found.eigenvalues, exact[:k], rtol=0, atol=1e-7 * scale)
    assert found.residuals.max() < 1e-7 * scale
    last_step = 2.0 * N**2 * (2 * k + 8 + low.BLOCK) + max(small, default=0.0)
    assert coupling.operations + sum(small) <= (2.0 / 3.0 if method is None else 4.0) * N**3 + last_step


def test_ordinary_spectra_need_no_dense_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is for the rest: where eigenvalues keep their distance, as soft ones do, none comes near."""
    monkeypatch.setattr(low, "DENSE_SIZE", 100)
    monkeypatch.setattr(low, "SADDLE_SIZE", 100)
    monkeypatch.setattr(low, "DENSE_RATIO", 0)
    matrix = np.diag(np.linspace(0.01, 1.0, N))
    noise = np.random.default_rng(3).normal(size=(N, N)) * 0.01 / N**0.5
    coupling = np.triu(noise, 1)
    problem = quartic.Problem(matrix.diagonal(), coupling + coupling.T, 0.0, 1.0)
    assert quartic.low_modes(problem, np.zeros(N), 6).method == "factor"
    assert quartic.low_modes(problem, np.zeros(N), 6, method="davidson").method == "davidson"


def test_methods_by_size() -> None:
    """Dense where that is the fastest: few sites, or many modes; never beyond the size that fits."""
    assert [low.default_method(n, 10) for n in (300, 301, 6000, 6001)] == [
        "dense", "factor", "factor", "davidson",
    ]  # fmt: skip
    assert [low.default_method(n, 60) for n in (720, 721, 1440, 1441)] == ["dense", "factor"] * 2
    assert low.default_method(100_000, 2001) == "davidson"
    assert low.default_method(16_000, 2000) == "dense"  # N < 8 (k + 4): a subspace would hold all
