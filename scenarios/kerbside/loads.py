"""How much lies along each kerbside street on each planned day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenarios.loads import SINGLE_DAY, days_since_last, period_days, planned_days
from scenarios.model.kerbside import KerbsideStreet
from scenarios.scenario import Scenario


def collection_days(street: KerbsideStreet, scenario: Scenario) -> tuple[str, ...]:
    """Return the planned days on which a street is collected."""
    days = planned_days(scenario)
    return days if not street.days or days == (SINGLE_DAY,) else tuple(day for day in days if day in street.days)


def kerbside_loads(
    streets: Iterable[KerbsideStreet], day: str, scenario: Scenario, brought: Mapping[str, float]
) -> dict[str, float]:
    """Return kg by street id, of all its streams, for those collected on a day.

    Parameters
    ----------
    brought
        Street id -> share of its waste that people bring to hubs.
    """
    return {
        street.id: street.total_kg_per_day * days_since_last(day, days, scenario) * (1.0 - brought.get(street.id, 0.0))
        for street in streets
        if day in (days := collection_days(street, scenario))
    }


def generated_kg(street: KerbsideStreet, stream: str, scenario: Scenario) -> float:
    """Return what a street generates of a stream in the period, kg."""
    return street.kg_per_day.get(stream, 0.0) * period_days(scenario)


def share_of(street: KerbsideStreet, stream: str) -> float:
    """Return the share of a stream in what lies along a street."""
    total = street.total_kg_per_day
    return street.kg_per_day.get(stream, 0.0) / total if total > 0 else 0.0
