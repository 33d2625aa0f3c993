"""The command ``mzunguko``: run, hubs, codesign, check, serve, network, warm, version; exit codes: ``docs/cli.md``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from faults import InputError, MzungukoError, SolverError, SourceError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name

OK, INPUT, USAGE, NO_PLAN, SOURCE, INTERNAL, INTERRUPTED, PIPE = 0, 1, 2, 3, 4, 70, 130, 141
Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code.

    Parameters
    ----------
    argv
        Arguments without the program's name; ``None``: those of the process.
    """
    args = _parser().parse_args(_with_box(sys.argv[1:] if argv is None else argv))
    command: Command = args.command
    try:
        code = command(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads any more; end quietly
        code = PIPE
    except Exception as error:
        if args.debug:
            raise
        code = _explained(error)
    return code


def _with_box(argv: Sequence[str]) -> list[str]:
    """Let a box begin with a minus sign, which otherwise reads as an option."""
    words = list(argv)
    for at in range(len(words) - 1, 0, -1):
        if words[at - 1] == "--box":
            words[at - 1 : at + 1] = [f"--box={words[at]}"]
    return words


def _explained(error: Exception) -> int:
    """Say on the error stream what went wrong, and return the exit code for it."""
    from api.terminal import faults_text

    if isinstance(error, MzungukoError):
        print(faults_text(error.faults), file=sys.stderr)
    if isinstance(error, InputError):
        count = len(error.faults)
        print(f"\n{count} fault{'s' if count != 1 else ''}.", file=sys.stderr)
        return INPUT
    if isinstance(error, SourceError):
        return SOURCE
    if not isinstance(error, SolverError):
        print(f"A fault of this program: {type(error).__name__}: {error}", file=sys.stderr)
    print("Please report it; --debug shows where it happened.", file=sys.stderr)
    return INTERNAL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mzunguko", description="Plans waste collection rounds and recycling hubs.", allow_abbrev=False
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="on a fault of this program, show where it happened")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_run, _add_hubs, _add_codesign, _add_check, _add_serve, _add_network, _add_warm, _add_version):
        add(commands, common)
    return parser


def _add_run(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "run", parents=[common], allow_abbrev=False, help="plan a scenario and write its documents"
    )
    _add_input(parser, "scenario", "scenario file (.toml or .json); its tables lie beside it", "town, helsinki, ...")
    parser.add_argument("--seconds", type=_positive, help="solving time for each planned day")
    parser.add_argument("--seed", type=int, help="same seed and same iterations, same plan")
    parser.add_argument("--threads", type=_threads, help="how many threads may compute at once (default 1)")
    parser.add_argument("--engine", choices=("auto", "strings", "pyvrp", "ortools", "ruin", "nearest"))
    parser.set_defaults(command=_run)


def _add_hubs(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "hubs", parents=[common], allow_abbrev=False, help="where to put hubs, for whom, and in which order"
    )
    _add_input(parser, "study", "folder with hubs.toml and its tables, or that file", "town-hubs")
    parser.add_argument("--seconds", type=_positive, help="computing time for the whole study")
    parser.add_argument("--seed", type=int, help="same seed, same search")
    parser.set_defaults(command=_hubs)


def _add_codesign(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "codesign", parents=[common], allow_abbrev=False, help="which sites to open, decided together with the rounds"
    )
    _add_input(parser, "study", "folder with codesign.toml and its tables, or that file", "town-codesign")
    parser.add_argument("--seconds", type=_positive, help="computing time for the whole study")
    parser.add_argument("--seed", type=int, help="same seed, same search")
    parser.set_defaults(command=_codesign)


