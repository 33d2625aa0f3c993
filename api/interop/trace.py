"""A driven way with what happens on each straight piece of its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from network.geometry import metres_between
from network.instructions import Step
from network.streets import StreetNetwork
from network.ways import Way

FloatArray = NDArray[np.float64]
UNKNOWN_NODE = 0  # the map's bends have no id here, only its junctions


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A leg: its way, and seconds, metres and junctions along it.

    Parameters
    ----------
    seconds, metres
        Of each straight piece of the line, without what turns take.
    nodes
        OSM id of each point of the line that is a junction, else ``UNKNOWN_NODE``.
    """

    way: Way
    seconds: FloatArray
    metres: FloatArray
    nodes: NDArray[np.int64]


def joined(ways: Sequence[Way]) -> tuple[FloatArray, FloatArray]:
    """Return one line of several ways, each beginning where the one before ends."""
    lon = np.concatenate([ways[0].lon, *(way.lon[1:] for way in ways[1:])])
    lat = np.concatenate([ways[0].lat, *(way.lat[1:] for way in ways[1:])])
    return lon, lat


def traced(network: StreetNetwork, way: Way) -> Trace:
    """Return a way with the time and length of each straight piece; what turns take is in none of them."""
    driven = way.driven
    assert driven is not None, "the way was asked for with its pieces"
    ground = metres_between(way.lon[:-1], way.lat[:-1], way.lon[1:], way.lat[1:])
    sizes = np.diff(driven.point)
    piece = np.repeat(np.arange(len(sizes)), sizes)
    whole = np.bincount(piece, weights=ground, minlength=len(sizes))[piece]
    share = np.divide(ground, whole, out=1.0 / sizes[piece], where=whole > 0)
    nodes = np.full(len(way.lon), UNKNOWN_NODE, np.int64)
    onward = driven.directed[1:]
    nodes[driven.point[1:-1]] = network.junction_id[
        np.where(onward & 1, network.head[onward >> 1], network.tail[onward >> 1])
    ]
    return Trace(way=way, seconds=share * driven.ms[piece] / 1000, metres=share * driven.dm[piece] / 10, nodes=nodes)


def merged(traces: Sequence[Trace]) -> Trace:
    """Return several legs as one that passes the places between without stopping."""
    lon, lat = joined([trace.way for trace in traces])
    steps: list[Step] = []
    offset = 0
    for trace in traces:
        moved = [_moved(step, offset) for step in trace.way.steps]
        offset += len(trace.way.lon) - 1
        if steps and moved:
            steps.pop()  # the arrival at the place between
            steps[-1] = _lengthened(steps[-1], moved.pop(0))
        steps += moved
    way = replace(
        traces[0].way,
        lon=lon,
        lat=lat,
        distance_m=sum(trace.way.distance_m for trace in traces),
        duration_s=sum(trace.way.duration_s for trace in traces),
        names=tuple(name for trace in traces for name in trace.way.names),
        steps=tuple(steps),
    )
    return Trace(
        way=way,
        seconds=np.concatenate([trace.seconds for trace in traces]),
        metres=np.concatenate([trace.metres for trace in traces]),
        nodes=np.concatenate([traces[0].nodes, *(trace.nodes[1:] for trace in traces[1:])]),
    )


def _moved(step: Step, offset: int) -> Step:
    return replace(step, first_point=step.first_point + offset, last_point=step.last_point + offset)


def _lengthened(step: Step, onward: Step) -> Step:
    """Return a step that goes on through the one behind it."""
    return replace(
        step,
        distance_m=step.distance_m + onward.distance_m,
        duration_s=step.duration_s + onward.duration_s,
        last_point=onward.last_point,
        intersections=step.intersections + onward.intersections[1:],
    )
