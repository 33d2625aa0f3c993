"""The table of collection points."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.model.work import CollectionPoint, PointKind
from scenarios.read.context import Context, note_default, table
from scenarios.read.rows import Rows

AMOUNTS = {"kg_per_day", "kg_now"}


def read_points(context: Context) -> tuple[CollectionPoint, ...]:
    """Read the collection points; faults go into the context's findings."""
    rows = table(context, "points", stands_in={"stream": context.only_stream()})
    if rows is None:
        return ()
    if context.scenario.demand.from_ == "points":
        _require_amounts(rows, context.scenario.tables["points"].columns)
    check_hours(rows)
    if untimed := sum(seconds is None for seconds in rows.values["service_s"]):
        note_default(rows, ("service-setup-s", "service-per-container-s"), untimed, "service_s", context)
    return tuple(_point(rows, k) for k in rows.good())


def _require_amounts(rows: Rows, mapped: Mapping[str, str]) -> None:
    if not AMOUNTS & set(rows.places) and all(v is None for v in rows.values["kg_per_day"]):
        if not any(mapped.get(name) for name in AMOUNTS):  # else that it is not there was said
            rows.found.fault(
                "column-missing",
                rows.sheet.place(),
                "there is neither kg_per_day nor kg_now: nothing says how much there is to collect",
                'name the column: columns = {kg_per_day = "..."}, or estimate: [demand] from = "buildings"',
            )
        rows.bad.update(range(len(rows)))
        return
    for k in rows.good():
        if rows.values["kg_per_day"][k] is None and rows.values["kg_now"][k] is None:
            rows.refuse(k, "kg_per_day", "missing", "no amount is given", "write kilograms, 0 if there is nothing")


def check_hours(rows: Rows) -> None:
    """Find places that close before they open."""
    for k in rows.good():
        open_s, close_s = rows.values["open_s"][k], rows.values["close_s"][k]
        if (open_s or 0.0) > (86_400.0 if close_s is None else close_s):
            cause = "it closes before it opens"
            rows.refuse(k, "close_s", "hours-reversed", cause, "swap the two; hours past midnight cannot be given")


def _point(rows: Rows, k: int) -> CollectionPoint:
    value = {name: column[k] for name, column in rows.values.items()}
    return CollectionPoint(
        id=value["id"],
        name=value["name"] or value["id"],
        lon=value["lon"],
        lat=value["lat"],
        kind=PointKind(value["kind"] or "container"),
        stream=value["stream"],
        kg_per_day=value["kg_per_day"] or 0.0,
        kg_now=value["kg_now"],
        containers=value["containers"] or 1,
        service_s=value["service_s"],
        open_s=value["open_s"],
        close_s=value["close_s"],
        days=value["days"] or (),
        buying_price_per_kg=value["buying_price_per_kg"],
        optional=bool(value["optional"]),
        people=value["people"] or 0.0,
        kerb="near" if value["kerb"] == "near" else "any",
        estimated=bool(value["estimated"]),
        own=rows.own(k),
        origin=rows.origin(k),
    )
