"""PyVRP: iterated local search on a relaxation, then exact timing, repair, and an honest list of what is left.

The relaxation is in ``pyvrp_model.py``. The clock is ours and includes set-up: part of the budget is kept for the
timing pass. Penalties start low, which in short runs with tips was 1 to 2 % better than the library's own start.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.metadata import version as installed

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.PenaltyManager import PenaltyParams
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from optimiser.result import Budget, OnProgress, Progress
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, new_draft
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.engines.carrying import groups_of, who_may
from optimiser.rounds.engines.ending import Ending, end, kept_s
from optimiser.rounds.engines.pyvrp_arcs import TYPICAL_LEG
from optimiser.rounds.engines.pyvrp_loads import MOST_RESTRICTIONS
from optimiser.rounds.engines.pyvrp_model import Relaxation, relax
from optimiser.rounds.engines.pyvrp_notes import notes, unseen
from optimiser.rounds.engines.pyvrp_orders import orders, start_from
from optimiser.rounds.finish import settle
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.tables import tables
from optimiser.rounds.weighed import weighed

NAME = "pyvrp"
METRE = TYPICAL_LEG / 1000  # cost units of a thousandth of a typical leg: penalties were tuned in metres
NEIGHBOURS = 25  # half the library's own: twice the iterations, 1.5 % better after the same time with tips
MAX_PENALTY = 1000.0  # metres per load unit or tick
FIRST_LOAD_PENALTY = 5.0
FIRST_TIME_PENALTY = 5.0
FIRST_DISTANCE_PENALTY = 100.0  # cost units per unit of the first matrix, most often a cost unit itself
MOST_PAIRS = 8_000**2  # of places, in all matrices of time together; as many are of money
BYTES_PER_PAIR = 16
START_S_PER_PAIR = 2e-6  # to make a first solution: 4.5 s for 1,500 stops
NEWS_EVERY_S = 1.0
NEWS_SHARE = 20.0  # seconds of search for each second of news
NEWS_ITERATIONS = 100


def version() -> str:
    """Return the version of PyVRP."""
    return installed("pyvrp")


def supports(problem: RoundsProblem) -> tuple[str, ...]:
    """Return why PyVRP cannot take the problem."""
    if not problem.vehicles or not problem.stops:
        return ("there is nothing to plan",)
    if too_large := _too_large(problem):
        return (too_large,)
    known = tables(problem)
    against = []
    may = who_may(known, locks=False)
    groups = groups_of(may[may.any(axis=1) & ~may.all(axis=1)])
    if groups > MOST_RESTRICTIONS:
        against.append(f"stops are restricted to {groups} different groups of vehicles")
    paired = {stop for shipment in problem.shipments for stop in (shipment.pickup, shipment.delivery)}
    if any(paired.intersection(option) for choice in problem.choices for option in choice.options):
        against.append("a choice has a stop of a shipment")
    return tuple(against)


def _too_large(problem: RoundsProblem) -> str:
    """Return that its matrices would not fit, and how large they are; nothing if they would."""
    ways = sum(len(stop.modes) for stop in problem.stops)
    views = len({(vehicle.profile, vehicle.service_type) for vehicle in problem.vehicles})
    pairs = views * ways**2
    if pairs <= MOST_PAIRS:
        return ""
    gigabytes = pairs * BYTES_PER_PAIR / 1e9
    return f"matrices of {ways} ways to serve the stops, for {views} kinds of vehicle, would take {gigabytes:.1f} GB"


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,
    initial: Plan | None,
    on_progress: OnProgress[Plan],
) -> EngineAnswer:
    """Return the timed and repaired plan of PyVRP's best solution; ``iterations`` are its own."""
    deadline = Deadline(seconds=budget.seconds)
    draft = new_draft(weighed(problem))
    model = relax(draft.known)
    if not model.data.num_clients and not model.data.num_shipments:
        return EngineAnswer(plan=draft.plan(), iterations=0)
    exact = not unseen(draft.known)
    kept = kept_s(budget, len(problem.stops), exact=exact)
    watch = Watch(
        draft=draft,
        model=model,
        deadline=deadline,
        search_end=deadline.sooner(kept),
        most=budget.iterations,
        on_progress=on_progress,
    )
    found = _search(model, watch, seed, initial)
    ending = Ending(
        name=NAME,
        budget=budget,
        deadline=deadline,
        seed=seed,
        initial=initial,
        on_progress=on_progress,
        exact=exact,
    )
    plan, given_up = end(draft, orders(model, found.best), ending)
    return EngineAnswer(plan=plan, iterations=found.num_iterations, notes=notes(draft.known, given_up))


