"""What was driven: directed segments one after the other, from where to where and from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.tracks.observe import Observations

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """Directed segments in the order in which they were driven; a segment driven twice stands twice.

    Parameters
    ----------
    directed
        ``2 * segment``, plus 1 against the direction in which it was mapped.
    from_m, to_m
        Metres along the directed segment as it is driven.
    from_s, to_s
        When: between two observations the time is spread evenly over the metres.
    still_s
        How much of that time the vehicle stood.
    piece
        Number of the unbroken piece of the track, from 0.
    """

    directed: NDArray[np.int32]
    from_m: FloatArray
    to_m: FloatArray
    from_s: FloatArray
    to_s: FloatArray
    still_s: FloatArray
    piece: IntArray

    def __post_init__(self) -> None:
        for array in (self.directed, self.from_m, self.to_m, self.from_s, self.to_s, self.still_s, self.piece):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of directed segments."""
        return len(self.directed)


def driven(
    seen: Observations,
    directed: NDArray[np.int32],
    along_m: FloatArray,
    previous: IntArray,
    start: IntArray,
    way: IntArray,
    length_m: FloatArray,
) -> Driven:
    """Put the ways between observations together.

    Parameters
    ----------
    directed, along_m
        Where each observation is, -1 where it is nowhere.
    previous
        The observation each was come from, -1 where a piece begins.
    start, way
        The directed segments in between, both ends included: ``way[start[t]:start[t + 1]]``.
    length_m
        Of each directed segment.
    """
    used = np.flatnonzero(directed >= 0)
    legs = np.where(previous[used] >= 0, start[used + 1] - start[used], 0)
    # the rows of an observation: the legs that lead to it, then its own place, where it may stand for a while
    many = legs + 1
    end = np.cumsum(many)
    row = np.repeat(np.arange(len(used)), many)
    rank = np.arange(len(row)) - (end - many)[row]
    leg = rank < legs[row]
    here, before = used[row], previous[used[row]]
    on = directed[here].astype(np.int64)
    on[leg] = way[start[here[leg]] + rank[leg]]
    from_m = np.where(leg & (rank > 0), 0.0, np.where(leg, along_m[before], along_m[here]))
    to_m = np.where(leg & (rank < legs[row] - 1), length_m[on], along_m[here])
    from_s, to_s = _times(seen, here, before, leg, rank, np.maximum(to_m - from_m, 0.0), row)
    opens = ~leg & (previous[here] < 0)  # begins a piece
    fresh = opens | (leg & (rank > 0))  # enters a directed segment
    group = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    last = np.append(first, len(row))[1:] - 1
    still = np.where(leg, 0.0, to_s - from_s)
    farthest = np.full(len(first), -np.inf)
    np.maximum.at(farthest, group, to_m)
    return Driven(
        directed=on[first].astype(np.int32),
        from_m=from_m[first],
        to_m=farthest,
        from_s=from_s[first],
        to_s=to_s[last],
        still_s=np.bincount(group, weights=still, minlength=len(first)).astype(np.float64, copy=False),
        piece=(np.cumsum(opens) - 1)[first],
    )


def _times(
    seen: Observations,
    here: IntArray,
    before: IntArray,
    leg: NDArray[np.bool_],
    rank: IntArray,
    metres: FloatArray,
    row: IntArray,
) -> tuple[FloatArray, FloatArray]:
    """Return when each row begins and ends."""
    gone = np.cumsum(metres)
    base = (gone - metres)[np.searchsorted(row, row)]
    whole = np.bincount(row, weights=np.where(leg, metres, 0.0))[row] if len(row) else metres
    share_to = np.divide(gone - base, whole, out=np.ones(len(row)), where=whole > 0)
    share_from = np.divide(gone - metres - base, whole, out=(rank > 0).astype(np.float64), where=whole > 0)
    begin = np.where(leg, seen.depart_s[before], seen.arrive_s[here])
    length = np.where(leg, seen.arrive_s[here] - begin, 0.0)
    from_s = np.where(leg, begin + share_from * length, seen.arrive_s[here])
    to_s = np.where(leg, begin + np.minimum(share_to, 1.0) * length, seen.depart_s[here])
    return from_s, to_s
