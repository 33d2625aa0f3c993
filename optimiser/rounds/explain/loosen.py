"""A problem with one rule taken away: for all vehicles and sites, but only for the stops that are looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from optimiser.rounds.problem import Limit, RoundsProblem, Stop, TipSite, Vehicle

Loosen = Callable[[RoundsProblem, Collection[str]], RoundsProblem]
A_DAY_S = 24 * 3600.0
PLENTY = 1e3
EXTRA = " (extra)"


def each_vehicle(change: Callable[[Vehicle], Vehicle]) -> Loosen:
    """Return how to change every vehicle."""
    return lambda problem, _: replace(problem, vehicles=tuple(change(vehicle) for vehicle in problem.vehicles))


def each_site(change: Callable[[TipSite], TipSite]) -> Loosen:
    """Return how to change every site."""
    return lambda problem, _: replace(problem, tip_sites=tuple(change(site) for site in problem.tip_sites))


def those_stops(change: Callable[[Stop], Stop]) -> Loosen:
    """Return how to change the stops looked at."""
    return lambda problem, stops: replace(
        problem, stops=tuple(change(stop) if stop.id in stops else stop for stop in problem.stops)
    )


def larger(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """Return limits that hardly bind."""
    return tuple(replace(limit, at_most=PLENTY * (limit.at_most + 1.0)) for limit in limits)


def roomy(vehicle: Vehicle) -> Vehicle:
    """Return a vehicle that carries plenty of what it may carry."""
    return replace(
        vehicle,
        limits=larger(vehicle.limits),
        loadings=tuple(larger(loading) for loading in vehicle.loadings),
    )


def skilled(problem: RoundsProblem, _: Collection[str]) -> RoundsProblem:
    """Return the problem with crews that can do everything."""
    needed = frozenset[str]().union(*(stop.needs for stop in problem.stops))
    return replace(problem, vehicles=tuple(replace(v, skills=v.skills | needed) for v in problem.vehicles))


def accepting(problem: RoundsProblem, _: Collection[str]) -> RoundsProblem:
    """Return the problem with sites that take everything."""
    everything = frozenset(problem.dimensions)
    return replace(problem, tip_sites=tuple(replace(site, accepts=everything) for site in problem.tip_sites))


def another(problem: RoundsProblem, _: Collection[str]) -> RoundsProblem:
    """Return the problem with one more of each kind of vehicle, for all that the first of the kind may serve."""
    firsts: dict[str, Vehicle] = {}
    for vehicle in problem.vehicles:
        firsts.setdefault(repr(replace(vehicle, id="")), vehicle)
    return with_extra(problem, [vehicle.id for vehicle in firsts.values()])


def with_extra(problem: RoundsProblem, alike: Collection[str]) -> RoundsProblem:
    """Return the problem with one more vehicle like each of these."""
    known = {vehicle.id: vehicle for vehicle in problem.vehicles}
    more = [replace(known[id_], id=id_ + EXTRA) for id_ in alike]

    def opened(stop: Stop) -> Stop:
        if stop.vehicles is None:
            return stop
        return replace(stop, vehicles=stop.vehicles | {id_ + EXTRA for id_ in alike if id_ in stop.vehicles})

    return replace(
        problem,
        vehicles=(*problem.vehicles, *more),
        stops=tuple(opened(stop) for stop in problem.stops),
    )


def unbound(field: str) -> Loosen:
    """Return how to take the stops looked at out of the sets to go together, or to stay apart."""

    def change(problem: RoundsProblem, stops: Collection[str]) -> RoundsProblem:
        sets: tuple[frozenset[str], ...] = getattr(problem, field)
        kept = tuple(left for group in sets if len(left := group - set(stops)) > 1)
        return replace(problem, together=kept) if field == "together" else replace(problem, apart=kept)

    return change


def unlocked(problem: RoundsProblem, _: Collection[str]) -> RoundsProblem:
    """Return the problem without anything fixed by hand."""
    return replace(problem, locks=())


def uneven(problem: RoundsProblem, _: Collection[str]) -> RoundsProblem:
    """Return the problem without bounds on the evenness of rounds."""
    balance = tuple(replace(one, at_most=None) for one in problem.aims.balance)
    return replace(problem, aims=replace(problem.aims, balance=balance))


def unsettled(problem: RoundsProblem, _: Collection[str]) -> RoundsProblem:
    """Return the problem without a bound on changes."""
    return replace(problem, aims=replace(problem.aims, most_changes=None))
