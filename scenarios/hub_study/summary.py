"""The study as data: ``summary.json``, ``sites.csv``, ``people.csv``, ``hubs.geojson`` and ``hubs.xlsx``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scenarios.documents.cells import ONE, WHOLE
from scenarios.documents.data import Table, book, csv_text, feature
from scenarios.documents.document import Document, save
from scenarios.documents.strict import strict
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import MINUTES, by_minutes, left_out, site_rows, totals, walks
from scenarios.hub_study.schema import dump
from scenarios.messages import say


def summary(outcome: StudyOutcome) -> dict[str, Any]:
    """Return all that a program may want to know, in metres, people and the study's currency."""
    result, bound = outcome.result, outcome.result.bound
    found: dict[str, Any] = strict(
        {
            "name": outcome.study.name,
            "status": result.status.value,
            "engine": result.engine,
            "objective": None if result.price is None else result.price.objective,
            "unit": None if result.price is None else result.price.unit,
            "bound": None if bound is None else bound.value,
            "bound_method": None if bound is None else bound.method,
            "gap": result.gap,
            "seed": result.seed,
            "runtime_s": result.runtime_s,
            "notes": list(result.notes),
            "totals": asdict(totals(outcome)),
            "people_within_minutes": dict(zip(map(str, MINUTES), by_minutes(outcome), strict=True)),
            "sites": [{**row, "order": k} for k, row in enumerate(sites_table(outcome), start=1)],
            "order": [asdict(step) for step in outcome.order],
            "left_out": left_out(outcome),
            "closed": [asdict(reason) for reason in outcome.closed],
            "one_more": None if outcome.one_more is None else outcome.one_more.gain,
            "extras": [asdict(extra) for extra in outcome.extras],
            "groups": {name: asdict(moved) for name, moved in outcome.moved.items()},
            "price_of_equity": [
                {
                    "aversion": point.aversion,
                    "mean_m": point.mean,
                    "ede_m": point.ede,
                    "worst_m": point.worst,
                    "farthest_m": point.farthest,
                    "gap": point.result.gap,
                }
                for point in outcome.curve
            ],
            "doubts": [asdict(doubt) for doubt in outcome.doubts],
            "study": dump(outcome.study),
            "provenance": asdict(outcome.provenance),
        }
    )
    return found


def sites_table(outcome: StudyOutcome) -> Table:
    """Return the open sites in the order of building."""
    return [
        {
            "build": row.number,
            "id": row.site.id,
            "name": row.site.name,
            "lon": row.site.lon,
            "lat": row.site.lat,
            "existing": "yes" if row.site.existing else "no",
            "people": row.people,
            "adds_people": row.adds,
            "mean_walk_m": row.mean_m,
            "farthest_walk_m": row.farthest_m,
            "fixed_cost": row.site.fixed_cost,
            "room_used": row.used,
        }
        for row in site_rows(outcome)
    ]


def people_table(outcome: StudyOutcome) -> Table:
    """Return everybody: which site, how far, or why none."""
    found, order = walks(outcome), outcome.order
    why = {reason.who: reason.why.value for reason in outcome.left_out}
    return [
        {
            "id": row.id,
            "lon": row.lon,
            "lat": row.lat,
            "people": row.people,
            "group": row.group,
            "site": order[found.site[k]].site if found.site[k] >= 0 else "",
            "walk_m": float(found.metres[k]) if found.served[k] > 0 else None,
            "served_share": float(found.served[k]),
            "reason": why.get(row.id, ""),
        }
        for k, row in enumerate(outcome.given.people)
    ]


def closed_table(outcome: StudyOutcome) -> Table:
    """Return why each other candidate stays closed."""
    return [
        {
            "id": reason.site,
            "reason": reason.why.value,
            "detail": reason.detail,
            "gain_if_open": None if reason.change is None else reason.change.gain,
        }
        for reason in outcome.closed
    ]


def geojson(outcome: StudyOutcome) -> dict[str, Any]:
    """Return sites, closed candidates and people as points; ``kind`` says which is which."""
    spots = {row.id: row for row in outcome.given.candidates}
    features = [feature(row, "site") for row in sites_table(outcome)]
    for row in closed_table(outcome):
        spot = spots[str(row["id"])]
        features.append(feature({**row, "name": spot.name, "lon": spot.lon, "lat": spot.lat}, "candidate"))
    features += [feature(row, "people") for row in people_table(outcome)]
    return {"type": "FeatureCollection", "attribution": outcome.network.attribution, "features": features}


def write_data(outcome: StudyOutcome, folder: Path) -> tuple[Document, ...]:
    """Write the study as data into a folder that exists."""
    language, name = outcome.study.language, outcome.study.name
    sites, people = sites_table(outcome), people_table(outcome)
    text = json.dumps(summary(outcome), ensure_ascii=False, allow_nan=False, indent=1)
    map_text = json.dumps(geojson(outcome), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    csv_type = "text/csv; charset=utf-8"
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return (
        save(folder, "sites.csv", csv_type, say("study.file.sites", language, name=name), csv_text(sites)),
        save(folder, "people.csv", csv_type, say("study.file.people", language, name=name), csv_text(people)),
        save(folder, "hubs.geojson", "application/geo+json", say("study.file.map", language, name=name), map_text),
        save(folder, "hubs.xlsx", xlsx, say("study.file.book", language, name=name), _book(outcome)),
        save(folder, "summary.json", "application/json", say("study.file.summary", language, name=name), text),
    )


def _book(outcome: StudyOutcome) -> bytes:
    language = outcome.study.language
    return book(
        {
            say("study.sheet.sites", language): sites_table(outcome),
            say("study.sheet.people", language): people_table(outcome),
            say("study.sheet.closed", language): closed_table(outcome),
        },
        _format,
    )


def _format(head: str) -> str:
    return ONE if head.endswith("_m") else WHOLE if head in {"people", "adds_people", "fixed_cost"} else "General"
