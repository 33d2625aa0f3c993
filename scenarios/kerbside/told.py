"""Kerbside stops as documents tell them: a name, a place, what is picked up, the side, and the line driven there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from network.stances import BACK
from scenarios.kerbside.stands import Stands
from scenarios.kerbside.work import served_at
from scenarios.model.kerbside import FACING, KerbsideStreet, Side
from scenarios.model.work import CollectionPoint, PointKind


def as_points(streets: Iterable[KerbsideStreet]) -> dict[str, CollectionPoint]:
    """Return every stop that kerbside streets can give, as a point in the middle of its stretch.

    The stop for both sides at once is there beside each side; it holds what both do.
    """
    by_id = {street.id: street for street in streets}
    return {stop: _point(stop, [by_id[id_] for id_ in ids]) for stop, ids in served_at(by_id.values()).items()}


def _point(stop: str, sides: Sequence[KerbsideStreet]) -> CollectionPoint:
    first = sides[0]
    point = CollectionPoint(
        id=stop,
        name=first.name,
        lon=first.lon,
        lat=first.lat,
        kind=PointKind.CUSTOMER,
        stream=next(iter(first.kg_per_day)),
        kg_per_day=sum(side.total_kg_per_day for side in sides),
        containers=round(sum(side.bins for side in sides)),
        people=sum(side.people for side in sides),
        open_s=first.open_s,
        close_s=first.close_s,
        days=first.days,
        estimated=any(side.estimated for side in sides),
        own=first.own,
        origin=first.origin,
    )
    return point if point.name else replace(point, name=first.stretch)


def side_driven(street: KerbsideStreet, arrive: str) -> Side:
    """Return the side of a street as its driver sees it, from the way of arriving of the mode."""
    return FACING[street.side] if BACK in arrive.removeprefix(street.stretch) else street.side


def picked_up(stop: str, at: Mapping[str, Sequence[str]], loads_kg: Mapping[str, float]) -> float:
    """Return the kilograms at a stop, of both sides where these are served at once."""
    return sum(loads_kg.get(id_, 0.0) for id_ in at.get(stop, (stop,)))


def line_served(stands: Stands | None, arrive: str, leave: str) -> NDArray[np.float64]:
    """Return the line driven while serving (lon, lat rows); empty for a stop that is no street."""
    way = None if stands is None else stands.way_of.get(arrive)
    if stands is None or way is None:
        return np.zeros((0, 2))
    line = stands.lines[int(stands.ways.part[way])]
    if stands.ways.back[way]:
        line = line[::-1]
    out = stands.ways.back[stands.way_of[leave]] != stands.ways.back[way]
    return np.concatenate([line, line[::-1][1:]]) if out else line
