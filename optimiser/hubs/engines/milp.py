"""The mixed-integer engine: models written with PuLP, solved by HiGHS.

Which way is taken depends on the problem alone: the radius model when no capacity can bind; else a round of capacity
prices, then the flow model from its plan, or more rounds when there are more than ``FLOW_PAIRS`` pairs. Same problem,
seed and iterations: same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from optimiser.hubs.arrays import Bools, Shares, capacity, kg_per_day, must_stay
from optimiser.hubs.engines import capacity_prices, flow_model, highs, nearest_model
from optimiser.hubs.engines.model import Model
from optimiser.hubs.problem import Aim, HubProblem
from optimiser.hubs.values import Values

NAME = "milp"
FLOW_PAIRS = 10_000  # measured: up to here the flow model closes its gap in seconds; at 25,000 not even its root
PATIENCE = 6  # rounds without progress before capacity prices are given up
PROGRESS = 1e-4

version = highs.version
GAP = highs.GAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine claims.

    Parameters
    ----------
    is_open, sent
        The sites, and the flows where they were decided; ``None`` when no plan was found.
    minimised
        Claimed value of the minimised sum; ``inf`` when the flows were not decided in time.
    bound
        Proven lower limit of that sum; ``-inf`` without one.
    method
        How it was proven.
    iterations
        Branch-and-bound nodes, or rounds of capacity prices.
    """

    is_open: Bools | None
    sent: Shares | None
    minimised: float
    bound: float
    method: str
    iterations: int


def capacities_bind(problem: HubProblem, values: Values) -> bool:
    """Return whether any candidate could be asked for more than it can take."""
    asked = kg_per_day(problem) @ np.isfinite(values.unit)
    return bool((asked > capacity(problem)).any())


def solve(
    problem: HubProblem,
    values: Values,
    *,
    start: tuple[Bools, Shares],
    deadline: float | None,
    iterations: int | None,
    seed: int,
    on_bounds: highs.OnBounds,
) -> Answer:
    """Site hubs.

    Parameters
    ----------
    start
        A plan that keeps every rule, to begin with.
    deadline
        On the clock of ``time.monotonic``; ``None`` for no limit.
    iterations
        Limit of branch-and-bound nodes, or of rounds of capacity prices; ``None`` for none.
    """
    if not capacities_bind(problem, values):
        model = nearest_model.build(problem, values)
        found = highs.run(model, deadline=deadline, nodes=iterations, seed=seed, on_bounds=on_bounds)
        return _answer(problem, model, found)
    rounds = capacity_prices.rounds(problem, values, deadline=deadline, seed=seed)
    if np.isfinite(values.unit).sum() > FLOW_PAIRS:
        return _collect(islice(rounds, iterations), on_bounds)
    first = _collect(islice(rounds, 1), on_bounds)
    if _closed(first.minimised, first.bound):
        return first
    model = flow_model.build(problem, values)
    plan = start if first.is_open is None or first.sent is None else (first.is_open, first.sent)
    begun = flow_model.start(model, *plan)
    found = highs.run(model, deadline=deadline, nodes=iterations, seed=seed, start=begun, on_bounds=on_bounds)
    answer = _answer(problem, model, found)
    best = first if first.minimised < answer.minimised else answer
    return replace(best, bound=max(first.bound, answer.bound), method=answer.method, iterations=answer.iterations)


def shorten(
    problem: HubProblem,
    values: Values,
    *,
    is_open: Bools,
    sent: Shares,
    deadline: float | None,
    seed: int,
) -> Shares:
    """Return flows to the same hubs that are worth as much and walk least; as they were when time runs out."""
    if problem.aim is Aim.WALKING:
        return sent
    better = np.where(np.isfinite(values.unit), values.left_out - values.unit, 0.0)
    saved = float((values.weight[sent.row] * better[sent.row, sent.column]) @ sent.share)
    model = flow_model.shorten(problem, flow_model.build_given(problem, values, is_open), values, saved)
    found = highs.run(model, deadline=deadline, seed=seed)
    return highs.flows(model, found.column) if found.proven and found.column is not None else sent


def _answer(problem: HubProblem, model: Model, found: highs.Found) -> Answer:
    method = f"{model.name}, branch and bound of HiGHS"
    if found.column is None:
        return Answer(
            is_open=None, sent=None, minimised=np.inf, bound=found.bound, method=method, iterations=found.nodes
        )
    return Answer(
        is_open=highs.sites(model, found.column) | must_stay(problem),
        sent=highs.flows(model, found.column) if model.x else None,
        minimised=found.minimised,
        bound=found.bound,
        method=method,
        iterations=found.nodes,
    )


def _closed(minimised: float, bound: float) -> bool:
    return minimised - bound <= GAP * max(1.0, abs(minimised)) if np.isfinite(minimised) else False


def _collect(found: Iterable[capacity_prices.Round], on_bounds: highs.OnBounds) -> Answer:
    """Keep the best plan and the best bound of the rounds; stop when they meet or nothing moves any more."""
    best, bound, count, waited = capacity_prices.NOTHING, -np.inf, 0, 0
    for count, latest in enumerate(found, start=1):  # noqa: B007 the count is the answer's
        raised = latest.bound > bound + PROGRESS * max(1.0, abs(latest.bound))
        lowered = latest.minimised < best.minimised - PROGRESS * max(1.0, abs(latest.minimised))
        waited = 0 if raised or lowered else waited + 1
        bound = max(bound, latest.bound)
        if best.is_open is None or latest.minimised < best.minimised:
            best = latest
        on_bounds(best.minimised, bound)
        if _closed(best.minimised, bound) or waited >= PATIENCE:
            break
    return Answer(
        is_open=best.is_open,
        sent=best.sent,
        minimised=best.minimised,
        bound=bound,
        method="prices on capacities, each round by branch and bound of HiGHS",
        iterations=count,
    )
