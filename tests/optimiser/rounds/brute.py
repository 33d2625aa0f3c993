"""Small problems solved by trying everything, with nothing but ``check`` and ``price`` to judge.

A *story* is a round without its start: stops with their modes, tips, breaks. Every story is driven from every start at
which its cost can turn, at the earliest times. That is all there is, but for two things, which make the answer only an
upper bound: a limit on gathered driving or work together with times of day, and a rest that were better taken later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import permutations, product
from math import inf

from optimiser.rounds.check import check
from optimiser.rounds.measures import not_served
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan, Reason, Round, Unserved
from optimiser.rounds.price import price
from optimiser.rounds.problem import Aim, Break, DrivingRest, Measure, RoundsProblem, Stop, TipSite, Vehicle
from tests.by_hand import Piece, drive_round

MOST_RESTS = 2
TIMELESS = {
    *("vehicle-not-allowed", "skill-missing", "too-many-stops", "distance-exceeded"),
    *("cannot-carry", "limit-exceeded", "day-limit-exceeded", "not-empty", "tip-refused", "site-not-allowed"),
    *("cap-exceeded", "break-load", "shipment-split", "shipment-order", "choice-both", "apart-together", "lock-broken"),
}


def cheapest_round(problem: RoundsProblem, vehicle: Vehicle, visits: Sequence[str]) -> tuple[float, Plan] | None:
    """Return the least cost and plan among all tips, breaks, modes and starts for one order of stops."""
    best: tuple[float, Plan] | None = None
    for pieces in _stories(problem, vehicle, visits):
        if _least(problem, vehicle, pieces) >= (inf if best is None else best[0]):
            continue
        for start in _starts(problem, vehicle, pieces):
            plan = alone(problem, [drive_round(problem, vehicle, pieces, start)])
            cost = price(problem, plan).net
            if (best is None or cost < best[0]) and not check(problem, plan):
                best = cost, plan
    return best


def cheapest_plan(problem: RoundsProblem) -> tuple[float, float]:
    """Return the least weight of required stops left out and, with that, the least net cost, over all plans.

    Raises
    ------
    ValueError
        If the cheapest round of each set of stops need not be in the cheapest plan: caps, even hours, and aims before
        money that a dearer round may serve better.
    """
    aims = problem.aims
    if (
        any(site.caps for site in problem.tip_sites)
        or any(balance.measure is Measure.HOURS for balance in aims.balance)
        or set(aims.first) & {Aim.HOURS, Aim.DISTANCE, Aim.SPREAD}
    ):
        raise ValueError("the cheapest rounds do not make the cheapest plan")
    choices = [[None, *_rounds(problem, vehicle)] for vehicle in problem.vehicles]
    best = (inf, inf)
    for tours in product(*choices):
        served = [stop for tour in tours if tour for stop in tour.stops]
        if len(set(served)) < len(served):
            continue
        plan = alone(problem, [tour for tour in tours if tour])
        merit = sum(stop.weight for stop in left_out(problem, plan)), price(problem, plan).net
        if merit < best and not check(problem, plan):
            best = merit
    return best


def alone(problem: RoundsProblem, rounds: Sequence[Round]) -> Plan:
    """Return the plan of these rounds and no others."""
    served = {stop for tour in rounds for stop in tour.stops}
    out = (Unserved(stop=stop.id, reason=Reason.NO_ROOM) for stop in not_served(problem, served))
    return Plan(rounds=tuple(rounds), unserved=tuple(out))


def _least(problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece]) -> float:
    """Return what the story costs at least whenever it starts, infinity if it always breaks a rule."""
    plan = alone(problem, [drive_round(problem, vehicle, pieces, round(vehicle.shift.start_s * 1000))])
    if any(violation.code in TIMELESS for violation in check(problem, plan)):
        return inf
    cost = price(problem, plan)
    return cost.fixed + cost.distance + cost.tip_costs + cost.gate_fees - cost.prizes


def _rounds(problem: RoundsProblem, vehicle: Vehicle) -> list[Round]:
    """Return the cheapest round of a vehicle for each set of stops that it can serve."""
    names = [stop.id for stop in problem.stops]
    best: dict[frozenset[str], tuple[float, Plan]] = {}
    for size in range(1, len(names) + 1):
        for visits in permutations(names, size):
            found = cheapest_round(problem, vehicle, visits)
            served = frozenset(visits)
            if found and (served not in best or found[0] < best[served][0]):
                best[served] = found
    return [plan.rounds[0] for _, plan in best.values()]


def _stories(problem: RoundsProblem, vehicle: Vehicle, visits: Sequence[str]) -> Iterator[list[Piece]]:
    """Yield every way to put modes, up to two tips in a row, breaks and rests into the order."""
    stops = {stop.id: stop for stop in problem.stops}
    sites: list[Piece] = [(s, m) for s in problem.tip_sites for m in range(len(s.modes))]
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
                for rested in _with_breaks(pieces, vehicle.breaks):
                    yield from _with_rests(rested, vehicle.driving_rest, MOST_RESTS, 0)


def _sensible(pieces: Sequence[Piece], vehicle: Vehicle) -> bool:
    """Return whether every tip unloads or loads something, and the end is empty if it must be."""
    aboard: set[str] = set()
    for k, (work, _) in enumerate(pieces):
        if isinstance(work, Stop):
            aboard |= {d for d, amount in work.loads.items() if amount > 0}
        elif isinstance(work, TipSite):
            ahead = {d for after, _ in pieces[k:] if isinstance(after, Stop) for d in after.deliveries}
            if not aboard & work.accepts and not ahead & work.supplies:
                return False
            aboard -= work.accepts
    return not (aboard and vehicle.must_end_empty)


def _with_breaks(pieces: list[Piece], rests: Sequence[Break]) -> Iterator[list[Piece]]:
    if not rests:
        yield pieces
        return
    yield from _with_breaks(pieces, rests[1:])
    for at, mode in product(range(len(pieces) + 1), range(max(len(rests[0].modes), 1))):
        yield from _with_breaks([*pieces[:at], (rests[0], mode), *pieces[at:]], rests[1:])


def _with_rests(pieces: list[Piece], rest: DrivingRest | None, most: int, begin: int) -> Iterator[list[Piece]]:
    yield pieces
    if rest is not None and most:
        for at in range(begin, len(pieces) + 1):
            yield from _with_rests([*pieces[:at], (rest, 0), *pieces[at:]], rest, most - 1, at + 1)


def _starts(problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece]) -> list[int]:
    """Return the starts at which the cost of a fixed story can turn.

    They are the shift's start, those that bring a visit just in time for something to open, close or be ready, a leg
    to where the time of day changes, or the vehicle home as its shift or a break's time ends, and those just after a
    break's latest start (2 ms, or the checker's tolerance would let it into a window that closes just then).
    """
    first = round(vehicle.shift.start_s * 1000)
    last = round((vehicle.shift.end_s + vehicle.shift.overtime_s) * 1000)
    edges = _edges(problem, vehicle, pieces)
    starts = {first} | {round(rest.spans[-1].close_s * 1000) + 2 for rest in vehicle.breaks}
    if not problem.periods.get(vehicle.profile):
        moments = _moments(problem, vehicle, pieces, first)
        starts |= {first + edge - moment for moment, own in zip(moments, edges, strict=True) for edge in own}
    else:
        known: dict[int, list[int]] = {}

        def moments_of(start: int) -> list[int]:
            if start not in known:
                known[start] = _moments(problem, vehicle, pieces, start)
            return known[start]

        turns = [(k, edge) for k, own in enumerate(edges) for edge in own if moments_of(first)[k] < edge]
        for k, edge in turns:
            turn = bisect_left(range(first, last + 1), edge, key=lambda start, k=k: moments_of(start)[k]) + first
            starts |= {turn - 1, turn}
    return sorted(start for start in starts if first <= start <= last)


def _edges(problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece]) -> list[set[int]]:
    """Return what each moment (arrivals, then ends of visits, then the round's) may be in time for, in ms."""
    day = {period.from_s for period in problem.periods.get(vehicle.profile, ())}
    ready = {work.release_s for work, _ in pieces if isinstance(work, Stop)}
    arrivals: list[set[float]] = []
    for work, _ in pieces:
        spans = work.spans if isinstance(work, Break) else getattr(work, "windows", ())
        arrivals.append({edge for span in spans for edge in (span.open_s, span.close_s)} | day)
    shift = vehicle.shift
    home = {shift.end_s, shift.end_s + shift.overtime_s, *(rest.spans[-1].close_s for rest in vehicle.breaks)}
    home = home if day else set()  # where every way takes the same all day, a later start never saves at the end
    ends = [day | ready for _ in range(len(pieces) + 1)]  # the start is the end of nothing
    return [{round(edge * 1000) for edge in own} for own in (*arrivals, *ends, home | day)]


def _moments(problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece], start: int) -> list[int]:
    """Return when a round that never waits arrives, is done with each visit (its start first), and is home."""
    driven = drive_round(problem, vehicle, pieces, start, wait=False)
    arrivals = [visit.arrive_s for visit in driven.visits]
    ends = [visit.end_s for visit in driven.visits]
    return [round(moment * 1000) for moment in (*arrivals, driven.start_s, *ends, driven.end_s)]
