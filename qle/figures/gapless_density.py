"""D(omega) in the glassy phase (S Fig. 9a)."""

from pathlib import Path

import xarray as xr

from qle.figures.axes import label_decades
from qle.figures.captions import below, protocol, sweep_title
from qle.figures.fig9 import add_options, collect
from qle.figures.record import FigureRecord
from qle.figures.style import MARKERS, page, shades
from qle.figures.vdos import MARKS, draw_curve, draw_slope
from qle.statistics import tail, vdos
from qle.statistics.glassy_phase import check_gapless, check_one_field
from qle.statistics.tail_law import MODES_PER_SAMPLE


def draw(dataset: xr.Dataset, path: str | Path, *, modes_per_sample: float = MODES_PER_SAMPLE) -> Path:
    """Draw D(omega) of all (J, kappa_0) of one h in one panel (S Fig. 9a), and return `path`.

    Points are `qle.statistics.vdos` with one standard error, pale outside the window of the fit; lines
    `A_g omega^4` of `qle.statistics.tail`. A colour for each J, a marker for each kappa_0.

    `modes_per_sample` sets the window of A_g: the fewer, the nearer to omega -> 0, and the larger the errors.

    Raises
    ------
    ValueError
        For another suffix, another model or swept parameter, several h, or no complete bin.
    """
    with page(path, 5.6, 3.6) as drawing:
        density, law = vdos(dataset), tail(dataset, modes_per_sample=modes_per_sample)
        check_gapless(law)
        check_one_field(law)
        if not (density["D"] > 0).any():
            raise ValueError("dataset: has no complete bin to draw; store more modes per sample")
        panel = drawing.subplots()
        colors = shades(law.sizes["J"])
        for k in range(law.sizes["kappa_0"]):
            for j, color in enumerate(colors):
                here, its_law = (one.isel(h=0, J=j, kappa_0=k) for one in (density, law))
                label = f"{float(here['J']):g}, {float(here['kappa_0']):g}"
                draw_curve(panel, here, its_law, MARKERS[k % len(MARKERS)], color, label)
        D = density["D"].values
        panel.set(xscale="log", yscale="log", xlabel=r"$\omega$", ylabel=r"$\mathcal{D}(\omega)$")
        panel.set_ylim(D[D > 0].min() / 3, D[D > 0].max() * 3)
        label_decades(panel.xaxis)
        draw_slope(panel)
        drawing.legend(title=r"$J,\ \kappa_0$", loc="outside right upper", fontsize=6)
        drawing.suptitle(sweep_title(dataset, density))
        below(drawing, f"A colour for each $J$, a symbol for each $\\kappa_0$. {MARKS}{protocol(dataset)}")
    return Path(path)


FIGURES = {"fig9a": FigureRecord(options=add_options, collect=collect, draw=draw)}
