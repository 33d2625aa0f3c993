"""One pass of labels over a chart, from stop to stop.

``explore`` follows at most ``most`` partial rounds at a time and gives up those that cannot come home in time or cost
more than ``dearest``. Giving up for number is a heuristic (the least promising by ``cost + least to go`` first);
whether that happened is said in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from math import inf
from operator import attrgetter

from optimiser.rounds.chart import HOME, Chart
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.labels import STAY, Action, Label, story, thin
from optimiser.rounds.plan import Act
from optimiser.rounds.tables import Rest
from optimiser.rounds.togo import ToGo
from optimiser.rounds.ways import NO_SPOT


@dataclass(slots=True, kw_only=True)
class Search:
    """A chart as plain lists, its bounds (``None``: none), and how much may be followed; ``cut``: labels given up."""

    world: Chart
    cost_left: ToGo | None
    time_left: ToGo | None
    weigh: bool
    duration: list[list[int]] = field(init=False)
    money: list[list[float]] = field(init=False)
    used: list[list[list[float]]] = field(init=False)
    held: list[list[int]] = field(init=False)
    fees: list[list[list[float]]] = field(init=False)
    limits: list[float] = field(init=False)
    accepts: list[tuple[int, ...]] = field(init=False)  # by site: the classes it takes
    most: int = 0
    dearest: float = inf
    cut: bool = False

    def __post_init__(self) -> None:
        self.duration, self.money = self.world.duration.tolist(), self.world.money.tolist()
        self.used, self.held, self.fees = (a.tolist() for a in (self.world.used, self.world.held, self.world.fees))
        self.limits = self.world.kind.limits.tolist()
        self.accepts = [
            tuple(k for k, taken in enumerate(site.accepts.tolist()) if taken) for site in self.world.kind.sites
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best round of a pass; ``cost`` leaves out fees that every plan pays; ``proven``: none is cheaper."""

    start_ms: int
    story: tuple[Action, ...]
    cost: float
    proven: bool


def explore(search: Search, *, most: int, dearest: float = inf) -> Found | None:
    """Return the best round that at most so many labels at a time reach."""
    search.most, search.dearest, search.cut = most, dearest, False
    labels = _rested(search, _mornings(search), 0)
    floor = min((label.bound for label in labels), default=inf)
    for i in range(len(search.world.items)):
        arrived = _arrive(search, labels, i)
        if not arrived:
            return None
        labels = _rested(search, arrived, i + 1)
        if search.world.free:
            labels = _tipped(search, labels, i + 1)
    return _evening(search, labels, floor)


def _mornings(search: Search) -> list[Label]:
    """Return the ways to begin: with the first ``n`` breaks behind, because the day starts after their latest start."""
    kind = search.world.kind
    opens, closes = kind.shift
    begins = [opens]
    for rest in kind.rests:
        begins.append(max(begins[-1], rest.latest_ms + 1))
    never_due = sum(rest.latest_ms < opens for rest in kind.rests)
    empty = (0,) * kind.holds.shape[1]
    return [
        Label(HOME, n, empty, 0, begin, closes, 0.0, 0.0, begin, closes, bound, None, None)
        for n, begin in enumerate(begins)
        if n >= never_due and begin <= closes and (bound := _bound(search, HOME, n, empty, 0, 0, begin, 0.0)) < inf
    ]


def _arrive(search: Search, labels: Sequence[Label], i: int) -> list[Label]:
    """Return the labels after item ``i``, in every mode and window."""
    world, item = search.world, search.world.items[i]
    grown: list[Label] = []
    if item.site is None:
        labels = _fitting(search, labels, i) if search.weigh else labels
        for mode, way in enumerate(item.ways):
            for span in item.spans:
                action = Action(Act.STOP, item.id, mode, world.places[i] + mode, *span, way.service_ms)
                grown += _grow(search, labels, action, i + 1)
        return _kept(search, grown)
    if search.weigh:
        labels = [label for label in labels if _taken(search, label, i, item.site)]
    for mode, way in enumerate(item.ways):
        for span in item.spans:
            action = Action(Act.TIP, item.id, mode, world.places[i] + mode, *span, way.service_ms)
            grown += _grow(search, labels, action, i + 1, site=item.site, upto=i)
    return _kept(search, grown)


