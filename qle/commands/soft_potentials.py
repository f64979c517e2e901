"""`qle spm`: soft potentials sampled, their laws, wells and specific heat."""

import argparse
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.outputs import named, number, write_csv
from qle.commands.parser import Commands, add_command
from qle.description.grid import SpecError

if TYPE_CHECKING:
    import spm

EPILOG = """\
Writes NAME-laws.csv (all densities in bins), NAME-heat.csv, and the figures NAME-laws.png, NAME-wells.png
(b3^2 against b2 b4, as Fig. 11 of the source paper) and NAME-heat.png (reduced specific heat, as Fig. 15a).

examples:
  qle spm
  qle spm --law student --potentials 1e8 -o student
"""
LAWS = ("gaussian", "uniform", "student")
SHOWN = 5000  # potentials whose wells are drawn


def add_soft_potentials(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    command = add_command(commands, "spm", run, "sample soft potentials: laws, wells, specific heat", EPILOG)
    command.add_argument("--law", choices=LAWS, default="gaussian", help="of all a_n; default gaussian")
    for option, metavar, default, text in (
        ("--potentials", "N", 1e7, "sampled"),
        ("--soft", "N", 1e6, "importance sample of soft wells"),
        ("--b2-max", "B", 1e-2, "stiffest of it"),
        ("--quantum", "N", 1e4, "another, for the specific heat"),
        ("--mass", "M", 1e24, "with hbar = 1"),
    ):
        text = f"{text}; default {default:g}"
        command.add_argument(option, metavar=metavar, type=float, default=default, help=text)
    command.add_argument("--seed", type=int, default=0, help="default 0")
    command.add_argument("--threads", metavar="N", type=int, help="default: one per processor")
    command.add_argument("-o", "--output", metavar="NAME", type=Path, default=Path("spm"), help="default spm")


def run(options: argparse.Namespace) -> int:
    """Sample, print and write everything; raise SpecError for bad input."""
    import spm
    from qle.figures import quartic_wells
    from qle.figures import soft_potentials as picture

    paths = {
        name: named(options.output, f"-{name}")
        for name in ("laws.csv", "laws.png", "wells.png", "heat.csv", "heat.png")
    }
    try:
        if not 0.0 < options.mass < math.inf:
            raise ValueError(f"mass = {options.mass}: must be finite and > 0")
        law = choose(options.law)
        counts = [_whole(name, getattr(options, name)) for name in ("potentials", "soft", "quantum")]
        plain = spm.laws(spm.stream(law, counts[0], seed=options.seed, threads=options.threads))
        wells = spm.sample_soft(law, counts[1], b2_max=options.b2_max, seed=options.seed)
        soft, limits = spm.laws(wells), spm.soft_limits(law)
        ranges = {"b2": (2e-6 * options.b2_max, 0.9 * options.b2_max), "barrier": spm.barrier_range(wells)}
        print(describe(plain, soft, limits, ranges))
        table = write_laws({"plain": plain, "soft": soft}, paths["laws.csv"])
        laws_figure = picture.draw(plain, soft, limits, ranges, paths["laws.png"])
        shown = spm.sample(law, min(SHOWN, counts[0]), seed=options.seed)
        wells_figure = quartic_wells.draw(shown, paths["wells.png"])
        heat_files = _heat(law, counts[2], options, paths)
    except (ValueError, spm.BasisError) as error:
        raise SpecError(str(error)) from None
    for path in (table, laws_figure, wells_figure, *heat_files):
        print(path)
    return 0


def choose(name: str) -> "spm.SoftPotentials":
    """Return one of the three laws of the coefficients, a1 .. a3 of one kind, a4 of mean about one."""
    import spm

    if name == "uniform":
        one = spm.Uniform()
        return spm.SoftPotentials(a1=one, a2=one, a3=one, a4=spm.Uniform(low=0.5, high=1.5))
    if name == "student":
        tailed = spm.StudentT()
        return spm.SoftPotentials(a1=tailed, a2=tailed, a3=tailed, a4=spm.StudentT(location=1.0, low=0.0))
    return spm.SoftPotentials()


def describe(
    plain: "spm.Laws", soft: "spm.Laws", limits: "spm.SoftLimits", ranges: dict[str, tuple[float, float]]
) -> str:
    """Return exponents and prefactors beside the derived ones, and the wells of either kind."""
    from qle.measurements.soft_potentials import fitted_laws

    text = [f"{'':26}{'exponent':>20}{'derived':>10}{'prefactor':>22}{'derived':>12}"]
    for law in fitted_laws(soft, limits, ranges):
        free, fixed = law.free, law.fixed
        text.append(
            f"{law.name:26}{free.exponent:11.4f} +- {free.exponent_error:.4f}{law.exponent:10g}"
            f"{fixed.prefactor:12.5g} +- {fixed.prefactor_error:.1e}"
            + ("" if math.isnan(law.prefactor) else f"{law.prefactor:12.5g}")
        )
    text.append(f"wells per potential: {number(*plain.global_wells)} keep b3^2 <= 3 b2 b4,")
    text.append(f"                     {number(*plain.upper_wells)} violate it, beside a lower one")
    return "\n".join(text)


def write_laws(laws: dict[str, "spm.Laws"], path: Path) -> Path:
    """Write all densities in bins as CSV, and return `path`."""
    import spm

    def rows() -> Iterable[Sequence[object]]:
        for sample, one in laws.items():
            for name, density in vars(one).items():
                if not isinstance(density, spm.Density):
                    continue
                columns = (
                    density.edges[:-1],
                    density.edges[1:],
                    density.density,
                    density.error,
                    density.events,
                )
                for row in zip(*columns, strict=True):
                    yield sample, name, *(f"{x:.10g}" for x in row)

    return write_csv(path, ("sample", "law", "low", "high", "density", "error", "wells"), rows())


def _heat(
    law: "spm.SoftPotentials", n: int, options: argparse.Namespace, paths: dict[str, Path]
) -> tuple[Path, Path]:
    """Compute and fit the specific heat of soft wells; print the fit, write data and figure."""
    import spm
    from qle.figures import specific_heat as picture
    from qle.measurements.soft_potentials import fitted_heat

    found = fitted_heat(law, n, mass=options.mass, seed=options.seed)
    unit, heat, fit = found.unit, found.heat, found.fit
    print(f"specific heat, T in units of m^(-2/3) = {unit:.4g}")
    soft = number(fit.C_sm * unit**5, fit.covariance[2, 2] ** 0.5 * unit**5)
    print(f"C_sm  {soft}, derived {found.derived * unit**5:.5g}")
    if found.tunnels:
        print(f"C_TLS {number(fit.C_TLS * unit, fit.covariance[0, 0] ** 0.5 * unit)}")
        print(f"T_min {number(fit.T_min / unit, fit.T_min_error / unit)} = (C_TLS/C_sm)^(1/4)")
    else:
        print(f"C_TLS and T_min unknown: too few of {n:g} wells tunnel; raise --quantum")
    rows = ((f"{x:.10g}" for x in row) for row in zip(heat.T, heat.C, heat.error, strict=True))
    table = write_csv(paths["heat.csv"], ("T", "C", "C_error"), rows)
    data = spm.HeatTable(T=heat.T, C=heat.C, C_error=heat.error)
    return table, picture.draw(data, fit, paths["heat.png"], fitted=found.used, tunnels=found.tunnels)


def _whole(name: str, value: float) -> int:
    """Return a count given as 1e7 or 10000000."""
    if not (math.isfinite(value) and value == int(value)):
        raise ValueError(f"{name} = {value}: must be a whole number")
    return int(value)
