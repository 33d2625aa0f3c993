"""Our own made-up problem with unloading sites as an instance: ``made-up:STOPS`` or ``made-up:STOPS:SEED``.

See :func:`benchmarks.instances.reload_instance`; the cost is kilometres. The seed is the problem's, not the solver's.
"""

from __future__ import annotations

import re

import numpy as np

from benchmarks.instances import reload_instance
from benchmarks.sets.instance import Instance, Part
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite

NAME = "made-up"
WORD = re.compile(r"made-up:([1-9]\d*)(?::(\d+))?")
SEED = 42


def is_made_up(word: str) -> bool:
    """Return whether a word on the command line asks for a made-up instance."""
    return WORD.fullmatch(word) is not None


def made_up(word: str) -> Instance:
    """Return the instance that a word asks for; ``ValueError`` if it asks for none."""
    found = WORD.fullmatch(word)
    if found is None:
        raise ValueError(f"{word!r} is not made-up:STOPS or made-up:STOPS:SEED")
    problem = reload_instance(int(found.group(1)), int(found.group(2) or SEED))
    return Instance(
        name=word,
        format=NAME,
        objective="distance",
        parts=(Part(problem=problem, cost=lambda plan: _km(problem, plan)),),
        digits=3,
    )


def _km(problem: RoundsProblem, plan: Plan) -> float:
    """Return the kilometres of a plan."""
    items: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    place = {item.id: item.modes[0].arrive for item in items}
    travel, dm = problem.travel["truck"], 0
    for tour in plan.rounds:
        ways = ["garage", *(place[visit.id] for visit in tour.visits), "garage"]
        at = np.array([travel.row(way) for way in ways], dtype=np.intp)
        dm += int(travel.legs(at[:-1], at[1:])[1].sum())
    return dm / 1e4
