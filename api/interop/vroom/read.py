"""A body in VROOM's JSON to a :class:`~api.interop.vroom.nouns.Request`; what is wrong with it in VROOM's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from api.config import Limits
from api.interop.refusal import Refusal
from api.interop.vroom import extras
from api.interop.vroom.fields import (
    INPUT,
    MOST,
    TOO_LARGE,
    Json,
    amount,
    identity,
    is_number,
    is_whole,
    listed,
    per_type,
    seconds,
    skills,
    spans,
    text,
    wrong,
)
from api.interop.vroom.nouns import PER_HOUR, Amount, IntArray, Options, Request, Tables, Task, TaskKind, Van
from api.interop.vroom.read_vehicle import USUAL_PROFILE, vehicle
from api.interop.vroom.spots import Spots
from api.interop.vroom.told import ranked

MOST_PRIORITY = 100
MOST_EXPLORE = 5
NO_OBJECT = "Invalid JSON object in request, please add vehicles and jobs or shipments to the object body"


def read(body: object, limits: Limits) -> Request:
    """Read a whole body.

    Raises
    ------
    Refusal
        2 or 4, in the words of VROOM or of its HTTP wrapper.
    """
    if not isinstance(body, dict) or "vehicles" not in body or not ("jobs" in body or "shipments" in body):
        raise Refusal(INPUT, NO_OBJECT)
    _check_size(body, limits)
    if not isinstance(body["vehicles"], list):
        raise wrong("Invalid vehicles.")
    if not body["vehicles"]:
        raise wrong("No vehicle defined.")
    spots = Spots()
    components = _components(body["vehicles"][0])
    vans = tuple(vehicle(given, components, spots) for given in body["vehicles"])
    tasks = tuple(_tasks(body, components, spots))
    if not tasks:
        raise wrong("No task defined.")
    tables = _tables(body)
    tips = extras.tips(body, components, spots)
    options = _options(body.get("options"))
    if options.geometry and any(spot.lonlat is None for spot in spots.found.values()):
        raise wrong("Route geometry request with missing coordinates.")
    request = Request(
        tasks=tasks,
        vans=tuple(
            extras.with_tips(given, ranked(van, tasks), tips) for given, van in zip(body["vehicles"], vans, strict=True)
        ),
        tips=tips,
        spots=tuple(spots.found.values()),
        components=components,
        tables=tables,
        options=options,
        bound_s=extras.bound_s(body),
    )
    _check_planned(request.vans, tasks)
    _check_tables(request)
    distances = any(table.distances is not None for table in tables.values())
    reported = options.geometry or distances or any(van.costs.per_km for van in vans)
    timed = any(task.windows for task in tasks) or any(van.window or van.breaks for van in vans)
    return replace(request, report_distances=reported, timeless=not (timed or options.plan))


def _check_size(body: Json, limits: Limits) -> None:
    """Refuse what the wrapper refuses before it asks VROOM."""
    jobs, shipments, vans = (body.get(key, []) for key in ("jobs", "shipments", "vehicles"))
    count = sum(len(given) * each for given, each in ((jobs, 1), (shipments, 2)) if isinstance(given, list))
    for what, many, most in (
        ("locations", count, limits.vroom_locations),
        ("vehicles", len(vans) if isinstance(vans, list) else 0, limits.vroom_vehicles),
    ):
        if many > most:
            raise Refusal(TOO_LARGE, f"Too many {what} ({many}) in query, maximum is set to {most}", 413)


def _components(first: Any) -> int:
    """Return how many components amounts have: as many as the capacity of the first vehicle."""
    identity(first, "vehicle")
    capacity = first.get("capacity")
    return len(capacity) if isinstance(capacity, list) else 0


def _options(given: object) -> Options:
    """Read the wrapper's options; what is of another kind than it expects is passed over, as there."""
    if not isinstance(given, dict):
        return Options()
    explore, limit = given.get("x"), given.get("l")
    return Options(
        geometry=bool(given.get("g")),
        plan=bool(given.get("c")),
        explore=int(min(max(explore, 0), MOST_EXPLORE)) if is_number(explore) else MOST_EXPLORE,
        limit_s=float(limit) if is_number(limit) and limit > 0 else None,
    )


def _tasks(body: Json, components: int, spots: Spots) -> Iterator[Task]:
    seen: set[tuple[str, int]] = set()
    for given in listed(body, "jobs"):
        jid = identity(given, "job")
        if ("job", jid) in seen:
            raise wrong(f"Duplicate job id: {jid}.")
        seen.add(("job", jid))
        yield _job(given, components, spots)
    for given in listed(body, "shipments"):
        for task in _shipment(given, components, spots):
            if (task.kind, task.id) in seen:
                raise wrong(f"Duplicate {task.kind} id: {task.id}.")
            seen.add((task.kind, task.id))
            yield task


def _job(given: Json, components: int, spots: Spots) -> Task:
    legacy = "amount" in given and "delivery" not in given and "pickup" not in given
    delivery = amount(given, "amount" if legacy else "delivery", components)
    pickup = amount(given, "pickup", components)
    _check_length((delivery, pickup), components)
    priority = _priority(given, f"job {given['id']}")
    return _task("job", given, spots, delivery, pickup, skills(given), priority)


