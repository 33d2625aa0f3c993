"""What each stage of the demo takes: seconds and peak memory, each sample whole in a fresh process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.child import Measured, alone
from benchmarks.options import Options
from benchmarks.table import Cell, Table, columns
from faults import SourceError
from scenarios.documents import write_all
from scenarios.outcome import Outcome, StageCost
from scenarios.run import run
from scenarios.samples import prepare
from scenarios.stages import Stages

SAMPLES = ("helsinki", "coquimbo")
COLUMNS = columns(sample="", stage="", seconds=",.2f", peak_MB=",.0f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """Stages of a run, and a sentence about its size and result."""

    stages: tuple[StageCost, ...]
    about: str


def tables(options: Options, samples: tuple[str, ...] = SAMPLES) -> Iterator[Table]:
    """Yield one table: a row for each stage of each sample, with all documents, start and whole."""
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = ["peak MB: resident, of the process up to the end of the stage; 10^6 bytes"]
    for name in samples:
        try:
            source = prepare(name)
        except SourceError as error:
            notes.append(f"{name} is left out: {error}")
            continue
        ran = alone(run_whole, source, options.seconds)
        rows += _rows(name, ran)
        notes.append(f"{name}: {ran.value.about}")
    yield Table(
        id="stages",
        title="Stages of a run, from the scenario file to the documents",
        command=options.command("stages"),
        columns=COLUMNS,
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _rows(name: str, ran: Measured[Ran]) -> Iterator[tuple[Cell, ...]]:
    yield name, "start (interpreter, imports)", ran.start_s, None
    for stage in ran.value.stages:
        yield name, stage.stage, stage.seconds, stage.peak_mb
    yield name, "whole", ran.start_s + ran.seconds, ran.peak_mb


def run_whole(source: Path, seconds: float | None) -> Ran:
    """Run a scenario and write all its documents."""
    stages = Stages()
    outcome = run(source, seconds=seconds)
    with TemporaryDirectory() as folder, stages.stage("documents"):
        write_all(outcome, Path(folder))
    return Ran(stages=(*outcome.provenance.stages, *stages.costs), about=_about(outcome))


def _about(outcome: Outcome) -> str:
    days = [
        f"{day.day} {len(day.problem.stops):,} stops, {len(day.result.plan.rounds)} rounds by {day.result.engine}, "
        f"net cost {day.result.price.net:,.2f}, {len(day.result.plan.unserved)} stops left out, {day.result.status}"
        for day in outcome.days
        if day.result.plan is not None and day.result.price is not None
    ]
    return (
        f"{outcome.network.segments:,} street segments; solve limit {outcome.scenario.solve.seconds:g} s; "
        + "; ".join(days)
    )
