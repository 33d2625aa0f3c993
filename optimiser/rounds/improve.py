"""Ruin and recreate on exact timings: whatever the rules of the problem, a draft gets better until its time is up.

Each iteration takes some work out of the draft (``removal.py``) and brings it back in random order where it costs least
(``repair.py``), so every draft on the way keeps every rule; the judges look at each one that is the best so far. A new
draft is taken on by simulated annealing: always if it stands better, else with probability
``exp((old - new) / temperature)`` if nothing more is left out. The temperature falls from half of what a stop costs on
average to a hundredth of that, with the share of the budget that is spent.
(Schrimpf et al. 2000, Journal of Computational Physics 159; Christiaens and Vanden Berghe 2020.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp
from random import Random

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, Memento, Standing, remember, restore, standing, stands
from optimiser.rounds.ground import Ground
from optimiser.rounds.level import level
from optimiser.rounds.problem import Stop
from optimiser.rounds.removal import (
    MEAN_REMOVED,
    Near,
    alike,
    exchange,
    neighbourhood,
    scattered,
    strings,
    take_out,
    whole_round,
)
from optimiser.rounds.repair import Effort, insert

WARM = 0.5  # first temperature, of the mean cost of a stop
COLD = 0.01  # last temperature, of the first
MORE_LEFT_OUT = 8  # of what is left out that is tried again in an iteration, beside what was taken out
MOST_SHARE = 0.4  # of the stops that are taken out at a time, on average, at most
TRIES, LONG_SHOTS = 3, 1
FEW = 12  # stops, for which everything has soon been tried
PATIENCE = 60  # iterations without a better draft for each of so few stops, after which the search ends
OnBetter = Callable[[Draft], None]


@dataclass(slots=True, kw_only=True)
class _Climb:
    """Where a search stands: its draft, the best so far, and what it draws from."""

    draft: Draft
    rng: Random
    near: Near
    mean: float
    now: Standing
    best: Standing
    top: Memento


def improve(
    draft: Draft,
    *,
    deadline: Deadline,
    iterations: int | None,
    rng: Random,
    on_better: OnBetter | None = None,
) -> int:
    """Make a draft better in place; it ends as the best that was found, never worse than it was.

    Parameters
    ----------
    draft
        With or without rounds; work that it leaves out is tried in every iteration.
    deadline, iterations
        Whichever ends first; with iterations alone the same ``rng`` gives the same draft. With few stops it ends sooner
        once nothing better has been found for long.
    on_better
        Called with the draft whenever it is better than before and not too uneven.

    Returns
    -------
    int
        How many iterations were made.
    """
    level(draft, deadline)
    start = standing(draft)
    free = [stop.id for stop in draft.problem.stops if stop.id not in draft.bonds.locked]
    if not free or not draft.problem.vehicles:
        return 0
    climb = _Climb(
        draft=draft,
        rng=rng,
        near=neighbourhood(draft),
        mean=max(1.0, min(MEAN_REMOVED, MOST_SHARE * len(free))),
        now=start,
        best=start,
        top=remember(draft),
    )
    warm = WARM * sum(one.cost for one in draft.entries.values()) / max(len(draft.holder), 1)
    made, last, judged = 0, 0, draft.judged
    draft.judged = False  # they look at each draft that is the best so far: a third faster
    patience = PATIENCE * len(free) if len(free) <= FEW else None
    while not deadline.passed and (iterations is None or made < iterations):
        if patience is not None and made - last >= patience:
            break
        share = made / iterations if iterations is not None else deadline.spent_s / (deadline.seconds or 1.0)
        made += 1
        if _step(climb, deadline, warm * COLD ** min(share, 1.0), on_better):
            last = made
    restore(draft, climb.top)
    draft.judged = judged
    return made


def _step(climb: _Climb, deadline: Deadline, temperature: float, on_better: OnBetter | None) -> bool:
    """Ruin and recreate once; return whether the draft is better than any before."""
    draft = climb.draft
    before = remember(draft)
    _ruin(climb)
    _recreate(climb, deadline)
    new = standing(draft)
    if new < climb.best and not all(stands(draft, one) for one in draft.entries.values()):
        draft.judged = True  # from now on at each round
        restore(draft, climb.top)
        climb.now = climb.best
        return False
    if new < climb.best:
        climb.best, climb.now, climb.top = new, new, remember(draft)
        if on_better is not None and not new[1]:
            on_better(draft)
        return True
    if new[:2] < climb.now[:2] or (new[:2] == climb.now[:2] and _taken(climb, new[2], temperature)):
        climb.now = new
    else:
        restore(draft, before)
    return False


def _taken(climb: _Climb, cost: float, temperature: float) -> bool:
    """Return whether a draft that leaves out no more is taken on."""
    dearer = cost - climb.now[2]
    return dearer <= 0 or (temperature > 0 and climb.rng.random() < exp(-dearer / temperature))


def _ruin(climb: _Climb) -> None:
    draft, rng = climb.draft, climb.rng
    if not draft.entries:
        return
    dice = rng.random()
    if dice < 0.08 and len(draft.known.kinds) > 1:
        before = remember(draft)
        if not exchange(draft, rng):
            restore(draft, before)
        return
    if dice < 0.15:
        stops = whole_round(draft, rng)
    elif dice < 0.3:
        stops = alike(draft, climb.near, rng, mean=climb.mean)
    elif dice < 0.4:
        stops = scattered(draft, rng, mean=climb.mean)
    else:
        stops = strings(draft, climb.near, rng, mean=climb.mean)
    order = {stop: n for n, stop in enumerate(draft.holder)}
    take_out(draft, sorted(stops, key=order.__getitem__))


def _recreate(climb: _Climb, deadline: Deadline) -> None:
    """Bring in what was taken out, and some of what was left out before."""
    draft, rng = climb.draft, climb.rng
    left = draft.left()
    if len(left) > 2 * MEAN_REMOVED + MORE_LEFT_OUT:
        left = rng.sample(left, 2 * MEAN_REMOVED + MORE_LEFT_OUT)
    key = rng.choice(ORDERS)(draft, rng)
    effort = Effort(tries=TRIES, long_shots=rng.randint(0, LONG_SHOTS), rng=rng)
    insert(draft, sorted(left, key=key), deadline=deadline, effort=effort)


Key = Callable[[str], float]


def _at_random(_draft: Draft, rng: Random) -> Key:
    return lambda _stop: rng.random()


def _largest(draft: Draft, _rng: Random) -> Key:
    return lambda stop: -_size(draft.stop(stop))


def _size(stop: Stop) -> float:
    return sum(stop.loads.values()) + sum(stop.deliveries.values())


def _farthest(draft: Draft, _rng: Random) -> Key:
    ground = _first_ground(draft)
    return lambda stop: -float(ground.time_ms[ground.depot, draft.known.stop_at[stop]])


def _nearest(draft: Draft, _rng: Random) -> Key:
    ground = _first_ground(draft)
    return lambda stop: float(ground.time_ms[ground.depot, draft.known.stop_at[stop]])


def _tightest(draft: Draft, _rng: Random) -> Key:
    return lambda stop: sum(w.close_s - w.open_s for w in draft.stop(stop).windows) or 1e9


def _first_ground(draft: Draft) -> Ground:
    return draft.ground(draft.problem.vehicles[0].id)


ORDERS: tuple[Callable[[Draft, Random], Key], ...] = (_at_random, _at_random, _largest, _farthest, _nearest, _tightest)