def _add_input(parser: argparse.ArgumentParser, name: str, meaning: str, samples: str) -> None:
    """Ask for an input of one's own or a sample, and where the documents go."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(name, nargs="?", type=Path, help=meaning)
    what.add_argument("--sample", metavar="NAME", help=f"a sample that comes with the product: {samples}")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the documents (default: out/NAME)")


def _add_check(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "check", parents=[common], allow_abbrev=False, help="only look for faults in a scenario and its tables"
    )
    parser.add_argument("scenario", type=Path)
    parser.set_defaults(command=_check)


def _add_serve(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("serve", parents=[common], allow_abbrev=False, help="the HTTP API and the pages")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1; others need a token)")
    parser.add_argument("--port", type=int, help="default 8000")
    parser.add_argument("--home", type=Path, metavar="DIR", help="folder of the database, uploads and results")
    parser.add_argument("--network", type=Path, metavar="FILE", help="street network for the recycler's page")
    parser.add_argument(
        "--streets",
        action="append",
        metavar="[NAME=]FILE",
        help="street file served to clients of OSRM and openrouteservice; may be given again",
    )
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="file with the token that clients must show")
    parser.set_defaults(command=_serve)


def _add_network(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "network", parents=[common], allow_abbrev=False, help="read a street network and describe it"
    )
    parser.add_argument("file", type=Path, help=".osm.pbf, .osm, .graphml, or an AequilibraE .zip or .sqlite")
    parser.add_argument("--box", type=_box, metavar="W,S,E,N", help="cut to this box, in degrees")
    parser.add_argument("--draw", type=Path, metavar="PICTURE", help="draw it as well: a file named .svg or .png")
    parser.set_defaults(command=_network)


def _add_warm(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "warm", parents=[common], allow_abbrev=False, help="fetch the samples' data and load everything once"
    )
    parser.add_argument("--offline", action="store_true", help="fetch nothing")
    parser.set_defaults(command=_warm)


def _add_version(commands: Commands, common: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("version", parents=[common], allow_abbrev=False, help="say which version this is")
    parser.set_defaults(command=_version)


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 86400")
    return value


def _threads(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 256:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to 256")
    return value


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not four numbers W,S,E,N") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise argparse.ArgumentTypeError(f"{text!r} is not west, south, east, north in degrees")
    return west, south, east, north


def _run(args: argparse.Namespace) -> int:
    from api.summary import summary, without_plan
    from api.terminal import Bar
    from scenarios.documents import write_all
    from scenarios.progress import RunProgress
    from scenarios.run import run
    from scenarios.samples import prepare

    source = prepare(args.sample) if args.sample else args.scenario
    out: Path = args.out or Path("out") / (args.sample or args.scenario.stem)
    bar = Bar(sys.stderr)
    try:
        outcome = run(
            source,
            seconds=args.seconds,
            engine=args.engine,
            seed=args.seed,
            threads=args.threads,
            on_progress=bar.tell,
        )
        bar.tell(RunProgress(stage="documents", fraction=0.95))
        written = write_all(outcome, out)
    finally:
        bar.close()
    print(summary(outcome, written, out))
    return NO_PLAN if without_plan(outcome) else OK


def _hubs(args: argparse.Namespace) -> int:
    from api.terminal import Bar
    from scenarios.hub_study.documents import told, write_study
    from scenarios.hub_study.run import run_study
    from scenarios.samples import prepare_study

    source: Path = prepare_study(args.sample) if args.sample else args.study
    out: Path = args.out or Path("out") / (args.sample or source.resolve().stem)
    bar = Bar(sys.stderr)
    try:
        outcome = run_study(source, seconds=args.seconds, seed=args.seed, on_progress=bar.tell)
        written = write_study(outcome, out)
    finally:
        bar.close()
    print(told(outcome, written, out))
    return NO_PLAN if outcome.plan is None else OK


def _codesign(args: argparse.Namespace) -> int:
    from api.terminal import Bar
    from scenarios.codesign_study.documents import told, write_codesign
    from scenarios.codesign_study.run import run_codesign
    from scenarios.samples import prepare_codesign

    source: Path = prepare_codesign(args.sample) if args.sample else args.study
    out: Path = args.out or Path("out") / (args.sample or source.resolve().stem)
    bar = Bar(sys.stderr)
    try:
        outcome = run_codesign(source, seconds=args.seconds, seed=args.seed, on_progress=bar.tell)
        written = write_codesign(outcome, out)
    finally:
        bar.close()
    print(told(outcome, written, out))
    return OK if outcome.solved else NO_PLAN


def _check(args: argparse.Namespace) -> int:
    from api.terminal import faults_text
    from scenarios.run import validate

    doubts = validate(args.scenario)
    if doubts:
        print(faults_text(doubts))
        print(f"\nNo faults; {len(doubts)} thing{'s' if len(doubts) != 1 else ''} to look at.")
    else:
        print("No faults.")
    return OK


def _serve(args: argparse.Namespace) -> int:
    from api.server import configured, serve

    config = configured(
        host=args.host,
        port=args.port,
        home=args.home,
        network=args.network,
        streets=args.streets,
        token_file=args.token_file,
    )
    serve(config, lambda address: print(f"Mzunguko listens on {address}  (home: {config.home})", flush=True))
    return OK


def _network(args: argparse.Namespace) -> int:
    from api.networks import describe_file

    print(describe_file(args.file, box=args.box, drawing=args.draw))
    return OK


def _warm(args: argparse.Namespace) -> int:
    from api.warm import warm

    for line in warm(offline=args.offline):
        print(line, flush=True)
    return OK


def _version(_args: argparse.Namespace) -> int:
    from importlib.metadata import version

    print(f"mzunguko {version('mzunguko')}")
    return OK


if __name__ == "__main__":
    sys.exit(main())
