"""The table of candidate sites: where a depot, a place to unload, or both could stand, and what that costs a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from scenarios.model.fleet import FleetVehicle
from scenarios.model.sites import CandidateSite, Depot
from scenarios.read.context import Context, table
from scenarios.read.findings import Findings
from scenarios.read.rows import Rows
from scenarios.read.sites import check_facilities, facility_of
from scenarios.read.words import closest, listed, why_excluded

SO_MANY = re.compile(r"(?P<name>.+?)\s*[:=]\s*(?P<count>\d{1,4})")
UNLOADING = ": unloading"  # of a site that is both: its place to unload is a place of its own
MOST_AT_A_SITE = 200


def read_sites(context: Context) -> tuple[CandidateSite, ...]:
    """Read the candidate sites; faults go into the context's findings."""
    only = context.only_stream()
    rows = table(context, "sites")
    if rows is None:
        return ()
    rows.fill("kind", "transfer")
    rows.fill("accepts", (only,) if only else None)
    _leave_alone_depots(rows)
    check_facilities(rows, context)
    fleets = {k: _fleet(rows, k) for k in rows.good()}
    return tuple(_site(rows, k, fleets[k]) for k in rows.good() if _fits(rows, k))


def refuse_unknown_vehicles(
    sites: tuple[CandidateSite, ...], vehicles: tuple[FleetVehicle, ...], found: Findings
) -> None:
    """Refuse sites at which vehicles may be based that the table of vehicles does not have."""
    if not vehicles:
        return
    for site in sites:
        for name in site.vehicles:
            if kind_of_vehicle(vehicles, name) is None:
                known = sorted({vehicle.id for vehicle in vehicles})
                likely = closest(name, known)
                action = f"did you mean {likely!r}?" if likely else f"there are {listed(known)}"
                cause = f"there is no vehicle {name!r}"
                found.fault("reference-unknown", f"{site.origin}, column vehicles", cause, action)


def kind_of_vehicle(vehicles: tuple[FleetVehicle, ...], name: str) -> FleetVehicle | None:
    """Return the vehicle of a row of the table, by the id in that row; the first where the row stands for several."""
    exact = next((vehicle for vehicle in vehicles if vehicle.id == name), None)
    return exact or next((vehicle for vehicle in vehicles if re.fullmatch(re.escape(name) + r"-\d+", vehicle.id)), None)


def _leave_alone_depots(rows: Rows) -> None:
    """Where nothing is unloaded, nothing is asked about unloading."""
    for k in rows.good():
        if rows.values["role"][k] == "depot":
            rows.values["unload_s"][k] = 0.0
            rows.values["gate_fee_per_tonne"][k] = 0.0
        elif not rows.values["accepts"][k]:
            cause, action = "what may be unloaded there is not said", 'write the streams, or "all"'
            rows.refuse(k, "accepts", "missing", cause, action)


def _fleet(rows: Rows, k: int) -> Mapping[str, int]:
    """Return how many vehicles of which kind may be based at a site; a fault where that cannot be read."""
    fleet: dict[str, int] = {}
    for item in rows.values["vehicles"][k] or ():
        read = SO_MANY.fullmatch(item)
        count = int(read["count"]) if read else 0
        if read is None or not 1 <= count <= MOST_AT_A_SITE or read["name"] in fleet:
            cause = f"{item!r} does not say how many of which vehicles, each kind once, from 1 to {MOST_AT_A_SITE}"
            rows.refuse(k, "vehicles", "site-vehicles", cause, "write for example truck: 4, tricycle: 2")
            return {}
        fleet[read["name"]] = count
    if fleet and rows.values["role"][k] == "unload":
        cause, action = "vehicles cannot be based where one only unloads", "make its role both, or empty the cell"
        rows.refuse(k, "vehicles", "site-contradiction", cause, action)
    return fleet


def _fits(rows: Rows, k: int) -> bool:
    """Return whether a row says nothing against itself; a fault if it does."""
    if k not in rows.bad and rows.values["mandatory"][k] and why_excluded(rows.values["excluded"][k]):
        rows.refuse(k, "mandatory", "site-contradiction", "it has to be open and may not be", "decide for one of them")
    return k not in rows.bad


def _site(rows: Rows, k: int, fleet: Mapping[str, int]) -> CandidateSite:
    value = {name: column[k] for name, column in rows.values.items()}
    id_, name, role = value["id"], value["name"] or value["id"], value["role"]
    lon, lat, origin = value["lon"], value["lat"], rows.origin(k)
    depot = Depot(id=id_, name=name, lon=lon, lat=lat, origin=origin) if role != "unload" else None
    facility = None
    if role != "depot":
        facility = facility_of(rows, k)
        place = id_ if depot is None else f"{id_}{UNLOADING}"
        facility = replace(facility, id=place, cap_kg_per_day=value["capacity_kg_per_day"])
    return CandidateSite(
        id=id_,
        name=name,
        lon=lon,
        lat=lat,
        depot=depot,
        facility=facility,
        fixed_cost_per_day=value["fixed_cost_per_day"],
        capacity_kg_per_day=value["capacity_kg_per_day"],
        vehicles=fleet,
        existing=bool(value["existing"]),
        mandatory=bool(value["mandatory"]),
        excluded=why_excluded(value["excluded"]),
        origin=origin,
    )
