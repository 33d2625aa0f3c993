"""What is ours in a request, under the key ``mzunguko``: unloading sites, sides of the street, a bound.

VROOM itself passes over keys that it does not know, so the same body can be sent to both. See ``docs/interop.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api.interop.vroom.fields import Json, identity, is_number, is_whole, seconds, spans, text, wrong
from api.interop.vroom.nouns import Tip, Van
from api.interop.vroom.spots import Spots

KEY = "mzunguko"
SIDES = {"": "", "either": "", "curb": "curb", "opposite": "opposite"}
MOST_BOUND_S = 60.0


def side(given: Json) -> str:
    """Read from which side of its street a task is done: ``curb``, ``opposite``, or (empty) either."""
    found = _part(given).get("side", "")
    if not isinstance(found, str) or found not in SIDES:
        raise wrong(f"Invalid {KEY} side: use curb, opposite or either.")
    return SIDES[found]


def tips(body: Json, components: int, spots: Spots) -> tuple[Tip, ...]:
    """Read the places where vehicles may unload."""
    listed = _part(body).get("tips", [])
    if not isinstance(listed, list):
        raise wrong(f"Invalid {KEY} tips.")
    found = tuple(_tip(given, components, spots) for given in listed)
    if len({tip.id for tip in found}) != len(found):
        raise wrong(f"Duplicate {KEY} tip id.")
    return found


def _tip(given: Any, components: int, spots: Spots) -> Tip:
    what = f"tip {identity(given, 'tip')}"
    accepts = given.get("accepts")
    if accepts is not None and not (
        isinstance(accepts, list) and all(is_whole(part) and part < components for part in accepts)
    ):
        raise wrong(f"Invalid accepts for {what}.")
    message, missing = f"Invalid location_index for {what}.", f"Invalid location for {what}."
    return Tip(
        id=given["id"],
        spot=spots.read(given, "location", "location_index", message, missing),
        description=text(given, "description"),
        service=seconds(given, "service"),
        queue=seconds(given, "queue"),
        windows=spans(given, what),
        accepts=None if accepts is None else frozenset(accepts),
    )


def with_tips(given: Json, van: Van, known: tuple[Tip, ...]) -> Van:
    """Return a vehicle that knows where it may unload: everywhere, if it does not say; it then ends its day empty."""
    part = _part(given)
    ids, empty = part.get("tips", [tip.id for tip in known]), part.get("ends_empty", True)
    positions = {tip.id: k for k, tip in enumerate(known)}
    if not isinstance(ids, list) or not all(is_whole(name) and name in positions for name in ids):
        raise wrong(f"Invalid {KEY} tips for vehicle {van.id}.")
    if not isinstance(empty, bool):
        raise wrong(f"Invalid {KEY} ends_empty for vehicle {van.id}.")
    return replace(van, tips=tuple(positions[name] for name in ids), ends_empty=empty and bool(ids))


def bound_s(body: Json) -> float:
    """Read how many seconds a bound may take; 0: none is wanted."""
    found = _part(body).get("bound", 0)
    if not is_number(found) or not 0 <= found <= MOST_BOUND_S:
        raise wrong(f"Invalid {KEY} bound: give seconds, at most {MOST_BOUND_S:g}.")
    return float(found)


def _part(given: Json) -> Json:
    part = given.get(KEY, {})
    if not isinstance(part, dict):
        raise wrong(f"Invalid {KEY} object.")
    return part
