"""Mass balance per stream and period: generated = collected + brought to hubs + left; collected = unloaded.

Every term is summed from its own records (rates, plans, unloading), so the balance can fail; if it does, that is a
defect of ours and no report is made.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from faults import Fault, SolverError
from scenarios.kerbside import loads as kerbside
from scenarios.kerbside.work import served_at
from scenarios.loads import collection_days, generated_kg
from scenarios.model.system import WasteSystem
from scenarios.model.work import Stream
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
        Point or kerbside street -> share of its waste that people bring to a hub.

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
    sources = _sources(scenario, system, stream, brought)
    generated = math.fsum(source.generated_kg for source in sources.values())
    to_hubs = math.fsum(source.to_hubs_kg for source in sources.values())
    at = served_at(system.kerbside)
    served = [{source for stop in _served(day) for source in at.get(stop, (stop,))} for day in days]
    left = _left_kg(sources, days, served)
    collected = math.fsum(
        day.loads_kg[id_] * sources[id_].share
        for day, done in zip(days, served, strict=True)
        for id_ in done
        if id_ in sources
    )
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


class _Source(NamedTuple):
    """Where waste of a stream comes from: a point, or a kerbside street.

    ``share`` is that of the stream in what lies there; ``days`` are those on which it is collected.
    """

    generated_kg: float
    to_hubs_kg: float
    share: float
    days: tuple[str, ...]


def _sources(
    scenario: Scenario, system: WasteSystem, stream: Stream, brought: Mapping[str, float]
) -> dict[str, _Source]:
    """Return the points and kerbside streets at which there is waste of a stream, by id."""
    found: dict[str, _Source] = {}
    for point in system.points:
        if point.stream == stream.id:
            kg = generated_kg(point, scenario)
            to_hubs = 0.0 if point.kg_now is not None else kg * brought.get(point.id, 0.0)
            found[point.id] = _Source(kg, to_hubs, 1.0, collection_days(point, scenario))
    for street in system.kerbside:
        if stream.id in street.kg_per_day:
            kg = kerbside.generated_kg(street, stream.id, scenario)
            days = kerbside.collection_days(street, scenario)
            share = kerbside.share_of(street, stream.id)
            found[street.id] = _Source(kg, kg * brought.get(street.id, 0.0), share, days)
    return found


def _left_kg(sources: Mapping[str, _Source], days: Sequence[DayPlan], served: Sequence[set[str]]) -> dict[str, float]:
    """Return reason -> kg that stays where it is, the largest first."""
    left: defaultdict[str, float] = defaultdict(float)
    for source in sources.values():
        if not source.days:
            left[NO_DAY] += source.generated_kg - source.to_hubs_kg
    for day, done in zip(days, served, strict=True):
        plan = day.result.plan
        reasons = {} if plan is None else {gone.stop: str(gone.reason) for gone in plan.unserved}
        for stop, kg in day.loads_kg.items():
            if stop in sources and stop not in done:
                left[reasons.get(stop, "no-plan")] += kg * sources[stop].share
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
