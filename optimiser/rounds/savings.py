"""Clarke and Wright's savings for a town: sides of streets joined to trips between unloading sites, trips to rounds.

A trip leads from a site along its sides back to a site. Two trips of which one ends in mode a of a stop and the other
begins with mode b of another are joined in the order of what that saves,

    s(a, b) = c(a, site) + c(site, b) - c(a, b) - (e(a) + e(b)) / 2

c being money for metres and paid time, e what the mode takes longer than the quickest one of its stop. Rounds are made
of them in several ways, the cheapest plan counts:

- everything in one tour, which is cut into rounds at the least cost (``cutting.py``);
- trips as far as load and the k-th part of a shift let them grow, packed into rounds, the longest first, each to the
  nearest round that has time left for it.

Every round is timed exactly. What it has no time for after all makes trips of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import to_ms
from optimiser.rounds.cutting import Tour, cut
from optimiser.rounds.plan import Order, Plan, Round
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import best_order, planned
from optimiser.rounds.tables import Tables, tables
from optimiser.travel import UNREACHABLE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEIGHBOURS = 40
AT_ONCE = 512
NEIGHBOURS_OF_ENDS = 400
PARTS_OF_A_SHIFT = (0, 1, 2, 3)
FAR = 1e12
NEVER_MS = 2**62
SURCHARGES = 20
Ranked = tuple[list[int], list[int], list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """The stops of a problem as arrays, those of modes in the order of the stops; money and ms.

    ``out``, ``home`` and their ``_ms`` are from the nearest site to each mode, and from it to the nearest site.
    """

    stop: Ints
    row: Ints
    column: Ints
    service_ms: Ints
    extra: Floats
    out: Floats
    home: Floats
    out_ms: Ints
    home_ms: Ints
    load: Floats
    at: Floats
    limit: float
    shift_ms: int
    tip_ms: int
    between_ms: int

    def last_modes(self, chain: Chain) -> Ints:
        """Return the modes that a chain may end with."""
        return np.array([chain.last]) if chain.last >= 0 else np.flatnonzero(self.stop == chain.stops[-1])

    def first_modes(self, chain: Chain) -> Ints:
        """Return the modes that a chain may begin with."""
        return np.array([chain.first]) if chain.first >= 0 else np.flatnonzero(self.stop == chain.stops[0])


@dataclass(slots=True)
class Chain:
    """Stops in order, with service and legs between them; modes at the ends, -1 while open, and all once joined."""

    stops: list[int]
    load: float
    time_ms: int
    first: int = -1
    last: int = -1
    modes: list[int] = field(default_factory=list)


def savings_plans(problem: RoundsProblem) -> Iterator[Plan]:
    """Yield a plan for each way to make rounds, each as soon as it is there.

    Raises
    ------
    ValueError
        If there is more than one kind of vehicle, limit or load, stops have no position, or something ties them.
    """
    if against := reasons_against(problem):
        raise ValueError("; ".join(against))
    known, works = tables(problem), _works(problem)
    every = np.arange(len(works.stop))
    ranked = _ranked(problem, works, every, every, NEIGHBOURS)
    for parts in PARTS_OF_A_SHIFT:
        yield _plan(known, works, ranked, parts)


def reasons_against(problem: RoundsProblem) -> tuple[str, ...]:
    """Return why savings cannot take a problem."""
    kinds = {repr(replace(vehicle, id="")) for vehicle in problem.vehicles}
    against = {
        "there is nothing to plan": not problem.stops or not problem.tip_sites,
        "there is not one kind of vehicle": len(kinds) != 1,
        "there is not one limit on one load": any(len(v.limits) != 1 for v in problem.vehicles)
        or len(problem.dimensions) != 1,
        "stops have no position": any(stop.at is None for stop in problem.stops),
        "stops are tied": bool(problem.shipments or problem.choices or problem.together or problem.apart)
        or bool(problem.locks),
    }
    return tuple(reason for reason, holds in against.items() if holds)


def _works(problem: RoundsProblem) -> Works:
    truck = problem.vehicles[0]
    travel, wage = problem.travel[truck.profile], truck.costs.per_hour / 3.6e6
    modes = [(k, mode) for k, stop in enumerate(problem.stops) for mode in stop.modes]
    stop = np.array([k for k, _ in modes], np.int64)
    row = np.array([travel.row(mode.leave) for _, mode in modes], np.int64)
    column = np.array([travel.column(mode.arrive) for _, mode in modes], np.int64)
    service = np.array([to_ms(mode.service_s) for _, mode in modes], np.int64)
    quickest = np.full(len(problem.stops), np.iinfo(np.int64).max)
    np.minimum.at(quickest, stop, service)
    site_modes = [(to_ms(site.queue_s + mode.service_s), mode) for site in problem.tip_sites for mode in site.modes]
    site_row = np.array([travel.row(mode.leave) for _, mode in site_modes])
    site_column = np.array([travel.column(mode.arrive) for _, mode in site_modes])
    out_ms, out = _money(problem, *travel.block(site_row, column))
    home_ms, home = _money(problem, *travel.block(row, site_column))
    end = travel.block(site_row, np.array([travel.column(truck.end)]))[0]
    shift = truck.shift.end_s - truck.shift.start_s
    (limit,) = truck.limits
    (weight,) = limit.weights.values()
    return Works(
        stop=stop,
        row=row,
        column=column,
        service_ms=service,
        extra=wage * (service - quickest[stop]),
        out=out.min(axis=0),
        home=home.min(axis=1),
        out_ms=out_ms.min(axis=0),
        home_ms=home_ms.min(axis=1),
        load=np.array([weight * sum(one.loads.values()) for one in problem.stops]),
        at=np.array([one.at for one in problem.stops], np.float64),
        limit=limit.at_most,
        shift_ms=to_ms(min(shift, truck.shift.max_duration_s or shift)),
        tip_ms=min(ms for ms, _ in site_modes),
        between_ms=int(end.max()),
    )


def _money(problem: RoundsProblem, ms: NDArray[np.int32], dm: NDArray[np.int32]) -> tuple[Ints, Floats]:
    """Return times, and money for metres and paid time."""
    costs = problem.vehicles[0].costs
    money = ms * (costs.per_hour / 3.6e6) + dm * (costs.per_km / 1e4)
    return ms.astype(np.int64), np.where(ms >= UNREACHABLE, FAR, money)


def _ranked(problem: RoundsProblem, works: Works, lasts: Ints, firsts: Ints, most: int) -> Ranked:
    """Return pairs of modes, from each to the nearest others, and the ms between; those that save most first."""
    travel = problem.travel[problem.vehicles[0].profile]
    rows, columns = np.unique(works.row[lasts]), np.unique(works.column[firsts])
    by_row, by_column = (
        lasts[np.argsort(works.row[lasts], kind="stable")],
        firsts[np.argsort(works.column[firsts], kind="stable")],
    )
    found: list[tuple[Ints, Ints, Ints, Floats]] = []
    most = min(most, len(columns))
    for first in range(0, len(rows), AT_ONCE):
        part = rows[first : first + AT_ONCE]
        ms, money = _money(problem, *travel.block(part, columns))
        near = np.argpartition(money, most - 1, axis=1)[:, :most]
        a, pair = _expanded(works.row, by_row, np.repeat(part, most))
        b, which = _expanded(works.column, by_column, columns[near].ravel()[pair])
        a, pair = a[which], pair[which]
        at = pair // most, near.ravel()[pair]
        saved = works.home[a] + works.out[b] - money[at] - (works.extra[a] + works.extra[b]) / 2
        good = (works.stop[a] != works.stop[b]) & (money[at] < FAR)
        found.append((a[good], b[good], ms[at][good], saved[good]))
    a, b, ms, saved = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(-saved, kind="stable")
    return a[order].tolist(), b[order].tolist(), ms[order].tolist()


def _expanded(keys: Ints, order: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return the modes with each of the wanted keys, and the position in ``wanted`` that each one answers."""
    ordered = keys[order]
    low, high = np.searchsorted(ordered, wanted, "left"), np.searchsorted(ordered, wanted, "right")
    count = high - low
    which = np.repeat(np.arange(len(wanted)), count)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return order[low[which] + nth], which


