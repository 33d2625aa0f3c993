"""Our own engine: ruin and recreate by strings, with modes, tips and times in one compiled search.

The search is in ``optimiser/rounds/strings``. It sees modes, loads, tips, windows, releases, shifts, overtime, wages,
fixed costs and optional stops as they are; what else there is comes right in the exact timing and the moves of ``ruin``
afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.metadata import version as installed

from optimiser.result import Budget, OnProgress, Progress
from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import new_draft
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.engines.ending import Ending, end, kept_s
from optimiser.rounds.features import Feature, features
from optimiser.rounds.finish import settle
from optimiser.rounds.merit import merit
from optimiser.rounds.plan import Act, Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.savings import reasons_against, savings_plans
from optimiser.rounds.strings.desk import best_rounds, empty, load
from optimiser.rounds.strings.layout import Work
from optimiser.rounds.strings.scene import Stage, stage, too_large, wide
from optimiser.rounds.strings.search import Search
from optimiser.rounds.tables import Tables, tables
from optimiser.rounds.weighed import weighed

NAME = "strings"
OWN_START = True
SAVINGS = "savings"
SAVINGS_SHARE = 0.05  # of the time, about
LOOKED_AT = 4_000  # ways to serve the stops above which their size is worked out
CANNOT: Mapping[Feature, str] = {
    Feature.DELIVERIES: "goods to deliver",
    Feature.SHIPMENTS: "shipments",
    Feature.CHOICES: "choices",
    Feature.LOADINGS: "vehicles that can be divided up in several ways",
}
UNSEEN: Mapping[Feature, str] = {
    Feature.TOGETHER: "what must go together",
    Feature.APART: "what must stay apart",
    Feature.LOCKS: "locks",
    Feature.SETUP: "set-ups that are due once at a place",
    Feature.BREAK_PLACES: "the way to breaks",
    Feature.BREAK_LIMITS: "what may be on board during breaks",
    Feature.DRIVING_REST: "rests after so many hours",
    Feature.MAX_DRIVING: "limits on driving",
    Feature.MAX_DISTANCE: "limits on distance",
    Feature.CAPS: "what a site takes in a day",
    Feature.PERIODS: "times of day with their speeds",
    Feature.BALANCE: "balance",
    Feature.COMPACT: "compactness",
    Feature.CHANGES: "changes against today",
}


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def version() -> str:
    """Return the version of this project."""
    return installed("mzunguko")


def supports(problem: RoundsProblem) -> tuple[str, ...]:
    """Return why the engine cannot take the problem."""
    if not problem.vehicles or not problem.stops:
        return ("there is nothing to plan",)
    used = features(problem)
    against = [f"it does not know {what}" for feature, what in CANNOT.items() if feature in used]
    held = {d for stop in problem.stops for d, amount in stop.loads.items() if amount > 0}
    if any(held - site.accepts for site in problem.tip_sites):
        against.append("it does not know sites that take a part of the waste only")
    if not against and sum(len(stop.modes) for stop in problem.stops) > LOOKED_AT:
        against += [reason for reason in (too_large(tables(problem)),) if reason]
    return tuple(against)


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,
    initial: Plan | None,
    on_progress: OnProgress[Plan],
) -> EngineAnswer:
    """Return the timed and repaired plan of the best that the search found; ``iterations`` are its own."""
    deadline = Deadline(seconds=budget.seconds)
    draft = new_draft(weighed(problem))
    if initial is None and wide(draft.known):
        initial = savings_start(problem, deadline, on_progress)
    posed = stage(draft.known)
    work = empty(posed, seed)
    if initial is not None:
        load(posed, work, _visits(posed, initial))
    missed = unseen(draft.known)
    kept = kept_s(budget, len(problem.stops), exact=not missed)

    def tell() -> None:
        settle(draft, orders(posed, work), deadline=deadline, most=0)
        on_progress(Progress(stage=NAME, runtime_s=deadline.spent_s, plan=draft.plan()))

    search = Search(
        stage=posed,
        work=work,
        deadline=deadline.sooner(kept),
        most=budget.iterations,
        on_better=tell,
        seed=seed,
        threads=min(budget.threads, cores()),
    )
    search.run()
    ending = Ending(
        name=NAME,
        budget=budget,
        deadline=deadline,
        seed=seed,
        initial=initial,
        on_progress=on_progress,
        exact=not missed,
    )
    plan, given_up = end(draft, orders(posed, work), ending)
    return EngineAnswer(plan=plan, iterations=search.iterations, notes=tuple(_notes(missed, given_up)))


def savings_start(problem: RoundsProblem, deadline: Deadline, on_progress: OnProgress[Plan]) -> Plan | None:
    """Return the best plan that savings make in a share of the time; ``None`` if they do not know the problem.

    Stops put in one by one, far apart from each other, use up a fleet that hours limit long before all are served.
    """
    best, value = None, None
    for plan in savings_plans(problem) if not reasons_against(problem) else ():
        found = merit(problem, plan)
        if (value is None or found < value) and not check(problem, plan):
            best, value = plan, found
            on_progress(Progress(stage=SAVINGS, runtime_s=deadline.spent_s, plan=plan))
        if deadline.seconds is not None and deadline.spent_s > SAVINGS_SHARE * deadline.seconds:
            break
    return best


def unseen(known: Tables) -> tuple[str, ...]:
    """Return the rules of this problem that the search does not see as they are."""
    used = features(known.problem)
    found = [what for feature, what in UNSEEN.items() if feature in used]
    if any(kind.rests for kind in known.kinds):
        found.append("breaks but as time that is cut out")
    if any(len(stop.windows) > 1 for stop in known.problem.stops):
        found.append("gaps between windows")
    if any(site.fees for site in known.problem.tip_sites):
        found.append("gate fees by weight")
    return tuple(found)


def orders(posed: Stage, work: Work) -> list[tuple[str, list[str]]]:
    """Return who serves what in which order in the best plan, every vehicle named; tips are left to the timing."""
    stops = posed.known.problem.stops
    found = {vehicle: [stops[v].id for v in visits if v >= 0] for vehicle, visits in best_rounds(posed, work)}
    return [(vehicle, found.get(vehicle, [])) for vehicle in posed.vehicles]


def _visits(posed: Stage, plan: Plan) -> Iterator[tuple[str, list[int]]]:
    """Yield vehicles and what they visit, as the search counts it."""
    known = posed.known
    site_at = {site.id: k for k, site in enumerate(known.problem.tip_sites)}
    for tour in plan.rounds:
        visits = [visit for visit in tour.visits if visit.act is not Act.BREAK]
        yield (
            tour.vehicle,
            [known.stop_at[v.id] if v.act is Act.STOP else -1 - site_at[v.id] for v in visits],
        )


def _notes(missed: tuple[str, ...], given_up: int) -> Iterator[str]:
    if missed:
        yield f"The search of strings does not see {', '.join(missed)}: this was put right after it."
    if given_up:
        yield f"{given_up} stops of its rounds did not fit after exact timing and went elsewhere if possible."
