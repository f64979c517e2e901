"""How to cite the workbench and the papers whose model it computes, as CITATION.cff has it."""

from importlib.metadata import version

TITLE = "qle: quasilocalized excitations in mean-field and lattice models of glasses"
PAPERS = (
    "E. Lerner and E. Bouchbinder, Low-energy quasilocalized excitations in structural glasses, "
    "The Journal of Chemical Physics 155, 200901 (2021)",
    "E. Bouchbinder, E. Lerner, C. Rainone, P. Urbani and F. Zamponi, Low-frequency vibrational spectrum of "
    "mean-field disordered systems, Physical Review B 103, 174202 (2021), doi:10.1103/PhysRevB.103.174202",
)


def citations() -> list[str]:
    """Return what to cite, a line each: the workbench in this version, then the papers."""
    return [f"The qle developers, {TITLE}, version {version('qle')}", *PAPERS]
