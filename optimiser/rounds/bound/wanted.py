"""What must be served, what may be, and what is chosen between: the rows of the master problem about stops.

``net`` counts prizes of the stops served against the cost. A stop costs at least ``base`` in itself, whoever serves it,
so the bound is a constant plus what legs cost beyond that plus what is lost by leaving optional stops out:

    required stop      base                               must be served
    optional stop      base - prize if that is negative   leaving it out costs prize - base
                       nothing                            otherwise it counts as left out
    option of a choice the same, if the option is taken
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.kinds import Kind, may_serve, work_money
from optimiser.rounds.problem import RoundsProblem

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A way to make a choice: its stops, and what they cost in themselves less their prizes."""

    stops: tuple[int, ...]
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Stops by their position in the problem.

    Parameters
    ----------
    served
        By kind and stop: it is looked at, and such a vehicle may serve it.
    base
        By stop the least that it costs in itself; 0 if nobody may serve it.
    constant
        What any plan costs for the stops in themselves, choices left out.
    forgone
        By stop what leaving it out costs: ``inf`` if it is required, 0 if it is not worth its work.
    choices
        Options, and whether one of them must be taken.
    lost
        Ids of required stops that no vehicle may serve: the bound looks away from them.
    """

    served: NDArray[np.bool_]
    base: Floats
    constant: float
    forgone: Floats
    choices: tuple[tuple[tuple[Option, ...], bool], ...]
    lost: tuple[str, ...]

    @property
    def chosen(self) -> dict[int, tuple[int, int]]:
        """Stop -> its choice and option."""
        return {
            i: (c, o) for c, (options, _) in enumerate(self.choices) for o, way in enumerate(options) for i in way.stops
        }


def wanted(problem: RoundsProblem, fleet: tuple[Kind, ...], without: Collection[str] = ()) -> Wanted:
    """Return what is to be served; required stops of ``without`` may be left out for nothing."""
    served = np.array([may_serve(problem, kind) for kind in fleet]).reshape(len(fleet), len(problem.stops))
    base = np.zeros(len(problem.stops))
    for i in np.flatnonzero(served.any(axis=0)).tolist():
        base[i] = min(
            float(work_money(problem, kind, problem.stops[i]).min()) for k, kind in enumerate(fleet) if served[k, i]
        )
    prize = np.array([_prize(problem, i, without) for i in range(len(problem.stops))])
    forgone = np.maximum(prize - base, 0.0)
    at = {stop.id: k for k, stop in enumerate(problem.stops)}
    taken = np.zeros(len(problem.stops), dtype=bool)
    choices = []
    for choice in problem.choices:
        ways = [tuple(at[name] for name in option) for option in choice.options]
        taken[[i for way in ways for i in way]] = True
        possible = [way for way in ways if all(served[:, i].any() or prize[i] < inf for i in way)]
        options = tuple(Option(stops=way, cost=sum(_worth(i, base, prize) for i in way)) for way in possible)
        if options:
            choices.append((options, any(prize[i] == inf for i in ways[0])))
        for way in ways:
            if way not in possible:
                served[:, list(way)] = False
    alone = ~taken & served.any(axis=0)
    return Wanted(
        served=served,
        base=base,
        constant=sum(_worth(i, base, prize) for i in np.flatnonzero(alone).tolist()),
        forgone=forgone,
        choices=tuple(choices),
        lost=tuple(problem.stops[i].id for i in np.flatnonzero((prize == inf) & ~taken & ~alone).tolist()),
    )


def _prize(problem: RoundsProblem, stop: int, without: Collection[str]) -> float:
    one = problem.stops[stop]
    if one.prize is None:
        return 0.0 if one.id in without else inf
    return one.prize


def _worth(stop: int, base: Floats, prize: Floats) -> float:
    """Return what a stop costs in itself less its prize, or nothing if it had better be left out."""
    return float(base[stop]) if prize[stop] == inf else min(float(base[stop] - prize[stop]), 0.0)
