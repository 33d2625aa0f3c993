"""Stops: required, served, left out."""

from __future__ import annotations

from optimiser.rounds.measures import not_served
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import exact, figure


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return counts of visits over all planned days; an optional stop left out is not a stop missed.

    Of a choice (both sides of a street in one pass, or each side apart) only the option in use counts.
    """
    required = optional = served = missed = 0
    for day in case.days:
        plan = day.result.plan
        done = set() if plan is None else {stop for round_ in plan.rounds for stop in round_.stops}
        left = not_served(day.problem, done)
        due = [*(stop for stop in day.problem.stops if stop.id in done), *left]
        served += len(done)
        required += sum(stop.prize is None for stop in due)
        optional += sum(stop.prize is not None for stop in due)
        missed += sum(stop.prize is None for stop in left)
    share = (required - missed) / required if required else 1.0
    return (
        figure("stops-required", exact(float(required)), "stops"),
        figure("stops-optional", exact(float(optional)), "stops"),
        figure("stops-served", exact(float(served), "plan"), "stops", better="higher"),
        figure("stops-left-out", exact(float(missed), "plan"), "stops", better="lower"),
        figure("share-served", exact(share, "plan"), "share", better="higher"),
    )
