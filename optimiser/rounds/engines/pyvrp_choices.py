"""Which stops the PyVRP model states: all, but of a choice with an option of several stops only the promising option.

PyVRP's groups exclude single clients only. Of a choice with an option of several stops ("both sides at once, or each
side apart") the model states the option that looks cheapest: its work, and half of the cheapest ways in and out of
each of its stops. If that is a single stop, it states all options of a single stop, as one group. The improvement on
exact timings afterwards may change the option.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.rounds.problem import Choice
from optimiser.rounds.tables import Bools, Floats, Ints, Kind, Tables
from optimiser.travel import UNREACHABLE

NEAR = 2  # ways in and out that are looked at
SHARE = 256  # modes worked on at once


def stated(known: Tables, may: Bools) -> list[int]:
    """Return the positions of the stops that the model states; ``may`` says who may serve what."""
    servable: Bools = np.asarray(may.any(axis=1))
    open_ = [choice for choice in known.problem.choices if any(len(option) > 1 for option in choice.options)]
    dropped = set[int]()
    if open_:
        asked = sorted({known.stop_at[stop] for choice in open_ for option in choice.options for stop in option})
        costs = dict(zip(asked, _alone(known, asked), strict=True))
        dropped = {k for choice in open_ for k in _dropped(known, choice, costs, servable)}
    return [k for k in range(len(known.problem.stops)) if servable[k] and k not in dropped]


def _dropped(known: Tables, choice: Choice, costs: dict[int, float], servable: Bools) -> set[int]:
    """Return the stops of the options that are not to be stated."""
    options = [[known.stop_at[stop] for stop in option] for option in choice.options]
    price = [sum(costs[k] if servable[k] else np.inf for k in option) for option in options]
    best = options[int(np.argmin(price))]
    kept = {k for option in options if len(option) == 1 for k in option} if len(best) == 1 else set(best)
    return {k for option in options for k in option} - kept


def _alone(known: Tables, stops: Sequence[int]) -> Floats:
    """Return about what it costs to take each stop along, as the first kind of vehicle sees it."""
    kind = known.kinds[0]
    ways = [way for own in kind.ways for way in own]
    owner = np.repeat(np.arange(len(kind.ways)), [len(own) for own in kind.ways])
    asked = np.flatnonzero(np.isin(owner, stops))
    legs = np.concatenate([_near(known, kind, owner, asked[n : n + SHARE]) for n in range(0, len(asked), SHARE)])
    work = np.array([way.service_ms + way.setup_ms for way in ways])[asked] * (kind.wage_per_ms + kind.service_per_ms)
    driven = np.array([way.distance_dm for way in ways])[asked] * kind.per_dm
    return np.asarray(np.minimum.reduceat(work + driven + legs, np.searchsorted(owner[asked], stops)))


def _near(known: Tables, kind: Kind, owner: Ints, asked: Ints) -> Floats:
    """Return half the mean cost of the cheapest ways in and out of some modes, from and to other work or the depot."""
    ways = [way for own in kind.ways for way in own]
    rows = np.array([way.row for way in ways], dtype=np.intp)
    columns = np.array([way.column for way in ways], dtype=np.intp)
    choice, option = _numbers(known)
    own, other = owner[asked], owner
    strange = (choice[own][:, None] == choice[other]) & (option[own][:, None] != option[other])
    strange |= own[:, None] == other
    strange = np.hstack([strange, np.zeros((len(own), 1), dtype=bool)])
    halves = []
    for duration, distance in (
        kind.travel.block(rows[asked], np.append(columns, kind.end_column)),
        (block.T for block in kind.travel.block(np.append(rows, kind.start_row), columns[asked])),
    ):
        cost = duration * (kind.wage_per_ms + kind.driving_per_ms) + distance * kind.per_dm
        cost[strange | (duration >= UNREACHABLE)] = np.inf
        least = np.partition(cost, min(NEAR, cost.shape[1]) - 1, axis=1)[:, :NEAR]
        usable = np.isfinite(least)
        halves.append(np.where(usable, least, 0.0).sum(axis=1) / np.maximum(usable.sum(axis=1), 1))
    return np.asarray((halves[0] + halves[1]) / 2)


def _numbers(known: Tables) -> tuple[Ints, Ints]:
    """Return the number of the choice and of the option of each stop; stops in none have numbers of their own."""
    choice = np.arange(len(known.problem.stops)) + len(known.problem.choices)
    option = np.zeros(len(choice), dtype=np.int64)
    for c, one in enumerate(known.problem.choices):
        for o, names in enumerate(one.options):
            own = [known.stop_at[stop] for stop in names]
            choice[own], option[own] = c, o
    return choice, option
