"""Tags that are read but say nothing to any rule, by length of street: what a planner may want to mend on the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from network.access import REFUSED
from network.keys import MODES
from network.limits import BELOW_DEFAULT, LIMITS, NO_LIMIT, stated
from network.oneway import BACKWARD_ONLY, BOTH_WAYS, FORWARD_ONLY, NEITHER_WAY
from network.profiles import PROFILES
from network.soft import NO_SPEED, unread
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn
from network.values import kmh, metres, parts

Understood = Callable[[str], bool]

# fmt: off
SMOOTH = frozenset({
    "asphalt", "concrete", "paved", "chipseal", "metal_grid", "plastic", "rubber", "tartan", "acrylic", "tiles",
    "interlock",
})
EVEN = frozenset({"excellent", "good", "intermediate"})
# fmt: on
ONE_WAY = FORWARD_ONLY | BACKWARD_ONLY | BOTH_WAYS | NEITHER_WAY


def unknown_values(network: StreetNetwork) -> dict[str, float]:
    """Return "key=value" for values that no rule understands, with the kilometres that carry them, longest first.

    Surfaces and the like that slow nobody down are understood (asphalt). Conditions are those of
    :func:`network.soft.unread`.
    """
    km = network.length_m / 1000
    found = unread(network)
    for key, understood in _rules():
        column = network.tag(key)
        length = np.bincount(column.codes, weights=km, minlength=len(column.values)).tolist()
        for value, carried in zip(column.values[1:], length[1:], strict=True):
            if carried and not understood(value):
                found[f"{key}={value}"] = carried
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _rules() -> Iterator[tuple[str, Understood]]:
    """Give each key with what is understood of it."""
    profiles = PROFILES.values()
    admitted = REFUSED.union(*(profile.serve for profile in profiles), *(profile.allowed for profile in profiles))
    for mode in MODES:
        for way in ("", ":forward", ":backward"):
            yield f"{mode}{way}", lambda value: any(part in admitted for part in parts(value))
    for mode in ("", *(f":{mode}" for mode in MODES[1:])):
        yield f"oneway{mode}", ONE_WAY.__contains__
    surfaces = SMOOTH.union(*(profile.surface_kmh for profile in profiles))
    yield "surface", lambda value: any(part in surfaces or part.split(":")[0] in surfaces for part in parts(value))
    yield "smoothness", EVEN.union(*(profile.smoothness_kmh for profile in profiles)).__contains__
    yield "tracktype", frozenset(f"grade{k}" for k in range(1, 6)).__contains__
    yield "maxspeed", lambda value: value in NO_SPEED or math.isfinite(kmh(value))
    yield "width", lambda value: math.isfinite(metres(value))
    for limit in LIMITS:
        yield limit.key, lambda value, limit=limit: _limits(value, stated(_one(value), limit)[0])  # type: ignore[misc]


def _one(value: str) -> TagColumn:
    return TagColumn(codes=np.array([1], np.int32), values=("", value))


def _limits(value: str, number: float) -> bool:
    return value in NO_LIMIT or value == BELOW_DEFAULT or math.isfinite(number)
