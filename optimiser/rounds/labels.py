"""Labels of the timing pass: partial rounds, how they grow, and which of them can be forgotten.

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

from collections.abc import Iterable
from operator import attrgetter, ge
from typing import NamedTuple

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


class Label(NamedTuple):
    """A partial round; times in ms.

    ``emptied[k]`` is how many items were done before class ``k`` was last emptied, ``rests`` how many breaks are
    behind, ``cost`` money and wages so far, ``ready`` and ``back`` the ends that belong to ``earliest`` and ``latest``,
    ``bound`` a cost that no round grown from this label can go below.
    """

    place: int
    rests: int
    emptied: tuple[int, ...]
    duration: int
    earliest: int
    latest: int
    money: float
    cost: float
    ready: int
    back: int
    bound: float
    action: Action | None
    parent: Label | None


def story(label: Label) -> tuple[Action, ...]:
    """Return the actions that led to a label, in order."""
    actions: list[Action] = []
    here: Label | None = label
    while here is not None and here.action is not None:
        actions.append(here.action)
        here = here.parent
    return tuple(reversed(actions))


def thin(labels: Iterable[Label], wage_per_ms: float, *, day_limited: bool) -> list[Label]:
    """Return the labels that no other makes superfluous."""
    kept: dict[tuple[int, int], list[Label]] = {}
    for label in sorted(labels, key=attrgetter("cost", "ready")):
        rivals = kept.setdefault((label.place, label.rests), [])
        for rival in rivals:
            if rival.ready <= label.ready and _beats(rival, label, wage_per_ms, day_limited=day_limited):
                break
        else:
            rivals.append(label)
    return [label for group in kept.values() for label in group]


def _beats(one: Label, other: Label, wage_per_ms: float, *, day_limited: bool) -> bool:
    """Return whether ``one``, at the same place, no dearer and ready no later, makes ``other`` superfluous."""
    lag = other.back - one.back
    if lag > 0 and one.cost + wage_per_ms * lag > other.cost:
        return False
    if day_limited and (one.duration > other.duration or one.latest < other.latest):
        return False
    return one.emptied == other.emptied or all(map(ge, one.emptied, other.emptied))
