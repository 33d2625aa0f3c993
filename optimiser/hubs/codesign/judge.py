"""Judge a set of sites by real rounds: the quick search goes on, then the rounds engine goes on from its plan."""

from __future__ import annotations

import time
from dataclasses import dataclass

from optimiser.hubs.codesign.check import check
from optimiser.hubs.codesign.masks import Estimates
from optimiser.hubs.codesign.plan import CodesignPlan, CodesignPrice
from optimiser.hubs.codesign.pose import opened, posed, reached, to_plan
from optimiser.hubs.codesign.price import price
from optimiser.hubs.codesign.problem import needed
from optimiser.hubs.codesign.rough.cooling import cool
from optimiser.result import Budget
from optimiser.rounds.engines import strings
from optimiser.rounds.features import features
from optimiser.rounds.plan import Plan
from optimiser.rounds.schedule import schedule
from optimiser.rounds.solve import solve as solve_rounds

QUICK_SHARE = 0.8  # of the seconds for the quick search, where it sees all there is to rounds
ROUGH_SHARE = 0.15  # where it does not
QUICK_STEPS = 10  # to an iteration of the rounds engine, if those are counted
REWARM = 0.3  # temperature at which it goes on from rounds it found before


@dataclass(slots=True, kw_only=True)
class Judged:
    """A set of sites with the best sound plan found for it; a plan that leaves more required stops out is worse."""

    mask: int
    plan: CodesignPlan
    price: CodesignPrice
    sound: bool
    left_out: int
    runs: int = 0
    iterations: int = 0

    @property
    def merit(self) -> tuple[bool, int, float]:
        """What is smaller is better."""
        return (not self.sound, self.left_out, self.price.net)


def judge(estimates: Estimates, mask: int, *, budget: Budget, seed: int, before: Judged | None = None) -> Judged:
    """Return what a set of sites is worth after so much more search, never worse than before."""
    problem, known = estimates.problem, estimates.known
    estimates.of(mask)
    began, run = time.monotonic(), 0 if before is None else before.runs
    share = QUICK_SHARE if _sees_all(estimates) else ROUGH_SHARE
    steps = None if budget.iterations is None else QUICK_STEPS * budget.iterations
    seconds = None if budget.seconds is None else share * budget.seconds
    hot = {} if run % 2 == 0 else {"hot": REWARM}
    tours, taken = cool(known.masked(mask), estimates.tours[mask], seed=seed + run, steps=steps, seconds=seconds, **hot)
    estimates.keep(mask, tours)
    best = _better(before, _weighed(estimates, mask, to_plan(problem, known, estimates.tours[mask])))
    left = None if budget.seconds is None else max(0.05, budget.seconds - (time.monotonic() - began))
    plan = _rounds(estimates, best, Budget(seconds=left, iterations=budget.iterations, threads=budget.threads), seed)
    found = _better(best, _weighed(estimates, mask, plan))
    estimates.learn(mask, found.price.rounds.net)
    found.runs, found.iterations = run + 1, taken + (0 if before is None else before.iterations)
    return found


def _sees_all(estimates: Estimates) -> bool:
    """Return whether the quick search sees the rounds as they are: loads and legs, nothing else."""
    rounds = estimates.problem.rounds
    return not features(rounds) and not rounds.tip_sites and all(not stop.modes[0].service_s for stop in rounds.stops)


def _rounds(estimates: Estimates, best: Judged, budget: Budget, seed: int) -> Plan:
    problem = posed(estimates.problem, best.mask, best.plan.rounds)
    if not reached(problem):
        return schedule(problem, ())
    name = "auto" if strings.supports(problem) else strings.NAME
    initial = best.plan.rounds if best.sound else None
    found = solve_rounds(problem, engine=name, budget=budget, seed=seed, initial=initial).plan
    return best.plan.rounds if found is None else found


def _better(one: Judged | None, other: Judged) -> Judged:
    return other if one is None or other.merit < one.merit else one


def _weighed(estimates: Estimates, mask: int, rounds: Plan) -> Judged:
    """Check and price a plan; sites that nobody uses stay closed, unless they have to be open."""
    problem = estimates.problem
    vehicles = {vehicle.id: vehicle for vehicle in problem.rounds.vehicles}
    used = {name for tour in rounds.rounds for name in needed(problem, vehicles[tour.vehicle])}
    visits = {visit.id for tour in rounds.rounds for visit in tour.visits}
    names = tuple(
        site.id
        for site in problem.sites
        if site.id in opened(problem, mask) and (site.mandatory or site.id in used or site.tip_site in visits)
    )
    plan = CodesignPlan(open=names, rounds=rounds)
    required = {stop.id for stop in problem.rounds.stops if stop.prize is None}
    return Judged(
        mask=mask,
        plan=plan,
        price=price(problem, plan),
        sound=not check(problem, plan),
        left_out=sum(one.stop in required for one in rounds.unserved),
    )
