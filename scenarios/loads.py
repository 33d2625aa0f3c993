"""How much lies at each point on each planned day.

Generation is a rate (kg a day); a load is rate x days since the last collection, in a week that repeats itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from scenarios.choices import Weekday
from scenarios.model.work import CollectionPoint
from scenarios.scenario import Scenario

WEEK: tuple[str, ...] = get_args(Weekday)
SINGLE_DAY = "day"


def planned_days(scenario: Scenario) -> tuple[str, ...]:
    """Return the weekdays planned, in the order of the week; ``("day",)`` when the scenario names none."""
    return tuple(day for day in WEEK if day in scenario.days) or (SINGLE_DAY,)


def period_days(scenario: Scenario) -> float:
    """Return the length of the period that is balanced: a week, or the days a single load has gathered."""
    return float(len(WEEK)) if scenario.days else scenario.days_since_last


def collection_days(point: CollectionPoint, scenario: Scenario) -> tuple[str, ...]:
    """Return the planned days on which a point is collected."""
    days = planned_days(scenario)
    return days if not point.days or days == (SINGLE_DAY,) else tuple(day for day in days if day in point.days)


def days_since_last(day: str, days: tuple[str, ...], scenario: Scenario) -> float:
    """Return the days since the collection before ``day``, when ``days`` are the collection days of every week."""
    if day == SINGLE_DAY:
        return scenario.days_since_last
    position = WEEK.index(day)
    gaps = ((position - WEEK.index(other)) % len(WEEK) for other in days if other != day)
    return float(min(gaps, default=len(WEEK)))


def load_kg(point: CollectionPoint, day: str, scenario: Scenario, *, brought_share: float = 0.0) -> float:
    """Return what lies at a point on a day, kg.

    Parameters
    ----------
    brought_share
        Share of what is generated there that people bring to a hub.
    """
    days = collection_days(point, scenario)
    if day not in days:
        return 0.0
    if point.kg_now is not None:
        return point.kg_now if day == days[0] else 0.0
    return point.kg_per_day * days_since_last(day, days, scenario) * (1.0 - brought_share)


def day_loads(
    points: tuple[CollectionPoint, ...], day: str, scenario: Scenario, brought: Mapping[str, float]
) -> dict[str, float]:
    """Return kg by point id for the points collected on a day; ``brought`` is point id -> share brought to hubs."""
    return {
        point.id: load_kg(point, day, scenario, brought_share=brought.get(point.id, 0.0))
        for point in points
        if day in collection_days(point, scenario)
    }


def generated_kg(point: CollectionPoint, scenario: Scenario) -> float:
    """Return what a point generates in the period, kg."""
    return point.kg_now if point.kg_now is not None else point.kg_per_day * period_days(scenario)
