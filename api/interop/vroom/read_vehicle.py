"""Vehicles of a request: what they are, when they rest, what they are told to do."""

from __future__ import annotations

from typing import Any

from api.interop.vroom.fields import (
    MOST_ID,
    Json,
    amount,
    identity,
    is_whole,
    maybe,
    number,
    seconds,
    skills,
    span,
    spans,
    text,
    whole,
    wrong,
)
from api.interop.vroom.nouns import PER_HOUR, Costs, Rest, Span, Spot, Step, Van
from api.interop.vroom.spots import Spots

MOST_SPEED = 5.0
USUAL_PROFILE = "car"


def vehicle(given: Any, components: int, spots: Spots) -> Van:
    """Read a vehicle; ``components`` is the length of its fleet's amounts.

    Raises
    ------
    Refusal
        In VROOM's words.
    """
    vid = identity(given, "vehicle")
    there = [key for key in ("start", "end") if key in given or f"{key}_index" in given]
    if len({f"{key}_index" in given for key in there}) > 1:
        raise wrong("Missing start_index or end_index.")
    start, end = _end(given, "start", vid, spots), _end(given, "end", vid, spots)
    if start is None and end is None:
        raise wrong(f"No start or end specified for vehicle {vid}.")
    speed = number(given, "speed_factor", default=1.0)
    if not 0 < speed <= MOST_SPEED:
        raise wrong(f"Invalid speed factor: {speed:g}")
    capacity = amount(given, "capacity", 0)
    if len(capacity) != components:
        raise wrong(f"Inconsistent delivery length: {len(capacity)} instead of {components}.")
    return Van(
        id=vid,
        profile=text(given, "profile") or USUAL_PROFILE,
        description=text(given, "description"),
        start=start,
        end=end,
        capacity=capacity,
        costs=_costs(given, vid),
        skills=skills(given),
        type=text(given, "type"),
        window=_window(given),
        breaks=_breaks(given, vid, components),
        speed_factor=speed,
        max_tasks=maybe(given, "max_tasks"),
        max_travel_time=maybe(given, "max_travel_time"),
        max_distance=maybe(given, "max_distance"),
        steps=_steps(given, vid),
    )


def _end(given: Json, key: str, vid: int, spots: Spots) -> Spot | None:
    """Read where a vehicle starts or ends, if it says so."""
    if key not in given and f"{key}_index" not in given:
        return None
    return spots.read(given, key, f"{key}_index", f"Invalid {key}_index for vehicle {vid}.")


def _window(given: Json) -> Span | None:
    return span(given["time_window"]) if "time_window" in given else None


def _costs(given: Json, vid: int) -> Costs:
    costs = given.get("costs", {})
    if not isinstance(costs, dict):
        raise wrong(f"Invalid costs for vehicle {vid}.")

    def cost(key: str, *, default: int = 0) -> int:
        return whole(costs, key, f"Invalid {key} cost for vehicle {vid}.", default=default)

    return Costs(
        fixed=cost("fixed"),
        per_hour=cost("per_hour", default=PER_HOUR),
        per_task_hour=cost("per_task_hour"),
        per_km=cost("per_km"),
    )


def _breaks(given: Json, vid: int, components: int) -> tuple[Rest, ...]:
    listed = given.get("breaks", [])
    if not isinstance(listed, list):
        raise wrong(f"Invalid breaks for vehicle {vid}.")
    found = sorted((_rest(rest, components) for rest in listed), key=lambda rest: rest.windows[:1] or ((0, 2**63),))
    seen: set[int] = set()
    for rest in found:
        if rest.id in seen:
            raise wrong(f"Duplicate break id: {rest.id}.")
        seen.add(rest.id)
        if rest.max_load is not None and len(rest.max_load) != components:
            raise wrong(f"Inconsistent break max_load size for break {rest.id}.")
    return tuple(found)


def _rest(given: Any, components: int) -> Rest:
    rid = identity(given, "break")
    return Rest(
        id=rid,
        windows=spans(given, f"break {rid}"),
        service=seconds(given, "service"),
        description=text(given, "description"),
        max_load=amount(given, "max_load", components) if "max_load" in given else None,
    )


def _steps(given: Json, vid: int) -> tuple[Step, ...]:
    """Read what a vehicle is told to do, with its start and its end."""
    listed = given.get("steps", [])
    if not isinstance(listed, list):
        raise wrong(f"Invalid steps for vehicle {vid}.")
    steps = [_step(step, vid) for step in listed]
    if not steps:
        return ()
    if steps[0].kind != "start":
        steps.insert(0, Step(kind="start"))
    if any(step.kind == "start" for step in steps[1:]):
        raise wrong(f"Unexpected start in input steps for vehicle {vid}.")
    if any(step.kind == "end" for step in steps[:-1]):
        raise wrong(f"Unexpected end in input steps for vehicle {vid}.")
    if steps[-1].kind != "end":
        steps.append(Step(kind="end"))
    return tuple(steps)


def _step(given: Any, vid: int) -> Step:
    if not isinstance(given, dict):
        raise wrong(f"Invalid steps for vehicle {vid}.")  # the original falls over here
    at, after, before = (maybe(given, f"service_{when}") for when in ("at", "after", "before"))
    match text(given, "type"):
        case "start" | "end" as kind:
            return Step(kind=kind, at=at, after=after, before=before)
        case kind:
            name = given.get("id")
            if not is_whole(name, MOST_ID):
                raise wrong(f"Invalid id in steps for vehicle {vid}.")
            if kind not in {"job", "pickup", "delivery", "break"}:
                raise wrong(f"Invalid type in steps for vehicle {vid}.")
            return Step(kind=kind, id=name, at=at, after=after, before=before)  # type: ignore[arg-type]  # one of those four
