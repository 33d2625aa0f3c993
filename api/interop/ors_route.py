"""A way as openrouteservice tells it: JSON, GeoJSON or GPX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from api.interop.lines import coordinates, simplified
from api.interop.numbers import degrees, rounded
from api.interop.ors import UNITS, Json, described
from api.interop.ors_body import DirectionsBody
from api.interop.polyline import encode
from api.interop.roads import Roads
from api.interop.trace import Trace, joined
from network.geometry import metres_between
from network.instructions import Step
from scenarios.documents.turns import told
from scenarios.messages import languages, say

FloatArray = NDArray[np.float64]
LEFT, RIGHT, SHARP_LEFT, SHARP_RIGHT, SLIGHT_LEFT, SLIGHT_RIGHT, STRAIGHT = range(7)
ENTER, EXIT, U_TURN, GOAL, DEPART, KEEP_LEFT, KEEP_RIGHT = range(7, 14)
TYPES: Mapping[str, int] = {
    "left": LEFT,
    "right": RIGHT,
    "sharp left": SHARP_LEFT,
    "sharp right": SHARP_RIGHT,
    "slight left": SLIGHT_LEFT,
    "slight right": SLIGHT_RIGHT,
    "straight": STRAIGHT,
    "uturn": U_TURN,
}
ROUND, LEAVING = frozenset({"roundabout", "rotary"}), frozenset({"exit roundabout", "exit rotary"})
ENGLISH = "en"
NOT_DONE: Mapping[str, str] = {
    "elevation": "Heights are not known here; the way has none.",
    "extra_info": "There is no extra information here.",
    "alternative_routes": "One way is answered.",
    "roundabout_exits": "The bearings of exits are not told.",
}


def as_json(roads: Roads, legs: Sequence[Trace], body: DirectionsBody, word: str) -> Json:
    """Return the way as JSON with an encoded line."""
    line = _Line(legs, body)
    route = _properties(legs, body, line) | {"bbox": line.box}
    if body.geometry:
        route["geometry"] = encode(line.lon, line.lat, digits=5)
    return {
        "bbox": line.box,
        "routes": [route],
        "metadata": described(roads, "routing", body, {"profile": word, "profileName": word, "format": "json"}),
    }


def as_geojson(roads: Roads, legs: Sequence[Trace], body: DirectionsBody, word: str) -> Json:
    """Return the way as GeoJSON."""
    line = _Line(legs, body)
    feature = {
        "bbox": line.box,
        "type": "Feature",
        "properties": _properties(legs, body, line),
        "geometry": {"coordinates": coordinates(line.lon, line.lat), "type": "LineString"},
    }
    return {
        "type": "FeatureCollection",
        "bbox": line.box,
        "features": [feature],
        "metadata": described(roads, "routing", body, {"profile": word, "profileName": word, "format": "geojson"}),
    }


def as_gpx(roads: Roads, legs: Sequence[Trace], body: DirectionsBody) -> str:
    """Return the way as GPX."""
    line = _Line(legs, body)
    points = "".join(f'<rtept lat="{lat}" lon="{lon}"></rtept>' for lon, lat in coordinates(line.lon, line.lat))
    west, south, east, north = line.box
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gpx version="1.1" creator="mzunguko" xmlns="http://www.topografix.com/GPX/1/1"><metadata>'
        f"<copyright author={_quoted(roads.network.attribution)}/>"
        f'<bounds minlat="{south}" minlon="{west}" maxlat="{north}" maxlon="{east}"/></metadata>'
        f"<rte>{points}</rte></gpx>"
    )


def _quoted(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;"}) + '"'


class _Line:
    """The line of all legs, thinned if that is asked for, and where their points are in it."""

    def __init__(self, legs: Sequence[Trace], body: DirectionsBody) -> None:
        lon, lat = joined([leg.way for leg in legs])
        sizes = [len(leg.way.lon) - 1 for leg in legs]
        self.starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        marks = [
            start + step.first_point for start, leg in zip(self.starts, legs, strict=False) for step in leg.way.steps
        ]
        kept = np.arange(len(lon))
        if body.geometry_simplify:
            kept = np.unique(np.concatenate([simplified(lon, lat), self.starts, np.array(marks, np.int64)]))
        self.lon, self.lat, self._kept = lon[kept], lat[kept], kept

    def at(self, point: int) -> int:
        """Return the position of a point that is kept."""
        return int(np.searchsorted(self._kept, point))

    @property
    def box(self) -> list[float | int]:
        """West, south, east, north."""
        return [*degrees(self.lon.min(), self.lat.min()), *degrees(self.lon.max(), self.lat.max())]


def _properties(legs: Sequence[Trace], body: DirectionsBody, line: _Line) -> Json:
    whole = sum(leg.way.distance_m for leg in legs)
    made: Json = {
        "summary": {
            "distance": _distance(whole, body),
            "duration": rounded(sum(leg.way.duration_s for leg in legs)),
        },
        "way_points": [line.at(int(start)) for start in line.starts],
    }
    if body.instructions:
        made["segments"] = [
            _segment(leg, int(start), body, line, whole) for leg, start in zip(legs, line.starts, strict=False)
        ]
    left_out = [] if body.suppress_warnings else [text for name, text in NOT_DONE.items() if getattr(body, name)]
    if left_out:
        made["warnings"] = [{"code": 100, "message": text} for text in left_out]
    return made


def _segment(leg: Trace, start: int, body: DirectionsBody, line: _Line, whole_m: float) -> Json:
    way = leg.way
    made: Json = {
        "distance": _distance(way.distance_m, body),
        "duration": rounded(way.duration_s),
        "steps": [_step(step, leg, start, body, line) for step in _said(way.steps)],
    }
    straight = float(metres_between(way.lon[0], way.lat[0], way.lon[-1], way.lat[-1]))
    attributes = {
        "detourfactor": way.distance_m / straight if straight else 0.0,
        "percentage": 100 * way.distance_m / whole_m if whole_m else 0.0,
        "avgspeed": 3.6 * way.distance_m / way.duration_s if way.duration_s else 0.0,
    }
    return made | {name: rounded(value, 2) for name, value in attributes.items() if name in body.attributes}


def _said(steps: Sequence[Step]) -> list[tuple[Step, float, float, int]]:
    """Return the steps worth a word, with metres, seconds and last point; the way off a roundabout is part of it."""
    said: list[tuple[Step, float, float, int]] = []
    for step in steps:
        if step.kind in LEAVING and said:
            first, metres, seconds, _ = said[-1]
            said[-1] = (first, metres + step.distance_m, seconds + step.duration_s, step.last_point)
        else:
            said.append((step, step.distance_m, step.duration_s, step.last_point))
    return said


def _step(told_step: tuple[Step, float, float, int], leg: Trace, start: int, body: DirectionsBody, line: _Line) -> Json:
    step, metres, seconds, last = told_step
    made: Json = {
        "distance": _distance(metres, body),
        "duration": rounded(seconds),
        "type": _type(step),
        "instruction": _instruction(step, _language(body)),
        "name": _street(step, leg) or "-",
        "way_points": [line.at(start + step.first_point), line.at(start + last)],
    }
    if step.exit is not None:
        made["exit_number"] = step.exit
    if body.maneuvers:
        made["maneuver"] = {
            "location": degrees(step.lon, step.lat),
            "bearing_before": step.bearing_before,
            "bearing_after": step.bearing_after,
        }
    return made


def _street(step: Step, leg: Trace) -> str:
    """Return the street driven after a step; after a roundabout that behind it."""
    if step.kind not in ROUND:
        return step.name or step.ref
    steps = leg.way.steps
    behind = steps[min(steps.index(step) + 1, len(steps) - 1)]
    return behind.name or behind.ref


def _type(step: Step) -> int:
    if step.kind == "depart":
        return DEPART
    if step.kind == "arrive":
        return GOAL
    if step.kind in ROUND:
        return ENTER
    if step.kind == "fork":
        return KEEP_LEFT if "left" in step.modifier else KEEP_RIGHT
    return TYPES.get(step.modifier, STRAIGHT)


def _language(body: DirectionsBody) -> str:
    """Return the language asked for ("de-de"), if there is a catalogue of it."""
    word = body.language.partition("-")[0]
    return word if word in languages() else ENGLISH


def _instruction(step: Step, language: str) -> str:
    if step.kind != "arrive":
        return told(step, language)
    side = step.modifier if step.modifier in {"left", "right"} else "straight"
    street = step.name or step.ref
    return say(f"arrival.{side}.{'named' if street else 'bare'}", language, street=street)


def _distance(metres: float, body: DirectionsBody) -> float | int:
    factor, digits = UNITS[body.units]
    return rounded(metres * factor, max(digits - 1, 1))


FORMATS: Mapping[str, Any] = {"json": as_json, "geojson": as_geojson}
