"""What to take out of a draft before it is mended: strings of neighbours, whole rounds, work that is alike, exchanges.

Units leave as a whole, with what must go with them; locked stops stay. Adjacent strings follow Christiaens and Vanden
Berghe 2020 (Slack Induction by String Removals, Transportation Science 54(2)): near a stop drawn at random a string of
consecutive stops leaves each round that passes nearby.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

import numpy as np

from optimiser.rounds.bonds import linked
from optimiser.rounds.draft import Draft, candidate, drop, put

LONGEST_STRING = 10
MEAN_REMOVED = 8
SPLIT = 0.3  # share of the strings that keep some stops in their middle
NEIGHBOURS = 100

Near = Callable[[str], Sequence[str]]


def neighbourhood(draft: Draft) -> Near:
    """Return a function that names the stops near a stop, nearest first, itself too; worked out when first asked."""
    ground = draft.ground(draft.problem.vehicles[0].id)
    names = [stop.id for stop in draft.problem.stops]
    kept: dict[str, list[str]] = {}

    def near(stop: str) -> Sequence[str]:
        if stop not in kept:
            k, count = draft.known.stop_at[stop], len(names)
            away = ground.time_ms[k, :count] + ground.time_ms[:count, k]
            away[k] = -1.0
            kept[stop] = [names[n] for n in np.argsort(away, kind="stable")[:NEIGHBOURS].tolist()]
        return kept[stop]

    return near


def strings(draft: Draft, near: Near, rng: Random, *, mean: float = MEAN_REMOVED) -> set[str]:
    """Return strings of consecutive stops of rounds that pass near a stop drawn at random."""
    entries = draft.entries
    average = sum(len(one.tour.stops) for one in entries.values()) / len(entries)
    longest = min(LONGEST_STRING, average)
    most = max(4.0 * mean / (1.0 + longest) - 1.0, 1.0)
    count = int(rng.uniform(1.0, most + 1.0))
    gone: set[str] = set()
    struck: set[str] = set()
    for stop in near(rng.choice(list(draft.holder))):
        vehicle = draft.holder.get(stop)
        if len(struck) >= count:
            break
        if vehicle is None or vehicle in struck or stop in gone:
            continue
        stops = entries[vehicle].tour.stops
        size = int(rng.uniform(1.0, min(len(stops), longest) + 1.0))
        gone |= set(_string(stops, stops.index(stop), size, rng))
        struck.add(vehicle)
    return gone


def _string(stops: Sequence[str], at: int, size: int, rng: Random) -> Iterator[str]:
    """Yield a string of the round that has the stop at ``at`` in it, sometimes with a part in its middle kept."""
    kept = 0
    if size > 1 and rng.random() < SPLIT:
        while size + kept < len(stops) and rng.random() < 0.5:
            kept += 1
    span = size + kept
    begin = rng.randint(max(0, at - span + 1), min(at, len(stops) - span))
    hole = rng.randint(begin + 1, begin + size - 1) if kept else begin + span
    for n in range(begin, begin + span):
        if not hole <= n < hole + kept:
            yield stops[n]


def whole_round(draft: Draft, rng: Random) -> set[str]:
    """Return the stops of one round, short ones more often."""
    vehicles = list(draft.entries)
    weights = [1.0 / len(draft.entries[vehicle].tour.stops) for vehicle in vehicles]
    return set(draft.entries[rng.choices(vehicles, weights)[0]].tour.stops)


def alike(draft: Draft, near: Near, rng: Random, *, mean: float = MEAN_REMOVED) -> set[str]:
    """Return stops around a stop drawn at random, whatever rounds they are in."""
    size = rng.randint(1, max(1, round(2 * mean) - 1))
    seed = rng.choice(list(draft.holder))
    return set([stop for stop in near(seed) if stop in draft.holder][:size])


def scattered(draft: Draft, rng: Random, *, mean: float = MEAN_REMOVED) -> set[str]:
    """Return stops from anywhere."""
    served = list(draft.holder)
    return set(rng.sample(served, min(len(served), rng.randint(1, max(1, round(mean))))))


def take_out(draft: Draft, stops: Iterable[str]) -> list[str]:
    """Take stops out of the draft, with all that is bound to them, locked ones apart; return what has left."""
    known = draft.bonds
    gone: set[str] = set()
    for stop in stops:
        group = linked(known, stop)
        if not any(member in known.locked for member in group):
            gone |= group
    before = list(draft.holder)
    for vehicle in dict.fromkeys(draft.holder[stop] for stop in before if stop in gone):
        rest = [stop for stop in draft.entries[vehicle].tour.stops if stop not in gone]
        found = candidate(draft, vehicle, rest) if rest else None
        if found is not None:
            put(draft, found)
        else:
            drop(draft, vehicle)
    return [stop for stop in before if stop not in draft.holder]


def exchange(draft: Draft, rng: Random) -> bool:
    """Let two vehicles, one of which may be idle, drive each other's rounds; return whether they can."""
    one = rng.choice(list(draft.entries))
    kinds = draft.known.kind_of
    others = [v.id for v in draft.problem.vehicles if kinds[v.id] != kinds[one] and v.id != one]
    if not others:
        return False
    other = rng.choice(others)
    mine = draft.entries[one].tour.stops
    theirs = draft.entries[other].tour.stops if other in draft.entries else ()
    if any(stop in draft.bonds.locked for stop in (*mine, *theirs)):
        return False
    drop(draft, one)
    drop(draft, other)
    for vehicle, stops in ((other, mine), (one, theirs)):
        if stops:
            found = candidate(draft, vehicle, stops)
            if found is None:
                return False
            put(draft, found)
    return True
