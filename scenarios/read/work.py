"""The table of collection points."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.model.work import CollectionPoint, PointKind
from scenarios.read.context import Context, check_reference, note_default, table
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
    _check_second_span(rows)
    _check_references(context, rows)
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


def _check_second_span(rows: Rows) -> None:
    """Find second spans of the day that are given by half, or do not come after the first."""
    for k in rows.good():
        first, open_s, close_s = (rows.values[name][k] for name in ("close_s", "open2_s", "close2_s"))
        if open_s is None and close_s is None:
            continue
        if open_s is None or close_s is None or first is None:
            cause = "a second span of the day needs open2_s, close2_s and the close_s of the first"
            rows.refuse(k, "close2_s" if close_s is None else "open2_s", "missing", cause, "fill in all of them")
        elif not first < open_s <= close_s:
            cause = "the second span of the day does not come after the first, or ends before it begins"
            rows.refuse(k, "open2_s", "hours-reversed", cause, "write the earlier span first")


def _check_references(context: Context, rows: Rows) -> None:
    """Find vehicles and points that a row names and that are not there."""
    for k in rows.good():
        for id_ in rows.values["vehicles"][k] or ():
            check_reference(context, rows, k, "vehicles", id_, ("vehicles",))
        if rows.values["usual_vehicle"][k]:
            check_reference(context, rows, k, "usual_vehicle", rows.values["usual_vehicle"][k], ("vehicles",))


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
        open2_s=value["open2_s"],
        close2_s=value["close2_s"],
        days=value["days"] or (),
        buying_price_per_kg=value["buying_price_per_kg"],
        optional=bool(value["optional"]) or value["prize"] is not None,
        prize=value["prize"],
        priority=1.0 if value["priority"] is None else value["priority"],
        needs=value["needs"] or (),
        vehicles=value["vehicles"] or (),
        group=value["group"] or "",
        apart=value["apart"] or "",
        usual_vehicle=value["usual_vehicle"] or "",
        people=value["people"] or 0.0,
        kerb="near" if value["kerb"] == "near" else "any",
        estimated=bool(value["estimated"]),
        own=rows.own(k),
        origin=rows.origin(k),
    )
