"""What every plan keeps and fractions of trips do not: cuts, and how the pricing feels them.

- *Rounded capacity* (``entries.py``): trips go into a set of required stops at least as often as its load needs trips.
  The price of such a cut is on legs into the set, so the pricing does not grow harder (Laporte, Nobert 1983, OR
  Spektrum 5).
- *Crossings* (``crossings.py``): vehicles cross from one part of the town to the rest as often as back.
  Where stops themselves cross an odd number of times, a leg must, too; where a part needs several trips, legs cross
  twice for each that stops do not. The price is on legs (Belenguer, Benavent 1998, Computational Optimization and
  Applications 10, for arc routing).
- *Subset rows* (``triples.py``): of three stops no two trips can each serve two, ``sum_p floor(visits_p / 2) x_p <= 1``
  (Jepsen, Petersen, Spoorendonk, Pisinger 2008, Operations Research 56); a trip's visits are counted only as long as it
  stays among stops that remember the cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.labels import Cuts
from optimiser.rounds.bound.master import Master, Path, Relaxed
from optimiser.rounds.bound.scene import Scene

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

BROKEN = 0.04  # by how much a cut must be broken to be added
MOST_BITS = 60  # subset-row cuts at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A rounded capacity cut: a set of stops and how often trips go into it at least."""

    row: int
    stops: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A crossing cut: by kind, which ways of leaving (rows) and of arriving (columns) are in the part."""

    row: int
    leave: tuple[NDArray[np.bool_], ...]
    arrive: tuple[NDArray[np.bool_], ...]


@dataclass(slots=True, kw_only=True)
class Triple:
    """A subset-row cut: three stops, and the stops that remember it."""

    row: int
    stops: frozenset[int]
    memory: set[int]


@dataclass(slots=True, kw_only=True)
class Cutting:
    """The cuts of a master, and by kind which stops a row remembers.

    ``needs`` is by stop the least share of a trip that it takes with any vehicle, 0 if it need not be served.
    """

    near: list[Words]
    needs: Floats
    entries: list[Entry] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    triples: list[Triple] = field(default_factory=list)


def with_cuts(cutting: Cutting, kind: int, scene: Scene, matrix: Floats, price: Floats) -> Floats:
    """Return the matrix of reduced costs with the prices of legs into sets taken off."""
    n = scene.rows
    for cut in cutting.entries:
        if price[cut.row] > 0:
            inside = np.isin(scene.stop_of, list(cut.stops))
            outside = np.concatenate([~inside, np.ones(len(matrix) - n, dtype=bool)])
            matrix[np.ix_(outside, np.flatnonzero(inside))] -= price[cut.row]
    for line in cutting.crossings:
        if price[line.row] > 0:
            matrix -= price[line.row] * (line.leave[kind][:, None] != line.arrive[kind][None, :])
    return matrix


def priced_cuts(cutting: Cutting, scene: Scene, price: Floats) -> Cuts:
    """Return the subset-row cuts that cost something, as the pricing counts them."""
    live = [cut for cut in cutting.triples if price[cut.row] < -1e-9][:MOST_BITS]
    bits = np.array([1 << q for q in range(len(live))], dtype=np.uint64)
    inside = np.zeros(scene.rows, dtype=np.uint64)
    memory = np.zeros(scene.rows, dtype=np.uint64)
    for bit, cut in zip(bits, live, strict=True):
        inside[np.isin(scene.stop_of, list(cut.stops))] |= bit
        memory[np.isin(scene.stop_of, list(cut.memory))] |= bit
    return Cuts(np.array([-price[cut.row] for cut in live], dtype=np.float64), bits, inside, memory)


def in_cuts(cutting: Cutting, kind: int, scene: Scene, path: Path) -> dict[int, float]:
    """Return row -> entry of a trip in the cuts."""
    stops = [int(scene.stop_of[row]) for row in path[1:-1]]
    held = {cut.row: float(goes_into(stops, cut.stops)) for cut in cutting.entries}
    held |= {cut.row: float(seconds(stops, cut.stops, cut.memory)) for cut in cutting.triples}
    held |= {cut.row: crosses(cut, kind, path) for cut in cutting.crossings}
    return {row: amount for row, amount in held.items() if amount}


def crosses(cut: Crossing, kind: int, path: Path) -> float:
    """Return how many legs of a trip cross."""
    return float((cut.leave[kind][path[:-1]] != cut.arrive[kind][path[1:]]).sum())


def goes_into(stops: list[int], members: frozenset[int]) -> int:
    """Return how often a trip goes into a set."""
    inside = [False, *(stop in members for stop in stops)]
    return sum(b and not a for a, b in pairwise(inside))


def seconds(stops: list[int], members: frozenset[int], memory: set[int]) -> int:
    """Return how many visits to a set are every second one, counted while the trip stays among what remembers."""
    count, pending = 0, False
    for stop in stops:
        pending = pending and stop in memory
        if stop in members:
            count += pending
            pending = not pending
    return count


def stops_of_all(of: Master) -> Iterator[list[int]]:
    """Yield the stops of every trip of a master."""
    for trip in of.trips:
        yield [int(of.scenes[trip.kind].stop_of[row]) for row in trip.path[1:-1]]


def used_stops(of: Master, relaxed: Relaxed) -> tuple[list[list[int]], Floats]:
    """Return the stops of every trip that a solution uses, and how much."""
    used = np.flatnonzero(relaxed.use > 1e-6)
    trips = [of.trips[p] for p in used.tolist()]
    return [[int(of.scenes[t.kind].stop_of[row]) for row in t.path[1:-1]] for t in trips], relaxed.use[used]
