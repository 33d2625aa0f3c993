"""A run: read, pose, solve, check, price, measure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from optimiser.rounds.plan import Plan
from scenarios.baseline import compare
from scenarios.days import plan_day
from scenarios.evidence import measure
from scenarios.evidence.balance import balance
from scenarios.hubs import brought_shares, place_hubs
from scenarios.loads import planned_days
from scenarios.outcome import Outcome
from scenarios.progress import OnRunProgress, RunProgress
from scenarios.provenance import file_hashes, input_files, provenance
from scenarios.schema import load
from scenarios.stages import Stages


def run(
    source: Path,
    *,
    seconds: float | None = None,
    engine: str | None = None,
    seed: int | None = None,
    initial: Mapping[str, Plan] | None = None,
    on_progress: OnRunProgress | None = None,
) -> Outcome:
    """Run a scenario.

    Parameters
    ----------
    source
        The scenario file; its tables lie beside it.
    seconds, engine, seed
        Override the scenario's own choice.
    initial
        Day -> a plan to start from.
    on_progress
        Told of every stage and every better plan.

    Raises
    ------
    InputError
        With all faults of the scenario and its tables.
    SourceError
        When a file or a service cannot be had.
    """
    tell = on_progress or (lambda _: None)
    stages = Stages()
    with stages.stage("read"):
        tell(RunProgress(stage="read", fraction=0.0))
        scenario = _overridden(load(source), seconds=seconds, engine=engine, seed=seed)
        files = file_hashes(input_files(source, scenario))
        system, network, doubts = read(scenario, source.parent)
    with stages.stage("hubs"):
        tell(RunProgress(stage="hubs", fraction=0.1, runtime_s=stages.runtime_s))
        hubs = place_hubs(system, network, scenario)
        brought = brought_shares(system, network, scenario, hubs)
    with stages.stage("travel"):
        tell(RunProgress(stage="travel", fraction=0.2, runtime_s=stages.runtime_s))
        ground, calibration = _calibrated(system, network, scenario, brought)
    days = []
    for k, day in enumerate(planned_days(scenario)):
        with stages.stage(f"solve {day}"):
            days.append(
                plan_day(
                    system,
                    ground,
                    scenario,
                    day=day,
                    brought=brought,
                    service_factor=calibration.service_factor,
                    initial=(initial or {}).get(day),
                    on_progress=_teller(tell, stages, scenario, day, k),
                )
            )
    with stages.stage("measure"):
        tell(RunProgress(stage="measure", fraction=0.9, runtime_s=stages.runtime_s))
        baseline = (
            compare(system, ground, scenario, planned=days, calibration=calibration, brought=brought)
            if system.today
            else None
        )
        rows = balance(system, scenario, days, brought)
        figures = measure(_case(scenario, system, network, days, hubs, rows, stages))
    return Outcome(
        scenario=scenario,
        system=system,
        network=network,
        days=tuple(days),
        hubs=hubs,
        baseline=baseline,
        figures=figures,
        balance=rows,
        doubts=(*doubts, *ground.doubts),
        provenance=provenance(scenario, network, files=files, stages=stages.costs),
    )
