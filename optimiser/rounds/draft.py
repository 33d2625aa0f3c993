"""A plan in the making: rounds that keep every rule, changed one round at a time.

A change is first an :class:`Entry`: a round with its exact timing that keeps all rules beside the rounds of the other
vehicles (:func:`candidate`). ``put`` takes it in. What may be uneven among the rounds (``at_most`` of a balance) is the
one rule that a draft may break on its way; :func:`standing` says by how much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from optimiser.rounds.bonds import Bonds, Part, bonds, keeps_order
from optimiser.rounds.cargo import cargo
from optimiser.rounds.check import ROUND_RULES
from optimiser.rounds.features import features
from optimiser.rounds.ground import Ground, ground
from optimiser.rounds.measures import RoundMeasure, not_served, preferences, round_measure, spread
from optimiser.rounds.path import Path, path_of
from optimiser.rounds.plan import Plan, Round
from optimiser.rounds.price import cost_of
from optimiser.rounds.problem import RoundsProblem, Stop
from optimiser.rounds.schedule import planned
from optimiser.rounds.tables import Bools, Tables, tables
from optimiser.rounds.timing import best_round
from optimiser.rounds.view import Book, RoundView, book, round_view
from optimiser.rounds.weighed import dearest_plan

MOST_KEPT = 60_000  # visits of rounds timed and remembered: about 15 MB
MOST_PATHS = 2_000
MOST_SPOTS = 20_000
FULL = 1e-9  # of a cap, for the rounding of sums: a thousandth of what the checker forgives


Spots = tuple[tuple[float, tuple[int, ...]], ...]  # estimate and legs, the least first


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A round, what it costs with the preferences that concern it alone, and what it counts towards the plan's."""

    tour: Round
    cost: float
    measure: RoundMeasure
    unloaded: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Draft:
    """Rounds by vehicle; what is needed to make more is worked out once and kept."""

    known: Tables
    ids: Book
    bonds: Bonds
    steep: float  # money for each unit of spread beyond what may be
    judged: bool  # whether the judges look at each round before it comes in
    entries: dict[str, Entry] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)  # stop -> vehicle
    grounds: dict[int, Ground] = field(default_factory=dict)
    paths: dict[int, tuple[Entry, Path]] = field(default_factory=dict)  # by identity of the entry, which they keep
    spots: dict[tuple[int, Part], tuple[Entry, Spots]] = field(default_factory=dict)  # where a part costs least in it
    admitted: dict[str, Bools] = field(default_factory=dict)
    named: list[int] | None = None
    without: dict[frozenset[str], Tables] = field(default_factory=dict)
    verdicts: dict[int, tuple[Entry, bool]] = field(default_factory=dict)  # by identity, which they keep
    memory: dict[tuple[str, tuple[str, ...], frozenset[str]], Entry | None] = field(default_factory=dict)

    @property
    def problem(self) -> RoundsProblem:
        """The problem that the plan is for."""
        return self.known.problem

    @property
    def tours(self) -> dict[str, Round]:
        """The rounds by vehicle."""
        return {vehicle: entry.tour for vehicle, entry in self.entries.items()}

    @property
    def costs(self) -> dict[str, float]:
        """What each round costs."""
        return {vehicle: entry.cost for vehicle, entry in self.entries.items()}

    def plan(self) -> Plan:
        """Return the plan as it stands, rounds in the order of the problem's vehicles."""
        rounds = [self.entries[v.id].tour for v in self.problem.vehicles if v.id in self.entries]
        return planned(self.problem, rounds)

    def left(self) -> list[str]:
        """Return the stops that are left out, locked ones first, then required ones, the weightiest first."""
        left = not_served(self.problem, self.holder)
        return [
            s.id for s in sorted(left, key=lambda s: (s.id not in self.bonds.locked, s.prize is not None, -s.weight))
        ]

    def ground(self, vehicle: str) -> Ground:
        """Return costs and times as the vehicle sees them."""
        k = self.known.kind_of[vehicle]
        if k not in self.grounds:
            self.grounds[k] = ground(self.known, self.known.kinds[k])
        return self.grounds[k]

    def path(self, vehicle: str) -> Path:
        """Return the path of a vehicle's round."""
        entry = self.entries[vehicle]
        if id(entry) not in self.paths:
            if len(self.paths) >= MOST_PATHS:
                self.paths.clear()
            way = path_of(self.ids, self.known.stop_at, self.ground(vehicle), entry.tour)
            self.paths[id(entry)] = entry, way
        return self.paths[id(entry)][1]

    def stop(self, stop: str) -> Stop:
        """Return a stop."""
        return self.ids.stops[stop]

    def prize(self, stop: str) -> float | None:
        """Return what an optional stop is worth, ``None`` for a required one."""
        return self.ids.stops[stop].prize

    def admits(self, vehicle: str) -> Bools:
        """Return which stops the vehicle may serve, by position: carry, skills, locks."""
        if vehicle not in self.admitted:
            may, locked = self.known.kind(vehicle).carries, self.bonds.locked
            if self.particular():
                may = may.copy()
            for k in self.particular():
                stop = self.problem.stops[k]
                may[k] &= self.known.allows(vehicle, k) and locked.get(stop.id, vehicle) == vehicle
            self.admitted[vehicle] = may
        return self.admitted[vehicle]

    def particular(self) -> list[int]:
        """Return the positions of the stops that name their vehicles or are locked to one."""
        if self.named is None:
            stops, locked = self.problem.stops, self.bonds.locked
            self.named = [k for k, stop in enumerate(stops) if stop.vehicles is not None or stop.id in locked]
        return self.named


