"""A run: read, pose, solve, check, price, measure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from faults import Fault, InputError
from optimiser.result import Progress
from optimiser.rounds.plan import Plan
from optimiser.rounds.ready import ready
from scenarios.access import access
from scenarios.baseline import Calibration, calibrated, compare
from scenarios.days import plan_day
from scenarios.evidence import measure
from scenarios.evidence.balance import balance
from scenarios.evidence.case import EvidenceCase
from scenarios.hubs import brought_shares, place_hubs
from scenarios.intake import Intake, take_in
from scenarios.loads import planned_days
from scenarios.model.system import WasteSystem
from scenarios.outcome import DayPlan, Outcome
from scenarios.progress import OnRunProgress, RunProgress
from scenarios.provenance import provenance
from scenarios.solving import OnPlan
from scenarios.stages import Stages
from scenarios.terrain import Terrain

BEFORE, AFTER = 0.1, 0.95  # share of the progress bar before the first solve and after the last


def validate(source: Path) -> tuple[Fault, ...]:
    """Read a scenario whole and return what was accepted with a doubt.

    Raises
    ------
    InputError
        With all faults of the scenario and its tables.
    SourceError
        When a file or a service cannot be had.
    """
    return take_in(source).doubts


def run(
    source: Path,
    *,
    seconds: float | None = None,
    engine: str | None = None,
    seed: int | None = None,
    threads: int | None = None,
    initial: Mapping[str, Plan] | None = None,
    on_progress: OnRunProgress | None = None,
) -> Outcome:
    """Run a scenario.

    Parameters
    ----------
    source
        The scenario file; its tables lie beside it.
    seconds, engine, seed, threads
        Override the scenario's own choice; ``seconds`` is for each day solved.
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
    stages = Stages(on_progress)
    with stages.stage("ready"):
        ready()
    with stages.stage("read"):
        given = take_in(source, seconds=seconds, engine=engine, seed=seed, threads=threads)
        scenario, system, network = given.scenario, given.system, given.network
        _refuse_undecided(system)
    with stages.stage("hubs"):
        hubs = place_hubs(system, network, scenario)
        brought = brought_shares(system, network, scenario, hubs)
    with stages.stage("travel"):
        terrain = Terrain(system=system, network=network, scenario=scenario, hazards=given.hazards, kmh=given.kmh)
        calibration = calibrated(system, terrain, scenario, brought)
        for day in planned_days(scenario):
            terrain.ground(day, calibration.speed_factor)
    days = _plans(stages, given, terrain, calibration, brought, initial or {})
    with stages.stage("baseline"):
        baseline = compare(system, terrain, scenario, planned=days, calibration=calibration, brought=brought)
    with stages.stage("measure"):
        rows = balance(scenario, system, days, brought)
        walking = access(system, network, scenario, days, hubs)
        case = EvidenceCase(
            scenario=scenario,
            system=system,
            days=tuple(days),
            hubs=hubs,
            balance=rows,
            people=walking.people,
            walk_to_service_m=walking.walk_to_service_m,
            walk_to_hub_m=walking.walk_to_hub_m,
            cpu_s=stages.cpu_s(),
        )
        figures = measure(case)
    return Outcome(
        scenario=scenario,
        system=system,
        network=network,
        days=tuple(days),
        hubs=hubs,
        baseline=baseline,
        figures=figures,
        balance=rows,
        doubts=(*given.doubts, *terrain.doubts(planned_days(scenario), calibration.speed_factor)),
        provenance=provenance(scenario, network, files=given.files, stages=stages.costs),
    )


def _refuse_undecided(system: WasteSystem) -> None:
    """Refuse candidates that nothing here would decide about."""
    if system.sites:
        cause = f"there are {len(system.sites)} candidate sites, and rounds alone do not decide which of them open"
        action = "run mzunguko codesign, or take the table out"
        raise InputError(Fault(code="sites-undecided", place="tables.sites", cause=cause, action=action))


def _plans(
    stages: Stages,
    given: Intake,
    terrain: Terrain,
    calibration: Calibration,
    brought: Mapping[str, float],
    initial: Mapping[str, Plan],
) -> list[DayPlan]:
    """Plan all days, one after the other."""
    days: list[DayPlan] = []
    for day in planned_days(given.scenario):
        with stages.stage("solve", day):
            days.append(
                plan_day(
                    given.system,
                    terrain.ground(day, calibration.speed_factor),
                    given.scenario,
                    day=day,
                    brought=brought,
                    service_factor=calibration.service_factor,
                    initial=initial.get(day),
                    on_progress=_teller(stages, given, day),
                )
            )
    return days


def _teller(stages: Stages, given: Intake, day: str) -> OnPlan:
    """Translate an engine's news into the run's, with the share of the whole that is done."""
    days = planned_days(given.scenario)
    done, share, limit_s = days.index(day) / len(days), 1.0 / len(days), given.scenario.solve.seconds

    def tell(news: Progress[Plan]) -> None:
        within = min(news.runtime_s / limit_s, 1.0)
        gap = None if news.bound is None or not news.cost else abs(news.cost - news.bound) / abs(news.cost)
        stages.tell(
            RunProgress(
                stage="solve",
                day=day,
                fraction=BEFORE + (AFTER - BEFORE) * (done + share * within),
                cost=news.cost,
                gap=gap,
                runtime_s=stages.runtime_s,
                plan=news.plan,
            )
        )

    return tell
