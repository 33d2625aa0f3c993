"""``outcome.json``: what a run found out, for programs.

Keys
----
``name country currency language days illustration``
    Of the scenario; ``illustration`` lists what of it is invented.
``figures``
    ``id value unit low high better estimated sources note``; ``value`` is null when it could not be computed.
``days``
    One object a planned day: ``day status engine engine_version seed runtime_s iterations bound bound_method gap notes
    price violations left_out rounds``. ``price`` is null without a plan. A round has ``vehicle start_s end_s stops
    tips collected_kg price visits``; a visit has ``sequence act id number arrive_s start_s end_s kg on_board_kg`` and
    ``distance_m`` (kg is picked up at a stop and unloaded at a tip; the distance is that of the way there, null for a
    break).
``hubs``
    Null without a placement, else ``status engine ... gap price open people_left_out``.
``baseline``
    Null without rounds of today, else ``agrees note speed_factor service_factor days comparison``. ``comparison`` is
    empty unless a difference may be claimed.
``balance``
    ``stream generated_kg collected_kg to_hubs_kg left_kg left_reason unloaded_kg`` (facility to kg).
``doubts``
    ``code place cause action``.
``provenance``
    ``inputs_sha256 files versions seed stages made_at attribution licence``.

Times of day are seconds since midnight; money is in ``currency``; numbers are finite or null.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from optimiser.hubs.plan import HubPlan, HubPrice
from optimiser.result import Result
from optimiser.rounds.plan import Plan, Price, Violation
from scenarios.documents import words
from scenarios.documents.comparison import claimed
from scenarios.documents.document import Document, save
from scenarios.documents.hub_rows import hub_rows, people_left_out
from scenarios.documents.itinerary import Itinerary, Step, itineraries
from scenarios.documents.strict import strict
from scenarios.evidence.figure import Figure
from scenarios.messages import say
from scenarios.outcome import Baseline, DayPlan, Outcome

Json = dict[str, Any]


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``outcome.json``."""
    title = words.marked(say("summary.title", outcome.scenario.language, name=outcome.scenario.name), outcome)
    text = json.dumps(summary(outcome), ensure_ascii=False, allow_nan=False, indent=1)
    return (save(folder, "outcome.json", "application/json", title, text + "\n"),)


def summary(outcome: Outcome) -> Json:
    """Return an outcome as strict JSON, keys as in the module's description."""
    scenario = outcome.scenario
    found: Json = strict(
        {
            "name": scenario.name,
            "country": scenario.country,
            "currency": scenario.currency,
            "language": scenario.language,
            "days": [_day(outcome, day) for day in outcome.days],
            "illustration": scenario.illustration,
            "figures": _figures(outcome.figures),
            "hubs": _hubs(outcome),
            "baseline": None if outcome.baseline is None else _baseline(outcome, outcome.baseline),
            "balance": [plain(row) for row in outcome.balance],
            "doubts": [
                {key: getattr(doubt, key) for key in ("code", "place", "cause", "action")} for doubt in outcome.doubts
            ],
            "provenance": _provenance(outcome),
        }
    )
    return found


def plain(record: Any) -> Json:
    """Return a flat record's fields by name."""
    return {item.name: getattr(record, item.name) for item in fields(record)}


def _figures(figures: Sequence[Figure]) -> list[Json]:
    return [plain(figure) for figure in figures]


def _solve(result: Result[Plan, Price] | Result[HubPlan, HubPrice]) -> Json:
    return {
        "status": result.status,
        "engine": result.engine,
        "engine_version": result.engine_version,
        "seed": result.seed,
        "runtime_s": result.runtime_s,
        "iterations": result.iterations,
        "bound": result.bound.value if result.bound else None,
        "bound_method": result.bound.method if result.bound else None,
        "gap": result.gap,
        "notes": result.notes,
    }


def _day(outcome: Outcome, day: DayPlan) -> Json:
    plan, price = day.result.plan, day.result.price
    return {
        "day": day.day,
        **_solve(day.result),
        "price": plain(price) if price is not None else None,
        "violations": _violations(day.violations),
        "left_out": [
            {
                **plain(item),
                "change": plain(item.change) if item.change is not None else None,
                "kg": day.loads_kg.get(item.stop, 0.0),
            }
            for item in (plan.unserved if plan else ())
        ],
        "rounds": [_round(itinerary) for itinerary in itineraries(outcome, day)],
    }


def _violations(violations: Sequence[Violation]) -> list[Json]:
    return [plain(violation) for violation in violations]


def _round(itinerary: Itinerary) -> Json:
    return {
        "vehicle": itinerary.vehicle.id,
        "start_s": itinerary.round_.start_s,
        "end_s": itinerary.round_.end_s,
        "stops": len(itinerary.stops),
        "tips": itinerary.price.tips,
        "collected_kg": itinerary.collected_kg,
        "price": plain(itinerary.price),
        "visits": [_visit(step) for step in itinerary.steps],
    }


def _visit(step: Step) -> Json:
    visit = step.visit
    return {
        "sequence": step.sequence,
        "act": visit.act,
        "id": visit.id,
        "number": step.number,
        "arrive_s": visit.arrive_s,
        "start_s": visit.start_s,
        "end_s": visit.end_s,
        "kg": step.kg,
        "on_board_kg": step.on_board_kg,
        "distance_m": step.leg.distance_m if step.leg is not None else None,
    }


def _hubs(outcome: Outcome) -> Json | None:
    hubs = outcome.hubs
    if hubs is None:
        return None
    return {
        **_solve(hubs.result),
        "price": plain(hubs.result.price) if hubs.result.price is not None else None,
        "open": [
            {**plain(row), "place": row.place.id, "name": row.place.name, "lon": row.place.lon, "lat": row.place.lat}
            for row in hub_rows(outcome)
        ],
        "people_left_out": people_left_out(hubs),
    }


def _baseline(outcome: Outcome, baseline: Baseline) -> Json:
    return {
        "agrees": baseline.agrees,
        "note": baseline.note,
        "speed_factor": baseline.speed_factor,
        "service_factor": baseline.service_factor,
        "days": [
            {
                "day": today.day,
                "price": plain(today.price),
                "hours_out": words.hours_out(today.plan),
                "recorded_hours": today.recorded_hours,
                "recorded_km": today.recorded_km,
                "violations": _violations(today.violations),
            }
            for today in baseline.days
        ],
        "comparison": _figures(claimed(outcome)),
    }


def _provenance(outcome: Outcome) -> Json:
    provenance = outcome.provenance
    return {
        **plain(provenance),
        "stages": [plain(stage) for stage in provenance.stages],
        "licence": outcome.network.licence,
    }
