"""The exact timing pass for one vehicle and one order of stops: where to tip, when to rest, when to leave.

Minimise    per_km * distance + wage * (paid time) + gate fees
over        a mode and a window for each stop, a tip at any site after any stop (or tips exactly as listed), a place
            for each break, and the start of the day
subject to  limits of load, windows, opening hours, shift, length of the day, breaks due, empty at the end

by labels (see ``labels.py``) that move from stop to stop. Of equal cost, the shorter round wins, then the earlier one;
its start is the latest that does not delay its end.

A first pass follows only a few labels at a time. If it gives nothing up, or meets the lower bound of ``togo.py``, its
round is the best; else a full pass looks for one that is cheaper, and its cost helps to forget labels early.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimiser.rounds.chart import HOME, Chart, Item, aboard, accepted, chart, emptied, items, within_limits
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.diary import Diary, told
from optimiser.rounds.labels import STAY, Action, Labels, grow, join, thin
from optimiser.rounds.plan import Act, Round
from optimiser.rounds.tables import Kind, Tables
from optimiser.rounds.togo import ToGo, hopeless, least, to_go

FEW_LABELS = 12
MOST_LABELS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One pass over a chart: at most so many labels at a time, no round that costs more than ``dearest``."""

    world: Chart
    bounds: ToGo | None
    most: int
    weigh: bool
    dearest: float = np.inf
    diary: Diary = field(default_factory=Diary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best round of a pass; ``cost`` leaves out fees that every plan pays; ``proven``: none is cheaper."""

    start_ms: int
    story: tuple[Action, ...]
    cost: float
    proven: bool


def best_round(
    known: Tables,
    vehicle: str,
    visits: Sequence[str],
    *,
    tips: str = "free",
    weigh: bool = True,
    quick: bool = False,
) -> Round | None:
    """Return the cheapest feasible round that makes these visits in this order, or ``None`` if there is none.

    Parameters
    ----------
    known
        The problem as numbers.
    vehicle
        Id of the vehicle.
    visits
        Ids of stops, and of tip sites with ``tips="listed"``; with ``"free"`` tip sites are passed over.
    weigh
        ``False`` looks at times only: loads, sites that refuse and the empty end of the day do not count. Only for
        listed tips, where loads cannot change the timing.
    quick
        Make the first pass only: near the best and many times faster, but ``None`` is then no proof.
    """
    world = _world(known, vehicle, visits, tips=tips, weigh=weigh)
    if world is None:
        return None
    bounds = to_go(world) if world.free else None
    found = _search(Search(world=world, bounds=bounds, most=FEW_LABELS, weigh=weigh))
    if not quick and (found is None or not found.proven):
        dearest = np.inf if found is None else found.cost + 1e-9 * max(1.0, abs(found.cost))
        full = Search(world=world, bounds=bounds, most=MOST_LABELS, weigh=weigh, dearest=dearest)
        found = _search(full) or found
    return None if found is None else told(world, vehicle, found.start_ms, found.story)


def _world(known: Tables, vehicle: str, visits: Sequence[str], *, tips: str, weigh: bool) -> Chart | None:
    """Return the chart of what is to be visited, ``None`` if this vehicle may not."""
    kind = known.kind(vehicle)
    wanted: list[Item] = []
    for item in items(known, kind, visits, tips):
        if item is None:
            return None
        wanted.append(item)
    stops = [item.stop for item in wanted if item.stop is not None]
    if kind.vehicle.max_stops is not None and len(stops) > kind.vehicle.max_stops:
        return None
    if weigh and not all(known.allows(vehicle, stop) for stop in stops):
        return None
    return chart(kind, wanted, free=tips == "free")


def _search(search: Search) -> Found | None:
    """Return the best round that the labels reach."""
    labels = _rested(search, search.diary.keep(_mornings(search.world.kind)))
    floor = -np.inf if search.bounds is None else least(search.bounds, labels)
    for i in range(len(search.world.items)):
        if not len(labels):
            return None
        labels = _rested(search, _arrive(search, labels, i))
        if search.world.free:
            labels = _tipped(search, labels, i)
        labels = _hopeful(search, labels, i + 1)
    return _evening(search, labels, floor)


def _mornings(kind: Kind) -> Labels:
    """Return the ways to begin: with the first ``n`` breaks behind, because the day starts after their latest start."""
    opens, closes = kind.shift
    begins = [opens]
    for rest in kind.rests:
        begins.append(max(begins[-1], rest.latest_ms + 1))
    never_due = sum(rest.latest_ms < opens for rest in kind.rests)
    rests = [n for n in range(never_due, len(begins)) if begins[n] <= closes]
    count = len(rests)
    return Labels(
        place=np.full(count, HOME, dtype=np.int64),
        duration=np.zeros(count, dtype=np.int64),
        earliest=np.array([begins[n] for n in rests], dtype=np.int64),
        latest=np.full(count, closes, dtype=np.int64),
        money=np.zeros(count),
        rests=np.array(rests, dtype=np.int64),
        emptied=np.zeros((count, kind.holds.shape[1]), dtype=np.int64),
        parent=np.full(count, -1, dtype=np.int64),
        action=np.full(count, -1, dtype=np.int64),
        id=np.arange(count, dtype=np.int64),
    )


def _arrive(search: Search, labels: Labels, i: int) -> Labels:
    """Return the labels after item ``i``, in every mode and window."""
    world, item = search.world, search.world.items[i]
    if search.weigh and item.site is not None:
        labels = labels.take(accepted(world, labels, i, world.kind.sites[item.site]))
    act = Act.STOP if item.site is None else Act.TIP
    parts = []
    for mode, way in enumerate(item.ways):
        for opens, closes in item.spans:
            action = Action(act, item.id, mode, world.places[i] + mode, opens, closes, way.service_ms)
            parts.append(_go(search, labels, action))
    arrived = join(parts)
    if item.site is not None:
        arrived = emptied(world, arrived, i, item.site)
    elif search.weigh:
        arrived = arrived.take(within_limits(world, arrived, i + 1))
    return _kept(search, arrived)


def _tipped(search: Search, labels: Labels, i: int) -> Labels:
    """Return the labels after stop ``i`` together with those that go on to tip, at several sites if need be."""
    world = search.world
    everything = [labels]
    for _ in range(labels.emptied.shape[1]):
        full = aboard(world, labels, i + 1)
        parts = []
        for s, site in enumerate(world.kind.sites):
            useful = labels.take(np.flatnonzero((full & site.accepts).any(axis=1)))
            for mode, way in enumerate(site.ways if len(useful) else ()):
                for opens, closes in site.spans:
                    place = world.site_places[s] + mode
                    action = Action(Act.TIP, site.id, mode, place, opens, closes, way.service_ms)
                    parts.append(emptied(world, _go(search, useful, action), i + 1, s))
        if not sum(map(len, parts)):
            break
        labels = _rested(search, _kept(search, _hopeful(search, join(parts), i + 1)))
        everything.append(labels)
    return join(everything)


def _rested(search: Search, labels: Labels) -> Labels:
    """Return the labels together with those that rest before they drive on, several breaks in a row if need be."""
    everything = [labels]
    for n, rest in enumerate(search.world.kind.rests):
        due = join(everything)
        due = due.take(due.rests == n)
        if not len(due):
            continue
        action = Action(Act.BREAK, rest.id, 0, STAY, rest.earliest_ms, rest.latest_ms, rest.duration_ms)
        after = _go(search, due, action)
        after = replace(after, money=after.money - rest.saves, rests=after.rests + 1)
        everything.append(search.diary.keep(after))
    return join(everything)


def _evening(search: Search, labels: Labels, floor: float) -> Found | None:
    """Return the round of the best label that comes home in time, empty if it must."""
    world, kind = search.world, search.world.kind
    if search.weigh and kind.vehicle.must_end_empty:
        labels = labels.take(np.flatnonzero(~aboard(world, labels, len(world.items)).any(axis=1)))
    parts = []
    for n in range(len(kind.rests) + 1):
        closes = min([kind.shift[1], *(rest.latest_ms for rest in kind.rests[n:])])
        parts.append(_go(search, labels.take(labels.rests == n), Action("home", "", 0, HOME, 0, closes, 0)))
    home = join(parts)
    if not len(home):
        return None
    cost = np.round(home.money + kind.wage_per_ms * home.duration, 9)
    best = int(np.lexsort((home.earliest + home.duration, home.duration, cost))[0])
    return Found(
        start_ms=int(home.earliest[best]),
        story=search.diary.read(int(home.parent[best])),
        cost=float(cost[best]),
        proven=not search.diary.cut or float(cost[best]) <= floor + 1e-9 * max(1.0, abs(floor)),
    )


def _go(search: Search, labels: Labels, action: Action) -> Labels:
    """Return the labels that can do the action next."""
    world, number = search.world, search.diary.number(action)
    if action.place == STAY:
        still = np.zeros(len(labels), dtype=np.int64)
        return grow(labels, action, number, still, still.astype(np.float64), world.kind.longest_ms)
    legs, money = world.duration[labels.place, action.place], world.money[labels.place, action.place]
    return grow(labels, action, number, legs, money, world.kind.longest_ms)


def _hopeful(search: Search, labels: Labels, done: int) -> Labels:
    """Return the labels that can still come home, in time and at no more than the dearest cost."""
    if search.bounds is None or not len(labels):
        return labels
    return labels.take(np.flatnonzero(~hopeless(search.bounds, labels, done, search.dearest)))


def _kept(search: Search, labels: Labels) -> Labels:
    """Return the labels that no other makes superfluous, entered into the diary."""
    kind = search.world.kind
    thinned = thin(labels, kind.wage_per_ms, day_limited=kind.longest_ms < FOREVER_MS, most=search.most)
    search.diary.cut |= thinned.cut
    return search.diary.keep(thinned.labels)
