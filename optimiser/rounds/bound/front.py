"""A lower limit on the net cost of any plan that serves all required stops, and the sentence that says how.

Two arguments, each with fewer rules than the problem, so that what they prove holds for it: the forest (seconds, any
size) and column generation over trips (small and middle sizes). The better one is told. See ``docs/bounds.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from optimiser.result import Bound, Budget
from optimiser.rounds.bound.climb import NEAR, Climb, climb, whole_rounds
from optimiser.rounds.bound.crossings import town
from optimiser.rounds.bound.cuts import Cutting
from optimiser.rounds.bound.forest import Forest, forest
from optimiser.rounds.bound.kinds import Kind, is_sound, kinds
from optimiser.rounds.bound.master import master
from optimiser.rounds.bound.scene import Scene, scene
from optimiser.rounds.bound.wanted import Option, Wanted, wanted
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.features import Feature, features
from optimiser.rounds.problem import RoundsProblem

MOST_ROWS = 500  # ways of stops that column generation takes
SAFE = 1e-7  # relative: more than sums of floating-point numbers are off
PATIENCE, WORTH_IT = 8, 2e-5  # rounds of cuts in which the bound must have grown by this share
WIDE = 0.1  # a gap that is called large

DROPPED = {
    Feature.SHIPMENTS: "shipments",
    Feature.TOGETHER: "stops that go together",
    Feature.APART: "stops to be kept apart",
    Feature.OVERTIME: "pay for overtime",
    Feature.BREAK_PLACES: "places of breaks",
    Feature.BREAK_LIMITS: "loads during breaks",
    Feature.DRIVING_REST: "driving rests",
    Feature.CAPS: "daily caps of sites",
    Feature.BALANCE: "balance",
    Feature.COMPACT: "compactness",
    Feature.ORDER_OF_AIMS: "aims before money",
    Feature.PERIODS: "times of day (the fastest counts)",
    Feature.LOCKS: "the order of locks",
}


def bound(
    problem: RoundsProblem,
    *,
    budget: Budget,
    incumbent: float | None = None,
    without: Collection[str] = (),
    step: float = 0.0,
) -> Bound | None:
    """Return a proven lower limit on ``net`` (see :mod:`optimiser.rounds.price`), ``None`` if none can be proven.

    It holds for every plan that keeps the rules and serves all required stops, those of ``without`` excepted. A plan
    that leaves others out may cost less. Required stops that no vehicle may serve are looked away from.

    Parameters
    ----------
    budget
        Seconds, and iterations: how often trips are looked for.
    incumbent
        ``net`` of the plan at hand: the work ends when the bound reaches it, and the text says when the gap is large.
    without
        Ids of required stops that the plan at hand leaves out: they may be left out here for nothing.
    step
        All plans cost a multiple of this (whole kilometres in a published set): the bound is rounded up to one.
    """
    if not is_sound(problem):
        return None
    deadline = Deadline(seconds=budget.seconds)
    fleet = kinds(problem)
    work = wanted(problem, fleet, without)
    rough = forest(problem, fleet, work, deadline)
    best, how = rough.value, _told_forest(rough)
    rows = max((_rows(problem, served) for served in work.served), default=0)
    if 0 < rows <= MOST_ROWS and not deadline.passed:
        state, unit = _climbed(problem, fleet, work, rough, budget, deadline, incumbent)
        if state.best * unit > best:
            best, how = state.best * unit, _told_climb(state)
    value = _rounded(best, step, incumbent)
    return Bound(value=value, method=" ".join([how, *_aside(problem, work), *_honest(value, incumbent)]))


def _climbed(
    problem: RoundsProblem,
    fleet: tuple[Kind, ...],
    work: Wanted,
    rough: Forest,
    budget: Budget,
    deadline: Deadline,
    incumbent: float | None,
) -> tuple[Climb, float]:
    """Return where column generation got to, and what a unit of its costs is in money."""
    timed = any(stop.windows or stop.release_s for stop in problem.stops) or any(s.windows for s in problem.tip_sites)
    scenes = [
        scene(problem, kind, work.base, served, timed=timed, near=NEAR)
        for kind, served in zip(fleet, work.served, strict=True)
    ]
    unit = _unit(scenes)
    scenes = [replace(one, money=one.money / unit) for one in scenes]
    scaled = _scaled(work, unit)
    dear = 20.0 * max(float(one.money[np.isfinite(one.money)].max(initial=1.0)) for one in scenes)
    built = master(scaled, tuple(scenes), dear=dear, least=min(rough.vehicles, len(problem.vehicles)))
    required = _required(work)
    shares = np.array([np.where(s, one.capacity.share, inf) for s, one in zip(work.served, scenes, strict=True)])
    needs = np.where(required, shares.min(axis=0), 0.0)
    state = Climb(
        master=built,
        cutting=Cutting(near=[one.net.near.copy() for one in scenes], needs=needs),
        near=[NEAR] * len(scenes),
        town=town(built, problem, np.flatnonzero(required).tolist(), needs),
    )
    enough = inf if incumbent is None else incumbent / unit * (1 - SAFE)

    def over(state: Climb) -> bool:
        if deadline.passed or state.best >= enough:
            return True
        if budget.iterations is not None and state.searches >= budget.iterations:
            return True
        grown = state.values[-PATIENCE:]
        return len(grown) == PATIENCE and grown[-1] - grown[0] < WORTH_IT * abs(grown[-1])

    climb(state, over)
    whole_rounds(state, over)
    return state, unit


def _rows(problem: RoundsProblem, served: NDArray[np.bool_]) -> int:
    """Return how many ways the stops have that a kind may serve."""
    return sum(len(stop.modes) for stop, fits in zip(problem.stops, served, strict=True) if fits)


def _required(work: Wanted) -> NDArray[np.bool_]:
    """Return which stops every plan serves."""
    required = np.isinf(work.forgone) & work.served.any(axis=0)
    required[list(work.chosen)] = False
    return required


def _unit(scenes: list[Scene]) -> float:
    """Return a typical leg in money."""
    costs = np.concatenate([one.money[: one.rows, : one.rows].ravel() for one in scenes])
    costs = costs[np.isfinite(costs) & (costs > 0)]
    return float(np.median(costs)) if len(costs) else 1.0


def _scaled(work: Wanted, unit: float) -> Wanted:
    """Return the same with money in units."""
    choices = tuple(
        (tuple(Option(stops=option.stops, cost=option.cost / unit) for option in options), must)
        for options, must in work.choices
    )
    return replace(work, constant=work.constant / unit, forgone=work.forgone / unit, choices=choices)


def _rounded(value: float, step: float, incumbent: float | None) -> float:
    """Return the bound less what floating point may be off, and rounded up to a step."""
    value -= SAFE * max(1.0, abs(value))
    if step > 0:
        value = ceil(value / step - 1e-6) * step
    if incumbent is not None and incumbent < value <= incumbent + 2 * SAFE * max(1.0, abs(incumbent)):
        return incumbent
    return value


def _told_forest(found: Forest) -> str:
    return (
        f"Every stop must be reached and left, by at least {found.vehicles} rounds with at least {found.tips} tips "
        "in all (assignment argument)."
    )


def _told_climb(state: Climb) -> str:
    cutting = state.cutting
    cuts = len(cutting.entries) + len(cutting.crossings), len(cutting.triples)
    end = "" if state.converged or state.rounds else "; stopped by the clock before it was tight"
    return (
        f"No choice of trips is cheaper, fractions of trips included (column generation with ng-routes, "
        f"{cuts[0]} capacity and crossing cuts, {cuts[1]} subset-row cuts{end})."
    )


def _aside(problem: RoundsProblem, work: Wanted) -> Iterator[str]:
    """Yield what the bound does not look at."""
    used = features(problem)
    dropped = [words for feature, words in DROPPED.items() if feature in used]
    if any(vehicle.breaks for vehicle in problem.vehicles):
        dropped.append("breaks")
    if dropped:
        yield f"Not looked at: {', '.join(dropped)}."
    if work.lost:
        yield f"Nobody can serve {len(work.lost)} of the required stops; the bound is for the rest."


def _honest(value: float, incumbent: float | None) -> Iterator[str]:
    if incumbent is not None and incumbent - value > WIDE * max(abs(incumbent), 1e-9):
        yield "The gap is large: this says little about how good the plan is."
