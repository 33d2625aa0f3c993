"""Small problems solved by trying everything, with nothing but ``check`` and ``price`` to judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

import numpy as np

from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Plan, Round, Visit
from optimiser.rounds.price import price
from optimiser.rounds.problem import Break, RoundsProblem, Stop, TipSite, Vehicle
from optimiser.rounds.schedule import planned

Piece = tuple[Stop | TipSite | Break, int]


def cheapest_round(problem: RoundsProblem, vehicle: Vehicle, visits: Sequence[str]) -> tuple[float, Plan] | None:
    """Return the least cost and plan among all tips, breaks, modes and starts for one order of stops."""
    best: tuple[float, Plan] | None = None
    for pieces in _stories(problem, vehicle, visits):
        for start in _starts(problem, vehicle, pieces):
            plan = planned(problem, [_driven(problem, vehicle, pieces, start)])
            if check(problem, plan):
                continue
            cost = price(problem, plan).net
            if best is None or cost < best[0]:
                best = cost, plan
    return best


def cheapest_plan(problem: RoundsProblem) -> tuple[int, float]:
    """Return the fewest required stops left out and, with those, the least net cost, over all plans."""
    names = [stop.id for stop in problem.stops]
    required = {stop.id for stop in problem.stops if stop.prize is None}
    cost: dict[tuple[str, frozenset[str]], float] = {}
    for vehicle in problem.vehicles:
        for size in range(1, len(names) + 1):
            for visits in permutations(names, size):
                found = cheapest_round(problem, vehicle, visits)
                key = vehicle.id, frozenset(visits)
                if found and found[0] < cost.get(key, np.inf):
                    cost[key] = found[0]
    states: dict[frozenset[str], float] = {frozenset(): 0.0}
    for vehicle in problem.vehicles:  # each goes out at most once
        before = dict(states)
        for (name, served), amount in cost.items():
            for done, total in before.items() if name == vehicle.id else ():
                if done.isdisjoint(served) and total + amount < states.get(done | served, np.inf):
                    states[done | served] = total + amount
    return min((len(required - done), total) for done, total in states.items())


def _stories(problem: RoundsProblem, vehicle: Vehicle, visits: Sequence[str]) -> Iterator[list[Piece]]:
    """Yield every way to put modes, up to two tips in a row and breaks into the order."""
    stops = {stop.id: stop for stop in problem.stops}
    sites = [(s, m) for s in problem.tip_sites for m in range(len(s.modes))]
    tips: list[tuple[Piece, ...]] = [(), *((s,) for s in sites)]
    if len(problem.dimensions) > 1:
        tips += [(a, b) for a in sites for b in sites if a[0].id != b[0].id]
    modes = [range(len(stops[v].modes)) for v in visits]
    for chosen in product(*modes):
        for between in product(tips, repeat=len(visits)):
            pieces: list[Piece] = []
            for visit, mode, after in zip(visits, chosen, between, strict=True):
                pieces += [(stops[visit], mode), *after]
            if _sensible(pieces, vehicle):
                yield from _with_breaks(pieces, vehicle.breaks)


def _sensible(pieces: Sequence[Piece], vehicle: Vehicle) -> bool:
    """Return whether every tip unloads something and the end is empty if it must be."""
    aboard: set[str] = set()
    for work, _ in pieces:
        if isinstance(work, Stop):
            aboard |= {d for d, amount in work.loads.items() if amount > 0}
        elif isinstance(work, TipSite):
            if not aboard & work.accepts:
                return False
            aboard -= work.accepts
    return not (aboard and vehicle.must_end_empty)


def _with_breaks(pieces: list[Piece], rests: Sequence[Break]) -> Iterator[list[Piece]]:
    if not rests:
        yield pieces
        return
    yield from _with_breaks(pieces, rests[1:])
    for at in range(len(pieces) + 1):
        yield from _with_breaks([*pieces[:at], (rests[0], 0), *pieces[at:]], rests[1:])


def _starts(problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece]) -> set[int]:
    """Return the starts at which the cost of a fixed story can turn: the first, just in time to open, or to close."""
    first = round(vehicle.shift.start_s * 1000)
    # after a break's latest start; 2 ms, or the checker's tolerance would let it into a window that closes just then
    starts = {first} | {round(rest.latest_s * 1000) + 2 for rest in vehicle.breaks}
    driven = _driven(problem, vehicle, pieces, first, wait=False)
    for (work, _), visit in zip(pieces, driven.visits, strict=True):
        took = round(visit.arrive_s * 1000) - first
        if isinstance(work, Break):
            edges = [work.earliest_s, work.latest_s]
        else:
            edges = [edge for window in work.windows for edge in (window.open_s, window.close_s)]
        starts |= {round(edge * 1000) - took for edge in edges}
    return {s for s in starts if s >= first}


def _driven(
    problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece], start: int, *, wait: bool = True
) -> Round:
    travel = problem.travel[vehicle.profile]
    now, here, visits = start, vehicle.start, []
    for work, mode in pieces:
        if isinstance(work, Break):
            act, service, opens = Act.BREAK, work.duration_s, [work.earliest_s]
        else:
            act = Act.STOP if isinstance(work, Stop) else Act.TIP
            service = work.modes[mode].service_s
            opens = [
                w.open_s for w in work.windows if w.close_s * 1000 >= now + _leg(travel, here, work.modes[mode].arrive)
            ]
            now += _leg(travel, here, work.modes[mode].arrive)
            here = work.modes[mode].leave
        begin = max(now, round(opens[0] * 1000)) if wait and opens else now
        end = begin + round(service * 1000)
        visits.append(
            Visit(act=act, id=work.id, mode=mode, arrive_s=now / 1000, start_s=begin / 1000, end_s=end / 1000)
        )
        now = end
    now += _leg(travel, here, vehicle.end)
    return Round(vehicle=vehicle.id, start_s=start / 1000, end_s=now / 1000, visits=tuple(visits))


def _leg(travel, leave: str, arrive: str) -> int:
    return int(travel.legs(np.array([travel.row(leave)]), np.array([travel.column(arrive)]))[0][0])
