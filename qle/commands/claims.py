"""`qle verify`, `qle claims` and `qle derive`: what theory claims, how it is derived, whether it holds."""

import argparse
from pathlib import Path

from qle.commands.outputs import named
from qle.commands.parser import BadInput, Commands, add_command

EPILOG = """\
For each claim its derivation and its property tests are run, and the experiments that there are so far. A
claim without an experiment is "not tested"; one whose experiments would not reject an alternative that it
names with a probability of 90 percent is "not tested sharply". Writes FILE.md and FILE.json; until then
what is done is in FILE.unfinished, and the same command resumes what was interrupted unless the code has
changed.

examples:
  qle verify --quick
  qle verify S20 glassy-weak-A_g -o barriers

exit code 1 if a claim fails that is derived, or if anything ended in an error
"""


def add_claims(commands: Commands) -> None:
    """Add the three commands to the parser's `commands`."""
    command = add_command(commands, "verify", verify, "test what theory claims against numerics", EPILOG)
    command.add_argument("ids", metavar="ID", nargs="*", help="claims, see `qle claims`; default: all")
    command.add_argument("--list", action="store_true", help="only say what would be run")
    command.add_argument("--quick", action="store_true", help="fewer samples: minutes for all claims")
    command.add_argument("--workers", metavar="N", type=int, help="processes; default: one per processor")
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("verification"), help="without suffix"
    )
    command = add_command(commands, "claims", show, "list the claims, or say all about some")
    command.add_argument("ids", metavar="ID", nargs="*")
    command = add_command(commands, "derive", derive, "print a derivation")
    command.add_argument("name", metavar="NAME", help="of a claim, such as S14, or its own: barrier_law")
    command.add_argument("--latex", action="store_true", help="as LaTeX")


def verify(options: argparse.Namespace) -> int:
    """Verify claims, print the table and write it; return 1 if a derived claim fails."""
    if options.list:
        print(plan(options.ids))
        return 0
    from qle.experiments.catalogue import EXPERIMENTS
    from qle.verification import report
    from qle.verification.journal import Journal
    from qle.verification.run import verify as run

    journal = Journal(named(options.output, ".unfinished"))
    result = run(
        options.ids, experiments=EXPERIMENTS, quick=options.quick, workers=options.workers, journal=journal
    )
    print(report.to_text(result))
    for path in report.write(result, options.output):
        print(path)
    journal.discard()
    return int(result.alarming)


def show(options: argparse.Namespace) -> int:
    """Print the claims."""
    from qle.verification.run import choose

    for claim in choose(options.ids):
        if not options.ids:
            print(f"{claim.id:27} {claim.kind:11}{claim.statement}")
            continue
        print(f"{claim.id} ({claim.kind}; {claim.source})\n  {claim.statement}\n  {claim.latex}")
        print(
            f"  domain: {claim.domain}\n  numerics: {claim.numerics}\n  derivation: {claim.derivation or '-'}"
        )
        print(
            f"  formulas: {', '.join(claim.formulas) or '-'}\n  properties: "
            f"{', '.join(claim.properties) or '-'}"
        )
    return 0


def derive(options: argparse.Namespace) -> int:
    """Print a derivation; raise BadInput if there is none of that name."""
    from theory.derivations import derive as derivation_of

    try:
        derivation = derivation_of(options.name)
    except ValueError as error:
        raise BadInput(str(error)) from None
    print(derivation.latex() if options.latex else derivation)
    return 0


def plan(ids: list[str]) -> str:
    """Return what a verification of these claims would run, one line each."""
    from qle.experiments.catalogue import EXPERIMENTS
    from qle.verification.run import choose

    lines = []
    for claim in choose(ids):
        names = [e.name for e in EXPERIMENTS if claim.id in e.asked(quick=False)]
        parts = [f"derivation {claim.derivation}"] if claim.derivation else []
        parts += [f"{len(claim.properties)} properties"] if claim.properties else []
        lines.append(f"{claim.id:27} {', '.join(parts + names) or '-'}{'' if names else '; not tested'}")
    return "\n".join(lines)