def _tipped(search: Search, labels: list[Label], done: int) -> list[Label]:
    """Return the labels after a stop together with those that go on to tip, at several sites if need be."""
    world = search.world
    everything = list(labels)
    for _ in range(len(labels[0].emptied)):
        grown: list[Label] = []
        for s, site in enumerate(world.kind.sites):
            useful = [label for label in labels if _unloads(search, label, done, s)]
            for mode, way in enumerate(site.ways if useful else ()):
                for span in site.spans:
                    action = Action(Act.TIP, site.id, mode, world.site_places[s] + mode, *span, way.service_ms)
                    grown += _grow(search, useful, action, done, site=s, upto=done)
        if not grown:
            break
        labels = _rested(search, _kept(search, grown), done)
        everything += labels
    return everything


def _rested(search: Search, labels: list[Label], done: int) -> list[Label]:
    """Return the labels together with those that rest before they drive on, several breaks in a row if need be."""
    everything = labels
    for n, rest in enumerate(search.world.kind.rests):
        due = [label for label in everything if label.rests == n]
        action = Action(Act.BREAK, rest.id, 0, STAY, rest.earliest_ms, rest.latest_ms, rest.duration_ms)
        everything = everything + _grow(search, due, action, done, rest=rest)
    return everything


def _evening(search: Search, labels: Iterable[Label], floor: float) -> Found | None:
    """Return the round of the best label that comes home in time, empty if it must."""
    kind, count = search.world.kind, len(search.world.items)
    if search.weigh and kind.vehicle.must_end_empty:
        held = search.held[count]
        labels = [
            label for label in labels if all(held[k] == search.held[since][k] for k, since in enumerate(label.emptied))
        ]
    best: tuple[float, int, int, Label] | None = None
    for label in labels:
        closes = min([kind.shift[1], *(rest.latest_ms for rest in kind.rests[label.rests :])])
        at = label.duration + search.duration[label.place][HOME]
        if label.earliest + at <= closes and at <= kind.longest_ms:
            cost = round(label.money + search.money[label.place][HOME] + kind.wage_per_ms * at, 9)
            if best is None or (cost, at, label.earliest + at) < best[:3]:
                best = cost, at, label.earliest + at, label
    if best is None:
        return None
    cost, _, _, last = best
    proven = not search.cut or cost <= floor + 1e-9 * max(1.0, abs(floor))
    return Found(start_ms=last.earliest, story=story(last), cost=cost, proven=proven)


def _grow(
    search: Search,
    labels: Iterable[Label],
    action: Action,
    done: int,
    *,
    site: int | None = None,
    upto: int = 0,
    rest: Rest | None = None,
) -> list[Label]:
    """Return the labels that can do ``action`` next: a stop, a tip at ``site`` after ``upto`` items, or a rest."""
    kind, to = search.world.kind, action.place
    wage, longest = kind.wage_per_ms, kind.longest_ms
    grown = []
    for label in labels:
        at, money, place = label.duration, label.money, label.place
        done_as = action
        if rest is None:
            at, money, place = at + search.duration[place][to], money + search.money[place][to], to
            done_as, toll = _work(search, label.place, action)
            money += toll
        if label.earliest + at > action.closes:
            continue
        wait = max(action.opens - at - label.latest, 0)
        duration = at + wait + done_as.service_ms
        if duration > longest:
            continue
        emptied, rests = label.emptied, label.rests
        if site is not None:
            money, emptied = _unloaded(search, label, money, upto, site)
        elif rest is not None:
            money, rests = money - rest.saves, rests + 1
        earliest, latest = max(action.opens - at, label.earliest) - wait, min(action.closes - at, label.latest)
        cost, ready = money + wage * duration, earliest + duration
        bound = _bound(search, place, rests, emptied, done, duration, ready, cost)
        if bound <= search.dearest and bound < inf:
            grown.append(
                Label(
                    place, rests, emptied, duration, earliest, latest, money, cost, ready, latest + duration, bound,
                    done_as, label,
                )
            )  # fmt: skip
    return grown


