"""Parts of stretches: cut evenly by length, halved where that is not enough, and taken apart into pieces of segments.

Places along all stretches are metres on one scale, the stretches one after the other (``Stretches.begin_m``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.stretches import Stretches

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SLIVER_M = 1e-6  # a piece shorter than this is a rounding error of where a part was cut


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Parts of stretches, in order; those of a stretch add up to it.

    ``stretch`` is the stretch of each, ``from_m`` and ``to_m`` where it begins and ends on the scale of the stretches.
    """

    stretch: Ints
    from_m: Floats
    to_m: Floats

    def __len__(self) -> int:
        """Return the number of parts."""
        return len(self.stretch)

    @property
    def length_m(self) -> Floats:
        """Metres of each part."""
        return self.to_m - self.from_m

    @property
    def number(self) -> Ints:
        """Which part of its stretch each is, from 1."""
        first = np.flatnonzero(np.r_[True, self.stretch[1:] != self.stretch[:-1]])[: len(self)]
        return np.arange(len(self)) - np.repeat(first, np.diff(np.append(first, len(self)))) + 1


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Pieces of directed segments: those of part ``k`` are ``start[k]:start[k + 1]``, in the order they are driven.

    ``from_m`` and ``to_m`` are metres from the tail of the segment, ``from_m`` the larger where it is driven against
    the direction that was mapped in.
    """

    start: Ints
    directed: Ints
    from_m: Floats
    to_m: Floats

    def __len__(self) -> int:
        """Return the number of parts that the pieces belong to."""
        return len(self.start) - 1

    @property
    def part(self) -> Ints:
        """The part that each piece belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))


def cut(known: Stretches, longest_m: float) -> Parts:
    """Cut each stretch into as few equal parts as leave none longer than so many metres."""
    length = known.length_m
    count = np.maximum(1, np.ceil(length / longest_m - 1e-9)).astype(np.int64)
    stretch = np.repeat(np.arange(len(known)), count)
    nth = np.arange(len(stretch)) - np.repeat(np.cumsum(count) - count, count)
    step = length[stretch] / count[stretch]
    begin = known.from_m[stretch]
    last = nth == count[stretch] - 1
    to = np.where(last, begin + length[stretch], begin + (nth + 1) * step)
    return Parts(stretch=stretch, from_m=begin + nth * step, to_m=to)


def halved(parts: Parts, which: Bools) -> Parts:
    """Return the parts with those marked cut in two halves."""
    count = np.where(which, 2, 1)
    old = np.repeat(np.arange(len(parts)), count)
    second = np.r_[False, old[1:] == old[:-1]]
    first = np.r_[second[1:], False]
    middle = (parts.from_m[old] + parts.to_m[old]) / 2
    return Parts(
        stretch=parts.stretch[old],
        from_m=np.where(second, middle, parts.from_m[old]),
        to_m=np.where(first, middle, parts.to_m[old]),
    )


def part_of(known: Stretches, parts: Parts, segment: NDArray[np.integer], along_m: Floats) -> Ints:
    """Return the part that each place on a segment lies in, -1 where the segment is in no stretch."""
    piece = np.append(known.position, -1)[segment]
    directed = known.directed[piece]
    length = known.network.length_m[directed >> 1]
    at = known.begin_m[piece] + np.clip(np.where(directed & 1, length - along_m, along_m), 0.0, length)
    stretch = np.searchsorted(known.start, piece, side="right") - 1
    first = np.searchsorted(parts.stretch, stretch, side="left")
    last = np.searchsorted(parts.stretch, stretch, side="right") - 1
    part = np.clip(np.searchsorted(parts.from_m, at, side="right") - 1, first, last)
    return np.where(piece >= 0, part, -1)


def pieces(known: Stretches, parts: Parts) -> Pieces:
    """Take parts apart into pieces of segments."""
    begin = known.begin_m
    low, high = known.start[parts.stretch], known.start[parts.stretch + 1] - 1
    first = np.clip(np.searchsorted(begin, parts.from_m + SLIVER_M, side="right") - 1, low, high)
    last = np.clip(np.searchsorted(begin, parts.to_m - SLIVER_M, side="left") - 1, first, high)
    count = last - first + 1
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    part = np.repeat(np.arange(len(parts)), count)
    piece = np.repeat(first - start[:-1], count) + np.arange(start[-1])
    directed = known.directed[piece]
    length = known.network.length_m[directed >> 1]
    a = np.clip(parts.from_m[part] - begin[piece], 0.0, length)
    b = np.clip(parts.to_m[part] - begin[piece], 0.0, length)
    back = (directed & 1).astype(bool)
    return Pieces(
        start=start,
        directed=directed,
        from_m=np.where(back, length - a, a),
        to_m=np.where(back, length - b, b),
    )