def new_draft(problem: RoundsProblem, rounds: Iterable[Round] = ()) -> Draft:
    """Return a draft with these rounds, which must keep the rules."""
    draft = Draft(
        known=tables(problem),
        ids=book(problem),
        bonds=bonds(problem),
        steep=dearest_plan(problem),
        judged=bool(features(problem)),
    )
    for tour in rounds:
        put(draft, entry(draft, tour))
    return draft


def fresh(draft: Draft) -> Draft:
    """Return an empty draft of the same problem, with all that is worked out already."""
    return replace(draft, entries={}, holder={})


def put(draft: Draft, new: Entry) -> None:
    """Take a round into the draft in place of its vehicle's."""
    vehicle = new.tour.vehicle
    drop(draft, vehicle)
    draft.entries[vehicle] = new
    draft.holder.update(dict.fromkeys(new.tour.stops, vehicle))


def drop(draft: Draft, vehicle: str) -> None:
    """Take a vehicle's round out."""
    old = draft.entries.pop(vehicle, None)
    for stop in old.tour.stops if old else ():
        draft.holder.pop(stop, None)


Memento = tuple[dict[str, Entry], dict[str, str]]


def remember(draft: Draft) -> Memento:
    """Return the draft as it stands, to come back to."""
    return dict(draft.entries), dict(draft.holder)


def restore(draft: Draft, memento: Memento) -> None:
    """Bring a draft back to how it stood."""
    draft.entries, draft.holder = dict(memento[0]), dict(memento[1])


def entry(draft: Draft, tour: Round) -> Entry:
    """Return a round with what it costs and counts."""
    view = round_view(draft.ids, tour)
    aims, measure = draft.problem.aims, round_measure(view)
    own = replace(aims, balance=(), first=()) if aims.balance else aims
    return Entry(
        tour=tour,
        cost=cost_of(view, measure) + sum(preferences(own, [measure]).values()),
        measure=measure,
        unloaded=_unloaded(view) if any(site.caps for site in draft.problem.tip_sites) else {},
    )


def _unloaded(view: RoundView) -> dict[str, dict[str, float]]:
    taken: dict[str, dict[str, float]] = {}
    for moment in cargo(view):
        for dimension, amount in moment.unloaded.items():
            at = taken.setdefault(moment.step.visit.id, {})
            at[dimension] = at.get(dimension, 0.0) + amount
    return taken


def candidate(draft: Draft, vehicle: str, visits: Sequence[str]) -> Entry | None:
    """Return a good round over these stops in this order that keeps every rule beside the other rounds.

    ``None`` if none was found. Sites that would take more than their cap are left out of the timing.
    """
    found = unjudged(draft, vehicle, visits)
    return found if found is not None and sound(draft, found) else None


def unjudged(draft: Draft, vehicle: str, visits: Sequence[str]) -> Entry | None:
    """Return what :func:`candidate` does, before the judges have looked at the round (:func:`sound`)."""
    if not may_serve(draft, vehicle, visits):
        return None
    shut: frozenset[str] = frozenset()
    while True:
        found = _timed(draft, vehicle, tuple(visits), shut)
        if found is None or not few_changes(draft, found):
            return None
        full = over_full(draft, found)
        if not full:
            return found
        if full <= shut:
            return None
        shut |= full


def _timed(draft: Draft, vehicle: str, visits: tuple[str, ...], shut: frozenset[str]) -> Entry | None:
    key = vehicle, visits, shut
    if key in draft.memory:
        return draft.memory[key]
    if len(draft.memory) * (len(visits) + 1) >= MOST_KEPT:
        draft.memory.clear()
        draft.verdicts.clear()
    tour = best_round(_tables_without(draft, shut), vehicle, visits, quick=True)
    found = None if tour is None else entry(draft, tour)
    draft.memory[key] = found
    return found


def judged(draft: Draft, tour: Round) -> Entry | None:
    """Return a round with what it costs and counts, ``None`` if the judges find fault with it."""
    found = entry(draft, tour)
    return found if sound(draft, found) else None


