"""`qle animate`: moving pictures of a drive through an avalanche and of a quench."""

import argparse
from pathlib import Path

from qle.commands.outputs import ready
from qle.commands.parser import BadInput, Commands, add_command

EPILOG = """\
avalanche: a plane lattice in a field that rises to the first fold, and the gradient flow down from there.
quench: a liquid of soft spheres in the plane on the gradient flow to its inherent structure.
About a minute each.

examples:
  qle animate avalanche --L 20 --J 0.4
  qle animate quench --T-p 1 -o cold.gif
  qle animate avalanche -o avalanche.mp4    with ffmpeg
"""
SWEEPS = 300  # of the liquid: enough where it is warm
MOVIES = ("avalanche", "quench")


def add_animate(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "draw an avalanche or a quench as a moving picture"
    command = add_command(commands, "animate", run, summary, EPILOG)
    command.add_argument("movie", metavar="MOVIE", choices=MOVIES, help=" or ".join(MOVIES))
    command.add_argument("--L", type=int, default=14, help="sites along an edge of the lattice; default 14")
    command.add_argument("--J", type=float, default=0.3, help="coupling of the lattice; default 0.3")
    command.add_argument("--N", type=int, default=144, help="particles of the liquid; default 144")
    command.add_argument("--T-p", metavar="T", type=float, default=2.0, help="of the liquid; default 2")
    command.add_argument("--sample", type=int, default=0, help="default 0")
    command.add_argument("--pictures", type=int, default=40, help="default 40")
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help=".gif, or .mp4 where ffmpeg is; default: MOVIE.gif"
    )


def run(options: argparse.Namespace) -> int:
    """Compute and draw; raise BadInput for bad input."""
    path = ready(options.output or Path(f"{options.movie}.gif"))
    from glass import SoftSpheres
    from lattice_gps import GPSLattice
    from qle.figures import animations
    from qle.figures.movies import check_movie

    shared = {"sample": options.sample, "pictures": options.pictures}
    try:
        check_movie(path)
        if options.movie == "avalanche":
            params = GPSLattice(L=options.L, J=options.J, d=2)
            print(animations.draw_avalanche(animations.avalanche(params, **shared), path))
        else:
            liquid = SoftSpheres(N=options.N, T_p=options.T_p, sweeps=SWEEPS)
            print(animations.draw_quench(animations.quench(liquid, **shared), path))
    except ValueError as error:
        raise BadInput(str(error)) from None
    return 0
