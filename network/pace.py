"""How fast: speed of a profile by direction, and which rule set it."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from network.case import Case
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


def pace(case: Case, way: str) -> tuple[Floats, NDArray[np.int8]]:
    """Return km/h going "forward" or "backward", 0 where class or a cap closes it, and the rule that set it."""
    profile = case.profile
    speed = case.read("highway").map(profile.speed_kmh, 0.0)
    source = np.full(case.size, SpeedSource.CLASS, np.int8)
    limits = [
        (SpeedSource.MAXSPEED, _maxspeed(case, way)),
        (SpeedSource.SURFACE, capped(surfaces(case.read), profile.surface_kmh)),
        (SpeedSource.SMOOTHNESS, capped(case.read("smoothness"), profile.smoothness_kmh)),
        (SpeedSource.TRACKTYPE, capped(case.read("tracktype"), profile.tracktype_kmh)),
        (SpeedSource.SERVICE, capped(case.read("service"), profile.service_kmh)),
        (SpeedSource.WATER, _water(case)),
        (SpeedSource.PROFILE, np.full(case.size, profile.kmh_cap)),
        (SpeedSource.INCLINE, _slope(case, way)),
    ]
    for code, limit in limits:
        lower = limit < speed
        speed = np.where(lower, limit, speed)
        source[lower] = code
    return speed, source


def _maxspeed(case: Case, way: str) -> Floats:
    """Return the signed limit in km/h, infinite where there is none that binds."""
    limit = np.full(case.size, np.inf)
    if not case.profile.heeds_maxspeed:
        return limit
    own = [f"maxspeed:{key}" for key in case.profile.access_keys if key != "access"]
    for key in (*own, "maxspeed"):
        for form in (f"{key}:{way}", key):
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


def _slope(case: Case, way: str) -> Floats:
    """Return the speed at which its power lifts the loaded vehicle; steep ways down take the gear of the way up."""
    profile = case.profile
    rise = grades(case.read).percent / 100
    rise = rise if way == "forward" else -rise
    if not profile.power_kw or not profile.weight_t or not rise.any():
        return np.full(case.size, np.inf)
    steep = np.where(rise <= -figure("incline", "hold_back") / 100, -rise, np.maximum(rise, 0.0))
    sine = steep / np.sqrt(1 + steep**2)
    pull_kn = profile.weight_t * GRAVITY * (sine + rolling(case.read))
    cap = np.maximum(3.6 * profile.power_kw / pull_kn, figure("incline", "slowest"))
    return np.where(steep > 0, cap, math.inf)