def sound(draft: Draft, new: Entry) -> bool:
    """Return whether the judges find no fault with a round, as far as the draft has them look."""
    return not draft.judged or stands(draft, new)


def stands(draft: Draft, new: Entry) -> bool:
    """Return whether the judges find no fault with a round."""
    if id(new) not in draft.verdicts:
        view = round_view(draft.ids, new.tour)
        draft.verdicts[id(new)] = new, not any(True for rule in ROUND_RULES for _ in rule(view))
    return draft.verdicts[id(new)][1]


def _tables_without(draft: Draft, shut: frozenset[str]) -> Tables:
    """Return the problem as numbers for vehicles that may not use these sites."""
    if not shut:
        return draft.known
    if shut not in draft.without:
        every = frozenset(site.id for site in draft.problem.tip_sites)
        fleet = tuple(
            replace(vehicle, tip_sites=(every if vehicle.tip_sites is None else vehicle.tip_sites) - shut)
            for vehicle in draft.problem.vehicles
        )
        draft.without[shut] = tables(replace(draft.problem, vehicles=fleet))
    return draft.without[shut]


def may_serve(draft: Draft, vehicle: str, visits: Sequence[str]) -> bool:
    """Return whether the vehicle may serve these stops in this order beside what the others serve, times apart."""
    if not visits or not keeps_order(draft.bonds, vehicle, visits):
        return False
    admits, stop_at, held = draft.admits(vehicle), draft.known.stop_at, draft.holder
    here = frozenset(visits)
    return all(
        held.get(stop) == vehicle or (admits[stop_at[stop]] and joins(draft, vehicle, stop, here)) for stop in visits
    )


def joins(draft: Draft, vehicle: str, stop: str, here: Collection[str] = ()) -> bool:
    """Return whether a stop goes with what is served: no rival is, its companions go with it, others stay apart.

    ``here``: what else is to be on the vehicle's round.
    """
    known, held = draft.bonds, draft.holder
    if held.get(stop, vehicle) != vehicle:
        return False
    if any(rival in here or rival in held for rival in known.rivals.get(stop, ())):
        return False
    if any(held.get(other, vehicle) != vehicle for other in known.together.get(stop, ())):
        return False
    return not any(other in here or held.get(other) == vehicle for other in known.apart.get(stop, ()))


def few_changes(draft: Draft, new: Entry) -> bool:
    """Return whether the plan has no more changes than it may with this round."""
    most = draft.problem.aims.most_changes
    if most is None:
        return True
    others = (one.measure.changes for vehicle, one in draft.entries.items() if vehicle != new.tour.vehicle)
    return new.measure.changes + sum(others) <= most


def over_full(draft: Draft, new: Entry) -> frozenset[str]:
    """Return the sites that would take more than their caps with this round beside the others'."""
    full = []
    others = [one for vehicle, one in draft.entries.items() if vehicle != new.tour.vehicle]
    for site_id, own in new.unloaded.items():
        for cap in draft.ids.sites[site_id].caps:
            taken = [own, *(other.unloaded.get(site_id, {}) for other in others)]
            amount = sum(weight * one.get(d, 0.0) for d, weight in cap.weights.items() for one in taken)
            if amount > cap.at_most + FULL * max(cap.at_most, 1.0):
                full.append(site_id)
    return frozenset(full)


def uneven(draft: Draft, measures: Sequence[RoundMeasure]) -> tuple[float, float]:
    """Return the money that unevenness counts, and by how much the spreads exceed what may be."""
    money = over = 0.0
    for balance in draft.problem.aims.balance:
        amount = spread(balance, measures)
        money += balance.per_unit * amount
        if balance.at_most is not None:
            over += max(0.0, amount - balance.at_most - FULL * max(1.0, balance.at_most))
    return money, over


def more(draft: Draft, new: Entry) -> float:
    """Return what a round in place of its vehicle's costs more, unevenness included."""
    vehicle = new.tour.vehicle
    old = draft.entries.get(vehicle)
    cost = new.cost - (old.cost if old else 0.0)
    if not draft.problem.aims.balance:
        return cost
    before = [one.measure for one in draft.entries.values()]
    after = [one.measure for name, one in draft.entries.items() if name != vehicle] + [new.measure]
    (money, over), (money0, over0) = uneven(draft, after), uneven(draft, before)
    return cost + money - money0 + draft.steep * (over - over0)


Standing = tuple[float, float, float]


def standing(draft: Draft) -> Standing:
    """Return what a draft is compared by: weight left out, by how much too uneven, net cost; less is better."""
    weight = sum(stop.weight for stop in not_served(draft.problem, draft.holder) if stop.prize is None)
    money, over = uneven(draft, [one.measure for one in draft.entries.values()])
    prizes = sum(draft.prize(stop) or 0.0 for stop in draft.holder)
    cost = sum(one.cost for one in draft.entries.values())
    return round(weight, 9), round(over, 9), round(cost + money - prizes, 6)
