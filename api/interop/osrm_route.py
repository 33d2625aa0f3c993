"""A way as OSRM's Route object: legs, steps, annotations, geometry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.interop.lines import Form, simplified, written
from api.interop.numbers import degrees, rounded, significant
from api.interop.osrm_query import Query
from api.interop.trace import Trace, joined
from network.instructions import Intersection, Step
from network.ways import Way

FloatArray = NDArray[np.float64]
WEIGHT = "duration"  # what is made small
SOURCE = "mzunguko"


def route(traces: Sequence[Trace], query: Query, mode: str) -> dict[str, Any]:
    """Return one route of a leg for each trace."""
    form: Form = query.options.get("geometries", "polyline")
    overview = query.options.get("overview", "simplified")
    lon, lat = joined([trace.way for trace in traces])
    duration, distance = (rounded(sum(values)) for values in _sums(traces))
    made: dict[str, Any] = {
        "legs": [_leg(trace, query, form, mode, alone=overview == "by_legs") for trace in traces],
        "weight_name": WEIGHT,
        "weight": duration,
        "duration": duration,
        "distance": distance,
    }
    if overview == "full":
        made["geometry"] = written(lon, lat, form)
    elif overview == "simplified":
        kept = simplified(lon, lat)
        made["geometry"] = written(lon[kept], lat[kept], form)
    return made


def _sums(traces: Sequence[Trace]) -> tuple[list[float], list[float]]:
    return [trace.way.duration_s for trace in traces], [trace.way.distance_m for trace in traces]


def _leg(trace: Trace, query: Query, form: Form, mode: str, *, alone: bool) -> dict[str, Any]:
    way, asked = trace.way, query.flag("steps")
    made: dict[str, Any] = {
        "steps": [_step(way, step, form, mode) for step in way.steps] if asked else [],
        "summary": summary(way.steps) if asked else "",
        "weight": rounded(way.duration_s),
        "duration": rounded(way.duration_s),
        "distance": rounded(way.distance_m),
    }
    if query.annotations:
        made["annotation"] = _annotation(trace, query.annotations)
    if alone:
        made["geometry"] = written(way.lon, way.lat, form)
    return made


def summary(steps: Sequence[Step]) -> str:
    """Return the two names on which most time is spent, in the order driven."""
    spent: dict[str, float] = defaultdict(float)
    for step in steps:
        if step.name or step.ref:
            spent[step.name or step.ref] += step.duration_s
    chosen = sorted(spent, key=spent.__getitem__, reverse=True)[:2]
    return ", ".join(name for name in spent if name in chosen)


def _step(way: Way, step: Step, form: Form, mode: str) -> dict[str, Any]:
    points = slice(step.first_point, step.last_point + 1)
    made: dict[str, Any] = {
        "geometry": written(way.lon[points], way.lat[points], form),
        "maneuver": _maneuver(step),
        "mode": mode,
        "driving_side": "left" if step.left_hand else "right",
        "name": step.name,
        "intersections": [_intersection(passed) for passed in step.intersections],
        "weight": rounded(step.duration_s),
        "duration": rounded(step.duration_s),
        "distance": rounded(step.distance_m),
    }
    if step.ref:
        made["ref"] = step.ref
    return made


def _maneuver(step: Step) -> dict[str, Any]:
    made: dict[str, Any] = {
        "location": degrees(step.lon, step.lat),
        "bearing_before": step.bearing_before,
        "bearing_after": step.bearing_after,
        "type": step.kind,
    }
    if step.modifier:
        made["modifier"] = step.modifier
    if step.exit is not None:
        made["exit"] = step.exit
    return made


def _intersection(passed: Intersection) -> dict[str, Any]:
    made: dict[str, Any] = {
        "location": degrees(passed.lon, passed.lat),
        "bearings": list(passed.bearings),
        "entry": list(passed.entry),
    }
    if passed.arm_in is not None:
        made["in"] = passed.arm_in
    if passed.arm_out is not None:
        made["out"] = passed.arm_out
    return made


def _annotation(trace: Trace, asked: Sequence[str]) -> dict[str, Any]:
    """Return one entry for each straight piece of the line."""
    seconds, metres = trace.seconds, trace.metres
    speed = np.divide(metres, seconds, out=np.zeros(len(metres)), where=seconds > 0)
    values: dict[str, list[Any]] = {
        "duration": [rounded(value) for value in seconds],
        "weight": [rounded(value) for value in seconds],
        "distance": [significant(value) for value in metres],
        "speed": [rounded(value) for value in speed],
        "datasources": [0] * len(metres),
        "nodes": trace.nodes.tolist(),
    }
    made: dict[str, Any] = {name: values[name] for name in asked}
    if "datasources" in asked:
        made["metadata"] = {"datasource_names": [SOURCE]}
    return made
