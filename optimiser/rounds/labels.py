"""Labels of the timing pass: partial rounds as arrays, how they grow, and which of them can be forgotten.

A label is a partial round up to the end of a visit. Over all moments at which it could have begun, its time is three
numbers, a *time segment*: it takes ``duration`` and may begin between ``earliest`` and ``latest`` without waiting
longer. Beginning at s <= latest it ends at ``max(s, earliest) + duration``. Two segments with a leg of length t between
them join in O(1):

    at       = duration1 + t
    wait     = max(earliest2 - at - latest1, 0)
    duration = at + wait + duration2
    earliest = max(earliest2 - at, earliest1) - wait
    latest   = min(latest2 - at, latest1)              feasible if earliest1 + at <= latest2

(Vidal, Crainic, Gendreau, Prins 2013, Computers & Operations Research 40(1), without time warp.) Ending at moment x
costs ``money + wage * max(duration, x - latest)``, so label A makes label B superfluous if it stands at the same place,
with the same breaks taken, no more on board (each class emptied no earlier), ready no later, and

    cost_A + wage * max(0, back_B - back_A) <= cost_B,     cost = money + wage * duration, back = latest + duration.

With a limit on the length of the day, A must also last no longer and be able to begin no earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.tables import Bools, Floats, Ints

STAY = -1  # an action at no place of its own: a break


class Action(NamedTuple):
    """What a label did last: at a place (its number in the chart), beginning in a span of time, for so long."""

    act: str
    id: str
    mode: int
    place: int
    opens: int
    closes: int
    service_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Partial rounds side by side; ``emptied[:, k]`` is how many visits were made before class ``k`` was last emptied.

    ``parent`` is the number of the label that each grew from, ``action`` what it did then, ``id`` its own number.
    """

    place: Ints
    duration: Ints
    earliest: Ints
    latest: Ints
    money: Floats
    rests: Ints
    emptied: Ints
    parent: Ints
    action: Ints
    id: Ints

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.place)

    def take(self, which: NDArray[np.intp] | Bools) -> Labels:
        """Return some of the labels."""
        return Labels(
            place=self.place[which],
            duration=self.duration[which],
            earliest=self.earliest[which],
            latest=self.latest[which],
            money=self.money[which],
            rests=self.rests[which],
            emptied=self.emptied[which],
            parent=self.parent[which],
            action=self.action[which],
            id=self.id[which],
        )


def join(parts: list[Labels]) -> Labels:
    """Return all labels in one."""
    if len(parts) == 1:
        return parts[0]
    return Labels(
        place=np.concatenate([p.place for p in parts]),
        duration=np.concatenate([p.duration for p in parts]),
        earliest=np.concatenate([p.earliest for p in parts]),
        latest=np.concatenate([p.latest for p in parts]),
        money=np.concatenate([p.money for p in parts]),
        rests=np.concatenate([p.rests for p in parts]),
        emptied=np.concatenate([p.emptied for p in parts]),
        parent=np.concatenate([p.parent for p in parts]),
        action=np.concatenate([p.action for p in parts]),
        id=np.concatenate([p.id for p in parts]),
    )


def grow(labels: Labels, action: Action, number: int, leg_ms: Ints, money: Floats, longest_ms: int) -> Labels:
    """Return the labels that can do ``action`` next, after legs of ``leg_ms`` that cost ``money``."""
    at = labels.duration + leg_ms
    wait = np.maximum(action.opens - at - labels.latest, 0)
    duration = at + wait + action.service_ms
    fits = (labels.earliest + at <= action.closes) & (duration <= longest_ms)
    grown = Labels(
        place=labels.place if action.place == STAY else np.full(len(labels), action.place, dtype=np.int64),
        duration=duration,
        earliest=np.maximum(action.opens - at, labels.earliest) - wait,
        latest=np.minimum(action.closes - at, labels.latest),
        money=labels.money + money,
        rests=labels.rests,
        emptied=labels.emptied,
        parent=labels.id,
        action=np.full(len(labels), number, dtype=np.int64),
        id=labels.id,
    )
    return grown if fits.all() else grown.take(fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinned:
    """Labels that no other makes superfluous; ``cut`` is true if more than that were given up."""

    labels: Labels
    cut: bool


def thin(labels: Labels, wage_per_ms: float, *, day_limited: bool, most: int) -> Thinned:
    """Return the labels that no other makes superfluous, at most ``most`` of them.

    Cutting to ``most`` is a heuristic: first the cheapest half, then those that are ready first. With the full number
    it happens only in rounds with many windows, sites and load states at once; then a slightly dearer timing may be
    returned.
    """
    if len(labels) < 2:
        return Thinned(labels=labels, cut=False)
    cost = labels.money + wage_per_ms * labels.duration
    ready = labels.earliest + labels.duration
    order = np.lexsort((ready, cost))
    cut = len(order) > 4 * most
    if cut:
        order = _cut(order, ready, 4 * most)
    kept = order[~_superfluous(labels.take(order), wage_per_ms, day_limited=day_limited)]
    if len(kept) > most:
        kept, cut = _cut(kept, ready, most), True
    return Thinned(labels=labels.take(kept), cut=cut)


def _cut(order: NDArray[np.intp], ready: Ints, most: int) -> NDArray[np.intp]:
    """Keep the first half (cheapest) and of the others those ready first."""
    half = most // 2
    rest = order[half:]
    return np.concatenate([order[:half], rest[np.argsort(ready[rest], kind="stable")[: most - half]]])


def _superfluous(labels: Labels, wage_per_ms: float, *, day_limited: bool) -> Bools:
    """Return which labels, sorted by cost, are made superfluous by one before them."""
    cost = labels.money + wage_per_ms * labels.duration
    ready = labels.earliest + labels.duration
    back = labels.latest + labels.duration
    # [a, b]: a makes b superfluous
    beats = ready[:, None] <= ready[None, :]
    beats &= labels.place[:, None] == labels.place[None, :]
    beats &= labels.rests[:, None] == labels.rests[None, :]
    lag = np.maximum(back[None, :] - back[:, None], 0)
    beats &= cost[:, None] + wage_per_ms * lag <= cost[None, :]
    for k in range(labels.emptied.shape[1]):
        beats &= labels.emptied[:, None, k] >= labels.emptied[None, :, k]
    if day_limited:
        beats &= labels.duration[:, None] <= labels.duration[None, :]
        beats &= labels.latest[:, None] >= labels.latest[None, :]
    beats &= np.tri(len(labels), k=-1, dtype=bool).T
    return np.asarray(beats.any(axis=0))
