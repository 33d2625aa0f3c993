"""Mass balance per stream and period: generated = collected + brought to hubs + left; collected = unloaded.

Every term is summed from its own records (rates, plans, unloading), so the balance can fail; if it does, that is a
defect of ours and no report is made.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from faults import Fault, SolverError
from scenarios.loads import collection_days, generated_kg
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Stream
from scenarios.outcome import BalanceRow, DayPlan
from scenarios.scenario import Scenario

TOLERANCE = 1e-6  # relative
NO_DAY = "no-collection-day"


def balance(
    scenario: Scenario, system: WasteSystem, days: Sequence[DayPlan], brought: Mapping[str, float]
) -> tuple[BalanceRow, ...]:
    """Return the balance of every stream.

    Parameters
    ----------
    brought
        Point id -> share of its waste that people bring to a hub.

    Raises
    ------
    SolverError
        ``mass-balance`` if generated is not collected + brought + left, or collected is not unloaded.
    """
    return tuple(_row(scenario, system, stream, days, brought) for stream in system.streams)


def _row(
    scenario: Scenario,
    system: WasteSystem,
    stream: Stream,
    days: Sequence[DayPlan],
    brought: Mapping[str, float],
) -> BalanceRow:
    points = [point for point in system.points if point.stream == stream.id]
    generated = math.fsum(generated_kg(point, scenario) for point in points)
    to_hubs = math.fsum(_to_hubs_kg(point, scenario, brought) for point in points)
    left = _left_kg(points, scenario, days, brought)
    ids = {point.id for point in points}
    collected = math.fsum(day.loads_kg[stop] for day in days for stop in _served(day) if stop in ids)
    row = BalanceRow(
        stream=stream.id,
        generated_kg=generated,
        collected_kg=collected,
        to_hubs_kg=to_hubs,
        left_kg=math.fsum(left.values()),
        left_reason="; ".join(f"{reason} {kg:.0f} kg" for reason, kg in left.items() if kg > 0),
        unloaded_kg=_unloaded_kg(stream, days),
    )
    _close(row, row.collected_kg + row.to_hubs_kg + row.left_kg, row.generated_kg, "generated")
    _close(row, math.fsum(row.unloaded_kg.values()), row.collected_kg, "collected")
    return row


def _served(day: DayPlan) -> set[str]:
    plan = day.result.plan
    return set() if plan is None else {stop for round_ in plan.rounds for stop in round_.stops}


def _to_hubs_kg(point: CollectionPoint, scenario: Scenario, brought: Mapping[str, float]) -> float:
    return 0.0 if point.kg_now is not None else generated_kg(point, scenario) * brought.get(point.id, 0.0)


def _left_kg(
    points: Sequence[CollectionPoint],
    scenario: Scenario,
    days: Sequence[DayPlan],
    brought: Mapping[str, float],
) -> dict[str, float]:
    """Return reason -> kg that stays where it is, the largest first."""
    left: defaultdict[str, float] = defaultdict(float)
    ids = {point.id for point in points}
    for point in points:
        if not collection_days(point, scenario):
            left[NO_DAY] += generated_kg(point, scenario) - _to_hubs_kg(point, scenario, brought)
    for day in days:
        plan = day.result.plan
        reasons = {} if plan is None else {gone.stop: str(gone.reason) for gone in plan.unserved}
        served = _served(day)
        for stop, kg in day.loads_kg.items():
            if stop in ids and stop not in served:
                left[reasons.get(stop, "no-plan")] += kg
    return dict(sorted(left.items(), key=lambda item: -item[1]))


def _unloaded_kg(stream: Stream, days: Sequence[DayPlan]) -> dict[str, float]:
    unloaded: defaultdict[str, float] = defaultdict(float)
    for day in days:
        if day.result.price is not None:
            for site, amounts in day.result.price.unloaded.items():
                unloaded[site] += amounts.get(stream.id, 0.0)
    return {site: kg for site, kg in unloaded.items() if kg > 0}


def _close(row: BalanceRow, parts: float, whole: float, name: str) -> None:
    if not math.isclose(parts, whole, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        raise SolverError(
            Fault(
                code="mass-balance",
                place=f"stream {row.stream}",
                cause=f"{name} is {whole:.3f} kg, its parts are {parts:.3f} kg",
                action="report this with the scenario: no figure of this run can be trusted",
            )
        )
