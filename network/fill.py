"""What a tag lacks, filled by stated rules; the figures stand in ``network/data/soft.csv``, each with its source.

An assumed width closes a street only to vehicles wider than is usual in streets of its kind, which no profile of ours
is; an assumed surface slows carts on paths and tracks. What is assumed is counted by :mod:`network.soft`.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.tagcolumn import TagColumn
from network.values import metres, parsed

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Read = Callable[[str], TagColumn]

GRAVITY = 9.81  # m/s2
UNPAVED_CLASSES = frozenset({"track", "path", "bridleway"})  # expert: tracks and paths are not paved unless tagged so
UNPAVED = frozenset(
    {
        *("unpaved", "compacted", "fine_gravel", "gravel", "pebblestone", "rock", "rocky", "stone", "ground", "dirt"),
        *("earth", "grass", "mud", "sand", "clay", "laterite", "woodchips", "snow", "ice", "salt", "shells"),
    }
)
HARD_TRACKS = frozenset({"grade1"})
FLOODED = ("yes", "flooding", "flood", "flash_flood")
_GRADE = re.compile(r"^(-?\d+(?:[.,]\d+)?)\s*(%|°|)$")
_RATIO = re.compile(r"^(-?)1\s*(?::|in)\s*(\d+(?:\.\d+)?)$")


def _figures() -> Mapping[tuple[str, str], float]:
    text = files("network.data").joinpath("soft.csv").read_text(encoding="utf-8")
    return MappingProxyType({(r["rule"], r["class"]): float(r["value"]) for r in csv.DictReader(text.splitlines())})


FIGURES = _figures()


def figure(rule: str, name: str) -> float:
    """Return a figure of ``soft.csv``."""
    return FIGURES[rule, name]


class Widths(NamedTuple):
    """Width of each street, and whether the map tells it."""

    metres: Floats
    known: Bools


def tagged_width(read: Read) -> Floats:
    """Return the width of each street in metres, as measured or else as estimated; infinite where unknown."""
    carriageway, whole, estimated = (parsed(read(key), metres) for key in ("width:carriageway", "width", "est_width"))
    found = np.where(np.isfinite(carriageway), carriageway, whole)
    return np.where(np.isfinite(found), found, estimated)


def widths(read: Read) -> Widths:
    """Return the width of each street: as tagged, else by its lanes, else by its kind of service way or class."""
    tagged = tagged_width(read)
    known = np.isfinite(tagged)
    assumed = parsed(read("highway"), lambda value: FIGURES.get(("width", value), figure("width", "road")))
    special = parsed(read("service"), lambda value: FIGURES.get(("width", value), math.nan))
    assumed = np.where(np.isnan(special), assumed, special)
    lanes = parsed(read("lanes"), _lanes)
    assumed = np.where(np.isfinite(lanes), lanes * figure("width", "lane"), assumed)
    narrow = read("narrow").isin({"yes"})
    assumed = np.where(narrow, np.minimum(assumed, figure("width", "narrow")), assumed)
    return Widths(np.where(known, tagged, assumed), known)


def _lanes(value: str) -> float:
    return float(value) if value.isdigit() and 0 < int(value) < 20 else math.inf


def surfaces(read: Read) -> TagColumn:
    """Return the surface of each street: as tagged, else "ground" on tracks and paths whose grade is not told."""
    tagged, highway = read("surface"), read("highway")
    lacking = (tagged.codes == 0) & highway.isin(UNPAVED_CLASSES) & (read("tracktype").codes == 0)
    codes = np.where(lacking, len(tagged.values), tagged.codes).astype(np.int32)
    return TagColumn(codes=codes, values=(*tagged.values, "ground"))


def rolling(read: Read) -> Floats:
    """Return the rolling resistance of each street, a share of the weight."""
    soft = surfaces(read).isin(UNPAVED) | ~read("tracktype").isin({"", *HARD_TRACKS})
    return np.where(soft, figure("rolling", "unpaved"), figure("rolling", "paved"))


class Grades(NamedTuple):
    """Rise in percent in the direction each street was mapped, and whether a figure was tagged."""

    percent: Floats
    measured: Bools


def grades(read: Read) -> Grades:
    """Return how steep the streets are; "up" and "down" are given a usual steepness."""
    column = read("incline")
    percent = parsed(column, _percent)
    measured = np.isfinite(percent)
    up, down = column.isin({"up"}), column.isin({"down"})
    rise = figure("incline", "up")
    return Grades(np.where(measured, percent, np.where(up, rise, np.where(down, -rise, 0.0))), measured)


def _percent(value: str) -> float:
    """Return a rise in percent: "10%", "10 %", "5.7°", "10", "1:10"; infinity where it is none."""
    found, ratio = _GRADE.match(value.strip()), _RATIO.match(value.strip())
    if found:
        number = float(found[1].replace(",", "."))
        percent = 100 * math.tan(math.radians(number)) if found[2] == "°" and abs(number) < 60 else number
    elif ratio and float(ratio[2]):
        percent = (-100 if ratio[1] else 100) / float(ratio[2])
    else:
        return math.inf
    return percent if abs(percent) <= figure("incline", "steepest") else math.inf
