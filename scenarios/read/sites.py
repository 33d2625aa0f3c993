"""The tables of fixed places: depots, facilities, candidates for hubs."""

from __future__ import annotations

from scenarios.data.defaults import DEFAULTS, lookup
from scenarios.model.sites import Depot, Facility, HubSite
from scenarios.read.columns import FACILITY_KINDS
from scenarios.read.context import Context, note_default, table
from scenarios.read.rows import Rows
from scenarios.read.words import slug
from scenarios.read.work import check_hours


def read_depots(context: Context) -> tuple[Depot, ...]:
    """Read the depots; faults go into the context's findings."""
    rows = table(context, "depots")
    if rows is None:
        return ()
    return tuple(
        Depot(
            id=rows.values["id"][k],
            name=rows.values["name"][k] or rows.values["id"][k],
            lon=rows.values["lon"][k],
            lat=rows.values["lat"][k],
            own=rows.own(k),
            origin=rows.origin(k),
        )
        for k in rows.good()
    )


def read_facilities(context: Context) -> tuple[Facility, ...]:
    """Read the facilities; faults go into the context's findings."""
    only = context.only_stream()
    rows = table(context, "facilities", stands_in={"accepts": (only,) if only else None})
    if rows is None:
        return ()
    check_facilities(rows, context)
    return tuple(facility_of(rows, k) for k in rows.good())


def check_facilities(rows: Rows, context: Context) -> None:
    """Check hours and fees of places to unload, and fill in the usual times for unloading."""
    check_hours(rows)
    _require_fees(rows)
    _default_unloading(rows, context)


def _require_fees(rows: Rows) -> None:
    """Prices are never guessed: what is paid at the gate must be said, if only that it is nothing."""
    for k in rows.good():
        given = rows.values["gate_fee_per_tonne"][k] is not None or rows.values["fee_per_tip"][k] is not None
        if not given and slug(rows.values["kind"][k]) != "buyer":
            cause = "neither gate_fee_per_tonne nor fee_per_tip is given"
            rows.refuse(k, "gate_fee_per_tonne", "price-missing", cause, "write what is paid there, 0 if it is nothing")


def _default_unloading(rows: Rows, context: Context) -> None:
    used: dict[str, int] = {}
    for k in rows.good():
        if rows.values["unload_s"][k] is not None:
            continue
        name = f"unload-{slug(rows.values['kind'][k])}-s"
        if name in DEFAULTS:
            rows.values["unload_s"][k] = lookup(name, context.scenario.country).value
            used[name] = used.get(name, 0) + 1
        else:
            cause = f"no time for unloading is given, and none is known for kind {rows.values['kind'][k]!r}"
            action = f"write unload_s, or make the kind one of {', '.join(FACILITY_KINDS)}"
            rows.refuse(k, "unload_s", "missing", cause, action)
    for name, count in used.items():
        note_default(rows, (name,), count, "unload_s", context)


def facility_of(rows: Rows, k: int) -> Facility:
    """Return a row as a place to unload."""
    value = {name: column[k] for name, column in rows.values.items()}
    return Facility(
        id=value["id"],
        name=value["name"] or value["id"],
        lon=value["lon"],
        lat=value["lat"],
        kind=slug(value["kind"]) or value["kind"],
        accepts=value["accepts"],
        open_s=value["open_s"],
        close_s=value["close_s"],
        unload_s=value["unload_s"],
        gate_fee_per_tonne=value["gate_fee_per_tonne"] or 0.0,
        fee_per_tip=value["fee_per_tip"] or 0.0,
        queue_s=value["queue_s"] or 0.0,
        onward_cost_per_tonne=value["onward_cost_per_tonne"] or 0.0,
        cap_kg_per_day=value.get("cap_kg_per_day"),
        controlled=value["controlled"],
        recovers=bool(value["recovers"]),
        own=rows.own(k),
        origin=rows.origin(k),
    )


def read_hub_sites(context: Context) -> tuple[HubSite, ...]:
    """Read the candidates for hubs; faults go into the context's findings."""
    rows = table(context, "hub_sites")
    if rows is None:
        return ()
    _require_costs(rows, context)
    return tuple(_hub_site(rows, k) for k in rows.good())


def _require_costs(rows: Rows, context: Context) -> None:
    """A cost that decides which hubs open must be said for each candidate."""
    hubs = context.scenario.hubs
    if hubs is None:
        return
    needed = ["fixed_cost_per_day"] if hubs.aim == "cost" or hubs.budget_per_day is not None else []
    needed += ["cost_per_tonne"] if hubs.aim == "cost" else []
    for name in needed:
        for k in [k for k in range(len(rows)) if rows.values[name][k] is None and k not in rows.bad]:
            cause = f"{name} is empty, and the hubs are chosen by it"
            rows.refuse(k, name, "price-missing", cause, "write what it costs, 0 if it is nothing")


def _hub_site(rows: Rows, k: int) -> HubSite:
    value = {name: column[k] for name, column in rows.values.items()}
    return HubSite(
        id=value["id"],
        name=value["name"] or value["id"],
        lon=value["lon"],
        lat=value["lat"],
        capacity_kg_per_day=value["capacity_kg_per_day"],
        fixed_cost_per_day=value["fixed_cost_per_day"] or 0.0,
        cost_per_tonne=value["cost_per_tonne"] or 0.0,
        existing=bool(value["existing"]),
        own=rows.own(k),
        origin=rows.origin(k),
    )
