"""The streets of a map: drawn by class in a few paths, quiet enough for rounds to stand out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from network.streets import StreetNetwork
from scenarios.documents.frame import Frame
from scenarios.documents.lines import path_data, pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a class of street is drawn: from ``hidden_above`` metres a point on it is left out."""

    name: str
    colour: str
    width: float
    hidden_above: float = float("inf")


LOOKS = (  # lesser streets first: greater ones lie on top
    Look(name="path", colour="#e2ded2", width=0.7, hidden_above=6.0),
    Look(name="service", colour="#e0dccf", width=1.0, hidden_above=9.0),
    Look(name="local", colour="#d6d1c1", width=1.6, hidden_above=45.0),
    Look(name="tertiary", colour="#cbc5b2", width=2.2),
    Look(name="secondary", colour="#c0b9a3", width=2.8),
    Look(name="primary", colour="#b6ae95", width=3.3),
    Look(name="trunk", colour="#aaa187", width=3.8),
)
LOCAL, MAIN = 2, 3
CLASS = {
    "motorway": 6, "motorway_link": 6, "trunk": 6, "trunk_link": 6, "primary": 5, "primary_link": 5,
    "secondary": 4, "secondary_link": 4, "tertiary": 3, "tertiary_link": 3, "service": 1, "track": 1,
    "footway": 0, "path": 0, "steps": 0, "pedestrian": 0, "cycleway": 0, "bridleway": 0, "corridor": 0, "platform": 0,
    "construction": 0, "proposed": 0,
}  # fmt: skip
MANY = 6000  # so many segments on a sheet: small maps show main streets only
COARSE_M = 4.0  # metres a point from which streets are drawn with less detail


def street_layers(network: StreetNetwork, frame: Frame) -> tuple[Markup, Markup]:
    """Return the streets inside a frame as two groups: minor streets, main streets.

    A street of a class not listed in ``CLASS`` is drawn as a local one.
    """
    level = network.tag("highway").map(CLASS, LOCAL).astype(np.int64)
    shown = inside(network, frame)
    drawn = [_layer(network, frame, shown & (level == k), look) for k, look in enumerate(LOOKS)]
    return Markup("").join(drawn[:MAIN]), Markup("").join(drawn[MAIN:])


def is_crowded(network: StreetNetwork, frame: Frame) -> bool:
    """Return whether a frame holds so many streets that small maps should show the main ones only."""
    return int(np.count_nonzero(inside(network, frame))) > MANY


def inside(network: StreetNetwork, frame: Frame) -> NDArray[np.bool_]:
    """Mark the segments whose extent meets the frame."""
    if not network.segments:
        return np.zeros(0, dtype=bool)
    x, y = frame.xy(network.shape_lon, network.shape_lat)
    first = network.shape_start[:-1]
    left, right = np.minimum.reduceat(x, first), np.maximum.reduceat(x, first)
    top, bottom = np.minimum.reduceat(y, first), np.maximum.reduceat(y, first)
    meets: NDArray[np.bool_] = (right >= 0) & (left <= frame.width) & (bottom >= 0) & (top <= frame.height)
    return meets


def _layer(network: StreetNetwork, frame: Frame, chosen: NDArray[np.bool_], look: Look) -> Markup:
    if frame.metres_per_point > look.hidden_above or not chosen.any():
        return Markup("")
    counts = np.diff(network.shape_start)
    mine = np.repeat(chosen, counts)
    x, y = frame.xy(network.shape_lon[mine], network.shape_lat[mine])
    coarse = frame.metres_per_point > COARSE_M
    data = path_data(x, y, pieces(counts[chosen]), tolerance=0.7 if coarse else 0.25)
    zoom = float(np.clip((6.0 / frame.metres_per_point) ** 0.45, 0.45, 2.2))
    return Markup('<path d="{}" stroke="{}" stroke-width="{:.1f}"/>').format(data, look.colour, 10 * look.width * zoom)
