"""The study as data: ``summary.json``, ``sites.csv``, ``people.csv``, ``hubs.geojson`` and ``hubs.xlsx``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openpyxl.workbook import Workbook

from scenarios.documents.cells import ONE, WHOLE, Column, Value, add_sheet
from scenarios.documents.document import Document, save
from scenarios.documents.strict import strict
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import MINUTES, by_minutes, left_out, site_rows, totals, walks
from scenarios.hub_study.schema import dump
from scenarios.messages import say

Table = list[dict[str, Value]]
DECIMALS = 6
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


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
    features = [_feature(row, "site") for row in sites_table(outcome)]
    for row in closed_table(outcome):
        spot = spots[str(row["id"])]
        features.append(_feature({**row, "name": spot.name, "lon": spot.lon, "lat": spot.lat}, "candidate"))
    features += [_feature(row, "people") for row in people_table(outcome)]
    return {"type": "FeatureCollection", "attribution": outcome.network.attribution, "features": features}


def _feature(row: dict[str, Value], kind: str) -> dict[str, Any]:
    place = [round(float(row[name] or 0.0), DECIMALS) for name in ("lon", "lat")]
    told = {name: value for name, value in row.items() if name not in ("lon", "lat")}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"kind": kind, **strict(told)},
    }


def write_data(outcome: StudyOutcome, folder: Path) -> tuple[Document, ...]:
    """Write the study as data into a folder that exists."""
    language, name = outcome.study.language, outcome.study.name
    sites, people = sites_table(outcome), people_table(outcome)
    text = json.dumps(summary(outcome), ensure_ascii=False, allow_nan=False, indent=1)
    map_text = json.dumps(geojson(outcome), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    csv_type = "text/csv; charset=utf-8"
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return (
        save(folder, "sites.csv", csv_type, say("study.file.sites", language, name=name), _csv(sites)),
        save(folder, "people.csv", csv_type, say("study.file.people", language, name=name), _csv(people)),
        save(folder, "hubs.geojson", "application/geo+json", say("study.file.map", language, name=name), map_text),
        save(folder, "hubs.xlsx", xlsx, say("study.file.book", language, name=name), _book(outcome)),
        save(folder, "summary.json", "application/json", say("study.file.summary", language, name=name), text),
    )


def _csv(table: Table) -> str:
    heads = list(table[0]) if table else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_plain(value) for value in row.values()] for row in table])
    return out.getvalue()


def _plain(value: Value) -> Value:
    """Return a value as it may stand in a table that a spreadsheet opens: text never runs as a formula."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return strict(value) if isinstance(value, float) else value


def _book(outcome: StudyOutcome) -> bytes:
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    language = outcome.study.language
    for title, table in (
        ("study.sheet.sites", sites_table(outcome)),
        ("study.sheet.people", people_table(outcome)),
        ("study.sheet.closed", closed_table(outcome)),
    ):
        heads = list(table[0]) if table else ["id"]
        columns = [Column(title=head, format=_format(head)) for head in heads]
        add_sheet(book, say(title, language), columns, _values(table))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _format(head: str) -> str:
    return ONE if head.endswith("_m") else WHOLE if head in {"people", "adds_people", "fixed_cost"} else "General"


def _values(table: Table) -> list[Sequence[Value]]:
    return [list(row.values()) for row in table]
