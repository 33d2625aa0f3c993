"""Signed limits of size and weight, and the width of a street."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.case import Case
from network.fill import figure, widths
from network.tagcolumn import TagColumn
from network.values import metres, parsed, tonnes

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

NO_LIMIT = frozenset({"none", "no", "unlimited", "default", "unsigned", "no_sign", "no_indications", "implicit"})
BELOW_DEFAULT = "below_default"
SPECIAL = ("hgv", "goods")  # kinds with limits of their own: maxweight:hgv


class Limit(NamedTuple):
    """A key, what of the profile it limits, and how its values are read."""

    key: str
    dimension: str
    parse: Callable[[str], float]


LIMITS = (
    Limit("maxwidth", "width_m", metres),
    Limit("maxwidth:physical", "width_m", metres),
    Limit("maxheight", "height_m", metres),
    Limit("maxheight:physical", "height_m", metres),
    Limit("maxlength", "length_m", metres),
    Limit("maxweight", "weight_t", tonnes),
    Limit("maxweightrating", "weight_t", tonnes),
    Limit("maxaxleload", "axle_load_t", tonnes),
)
PHYSICAL = ":physical"


def stated(column: TagColumn, limit: Limit) -> Floats:
    """Return a limit by segment: infinite where there is none, not a number where nothing readable is said."""

    def one(value: str) -> float:
        if value in NO_LIMIT:
            return math.inf
        if value == BELOW_DEFAULT and limit.dimension == "height_m":
            return figure("height", BELOW_DEFAULT)
        number = limit.parse(value)
        return number if math.isfinite(number) else math.nan

    return parsed(column, one)


def fits(case: Case) -> dict[str, tuple[Bools, Bools]]:
    """Return for each direction where the vehicle is small and light enough, and where only because it serves."""
    width = widths(case.read)
    invited = ~width.known & case.read("highway").isin(case.profile.by_permission)  # who is allowed there will fit
    room = invited | (width.metres >= case.profile.width_m)
    keys = [limit.key for limit in LIMITS if not limit.key.endswith(PHYSICAL)]
    conditional = case.depends([*keys, *(f"{key}:{kind}" for key in keys for kind in SPECIAL)])

    def one_way(way: str) -> tuple[Bools, Bools]:
        asked = room & _below(case, way)
        passing = room & _below(case.passing(), way) if conditional else asked
        return asked, asked & ~passing

    return case.each_way([f"{key}:{{}}" for key in keys], one_way)


def _below(case: Case, way: str) -> Bools:
    """Return where the vehicle stays below all limits."""
    fit = np.ones(case.size, bool)
    for limit in LIMITS:
        size = getattr(case.profile, limit.dimension)
        if size:
            fit &= ~(_limit(case, limit, way) < size)
    return fit


def _limit(case: Case, limit: Limit, way: str) -> Floats:
    """Return what the most specific key says."""
    found = np.full(case.size, np.nan)
    for column in _columns(case, limit.key, way):
        if len(column.values) > 1:
            found = np.where(np.isnan(found), stated(column, limit), found)
    return found


def _columns(case: Case, key: str, way: str) -> Iterator[TagColumn]:
    """Give the columns of a limit, the most specific first."""
    if key.endswith(PHYSICAL):
        yield case.read(key)
        return
    yield from (case.tag(f"{key}:{kind}") for kind in SPECIAL if kind in case.profile.kinds)
    if way:
        yield case.read(f"{key}:{way}")
    yield case.tag(key)
