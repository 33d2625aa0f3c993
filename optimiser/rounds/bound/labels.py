"""What the compiled search for trips works on: arrays under names."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Words = NDArray[np.uint64]


class Net(NamedTuple):
    """What does not change with the prices; rows are stops, each in each of its ways.

    Parameters
    ----------
    stop_of, use
        The stop of a row, and the units of load that it takes of the ``cap`` of a trip.
    near, own, marks
        Words of bits over stops: which a row remembers, its own, and what it leaves behind (its own, and ``waste_bit``
        if it holds waste that must be unloaded before home; 0: none must).
    duration
        ms of every leg with the work before it; without rows if nobody looks at the clock.
    opens, closes, depart
        When work may begin, by column (several windows); when sources may be left.
    """

    stop_of: Small
    use: Small
    cap: int
    near: Words
    own: Words
    marks: Words
    waste_bit: np.uint64
    duration: Ints
    opens: Ints
    closes: Ints
    depart: Ints


class Rest(NamedTuple):
    """What is the least cost to the end of a trip, by load left and last row.

    ``second`` is the least with another next stop than ``follows``, that of ``first`` (-1: the end).
    """

    first: Floats
    second: Floats
    follows: Small


class Cuts(NamedTuple):
    """Subset-row cuts: what each costs at every second visit (not negative), and its bit.

    ``inside`` and ``memory``: by row, the cuts that its stop is in, and those that remember across it.
    """

    sigma: Floats
    bits: Words
    inside: Words
    memory: Words


class Labels(NamedTuple):
    """Beginnings of trips, one a place; ``before`` is the label before, -1 - source for the first."""

    cost: Floats
    load: Small
    clock: Ints
    seen: Words
    state: Words
    row: Small
    before: Small
    alive: NDArray[np.bool_]
    chained: Small
    queued: Small


class Shelves(NamedTuple):
    """Labels in their places: chains by row and class of load with their least cost, and queues by load.

    ``cell``: by row and load left, what a label must be cheaper than (``inf`` unless labels are compared roughly).
    ``work``: how often labels were compared, one number.
    """

    chain: Small
    lowest: Floats
    queue: Small
    cell: Floats
    work: Ints


class Found(NamedTuple):
    """Labels with the cost and the sink of the cheapest trip that ends there (-1: none); whether all were looked at."""

    complete: bool
    cost: Floats
    sink: Small
    row: Small
    before: Small