def _plan(known: Tables, works: Works, ranked: Ranked, parts: int) -> Plan:
    """Return the plan with trips of the given part of a shift; 0: of one tour through everything, cut."""
    if parts:
        most_ms = (works.shift_ms - works.between_ms) // parts
        rest = _trips(known.problem, works, ranked, works.limit, most_ms)
    else:
        rest = _trips(known.problem, works, ranked, np.inf, NEVER_MS)
    rounds = list[Round]()
    vehicles = [vehicle.id for vehicle in known.problem.vehicles]
    while rest and vehicles:
        before, loose = sum(len(chain.stops) for chain in rest), list[Chain]()
        for packed in _packed(works, rest) if parts else _cut(known.problem, works, rest):
            tour, left = _timed(known, works, vehicles[0], packed) if vehicles else (None, packed)
            loose += left
            if tour is not None:
                rounds.append(tour)
                vehicles.pop(0)
        if sum(len(chain.stops) for chain in loose) == before:
            break
        rest, parts = loose, 1
    return planned(known.problem, rounds)


def _cut(problem: RoundsProblem, works: Works, chains: Sequence[Chain]) -> list[list[Chain]]:
    """Return rounds that a tour through everything is cut into, no more than there are vehicles if that can be."""
    (chain,) = chains
    tour, surcharge, starts = _tour(problem, works, chain), 0.0, list[int]()
    for _ in range(SURCHARGES):
        starts = cut(tour, surcharge=surcharge)
        if len(starts) <= len(problem.vehicles):
            break
        surcharge += max(tour.fixed, 1.0)
    ends = [*starts[1:], len(chain.stops)]
    return [[_chain(works, chain.stops[a:b])] for a, b in zip(starts, ends, strict=True)] or [[chain]]


