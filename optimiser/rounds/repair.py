"""Bring work into rounds: the cheapest insertion that keeps every rule, estimated first, timed before it counts.

Insertions are timed in the order of their estimates (see ``places.py``) until none that is left can beat the best one
timed. A unit with several options (see ``bonds.py``) is tried in each, and the best counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from random import Random

from optimiser.rounds.bonds import Option, Part, Unit
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, Entry, more, put, remember, restore, sound, unjudged
from optimiser.rounds.places import UNLIKELY, places

TRIES = 6
LONG_SHOTS = 2  # unlikely insertions that are tried all the same, if no likely one is found
BLINK = 0.02  # share of the insertions that are overlooked when chance is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard an insertion is tried: timings for each part, unlikely ones among them, and chance (``None``: none)."""

    tries: int = TRIES
    long_shots: int = LONG_SHOTS
    rng: Random | None = None


THOROUGH = Effort()


def insert(
    draft: Draft, stops: Iterable[str], *, deadline: Deadline, most: int | None = None, effort: Effort = THOROUGH
) -> int:
    """Insert each stop, with all of its unit, where it costs least; an optional one only for less than its prize.

    Changes ``draft``; returns how many insertions were timed, about ``most`` at most. Work that fits nowhere stays out.
    """
    timings = 0
    for n in dict.fromkeys(draft.bonds.unit_of[stop] for stop in stops):
        if deadline.passed or (most is not None and timings >= most):
            break
        timings += bring_in(draft, draft.bonds.units[n], effort)
    return timings


def bring_in(draft: Draft, unit: Unit, effort: Effort = THOROUGH) -> int:
    """Insert what is missing of a unit in the option that costs least; return how many insertions were timed."""
    options = _missing(draft, unit)
    if len(options) == 1 and len(options[0]) == 1:
        part = options[0][0]
        best, timings = cheapest(draft, part, effort, worth=_worth(draft, part))
        if best is not None:
            put(draft, best)
        return timings
    before, timings = remember(draft), 0
    chosen, least = before, (_lost(draft, unit), 0.0)
    for option in options:
        cost = 0.0
        for part in option:
            best, tried = cheapest(draft, part, effort, worth=inf)
            timings += tried
            if best is not None:
                cost += more(draft, best) - _prizes(draft, part)
                put(draft, best)
        if (_lost(draft, unit), cost) < least:
            chosen, least = remember(draft), (_lost(draft, unit), cost)
        restore(draft, before)
    restore(draft, chosen)
    return timings


def _missing(draft: Draft, unit: Unit) -> list[Option]:
    """Return the options that can be taken, without the parts that are served; only the one that is begun, if any."""
    held = draft.holder
    begun = [option for option in unit.options if any(stop in held for part in option for stop in part)]
    left = [tuple(part for part in option if part[0] not in held) for option in begun or unit.options]
    return [option for option in left if option]


def _lost(draft: Draft, unit: Unit) -> float:
    """Return the weight of what is left out of a unit, as it stands."""
    held = draft.holder
    share = [sum(part[0] in held for part in option) / len(option) for option in unit.options]
    option = unit.options[share.index(max(share))]
    stops = [draft.stop(stop) for part in option for stop in part if stop not in held]
    return sum(stop.weight for stop in stops if stop.prize is None)


def _prizes(draft: Draft, part: Part) -> float:
    return sum(draft.prize(stop) or 0.0 for stop in part)


def _worth(draft: Draft, part: Part) -> float:
    """Return what serving a part may cost: its prizes; anything, if it is required."""
    return inf if any(draft.prize(stop) is None for stop in part) else _prizes(draft, part)


def cheapest(draft: Draft, part: Part, effort: Effort = THOROUGH, *, worth: float = inf) -> tuple[Entry | None, int]:
    """Return the round with the part in it that costs least more, ``None`` if none costs less than it is worth.

    With it comes how many insertions were timed.
    """
    found: list[tuple[float, int, Entry]] = []
    least, timings, long_shots = worth, 0, 0
    for place in sorted(places(draft, part), key=lambda place: place.estimate):
        unlikely = place.estimate >= UNLIKELY / 2
        estimate = place.estimate - UNLIKELY if unlikely else place.estimate
        if timings >= effort.tries or (unlikely and (found or long_shots >= effort.long_shots)):
            break
        if estimate >= least or (effort.rng is not None and effort.rng.random() < BLINK):
            continue
        timings += 1
        long_shots += unlikely
        new = unjudged(draft, place.vehicle, place.visits)
        if new is not None and (cost := more(draft, new)) < worth:
            found.append((cost, timings, new))
            least = min(least, cost)
    return next((new for *_, new in sorted(found, key=lambda one: one[:2]) if sound(draft, new)), None), timings
