"""Why the answer is what it is: order, worth, reasons and who gains, as far as the time goes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimiser.hubs.siting import reasons, tables
from optimiser.hubs.siting.fair import Moved, who_gains
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import Floats, SitingProblem
from optimiser.hubs.siting.reasons import Change, Reason
from optimiser.hubs.siting.solve import SitingResult
from optimiser.result import Budget, Status
from scenarios.hub_study.order import build_order
from scenarios.hub_study.outcome import Explained, Extra
from scenarios.hub_study.pose import Posed
from scenarios.hub_study.study import HubStudy

TRIED = 8  # closed candidates for which the change is worked out: those with most people in reach
EXTRAS = 5
LEAST_S = 0.1  # for one question
BY_REACH = ("cover", "max-cover")


def explain(
    study: HubStudy,
    posed: Posed,
    result: SitingResult,
    plain: SitingResult | None,
    fair: SitingResult | None,
    *,
    seconds: float,
) -> Explained:
    """Explain the plan that is recommended."""
    if result.plan is None:
        left = tuple(Reason(why=reasons.Why.NOT_CHOSEN, who=name) for name in posed.everyone.demand.ids)
        return Explained(moved={}, order=(), worth={}, one_more=None, closed=(), left_out=left, extras=())
    plan, everyone = posed.of_everyone(result.plan), posed.everyone
    core = posed.core
    sites = study.sites
    order = build_order(
        everyone, plan, unserved_m=study.unserved_m, near_m=sites.near_m, by_reach=sites.aim in BY_REACH
    )
    whole = result.status in (Status.OPTIMAL, Status.FEASIBLE)
    deadline = time.monotonic() + seconds
    opened = [site.site for site in plan.opened]
    questions = len(opened) + 1 + TRIED
    budget = Budget(seconds=max(seconds / questions, LEAST_S))
    worth = _worth(core, result, budget, deadline) if whole else {}
    one_more = reasons.one_more_site(core, result, budget=budget) if whole else None
    tries = _most_in_reach(everyone, opened)[:TRIED] if whole and time.monotonic() < deadline else []
    moved: Mapping[str, Moved] = {}
    if plain is not None and fair is not None and plain.plan is not None and fair.plan is not None:
        measured = replace(posed.core, unserved=np.full(len(posed.rows), study.unserved_m))
        moved = who_gains(measured, plain.plan, fair.plan)
    return Explained(
        moved=moved,
        order=order,
        worth=worth,
        one_more=one_more,
        closed=tuple(reasons.closed(core, result, budget=budget, tries=tries)),
        left_out=reasons.unserved(everyone, plan),
        extras=_extras(everyone, plan),
    )


def _worth(core: SitingProblem, result: SitingResult, budget: Budget, deadline: float) -> Mapping[str, Change | None]:
    found: dict[str, Change | None] = {}
    for site, change in reasons.each_site(core, result, budget=budget):
        found[site] = change
        if time.monotonic() > deadline:
            break
    return found


def in_reach(everyone: SitingProblem, weight: Floats | None = None) -> Floats:
    """Return the people in reach of each candidate; ``weight`` in place of all people."""
    weight = everyone.demand.weight if weight is None else weight
    return np.bincount(
        everyone.arcs.site, weights=weight[tables.rows(everyone)], minlength=len(everyone.candidates)
    ).astype(np.float64)


def _most_in_reach(everyone: SitingProblem, opened: Sequence[str]) -> list[str]:
    people = in_reach(everyone)
    order = np.argsort(-people, kind="stable").tolist()
    return [everyone.candidates[j].id for j in order if everyone.candidates[j].id not in opened]


def _extras(everyone: SitingProblem, plan: SitingPlan) -> tuple[Extra, ...]:
    """Return the closed candidates that most people without a site would have in reach."""
    left = np.clip(1.0 - tables.served_share(everyone, plan), 0.0, 1.0)
    people = in_reach(everyone, everyone.demand.weight * np.where(left > reasons.LEFT, left, 0.0))
    opened = {site.site for site in plan.opened}
    order = [j for j in np.argsort(-people, kind="stable").tolist() if people[j] > 0]
    closed = [j for j in order if everyone.candidates[j].id not in opened]
    return tuple(Extra(site=everyone.candidates[j].id, people=float(people[j])) for j in closed[:EXTRAS])
