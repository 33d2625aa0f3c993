"""Which rules together make a stop impossible: a smallest set of them, found by taking rules away one by one.

A set of rules *collides* for a stop if no vehicle that keeps just these can serve it alone; it is smallest if every
rule of it can be the one that is taken away to make it possible. There may be other such sets. (Deletion filter:
Chinneck and Dravnieks 1991, ORSA Journal on Computing 3.)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from optimiser.rounds.explain.remedies import BY_KIND, without
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round

UNREACHABLE = "unreachable-leg"
BETWEEN_ROUNDS = frozenset({"together", "apart", "even", "changes", "site-cap"})  # never keep a stop out by itself


def colliding(problem: RoundsProblem, stop: str) -> tuple[str, ...]:
    """Return the codes of a smallest set of rules that keep a stop from being served even alone, in the judges' words.

    Returns
    -------
    Empty if it can be served alone; ``("unreachable-leg",)`` if no rule is to blame but the streets.

    Raises
    ------
    ValueError
        If the problem has no such stop.
    """
    alone = _alone(problem, stop)
    if _possible(alone, stop):
        return ()
    kinds = [kind for kind in BY_KIND if kind not in BETWEEN_ROUNDS]
    if not _possible(without(alone, kinds, [stop]), stop):
        return (UNREACHABLE,)
    kept = list(kinds)
    for kind in kinds:
        tried = [other for other in kinds if other not in kept or other == kind]
        if not _possible(without(alone, tried, [stop]), stop):
            kept.remove(kind)
    return tuple(sorted(code for kind in kept for code in _codes(kind)))


def _codes(kind: str) -> Collection[str]:
    return BY_KIND[kind].codes


def _alone(problem: RoundsProblem, stop: str) -> RoundsProblem:
    """Return the problem with that stop only, and the other end of its shipment."""
    pairs = [pair for pair in problem.shipments if stop in {pair.pickup, pair.delivery}]
    wanted = {stop, *(end for pair in pairs for end in (pair.pickup, pair.delivery))}
    stops = tuple(one for one in problem.stops if one.id in wanted)
    if not stops:
        raise ValueError(f"there is no stop {stop}")
    locks = tuple(replace(lock, stops=(stop,)) for lock in problem.locks if stop in lock.stops)
    return replace(problem, stops=stops, shipments=tuple(pairs), choices=(), together=(), apart=(), locks=locks)


def _possible(alone: RoundsProblem, stop: str) -> bool:
    known = tables(alone)
    visits = [end for pair in alone.shipments for end in (pair.pickup, pair.delivery)] or [stop]
    owner = {lock.vehicle for lock in alone.locks}
    tried: set[int] = set()
    for vehicle in alone.vehicles:
        kind = known.kind_of[vehicle.id]
        alike = kind in tried and not owner and all(one.vehicles is None for one in alone.stops)
        if alike or (owner and vehicle.id not in owner):
            continue
        tried.add(kind)
        if best_round(known, vehicle.id, visits) is not None:
            return True
    return False
