"""What belongs together: units of work that come into a plan, or stay out, as a whole.

A *unit* has one or more options; an option is served by serving all of its *parts*; a part is a few stops for one
vehicle, in this order. A plain stop is one option of one part of one stop. A shipment is one part of two stops. A
choice has an option for each of its own, with a part for each stop (its shipment's other end included).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimiser.rounds.problem import Lock, RoundsProblem

Part = tuple[str, ...]
Option = tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Work that comes in as a whole; see the head of this file."""

    options: tuple[Option, ...]

    @property
    def stops(self) -> tuple[str, ...]:
        """Every stop of every option."""
        return tuple(stop for option in self.options for part in option for stop in part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """What belongs together in a problem, by stop and by vehicle.

    Parameters
    ----------
    units, unit_of
        All units, and the position of each stop's.
    ends, begins
        Pickup -> its delivery; delivery -> its pickup.
    together, apart
        Stop -> the other stops that must go, or may not go, with it.
    rivals
        Stop -> the stops of the other options of its choice.
    locks, locked
        Vehicle -> its locks, those at the start of the round first; stop -> the vehicle that it is locked to, "" if
        that is more than one: then nobody may serve it.
    """

    units: tuple[Unit, ...]
    unit_of: Mapping[str, int]
    ends: Mapping[str, str]
    begins: Mapping[str, str]
    together: Mapping[str, frozenset[str]]
    apart: Mapping[str, frozenset[str]]
    rivals: Mapping[str, frozenset[str]]
    locks: Mapping[str, tuple[Lock, ...]]
    locked: Mapping[str, str]


def bonds(problem: RoundsProblem) -> Bonds:
    """Return what belongs together."""
    units = _units(problem)
    locks: dict[str, list[Lock]] = defaultdict(list)
    for lock in sorted(problem.locks, key=lambda lock: not lock.first):
        locks[lock.vehicle].append(lock)
    return Bonds(
        units=units,
        unit_of={stop: n for n, unit in enumerate(units) for stop in unit.stops},
        ends={shipment.pickup: shipment.delivery for shipment in problem.shipments},
        begins={shipment.delivery: shipment.pickup for shipment in problem.shipments},
        together=_others(problem.together),
        apart=_others(problem.apart),
        rivals=_rivals(problem),
        locks={vehicle: tuple(own) for vehicle, own in locks.items()},
        locked=_locked(problem),
    )


def _units(problem: RoundsProblem) -> tuple[Unit, ...]:
    """Return choices, then shipments, then the rest, each stop once, in the order of the problem's stops."""
    pair: dict[str, Part] = {}
    for shipment in problem.shipments:
        pair[shipment.pickup] = pair[shipment.delivery] = (shipment.pickup, shipment.delivery)
    units: list[Unit] = []
    seen: set[str] = set()
    for choice in problem.choices:
        options: list[Option] = []
        for option in choice.options:
            parts = dict.fromkeys(pair.get(stop, (stop,)) for stop in option)
            options.append(tuple(part for part in parts if not seen & set(part)))
            seen |= {stop for part in parts for stop in part}
        units.append(Unit(options=tuple(option for option in options if option)))
    for stop in problem.stops:
        if stop.id not in seen:
            part = pair.get(stop.id, (stop.id,))
            units.append(Unit(options=((part,),)))
            seen |= set(part)
    return tuple(units)


def _locked(problem: RoundsProblem) -> dict[str, str]:
    locked: dict[str, str] = {}
    for lock in problem.locks:
        for stop in lock.stops:
            locked[stop] = lock.vehicle if locked.get(stop, lock.vehicle) == lock.vehicle else ""
    return locked


def _others(sets: Collection[frozenset[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in sets:
        for stop in group:
            found[stop] = found.get(stop, frozenset()) | group - {stop}
    return found


def _rivals(problem: RoundsProblem) -> dict[str, frozenset[str]]:
    return {
        stop: frozenset(other for rival in choice.options if rival is not option for other in rival)
        for choice in problem.choices
        for option in choice.options
        for stop in option
    }


def linked(known: Bonds, stop: str) -> frozenset[str]:
    """Return the stops that leave a plan when this one does: its unit, and what must go with any stop of it."""
    unit = frozenset(known.units[known.unit_of[stop]].stops)
    together = frozenset[str]().union(*(known.together.get(member, frozenset()) for member in unit))
    more = (known.units[known.unit_of[other]].stops for other in together)
    return unit.union(*more)


def keeps_order(known: Bonds, vehicle: str, visits: Sequence[str]) -> bool:
    """Return whether shipments are whole and in order, and the vehicle's locks kept, in this order of stops."""
    at = {stop: n for n, stop in enumerate(visits)}
    for stop, n in at.items():
        end, begin = known.ends.get(stop), known.begins.get(stop)
        if (end is not None and at.get(end, -1) < n) or (begin is not None and begin not in at):
            return False
    return keeps_locks(known, vehicle, visits)


def keeps_locks(known: Bonds, vehicle: str, visits: Sequence[str]) -> bool:
    """Return whether a vehicle's locks are kept in this order of stops; stops that are not served break none."""
    locks = known.locks.get(vehicle)
    if not locks:
        return True
    at = {stop: n for n, stop in enumerate(visits)}
    return all(_keeps(lock, at) for lock in locks)


def _keeps(lock: Lock, at: Mapping[str, int]) -> bool:
    """Return whether the stops of a lock that are served stand in order, next to each other or first if they must."""
    places = [at[stop] for stop in lock.stops if stop in at]
    if not places:
        return True
    if any(a >= b for a, b in pairwise(places)):
        return False
    if lock.adjacent and places[-1] - places[0] != len(places) - 1:
        return False
    return not lock.first or places[-1] == len(places) - 1


def put_in_order(known: Bonds, vehicle: str, visits: Sequence[str]) -> list[str]:
    """Return these visits with pickups before their deliveries, and the vehicle's locks kept as far as that goes."""
    order = list(visits)
    at = {stop: n for n, stop in enumerate(order)}
    for pickup in [stop for stop in order if at.get(known.ends.get(stop, ""), len(order)) < at[stop]]:
        delivery = known.ends[pickup]
        order[at[pickup]], order[at[delivery]] = delivery, pickup
    for lock in reversed(known.locks.get(vehicle, ())):
        own = [stop for stop in lock.stops if stop in at]
        spots = [n for n, stop in enumerate(order) if stop in set(own)]
        if lock.first or lock.adjacent:
            rest = [stop for stop in order if stop not in set(own)]
            begin = 0 if lock.first or not spots else spots[0]
            order = [*rest[:begin], *own, *rest[begin:]]
        else:
            for n, stop in zip(spots, own, strict=True):
                order[n] = stop
    return order
