"""The tables of vehicles and of today's rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from scenarios.data.defaults import DEFAULTS, lookup
from scenarios.model.fleet import Compartment, CrewBreak, FleetVehicle, TodayRound
from scenarios.read.context import Context, check_reference, note_default, table
from scenarios.read.crews import check_halves, compaction, compartments, numbered, overtime_surcharge
from scenarios.read.rows import Rows

USUAL_FUEL = {
    "refuse-truck": "diesel",
    "small-truck": "diesel",
    "tricycle": "petrol",
    "handcart": "none",
    "foot": "none",
}

# Payloads, kg, below which a number is more likely in tonnes and above which it is more likely the gross mass.
# A 26 t rear loader carries 9-11.5 t (Schmid et al. 2020; Ewert et al. 2021), a motor tricycle 300-500 kg, a handcart
# 80 kg (Coffey and Coad 2010); limits are ours, well outside those ranges.
PLAUSIBLE_KG = {
    "refuse-truck": (500, 13_000),
    "small-truck": (100, 5_000),
    "tricycle": (50, 1_000),
    "handcart": (10, 400),
    "foot": (1, 60),
}


def read_vehicles(context: Context) -> tuple[FleetVehicle, ...]:
    """Read the vehicles; faults go into the context's findings."""
    bases = context.named("depots", "sites")
    depots, only = list(context.known(bases)), context.only_stream()
    stands_in = {"start_depot": depots[0] if len(depots) == 1 else None, "streams": (only,) if only else None}
    rows = table(context, "vehicles", stands_in=stands_in)
    if rows is None:
        return ()
    for k in range(len(rows)):
        for column in ("start_depot", "end_depot"):
            if rows.values[column][k] is not None:
                check_reference(context, rows, k, column, rows.values[column][k], bases)
    _check_shifts(rows)
    _default_loads(rows, context)
    _default_fuel(rows)
    _doubt_payloads(rows)
    check_halves(rows)
    _check_facilities(context, rows)
    parts = {k: _parts(context, rows, k) for k in rows.good()}
    return tuple(replace(_vehicle(rows, k, parts[k]), id=id_) for k in rows.good() for id_ in parts[k].ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a row says that takes more than reading a cell."""

    ids: list[str]
    breaks: tuple[CrewBreak, ...]
    compartments: tuple[Compartment, ...]
    compaction: Mapping[str, float]
    overtime_per_hour: float


def _parts(context: Context, rows: Rows, k: int) -> _Parts:
    streams = context.scenario.streams
    return _Parts(
        ids=numbered(context, rows, k),
        breaks=_breaks(rows, k),
        compartments=compartments(rows, k, streams),
        compaction=compaction(rows, k, streams),
        overtime_per_hour=overtime_surcharge(rows, k),
    )


def _check_facilities(context: Context, rows: Rows) -> None:
    for k in rows.good():
        for id_ in rows.values["unloads_at"][k] or ():
            check_reference(context, rows, k, "unloads_at", id_, context.named("facilities", "sites"))


def _check_shifts(rows: Rows) -> None:
    for k in rows.good():
        if rows.values["shift_end_s"][k] <= rows.values["shift_start_s"][k]:
            action = "write times after midnight as 24:00 and more: 04:00 is 28:00"
            rows.refuse(k, "shift_end_s", "hours-reversed", "the shift ends before it starts", action)


def _default_loads(rows: Rows, context: Context) -> None:
    """Fill in the usual payload of a profile, and its volume where both are empty."""
    used: dict[tuple[str, str], int] = {}
    for k in rows.good():
        if rows.values["payload_kg"][k] is not None:
            continue
        profile = rows.values["profile"][k]
        for column, name in (("payload_kg", f"payload-{profile}"), ("volume_m3", f"volume-{profile}")):
            if rows.values[column][k] is None and name in DEFAULTS:
                rows.values[column][k] = lookup(name, context.scenario.country).value
                used[name, column] = used.get((name, column), 0) + 1
        if rows.values["payload_kg"][k] is None:
            rows.refuse(k, "payload_kg", "missing", "payload_kg is empty", "write what the vehicle may carry")
    for (name, column), count in used.items():
        note_default(rows, (name,), count, column, context)


def _default_fuel(rows: Rows) -> None:
    """Fill in what usually drives a profile, and say so."""
    used: dict[str, int] = {}
    for k in rows.good():
        if rows.values["fuel"][k] is None:
            profile = rows.values["profile"][k]
            rows.values["fuel"][k] = USUAL_FUEL[profile]
            used[profile] = used.get(profile, 0) + 1
    for profile, count in used.items():
        cause = f"{count} of {len(rows)} rows have no fuel; a {profile} was taken to run on {USUAL_FUEL[profile]}"
        rows.found.doubt("default-used", rows.sheet.place(header="fuel"), cause, "fill in fuel if that is wrong")


def _doubt_payloads(rows: Rows) -> None:
    for k in rows.good():
        low, high = PLAUSIBLE_KG[rows.values["profile"][k]]
        payload = rows.values["payload_kg"][k]
        if not low <= payload <= high:
            like = "tonnes" if payload < low else "the gross mass, not the payload"
            cause = f"{payload:g} kg for a {rows.values['profile'][k]} looks like {like}"
            action = 'if it is in tonnes: units = {payload_kg = "t"}' if payload < low else "write what it may carry"
            rows.found.doubt("payload-doubtful", rows.place(k, "payload_kg"), cause, action)


def _breaks(rows: Rows, k: int) -> tuple[CrewBreak, ...]:
    breaks: list[CrewBreak] = []
    for prefix in ("break", "break2"):
        duration, earliest, latest, paid = (
            rows.values[f"{prefix}_{part}"][k] for part in ("duration_s", "earliest_s", "latest_s", "paid")
        )
        if not duration:
            continue
        after = breaks[-1].latest_s + breaks[-1].duration_s if breaks else 0.0
        if earliest is None or latest is None:
            cause, column = (
                "the break has no earliest or no latest beginning",
                "earliest_s" if earliest is None else "latest_s",
            )
        elif not after <= earliest <= latest:
            cause, column = (
                "the break begins before another one ends, or its latest time before its earliest",
                "earliest_s",
            )
        else:
            breaks.append(CrewBreak(duration_s=duration, earliest_s=earliest, latest_s=latest, paid=paid is not False))
            continue
        rows.refuse(k, f"{prefix}_{column}", "break-times", cause, "write both times of day, in order")
    return tuple(breaks)


def _vehicle(rows: Rows, k: int, parts: _Parts) -> FleetVehicle:
    value = {name: column[k] for name, column in rows.values.items()}
    pause = value["pause_from_s"], value["pause_until_s"]
    return FleetVehicle(
        id=value["id"],
        name=value["name"] or value["id"],
        profile=value["profile"],
        start_depot=value["start_depot"],
        end_depot=value["end_depot"] or value["start_depot"],
        streams=value["streams"],
        payload_kg=value["payload_kg"],
        volume_m3=value["volume_m3"],
        shift_start_s=value["shift_start_s"],
        shift_end_s=value["shift_end_s"],
        max_hours=value["max_hours"],
        breaks=parts.breaks,
        compartments=parts.compartments,
        compaction=parts.compaction,
        day_kg=value["day_kg"],
        skips=value["skips"] or 0,
        overtime_hours=value["overtime_hours"] or 0.0,
        overtime_per_hour=parts.overtime_per_hour,
        pause=pause if pause[0] is not None else None,
        rest_after_hours=value["rest_after_hours"],
        rest_s=value["rest_s"] or 0.0,
        cost_per_tip=value["cost_per_tip"] or 0.0,
        max_stops=value["max_stops"],
        max_km=value["max_km"],
        max_driving_hours=value["max_driving_hours"],
        stays_loaded=bool(value["stays_loaded"]),
        unloads_at=value["unloads_at"] or (),
        skills=value["skills"] or (),
        service_factor=value["service_factor"] or 1.0,
        crew=value["crew"] or 1,
        wage_per_hour=value["wage_per_hour"],
        fixed_per_day=value["fixed_per_day"],
        cost_per_km=value["cost_per_km"],
        fuel=value["fuel"],
        fuel_per_100km=value["fuel_per_100km"],
        days=value["days"] or (),
        own=rows.own(k),
        origin=rows.origin(k),
    )


def read_today(context: Context, name: Literal["today", "start"] = "today") -> tuple[TodayRound, ...]:
    """Read rounds as they are driven or given: a row for each visit, or for each round; faults go into the findings."""
    rows = table(context, name)
    if rows is None:
        return ()
    for k in range(len(rows)):
        if rows.values["vehicle"][k] is not None:
            check_reference(context, rows, k, "vehicle", rows.values["vehicle"][k], ("vehicles",))
    rounds: dict[tuple[str, str], list[int]] = {}
    for k in rows.good():
        for day in rows.values["day"][k] or ("",):
            rounds.setdefault((rows.values["vehicle"][k], day), []).append(k)
    return tuple(_round(rows, key, members, context) for key, members in rounds.items())


def _round(rows: Rows, key: tuple[str, str], members: list[int], context: Context) -> TodayRound:
    seq = rows.values["seq"]
    numbered = [k for k in members if seq[k] is not None]
    if numbered and len(numbered) < len(members):
        for k in sorted(set(members) - set(numbered)):
            rows.refuse(
                k, "seq", "missing", "seq is empty, other rows of the round have it", "number all of them or none"
            )
    seen: dict[float, int] = {}
    for k in numbered:
        if seq[k] in seen:
            cause = f"seq {seq[k]:g} is also in {rows.word_and_number(seen[seq[k]])}"
            rows.refuse(k, "seq", "seq-twice", cause, "number the visits of a round 1, 2, 3 ...")
        seen.setdefault(seq[k], k)
    ordered = sorted(members, key=lambda k: (seq[k] if seq[k] is not None else 0.0, k))
    visits = [(k, visit) for k in ordered for visit in rows.values["visit"][k]]
    if rows.table == "today" and context.scenario.kerbside is None:  # others may name streets that are made later
        for k, visit in visits:
            check_reference(context, rows, k, "visit", visit, ("points", "facilities"))
    return TodayRound(
        vehicle=key[0],
        day=key[1],
        visits=tuple(visit for _, visit in visits),
        recorded_hours=_recorded(rows, members, "recorded_hours"),
        recorded_km=_recorded(rows, members, "recorded_km"),
        origin=rows.origin(members[0]),
    )


def _recorded(rows: Rows, members: list[int], column: str) -> Any:
    """Return the one value that a round's rows carry; different ones are a fault."""
    cells = rows.values.get(column, [None] * len(rows))
    given = {cells[k]: k for k in reversed(members) if cells[k] is not None}
    if len(given) > 1:
        values = ", ".join(f"{value:g}" for value in given)
        cause = f"the rows of this round say {values}"
        rows.refuse(
            max(given.values()),
            column,
            "recorded-twice",
            cause,
            "write it in one row of the round, for the whole round",
        )
    return next(iter(given), None)