def _search(model: Relaxation, watch: Watch, seed: int, initial: Plan | None) -> pyvrp.Result:
    """Return the result of the iterated local search.

    It starts from its own first solution, or from the initial plan if that is better, or if there is no time to make
    one of its own.
    """
    data, penalty = model.data, LowStart(min_penalty=0.01 * METRE, max_penalty=MAX_PENALTY * METRE)
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    near = compute_neighbours(data, NeighbourhoodParams(num_neighbours=NEIGHBOURS, weight_wait_time=0.02 * METRE))
    local = LocalSearch(data, rng, near, PerturbationManager(PerturbationParams()))
    for operator in OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    manager = pyvrp.PenaltyManager(penalty.midpoint_penalties(data), penalty)
    dearest = manager.max_cost_evaluator()
    start = start_from(model, initial)
    if start is None or watch.search_end.left_s >= START_S_PER_PAIR * len(model.known.problem.stops) ** 2:
        own = local(pyvrp.Solution.make_random(data, rng), dearest, exhaustive=True)
        if start is None or dearest.penalised_cost(own) <= dearest.penalised_cost(start):
            start = own
    search = pyvrp.IteratedLocalSearch(data, manager, local, start, IteratedLocalSearchParams(callbacks=watch))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # a small fleet: what is left out is said in the plan
        return search.run(watch, collect_stats=False, display=False)


class LowStart(PenaltyParams):
    """Penalties that start far below their maximum, which the library would start at half of."""

    def midpoint_penalties(self, data: pyvrp.ProblemData) -> tuple[list[float], float, float]:
        """Return the first penalties of load (by dimension), time and distance."""
        loads, ticks = FIRST_LOAD_PENALTY * METRE, FIRST_TIME_PENALTY * METRE
        return [loads] * data.num_load_dimensions, ticks, FIRST_DISTANCE_PENALTY


@dataclass(slots=True, kw_only=True)
class Watch(IteratedLocalSearchCallbacks):
    """Says when to stop, and tells of new best solutions, timed and repaired, now and then.

    With a limit on iterations the moments are counted in iterations, else in seconds: news must not change the answer.
    """

    draft: Draft
    model: Relaxation
    deadline: Deadline
    search_end: Deadline
    most: int | None
    on_progress: OnProgress[Plan]
    iterations: int = 0
    next_iteration: int = 0
    next_s: float = 0.0

    def __call__(self, best_cost: int) -> bool:  # noqa: ARG002 (the library passes it)
        """Return whether the search is to end; asked before each iteration."""
        if self.search_end.passed or (self.most is not None and self.iterations >= self.most):
            return True
        self.iterations += 1
        return False

    def on_best(self, best: pyvrp.Solution) -> None:
        """Turn a new best solution into a plan and tell of it, unless there was news just now."""
        due = self.iterations >= self.next_iteration if self.most is not None else self.deadline.spent_s >= self.next_s
        if not due or not best.is_feasible():
            return
        began = self.deadline.spent_s
        settle(self.draft, orders(self.model, best), deadline=self.search_end, most=0)
        plan = self.draft.plan()
        self.on_progress(Progress(stage=NAME, runtime_s=self.deadline.spent_s, plan=plan))
        now = self.deadline.spent_s
        self.next_s = now + max(NEWS_EVERY_S, NEWS_SHARE * (now - began))
        self.next_iteration = self.iterations + max(NEWS_ITERATIONS, len(plan.rounds) * NEWS_ITERATIONS)