def _tour(problem: RoundsProblem, works: Works, chain: Chain) -> Tour:
    truck, mode = problem.vehicles[0], np.array(chain.modes)
    travel, wage = problem.travel[truck.profile], truck.costs.per_hour / 3.6e6
    rows, columns = works.row[mode], works.column[mode]
    site_modes = [one for site in problem.tip_sites for one in site.modes]
    site_rows = np.array([travel.row(one.leave) for one in site_modes])
    site_columns = np.array([travel.column(one.arrive) for one in site_modes])
    leg_ms, leg = (np.r_[0, values] for values in _money(problem, *travel.legs(rows[:-1], columns[1:])))
    home_ms, home = _money(problem, *travel.block(rows, site_columns))
    out_ms, out = (values.T for values in _money(problem, *travel.block(site_rows, columns)))
    end_ms, end = _money(problem, *travel.block(site_rows, np.array([travel.column(truck.end)])))
    depart_ms, depart = _money(problem, *travel.block(np.array([travel.row(truck.start)]), columns))
    over = np.argmin(np.r_[home[:1], home[:-1]] + out, axis=1)
    last = np.argmin(home + end[:, 0], axis=1)
    each, service = np.arange(len(mode)), works.service_ms[mode]
    over_ms = np.r_[home_ms[:1], home_ms[:-1]][each, over] + out_ms[each, over] + works.tip_ms
    arrive_ms = home_ms[each, last] + end_ms[last, 0] + works.tip_ms
    return Tour(
        leg=leg + wage * service,
        leg_ms=leg_ms + service,
        bare=leg,
        bare_ms=leg_ms,
        between=np.r_[home[:1], home[:-1]][each, over] + out[each, over] + wage * (works.tip_ms + service),
        between_ms=over_ms + service,
        depart=depart[0],
        depart_ms=depart_ms[0],
        arrive=home[each, last] + end[last, 0] + wage * works.tip_ms,
        arrive_ms=arrive_ms,
        load=works.load[chain.stops],
        limit=works.limit,
        most_ms=works.shift_ms,
        fixed=truck.costs.fixed,
    )


