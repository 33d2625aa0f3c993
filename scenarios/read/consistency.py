"""Do the tables fit together? What does not is possible, but hardly meant: doubts, not faults."""

from __future__ import annotations

from faults import Fault, InputError
from scenarios.kerbside.work import served_at
from scenarios.loads import load_kg, planned_days
from scenarios.model.system import WasteSystem
from scenarios.read.findings import Findings
from scenarios.read.words import closest, listed
from scenarios.scenario import Scenario


def doubt_consistency(system: WasteSystem, scenario: Scenario, found: Findings) -> None:
    """Note streams that nobody collects or takes, days on which nothing is planned, and loads no vehicle can carry."""
    _doubt_streams(system, scenario, found)
    _doubt_days(system, scenario, found)
    _doubt_loads(system, scenario, found)


def refuse_unknown_locks(system: WasteSystem, scenario: Scenario) -> None:
    """Refuse locks that name what is not there, or give one point to two vehicles.

    Raises
    ------
    InputError
        ``reference-unknown`` and ``lock-twice``, all of them.
    """
    vehicles = {vehicle.id for vehicle in system.vehicles}
    points = _work(system)
    faults: list[Fault] = []
    owner: dict[str, str] = {}
    for k, lock in enumerate(scenario.locks):
        place, pointer = f"locks.{k + 1}", f"/locks/{k}"
        for word, id_, known in [
            ("vehicle", lock.vehicle, vehicles),
            *(("points", id_, points) for id_ in lock.points),
        ]:
            if id_ not in known:
                likely = closest(id_, known)
                cause = f"there is no {word.removesuffix('s')} {id_!r}"
                action = f"did you mean {likely!r}?" if likely else f"there are {listed(sorted(known)) or 'none'}"
                faults.append(
                    Fault(
                        code="reference-unknown", place=f"{place}.{word}", cause=cause, action=action, pointer=pointer
                    )
                )
        for id_ in lock.points:
            if owner.setdefault(id_, lock.vehicle) != lock.vehicle and not lock.days:
                cause = f"{id_!r} is fixed to {owner[id_]!r} and to {lock.vehicle!r}"
                action = "fix it to one of them, or give each lock its days"
                faults.append(Fault(code="lock-twice", place=place, cause=cause, action=action, pointer=pointer))
    if faults:
        raise InputError(faults)


def refuse_unknown_visits(system: WasteSystem) -> None:
    """Refuse rounds of today, or to start from, that name what is not there.

    Raises
    ------
    InputError
        ``reference-unknown``, all of them.
    """
    known = _work(system) | {facility.id for facility in system.facilities}
    faults = []
    for round_ in (*system.today, *system.start):
        for visit in dict.fromkeys(round_.visits):
            if visit not in known:
                likely = closest(visit, known)
                action = f"did you mean {likely!r}?" if likely else "write the id of a point, street or facility"
                cause = f"there is no point, kerbside street or facility {visit!r}"
                faults.append(Fault(code="reference-unknown", place=str(round_.origin), cause=cause, action=action))
    if faults:
        raise InputError(faults)


def _work(system: WasteSystem) -> set[str]:
    """Return the ids of all that vehicles collect from."""
    return {point.id for point in system.points} | set(served_at(system.kerbside))


def _doubt_streams(system: WasteSystem, scenario: Scenario, found: Findings) -> None:
    collected = {stream for vehicle in system.vehicles for stream in vehicle.streams}
    facilities = [*system.facilities, *(site.facility for site in system.sites if site.facility)]
    accepted = {stream for facility in facilities for stream in facility.accepts}
    there = {point.stream for point in system.points}
    there |= {scenario.demand.stream} if scenario.demand.from_ != "points" else set()
    for stream in (stream.id for stream in system.streams if stream.id in there):
        if system.vehicles and stream not in collected:
            action = "add it to the streams of a vehicle; its points stay unserved otherwise"
            found.doubt("stream-not-collected", "tables.vehicles", f"no vehicle collects {stream!r}", action)
        if system.vehicles and stream not in accepted:
            action = "add it to what a facility accepts; it cannot be unloaded otherwise"
            found.doubt("stream-not-accepted", "tables.facilities", f"no facility accepts {stream!r}", action)
    if unused := [stream.id for stream in system.streams if stream.id not in there]:
        found.doubt("stream-unused", "streams", f"there is nothing of {listed(unused)}", "take it out, or add points")


def _doubt_days(system: WasteSystem, scenario: Scenario, found: Findings) -> None:
    planned = set(scenario.days)
    if not planned:
        return
    never = [point for point in system.points if point.days and not planned & set(point.days)]
    if never:
        shown = listed([f"{point.id} ({', '.join(point.days)})" for point in never], 5)
        cause = f"{len(never)} points are never collected on {', '.join(scenario.days)}: {shown}"
        found.doubt("day-not-planned", "tables.points", cause, "add their days to the scenario's days, or correct them")
    idle = [vehicle.id for vehicle in system.vehicles if vehicle.days and not planned & set(vehicle.days)]
    if idle:
        cause = f"{listed(idle)} never goes out on {', '.join(scenario.days)}"
        found.doubt("day-not-planned", "tables.vehicles", cause, "correct their days, if that is not meant")


def _doubt_loads(system: WasteSystem, scenario: Scenario, found: Findings) -> None:
    """A point that holds more than any vehicle carries cannot be emptied in one stop."""
    largest = {
        stream.id: max((v.payload_kg for v in system.vehicles if stream.id in v.streams), default=0.0)
        for stream in system.streams
    }
    loads = {p.id: max(load_kg(p, day, scenario) for day in planned_days(scenario)) for p in system.points}
    if heavy := [p for p in system.points if 0 < largest[p.stream] < loads[p.id]]:
        shown = listed([f"{p.id} {loads[p.id]:g} kg" for p in heavy], 5)
        cause = (
            f"{len(heavy)} points hold more on a day of collection than any vehicle of their stream carries: {shown}"
        )
        action = f"check the unit of the amounts ({heavy[0].origin}), collect more often, or split the point"
        found.doubt("load-too-large", "tables.points", cause, action)
