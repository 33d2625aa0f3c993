"""Engine against engine at equal seconds, on the demo's own problems and on a made-up one with unloading sites."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.child import Measured, alone
from benchmarks.instances import reload_instance
from benchmarks.judged import Score, bare_solved, solved
from benchmarks.options import Options
from benchmarks.table import Cell, Table, columns
from faults import SourceError
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.problem import RoundsProblem
from scenarios.run import run
from scenarios.samples import prepare

SECONDS = 10.0
SEEDLESS = frozenset({"nearest", "ortools"})
BARE = "pyvrp, bare"
SAMPLES = ("helsinki", "coquimbo")
COLUMNS = columns(
    engine="", seeds="d", seconds=".1f", cpu_s=".1f", left_out=".0f", net_cost=",.2f", best=",.2f", worst=",.2f",
    ratio=".3f", km=",.1f", tips=".0f", vehicles=".0f", grown_MB=",.0f",
)  # fmt: skip


def tables(options: Options, *, samples: tuple[str, ...] = SAMPLES, made_up: int = 300) -> Iterator[Table]:
    """Yield one table for each problem."""
    for sample in samples:
        try:
            source = prepare(sample)
        except SourceError:
            continue
        day = run(source, seconds=1, engine="nearest").days[0]
        yield _table(options, sample, day.problem, bare=False)
    yield _table(options, "made-up", reload_instance(made_up), bare=True)


def _table(options: Options, name: str, problem: RoundsProblem, *, bare: bool) -> Table:
    seconds = options.seconds or SECONDS
    notes = [
        "every plan checked and priced from first principles",
        "medians over seeds; ratio, best and worst among plans that leave out as few stops",
    ]
    runs: dict[str, list[Measured[Score]]] = {}
    for engine in ENGINES:
        if reasons := ENGINES[engine].supports(problem):
            notes.append(f"{engine} cannot take it: {'; '.join(reasons)}")
            continue
        seeds = range(1, 2 if engine in SEEDLESS else options.seeds + 1)
        runs[engine] = [alone(solved, problem, engine, seconds, seed) for seed in seeds]
    if bare:
        runs[BARE] = [alone(bare_solved, problem, seconds, seed) for seed in range(1, options.seeds + 1)]
        notes.append(f"{BARE}: the library with its own settings and a hand-written model, no adapter")
    for engine, scores in runs.items():
        broken = sorted({code for score in scores for code in score.value.broken})
        if broken:
            notes.append(f"{engine} breaks rules: {', '.join(broken)}")
    return Table(
        id=f"rounds-{name}",
        title=f"Rounds: {name}, {len(problem.stops):,} stops, {len(problem.vehicles)} vehicles, {seconds:g} s",
        command=options.command("rounds"),
        columns=COLUMNS,
        rows=tuple(_rows(runs)),
        notes=tuple(notes),
    )


def _rows(runs: dict[str, list[Measured[Score]]]) -> Iterator[tuple[Cell, ...]]:
    merit = {
        engine: (median(s.value.left_out for s in scores), median(s.value.net for s in scores))
        for engine, scores in runs.items()
        if not any(score.value.broken for score in scores)
    }
    fewest, best = min(merit.values())
    for engine, scores in sorted(runs.items(), key=lambda item: merit.get(item[0], (2**31, 0.0))):
        left, net = (median(values) for values in zip(*((s.value.left_out, s.value.net) for s in scores), strict=True))
        nets = [score.value.net for score in scores if score.value.left_out == left]
        comparable = engine in merit and left == fewest
        yield (
            engine,
            len(scores),
            median(score.seconds for score in scores),
            median(score.cpu_s for score in scores),
            left,
            net,
            min(nets, default=None),
            max(nets, default=None),
            net / best if comparable and best > 0 else None,
            median(score.value.km for score in scores),
            median(score.value.tips for score in scores),
            median(score.value.vehicles for score in scores),
            max(score.grown_mb for score in scores),
        )
