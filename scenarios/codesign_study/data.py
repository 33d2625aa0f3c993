"""The study as data: ``summary.json``, ``sites.csv``, ``sets.csv``, ``codesign.geojson`` and ``codesign.xlsx``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scenarios.codesign_study.outcome import CodesignOutcome, Plan
from scenarios.codesign_study.rows import OpenRow, open_rows, side
from scenarios.codesign_study.sentences import certainty, lead
from scenarios.documents import geo
from scenarios.documents.cells import ONE, WHOLE
from scenarios.documents.data import Table, book, csv_text, feature
from scenarios.documents.document import Document, save
from scenarios.documents.itinerary import itineraries
from scenarios.documents.strict import strict
from scenarios.messages import say
from scenarios.model.sites import CandidateSite
from scenarios.schema import dump

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def summary(outcome: CodesignOutcome) -> dict[str, Any]:
    """Return all that a program may want to know; money is for the planned day, in the scenario's currency."""
    result, first = outcome.result, outcome.first
    found: dict[str, Any] = strict(
        {
            "name": outcome.scenario.name,
            "currency": outcome.scenario.currency,
            "lead": lead(outcome),
            "certainty": certainty(outcome),
            "status": result.status.value,
            "solved": outcome.solved,
            "engine": result.engine,
            "bound": None,
            "seed": result.seed,
            "runtime_s": result.runtime_s,
            "notes": list(result.notes),
            "day": outcome.posed.day,
            "calendar_days": outcome.posed.calendar_days,
            "together": _side(outcome.together),
            "hubs_first": None if first is None else _side(first),
            "saved": outcome.saved,
            "sets_estimated": outcome.estimated,
            "sets_judged": outcome.judged,
            "all_sets_judged": outcome.all_judged,
            "sites": sites_table(outcome),
            "sets": [asdict(row) for row in outcome.sets],
            "rounds": rounds_table(outcome.together),
            "left_out": left_table(outcome.together),
            "doubts": [asdict(doubt) for doubt in outcome.together.outcome.doubts],
            "study": dump(outcome.scenario),
            "provenance": asdict(outcome.together.outcome.provenance),
        }
    )
    return found


def _side(plan: Plan) -> dict[str, Any]:
    told = side(plan)
    return {
        "open": list(plan.open),
        "total": plan.total,
        "sites_cost": plan.opening,
        "rounds_cost": plan.driving,
        **{name: value for name in told.__slots__ if name != "plan" for value in (getattr(told, name),)},
        "left_out": plan.left_out,
    }


def sites_table(outcome: CodesignOutcome) -> Table:
    """Return every candidate, open ones first, in the order of the planner's table."""
    opened = {row.site.id: row for row in open_rows(outcome, outcome.together)}
    closed = {row.site.id: row for row in outcome.closed}
    first = set(outcome.first.open) if outcome.first else set()
    rows: Table = []
    for name in (*opened, *closed):
        site, held, shut = outcome.sites[name], opened.get(name), closed.get(name)
        rows.append(
            {
                "id": name,
                "name": site.name,
                "lon": site.lon,
                "lat": site.lat,
                "role": role(site),
                "open": "yes" if held else "no",
                "open_hubs_first": "yes" if name in first else "no",
                "existing": "yes" if site.existing else "no",
                "cost": site.fixed_cost_per_day * outcome.posed.calendar_days,
                **_held(held),
                "capacity_kg": site.capacity_kg_per_day,
                "more_if_open": None if shut is None else shut.more,
                "known_by": "" if shut is None else shut.source.value,
                "excluded": site.excluded,
            }
        )
    return rows


def role(site: CandidateSite) -> str:
    """Return what a site is: depot, unload or both."""
    return "both" if site.depot and site.facility else "depot" if site.depot else "unload"


def _held(row: OpenRow | None) -> dict[str, float | None]:
    return {
        "vehicles": None if row is None else row.vehicles,
        "picked_up_kg": None if row is None else row.picked_up_kg,
        "unloaded_kg": None if row is None else row.unloaded_kg,
    }


def sets_table(outcome: CodesignOutcome) -> Table:
    """Return the sets of sites that were judged, and the most promising of the others."""
    return [
        {
            "rank": row.rank,
            "sites": "; ".join(row.sites),
            "estimate": row.estimate,
            "judged_cost": row.judged,
            "left_out": row.left_out if row.judged is not None else None,
            "fate": row.fate.value,
            "hubs_first": "yes" if row.hubs_first else "no",
        }
        for row in outcome.sets
    ]


def rounds_table(plan: Plan) -> Table:
    """Return the rounds of a plan; their costs add up to what driving costs."""
    return [
        {
            "vehicle": one.vehicle.id,
            "from": one.start.id,
            "stops": len(one.stops),
            "unloadings": one.price.tips,
            "kg": one.collected_kg,
            "distance_km": one.price.distance_m / 1000.0,
            "out_s": one.round_.start_s,
            "back_s": one.round_.end_s,
            "cost": one.price.total,
        }
        for one in itineraries(plan.outcome, plan.day)
    ]


def left_table(plan: Plan) -> Table:
    """Return the stops that a plan leaves out, with their reasons."""
    rounds = plan.day.result.plan
    return [
        {
            "stop": item.stop,
            "kg": plan.day.loads_kg.get(item.stop, 0.0),
            "reason": item.reason.value,
            "detail": item.detail,
            "fix": item.fix,
        }
        for item in (rounds.unserved if rounds else ())
    ]


def geojson(outcome: CodesignOutcome) -> dict[str, Any]:
    """Return candidates and the rounds of both plans; ``plan`` says which of the two a feature is of."""
    found = geo.collection(outcome.together.outcome)
    plans = [("together", found["features"])]
    if outcome.first is not None:
        plans.append(("hubs-first", geo.collection(outcome.first.outcome)["features"]))
    features = [feature(row, "site") for row in sites_table(outcome)]
    for name, parts in plans:
        features += [{**part, "properties": {**part["properties"], "plan": name}} for part in parts]
    return {**found, "features": features}


def write_data(outcome: CodesignOutcome, folder: Path) -> tuple[Document, ...]:
    """Write the study as data into a folder that exists."""
    language, name = outcome.scenario.language, outcome.scenario.name
    text = json.dumps(summary(outcome), ensure_ascii=False, allow_nan=False, indent=1)
    map_text = json.dumps(strict(geojson(outcome)), ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    def title(key: str) -> str:
        return say(f"codesign.file.{key}", language, name=name)

    return (
        save(folder, "sites.csv", CSV, title("sites"), csv_text(sites_table(outcome))),
        save(folder, "sets.csv", CSV, title("sets"), csv_text(sets_table(outcome))),
        save(folder, "codesign.geojson", "application/geo+json", title("map"), map_text),
        save(folder, "codesign.xlsx", XLSX, title("book"), _book(outcome)),
        save(folder, "summary.json", "application/json", title("summary"), text),
    )


def _book(outcome: CodesignOutcome) -> bytes:
    language, first = outcome.scenario.language, outcome.first
    tables = {
        "sites": sites_table(outcome),
        "rounds": rounds_table(outcome.together),
        "first": [] if first is None else rounds_table(first),
        "sets": sets_table(outcome),
        "left": left_table(outcome.together),
    }
    return book({say(f"codesign.sheet.{key}", language): table for key, table in tables.items()}, _format)


def _format(head: str) -> str:
    return ONE if head.endswith("_km") else WHOLE if head.endswith(("cost", "kg", "_s", "estimate")) else "General"
