"""The second BLAS kernel of `make test`: another than the first, really loaded, by numpy and by scipy."""

import subprocess
import sys

import pytest

from tests import second_blas


def openblas(*names: str) -> list[dict[str, str]]:
    return [{"internal_api": "openblas", "architecture": name} for name in names]


def test_the_second_kernel_is_another_one_and_is_loaded() -> None:
    present = second_blas.kinds(second_blas.loaded())
    if not present:
        pytest.skip("no OpenBLAS here")
    command = [sys.executable, second_blas.__file__]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    kernel = found.stdout.strip()
    assert found.stderr.startswith("BLAS: openblas ")
    assert kernel not in present
    if kernel:
        assert second_blas.kinds(second_blas.loaded(kernel)) == {kernel}
        assert found.stderr.endswith(f"the numerical tests run again under {kernel}\n")


@pytest.mark.parametrize(
    ("present", "here", "kernel"),
    [
        ("Zen", ("Haswell", "SkylakeX", "Nehalem"), "SkylakeX"),  # Zen's kernels are Haswell's
        ("Zen", ("Haswell", "Nehalem"), "Nehalem"),
        ("SapphireRapids", ("Haswell", "SkylakeX", "Nehalem"), "Haswell"),
        ("Prescott", ("Haswell", "Nehalem"), "Haswell"),
        ("neoversen1", ("ARMV8",), "ARMV8"),
        ("Nehalem", ("Nehalem",), None),
    ],
)
def test_which_kernel_is_second(
    present: str, here: tuple[str, ...], kernel: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenBLAS takes its own choice where it knows the name of a kernel but the processor is no such."""
    monkeypatch.setattr(
        second_blas, "loaded", lambda name: openblas(*2 * (name if name in here else present,))
    )
    assert second_blas.second(second_blas.kinds(openblas(present, present))) == kernel


def test_two_libraries_must_change_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_blas, "loaded", lambda name: openblas(name, "Zen"))
    assert second_blas.second({"Haswell"}) is None
    assert second_blas.kinds([{"internal_api": "mkl"}]) == set()