def _trips(problem: RoundsProblem, works: Works, ranked: Ranked, most: float, most_ms: int) -> list[Chain]:
    """Return the trips that savings make: of the nearest first, then of what is left at their ends."""
    quickest = np.full(len(works.load), np.iinfo(np.int64).max)
    np.minimum.at(quickest, works.stop, works.service_ms)
    chains = [Chain([k], float(works.load[k]), int(quickest[k])) for k in range(len(works.load))]
    _join(works, chains, ranked, most, most_ms)
    count = 0
    while count != len(chains):
        count = len(chains)
        chains = [chain for chain in chains if chain.stops]
        lasts = [works.last_modes(chain) for chain in chains]
        firsts = [works.first_modes(chain) for chain in chains]
        again = _ranked(problem, works, np.concatenate(lasts), np.concatenate(firsts), NEIGHBOURS_OF_ENDS)
        _join(works, chains, again, most, most_ms)
    return chains


def _join(works: Works, chains: list[Chain], ranked: Ranked, most: float, most_ms: int) -> None:
    """Join chains in the order given, as far as load and time let them; those that are used up have no stops left."""
    stop, service = works.stop.tolist(), works.service_ms.tolist()
    out, home = works.out_ms.tolist(), works.home_ms.tolist()
    of = {k: chain for chain in chains for k in chain.stops}
    for a, b, ms in zip(*ranked, strict=True):
        i, j = stop[a], stop[b]
        one, two = of[i], of[j]
        if one is two or one.stops[-1] != i or two.stops[0] != j or one.last not in (-1, a) or two.first not in (-1, b):
            continue
        time_ms = (one.time_ms if one.last >= 0 else service[a]) + (two.time_ms if two.first >= 0 else service[b]) + ms
        begin, end = (one.first if one.first >= 0 else a), (two.last if two.last >= 0 else b)
        if one.load + two.load > most or time_ms + out[begin] + home[end] + works.tip_ms > most_ms:
            continue
        one.modes = [*(one.modes or [a]), *(two.modes or [b])]
        one.stops += two.stops
        one.load, one.time_ms, one.first, one.last = one.load + two.load, time_ms, begin, end
        for k in two.stops:
            of[k] = one
        two.stops = []
    chains[:] = [chain for chain in chains if chain.stops]


def _packed(works: Works, trips: Sequence[Chain]) -> list[list[Chain]]:
    """Return trips that make rounds together."""
    modes = np.searchsorted(works.stop, np.arange(len(works.load)))  # the first mode stands for open ends
    rounds: list[list[Chain]] = []
    used: list[int] = []
    centres: list[Floats] = []

    def whole_ms(trip: Chain) -> int:
        begin = trip.first if trip.first >= 0 else modes[trip.stops[0]]
        end = trip.last if trip.last >= 0 else modes[trip.stops[-1]]
        return trip.time_ms + int(works.out_ms[begin] + works.home_ms[end]) + works.tip_ms

    for trip in sorted(trips, key=lambda trip: (-whole_ms(trip), trip.stops[0])):
        needed, centre = whole_ms(trip), works.at[trip.stops].mean(axis=0)
        fits = [n for n, ms in enumerate(used) if ms + needed <= works.shift_ms]
        if fits:
            n = min(fits, key=lambda n: float(np.hypot(*(centres[n] - centre))))
            rounds[n].append(trip)
            used[n] += needed
            centres[n] = works.at[[k for one in rounds[n] for k in one.stops]].mean(axis=0)
        else:
            rounds.append([trip])
            used.append(works.between_ms + needed)
            centres.append(centre)
    return rounds


def _timed(known: Tables, works: Works, vehicle: str, trips: Sequence[Chain]) -> tuple[Round | None, Sequence[Chain]]:
    """Return the exact round over as much of the trips as there is time for, and each stop of the rest."""
    stops = [k for trip in trips for k in trip.stops]
    low, high, best = 0, len(stops) + 1, None
    middle = len(stops)
    while high - low > 1:
        names = tuple(known.problem.stops[k].id for k in stops[:middle])
        tour = best_order(known, Order(vehicle=vehicle, visits=names))
        if tour is None:
            high = middle
        else:
            low, best = middle, tour
        middle = (low + high) // 2
    return best, [_chain(works, [k]) for k in stops[low:]]


def _chain(works: Works, stops: list[int]) -> Chain:
    """Return stops as a chain with open ends; only of a single stop is the time needed."""
    time_ms = int(works.service_ms[works.stop == stops[0]].min())
    return Chain(stops=stops, load=float(works.load[stops].sum()), time_ms=time_ms)
