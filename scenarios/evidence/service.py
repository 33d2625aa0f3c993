"""Stops: required, served, left out."""

from __future__ import annotations

from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import exact, figure


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return counts of visits over all planned days; an optional stop left out is not a stop missed."""
    stops = [stop for day in case.days for stop in day.problem.stops]
    required = sum(stop.prize is None for stop in stops)
    served = missed = 0
    for day in case.days:
        plan = day.result.plan
        done = set() if plan is None else {stop for round_ in plan.rounds for stop in round_.stops}
        served += len(done)
        missed += sum(stop.prize is None and stop.id not in done for stop in day.problem.stops)
    share = (required - missed) / required if required else 1.0
    return (
        figure("stops-required", exact(float(required)), "stops"),
        figure("stops-optional", exact(float(len(stops) - required)), "stops"),
        figure("stops-served", exact(float(served), "plan"), "stops", better="higher"),
        figure("stops-left-out", exact(float(missed), "plan"), "stops", better="lower"),
        figure("share-served", exact(share, "plan"), "share", better="higher"),
    )
