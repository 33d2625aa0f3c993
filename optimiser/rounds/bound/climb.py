"""Column generation: the bound climbs while trips and cuts are added to the master.

Prices are smoothed between those of the best bound so far and those of the linear program (Wentges 1997, Int. Trans.
Oper. Res. 4). Each time the pricing has said what no trip can be cheaper than, there is a bound, so the work can stop
at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.crossings import Town, cut_crossings
from optimiser.rounds.bound.cuts import Cutting, in_cuts
from optimiser.rounds.bound.entries import cut_entries
from optimiser.rounds.bound.master import Master, Path, Relaxed, add_trip, bound_row, limit, relax, rounds_used
from optimiser.rounds.bound.pricing import offer
from optimiser.rounds.bound.scene import nearest, remembered
from optimiser.rounds.bound.triples import cut_triples

Floats = NDArray[np.float64]

NEAR = 8  # stops that a stop remembers to begin with
SMOOTH = 0.5
CLOSE = 2e-5  # relative distance between master and bound at which cuts do more than trips
STALE = 3  # rounds of cuts without growth after which subset-row cuts are tried beside the others
WHOLE = 0.01  # how near to a whole number of rounds is one


@dataclass(slots=True, kw_only=True)
class Climb:
    """Where the climb has got to: the best bound with its prices, and how often trips were looked for."""

    master: Master
    cutting: Cutting
    town: Town
    best: float = -inf
    center: Floats | None = None
    searches: int = 0
    rounds: int = 0  # of cuts
    converged: bool = False
    near: list[int] = field(default_factory=list)  # by kind, how many stops a stop remembers
    values: list[float] = field(default_factory=list)


def climb(state: Climb, over: Callable[[Climb], bool]) -> None:
    """Raise the bound until it cannot be raised, or ``over`` says so."""
    first_trips(state)
    smooth = 0.0
    while not over(state):
        relaxed = relax(state.master)
        price = _smoothed(state, relaxed.price, smooth)
        if _found(state, price, rough=True) or over(state):
            smooth = SMOOTH
            continue
        found = _found(state, price, rough=False)
        close = relaxed.value - state.best <= CLOSE * max(abs(relaxed.value), 1.0)
        if close or (not found and smooth == 0.0):
            state.values.append(state.best)
            if not _sharpened(state, relaxed):
                state.converged = True
                return
            state.rounds += 1
            smooth = 0.0
        else:
            smooth = SMOOTH if found else 0.0


def _smoothed(state: Climb, price: Floats, share: float) -> Floats:
    if state.center is None or share == 0.0:
        return price
    center = np.concatenate([state.center, np.zeros(len(price) - len(state.center))])
    return share * center + (1.0 - share) * price


def _found(state: Climb, price: Floats, *, rough: bool) -> bool:
    """Look for trips of every kind; note the bound; return whether any is new."""
    state.searches += 1
    offers = [offer(state.master, state.cutting, k, price, rough=rough) for k in range(len(state.master.scenes))]
    bound = limit(state.master, price, [one.cheapest for one in offers])
    if bound > state.best:
        state.best, state.center = bound, price
    for k, one in enumerate(offers):
        if not one.complete:
            _forget(state, k)
    new = [_add(state, k, path) for k, one in enumerate(offers) for path in one.paths]
    return any(new)


def _forget(state: Climb, kind: int) -> None:
    """Let the stops of a kind remember less: its search was too long to be complete."""
    scene = state.master.scenes[kind]
    state.near[kind] //= 2
    near = nearest(scene.money, scene.stop_of, state.near[kind])
    state.cutting.near[kind] = remembered(scene.stop_of, 64 * scene.net.own.shape[1] - 1, near)


def _add(state: Climb, kind: int, path: Path) -> bool:
    return add_trip(state.master, kind, path, in_cuts(state.cutting, kind, state.master.scenes[kind], path))


def first_trips(state: Climb) -> None:
    """Add the cheapest trip that serves each stop alone, for each kind, and the cheapest from and to the depot."""
    for k, scene in enumerate(state.master.scenes):
        n, money = scene.rows, scene.money
        for row in range(n):
            into, out = money[n:, row], money[row, n:]
            for source, sink in {(int(into.argmin()), int(out.argmin())), (len(into) - 1, len(out) - 1)}:
                if np.isfinite(into[source]) and np.isfinite(out[sink]) and scene.net.use[row] <= scene.net.cap:
                    _add(state, k, np.array([n + source, row, n + sink]))


def _sharpened(state: Climb, relaxed: Relaxed) -> bool:
    """Cut off the solution or let stops remember more; return whether there was anything to do."""
    of, cutting = state.master, state.cutting
    longer = _remembered(state, relaxed)
    robust = cut_crossings(of, cutting, state.town, relaxed) + cut_entries(of, cutting, relaxed)
    grown = state.values[-STALE:]
    stale = len(grown) == STALE and grown[-1] - grown[0] < 1e-4 * abs(grown[-1])
    triples = cut_triples(of, cutting, relaxed) if stale or not (robust or longer) else 0
    return longer or robust + triples > 0


def _remembered(state: Climb, relaxed: Relaxed) -> bool:
    """Let the stops of a cycle remember where it closes; trips with that cycle are no longer used."""
    changed = False
    for p in np.flatnonzero(relaxed.use > 1e-6).tolist():
        trip = state.master.trips[p]
        scene, near = state.master.scenes[trip.kind], state.cutting.near[trip.kind]
        if state.near[trip.kind] < NEAR:
            continue
        rows, last = trip.path[1:-1].tolist(), dict[int, int]()
        for k, row in enumerate(rows):
            stop = int(scene.stop_of[row])
            if stop in last:
                own = scene.net.own[row]
                within = [int(scene.stop_of[r]) for r in rows[last[stop] + 1 : k]]
                for other in np.flatnonzero(np.isin(scene.stop_of, within)):
                    near[other] |= own
                state.master.solver.changeColBounds(len(state.master.fixed) + p, 0.0, 0.0)
                changed = True
                break
            last[stop] = k
    return changed


def whole_rounds(state: Climb, over: Callable[[Climb], bool]) -> None:
    """Raise the bound where a plan cannot go between: as many rounds as whole numbers allow, or fewer.

    If the solution has 2.4 rounds, every plan has 3 or more, or 2 or fewer: the lower of the two bounds holds.
    """
    relaxed, row, best = relax(state.master), state.master.rows.least, state.best
    rounds = rounds_used(state.master, relaxed)
    if over(state) or abs(rounds - round(rounds)) < WHOLE:
        return
    low, high = state.master.low[row], state.master.high[row]
    more = _between(state, max(low, float(ceil(rounds))), high, over)
    fewer = _between(state, low, float(floor(rounds)), lambda here: over(here) or here.best >= more)
    bound_row(state.master, row, low, high)
    state.best = max(best, min(more, fewer))


def _between(state: Climb, low: float, high: float, over: Callable[[Climb], bool]) -> float:
    """Return the bound on plans with so many rounds; ``inf`` if there can be none."""
    if low > min(high, sum(len(scene.kind.ids) for scene in state.master.scenes)):
        return inf
    bound_row(state.master, state.master.rows.least, low, high)
    state.best, state.center, state.values = -inf, None, []
    climb(state, over)
    return state.best
