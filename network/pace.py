"""How fast: speed of a profile by direction, and which rule set it."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.case import BACKWARD, CONDITIONAL, FORWARD, Case
from network.fill import FLOODED, GRAVITY, figure, grades, rolling, surfaces
from network.tagcolumn import TagColumn
from network.values import capped, kmh, parsed

Floats = NDArray[np.float64]


class SpeedSource(IntEnum):
    """What set the speed of a segment."""

    CLASS = 0
    MAXSPEED = 1
    SURFACE = 2
    SMOOTHNESS = 3
    TRACKTYPE = 4
    PROFILE = 5
    SERVICE = 6
    WATER = 7
    INCLINE = 8


class Pace(NamedTuple):
    """Speed in km/h, 0 where class or a cap closes a street, and the rule that set it."""

    kmh: Floats
    source: NDArray[np.int8]

    def capped(self, code: SpeedSource, limit: Floats) -> Pace:
        """Return the speed under another limit."""
        lower = limit < self.kmh
        return Pace(np.where(lower, limit, self.kmh), np.where(lower, np.int8(code), self.source))


def pace(case: Case) -> dict[str, Pace]:
    """Return how fast a profile goes in each direction."""
    profile = case.profile
    speed = case.read("highway").map(profile.speed_kmh, 0.0)
    free = Pace(speed, np.full(case.size, SpeedSource.CLASS, np.int8))
    caps = [
        (SpeedSource.SURFACE, capped(surfaces(case.read), profile.surface_kmh)),
        (SpeedSource.SMOOTHNESS, capped(case.read("smoothness"), profile.smoothness_kmh)),
        (SpeedSource.TRACKTYPE, capped(case.read("tracktype"), profile.tracktype_kmh)),
        (SpeedSource.SERVICE, capped(case.read("service"), profile.service_kmh)),
        (SpeedSource.WATER, _water(case)),
        (SpeedSource.PROFILE, np.full(case.size, profile.kmh_cap)),
    ]
    for code, limit in caps:
        free = free.capped(code, limit)
    forms = [f"{key}:{{}}{when}" for key in _signs(case) for when in ("", CONDITIONAL)]
    signed = case.each_way(forms, lambda way: free.capped(SpeedSource.MAXSPEED, _maxspeed(case, way)))
    return _on_slopes(case, signed)


def _signs(case: Case) -> list[str]:
    """Return the keys of signed limits, the most specific first; none where they do not bind."""
    own = [f"maxspeed:{key}" for key in case.profile.access_keys if key != "access"]
    return [*own, "maxspeed"] if case.profile.heeds_maxspeed else []


def _maxspeed(case: Case, way: str) -> Floats:
    """Return the signed limit in km/h, infinite where there is none that binds."""
    limit = np.full(case.size, np.inf)
    for key in _signs(case):
        for form in (f"{key}:{way}", key) if way else (key,):
            column = case.tag(form)
            if len(column.values) > 1:
                limit = np.where(np.isfinite(limit), limit, parsed(column, kmh))
    return limit


def _water(case: Case) -> Floats:
    """Return the cap in fords and where floods are known: figures for the dry season."""
    caps = case.profile.water_kmh
    wade = caps.get("ford", math.inf)
    stones = caps.get("stepping_stones", wade)
    fords = {"yes": wade, "intermittent": wade, "seasonal": wade, "stepping_stones": stones, "boat": 0.0}
    prone = np.minimum(_flooded(case.read("flood_prone")), _flooded(case.read("hazard")))
    floods = np.where(np.isfinite(prone), caps.get("flood_prone", math.inf), np.inf)
    return np.minimum(capped(case.read("ford"), fords), floods)


def _flooded(column: TagColumn) -> Floats:
    return capped(column, dict.fromkeys(FLOODED, 0.0))


def _on_slopes(case: Case, level: dict[str, Pace]) -> dict[str, Pace]:
    """Return the speeds at which the vehicle's power lifts it, loaded; steep ways down take the gear of the way up."""
    profile = case.profile
    rise = grades(case.read).percent / 100
    if not profile.power_kw or not profile.weight_t or not rise.any():
        return level
    drag = rolling(case.read)
    found = {}
    for way, climb in ((FORWARD, rise), (BACKWARD, -rise)):
        steep = np.where(climb <= -figure("incline", "hold_back") / 100, -climb, np.maximum(climb, 0.0))
        pull_kn = profile.weight_t * GRAVITY * (steep / np.sqrt(1 + steep**2) + drag)
        cap = np.maximum(3.6 * profile.power_kw / pull_kn, figure("incline", "slowest"))
        found[way] = level[way].capped(SpeedSource.INCLINE, np.where(steep > 0, cap, math.inf))
    return found
