"""Large glasses: minima and modes with their proofs, by sparse factors alone."""

import numpy as np
import pytest

import glass
import landscape
from landscape.hessian import SparseHessian


@pytest.mark.verify
@pytest.mark.parametrize(("d", "n"), [(2, 10_000), (3, 2000)])
def test_modes_of_large_glasses_are_complete(d: int, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """20 modes; pivots at shifts between them count them one by one."""
    monkeypatch.setattr(SparseHessian, "dense", lambda self: pytest.fail("a dense copy"))
    liquid = glass.draw(glass.SoftSpheres(N=n, d=d, T_p=0.5, sweeps=40), seed=1, sample=0)
    solid = glass.quench(liquid)
    hessian = solid.point.hessian
    assert solid.point.relative_gradient <= 1e-12
    assert landscape.inertia(hessian) == 0
    modes = landscape.low_modes(hessian, 20)
    assert (modes.method, modes.complete) == ("sparse", True)
    assert modes.residuals.max() < 1e-10 * hessian.scale
    gaps = np.diff(modes.eigenvalues)
    for k in np.argsort(gaps)[-4:]:
        between = float(modes.eigenvalues[k] + gaps[k] / 2.0)
        assert landscape.inertia(hessian, between) == k + 1
    cubic = landscape.cubic_modes(liquid, solid.x, starts=modes.vectors[:, :8])
    assert sorted(k for mode in cubic for k in mode.starts) == list(range(8))
    assert max(mode.residual for mode in cubic) <= 1e-9