def _shipment(given: Any, components: int, spots: Spots) -> tuple[Task, Task]:
    if not isinstance(given, dict):
        raise wrong("Invalid shipment.")
    for end in ("pickup", "delivery"):
        if not isinstance(given.get(end), dict):
            raise wrong(f"Missing {end} for shipment.")
    carried, needed = amount(given, "amount", components), skills(given)
    _check_length((carried,), components)
    nothing = (0,) * components
    first, last = given["pickup"], given["delivery"]
    priority = _priority(given, f"pickup {identity(first, 'pickup')}")
    identity(last, "delivery")
    return (
        _task("pickup", first, spots, nothing, carried, needed, priority),
        _task("delivery", last, spots, carried, nothing, needed, priority),
    )


def _check_length(amounts: tuple[Amount, ...], components: int) -> None:
    for given in amounts:
        if len(given) != components:
            raise wrong(f"Inconsistent delivery length: {len(given)} instead of {components}.")


def _priority(given: Json, what: str) -> int:
    value = given.get("priority", 0)
    if not is_whole(value):
        raise wrong("Invalid priority value.")
    if value > MOST_PRIORITY:
        raise wrong(f"Invalid priority value for {what}.")
    return value


def _task(
    kind: TaskKind,
    given: Json,
    spots: Spots,
    delivery: Amount,
    pickup: Amount,
    needed: frozenset[int],
    priority: int,
) -> Task:
    what = f"{kind} {given['id']}"
    spot = spots.read(
        given,
        "location",
        "location_index",
        f"Invalid location_index for {what}.",
        f"Invalid location for {what}.",
        extras.side(given),
    )
    return Task(
        kind=kind,
        id=given["id"],
        spot=spot,
        description=text(given, "description"),
        setup=seconds(given, "setup"),
        service=seconds(given, "service"),
        setup_by=per_type(given, "setup_per_type", what),
        service_by=per_type(given, "service_per_type", what),
        delivery=delivery,
        pickup=pickup,
        skills=needed,
        priority=priority,
        windows=spans(given, what),
    )


def _tables(body: Json) -> dict[str, Tables]:
    """Read the matrices of all profiles; the old ``matrix`` is the usual profile's durations."""
    if "matrices" not in body:
        return (
            {USUAL_PROFILE: Tables(durations=_matrix(body["matrix"], "durations", USUAL_PROFILE))}
            if ("matrix" in body)
            else {}
        )
    matrices = body["matrices"]
    if not isinstance(matrices, dict):
        raise wrong("Unexpected matrices value.")
    return {
        profile: Tables(**{name: _matrix(given[name], name, profile) for name in Tables.__slots__ if name in given})
        for profile, given in matrices.items()
        if isinstance(given, dict) and any(name in given for name in Tables.__slots__)
    }


def _matrix(given: object, name: str, profile: str) -> IntArray:
    if not isinstance(given, list):
        raise wrong("Invalid matrix.")
    if not given:
        raise wrong(f"Empty {name} matrix for {profile} profile.")
    if any(not isinstance(line, list) or len(line) != len(given) for line in given):
        raise wrong("Unexpected matrix line length.")
    if not all(map(is_whole, (entry for line in given for entry in line))):
        raise wrong("Invalid matrix entry.")
    return np.array(given, np.int64)


def _check_planned(vans: tuple[Van, ...], tasks: tuple[Task, ...]) -> None:
    """Refuse a task that vehicles are told to do twice."""
    seen: set[int] = set()
    for van in vans:
        for step in van.steps:
            if step.kind in {"start", "break", "end"}:
                continue
            if step.rank in seen:
                task = tasks[step.rank]
                raise wrong(f"Duplicate {task.kind} id {task.id} in input steps for vehicle {van.id}.")
            seen.add(step.rank)


def _check_tables(request: Request) -> None:
    """Refuse matrices that do not fit the places or each other."""
    named, tables = any(spot.named for spot in request.spots), request.tables
    if tables and not named:
        raise wrong("Missing location index.")
    if not tables and named:
        raise wrong("Unexpected location index while no custom matrices provided.")
    most = max(spot.index for spot in request.spots)
    given = any(table.distances is not None for table in tables.values())
    coordinates = all(spot.lonlat is not None for spot in request.spots)
    for van in request.vans:
        table = tables.get(van.profile, Tables())
        if given and table.distances is None:
            raise wrong(f"Missing distances matrix for {van.profile} profile.")
        if table.durations is None and table.distances is not None:
            raise wrong(f"Custom matrix provided for distances but not for durations for {van.profile} profile.")
        if not coordinates and (table.durations is None or (table.distances is None and van.costs.per_km)):
            raise wrong("Missing coordinates for routing engine.")
        for name in Tables.__slots__:
            matrix = getattr(table, name)
            if matrix is not None and len(matrix) <= most:
                raise wrong(f"location_index exceeding {name} matrix size for {van.profile} profile.")
        _check_cost(request, table.costs if table.costs is not None else table.durations)
        if table.costs is not None and van.costs.per_hour != PER_HOUR:
            raise wrong("Custom costs are incompatible with using a per_hour value.")


def _check_cost(request: Request, matrix: IntArray | None) -> None:
    """Refuse a matrix whose costs may add up to more than VROOM counts."""
    if matrix is None:
        return
    used = sorted({spot.index for spot in request.spots})
    within = matrix[np.ix_(used, used)]
    leaving, arriving = (dict(zip(used, within.max(axis=k).tolist(), strict=True)) for k in (1, 0))
    tasks = [task.spot.index for task in request.tasks]
    most = max(sum(leaving[k] for k in tasks), sum(arriving[k] for k in tasks))
    most += sum(leaving[van.start.index] for van in request.vans if van.start is not None)
    most += sum(arriving[van.end.index] for van in request.vans if van.end is not None)
    if most > MOST:
        raise wrong("Too high cost values, stopping to avoid overflowing.")
