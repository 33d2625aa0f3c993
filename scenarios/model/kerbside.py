"""Sides of streets from whose houses waste is fetched."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scenarios.model.origin import Origin


class Side(StrEnum):
    """Which side of a stretch of street, seen in its own direction."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"  # in one go: in one pass where that is possible, in and out in a dead end


FACING = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.BOTH: Side.BOTH}
"""The side across the street; also what a side is to who goes the other way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetPiece:
    """A piece of a street of the map, in the direction of the stretch it belongs to.

    Parameters
    ----------
    way, tail, head
        OpenStreetMap's numbers of the way, and of the nodes at which the street between two junctions begins and ends,
        in the direction it was mapped in.
    from_m, to_m
        Metres from ``tail``; ``from_m`` is the larger where the stretch goes against that direction.
    """

    way: int
    tail: int
    head: int
    from_m: float
    to_m: float

    @property
    def length_m(self) -> float:
        """Metres of the piece."""
        return abs(self.to_m - self.from_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class KerbsideStreet:
    """A side of a stretch of street, or both, with what its houses put out.

    Parameters
    ----------
    id
        ``way:nodeA-nodeB:side:part``: the first way of the stretch, the nodes at its two ends, and which part of it
        this is. It stays the same in every extract that has these streets.
    stretch
        ``way:nodeA-nodeB:part``: the same for both sides.
    name
        Of the street, for people.
    pieces
        In the order of the stretch.
    kg_per_day
        Stream -> waste generated a day.
    people, households
        Who live there.
    doors, bins
        Households that put out a sack or a small bin of their own; shared bins of 1,100 l.
    lon, lat
        Its middle.
    blind
        A dead end, and at which end of the stretch: ``"last"``, ``"first"``; else ``""``.
    days, open_s, close_s
        Weekdays on which it is collected (empty: every planned day), and when.
    estimated
        The amount is an estimate, not a count.
    """

    id: str
    stretch: str
    name: str
    side: Side
    pieces: tuple[StreetPiece, ...]
    kg_per_day: Mapping[str, float]
    people: float = 0.0
    households: float = 0.0
    doors: float = 0.0
    bins: float = 0.0
    lon: float
    lat: float
    blind: str = ""
    days: tuple[str, ...] = ()
    open_s: float | None = None
    close_s: float | None = None
    estimated: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    origin: Origin

    def __post_init__(self) -> None:
        if not self.pieces:
            raise ValueError(f"kerbside street {self.id} has no piece of street")
        if min(self.people, self.households, self.doors, self.bins, *self.kg_per_day.values()) < 0:
            raise ValueError(f"kerbside street {self.id} has less than nothing")

    @property
    def length_m(self) -> float:
        """Metres of the stretch, one way."""
        return math.fsum(piece.length_m for piece in self.pieces)

    @property
    def total_kg_per_day(self) -> float:
        """Waste of all streams generated a day."""
        return math.fsum(self.kg_per_day.values())