def _work(search: Search, before: int, action: Action) -> tuple[Action, float]:
    """Return the action with its set-up if that is due, and what the work costs beside wages."""
    kind, way, last = search.world.kind, search.world.work[action.place], search.world.work[before]
    if way is None:
        return action, 0.0
    if way.setup_ms and (way.spot == NO_SPOT or last is None or last.spot != way.spot):
        action = action._replace(service_ms=action.service_ms + way.setup_ms)
    return action, action.service_ms * kind.service_per_ms + way.distance_dm * kind.per_dm


def _bound(
    search: Search,
    place: int,
    rests: int,
    emptied: tuple[int, ...],
    done: int,
    duration: int,
    ready: int,
    cost: float,
) -> float:
    """Return a cost that no round can go below once it stands there, ``inf`` if it cannot come home in time."""
    if search.cost_left is None or search.time_left is None:
        return cost
    sites, kind = search.world.site_places, search.world.kind
    if sites and place >= sites[0]:
        time_left, cost_left = search.time_left.from_site[done], search.cost_left.from_site[done]
    else:
        tipped = max(emptied, default=0)
        time_left, cost_left = search.time_left.from_stop[done][tipped], search.cost_left.from_stop[done][tipped]
    for rest in kind.rests[rests:]:
        if ready + time_left > rest.latest_ms:
            time_left += rest.duration_ms
            cost_left += kind.wage_per_ms * rest.duration_ms - rest.saves
    if ready + time_left > kind.shift[1] or duration + time_left > kind.longest_ms:
        return inf
    return cost + cost_left


def _fitting(search: Search, labels: Iterable[Label], i: int) -> list[Label]:
    """Return the labels that can pick up item ``i`` within all limits."""
    verdicts: dict[tuple[int, ...], bool] = {}
    fitting = []
    for label in labels:
        fits = verdicts.get(label.emptied)
        if fits is None:
            fits = verdicts[label.emptied] = _fits(search, label.emptied, i + 1)
        if fits:
            fitting.append(label)
    return fitting


def _fits(search: Search, emptied: tuple[int, ...], upto: int) -> bool:
    return all(
        sum(search.used[upto][m][k] - search.used[since][m][k] for k, since in enumerate(emptied)) <= limit
        for m, limit in enumerate(search.limits)
    )


def _unloads(search: Search, label: Label, done: int, site: int) -> bool:
    """Return whether the label has something on board that the site accepts."""
    return any(search.held[done][k] > search.held[label.emptied[k]][k] for k in search.accepts[site])


def _taken(search: Search, label: Label, done: int, site: int) -> bool:
    """Return whether the site does not turn the label away: nothing on board, or something that it accepts."""
    full = any(search.held[done][k] > search.held[since][k] for k, since in enumerate(label.emptied))
    return not full or _unloads(search, label, done, site)


def _unloaded(search: Search, label: Label, money: float, upto: int, site: int) -> tuple[float, tuple[int, ...]]:
    """Return money with the fees of a tip, and when each class was last emptied."""
    emptied = list(label.emptied)
    money += search.world.kind.sites[site].fee_per_tip
    for k in search.accepts[site]:
        money += search.fees[upto][site][k] - search.fees[emptied[k]][site][k]
        emptied[k] = upto
    return money, tuple(emptied)


def _kept(search: Search, labels: list[Label]) -> list[Label]:
    """Return the labels that no other makes superfluous, the most promising if they are too many."""
    kind = search.world.kind
    kept = thin(labels, kind.wage_per_ms, day_limited=kind.longest_ms < FOREVER_MS)
    if len(kept) > search.most:
        search.cut = True
        kept = nsmallest(search.most, kept, key=attrgetter("bound", "ready"))
    return kept
