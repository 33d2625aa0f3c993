"""Why somebody is unserved, why a candidate is closed, and what one more site, unit of capacity or reach is worth.

Every change that is named was tried: the problem with it was solved again, and ``gain`` is the difference of the two
objectives (above 0: better), so it is true as far as both plans are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Candidate, SitingProblem
from optimiser.hubs.siting.solve import SitingResult, solve
from optimiser.result import Budget

LEFT = 1e-6  # a share


class Why(StrEnum):
    """Why somebody is unserved or a candidate stays closed."""

    NOBODY_IN_REACH = "nobody-in-reach"  # no candidate within reach of this demand
    ALL_EXCLUDED = "all-excluded"  # each candidate in reach fell out
    NOT_CHOSEN = "not-chosen"  # candidates in reach may open, and none does
    FULL = "full"  # open sites in reach have no room left
    NOT_WORTH_IT = "not-worth-it"  # serving it costs more than leaving it
    EXCLUDED = "excluded"  # the candidate fell out, see ``detail``
    LIMIT = "limit"  # no more sites, new sites or money: others are better
    TOO_CLOSE = "too-close"  # an open site is nearer than the separation
    OTHERS_ARE_BETTER = "others-are-better"  # it may open, and the plan is no better with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that was tried: what, and by how much the objective gets better (below 0: worse)."""

    what: str
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Of a demand (``who``) or a candidate (``site``): why, and the cheapest change that was verified."""

    why: Why
    who: str = ""
    site: str = ""
    detail: str = ""
    change: Change | None = None


def unserved(problem: SitingProblem, plan: SitingPlan) -> tuple[Reason, ...]:
    """Return why each demand that is not wholly served is not; changes are found by :func:`cheapest`."""
    served = tables.served_share(problem, plan)
    opened, barred = {site.site for site in plan.opened}, tables.excluded(problem)
    is_open = np.array([candidate.id in opened for candidate in problem.candidates], dtype=np.bool_)
    found = []
    for i in np.flatnonzero(served < 1 - LEFT):
        mine = problem.arcs.site[problem.arcs.start[i] : problem.arcs.start[i + 1]]
        if not len(mine):
            why = Why.NOBODY_IN_REACH
        elif barred[mine].all():
            why = Why.ALL_EXCLUDED
        elif not is_open[mine].any():
            why = Why.NOT_CHOSEN
        else:
            why = Why.FULL if tables.capacitated(problem) else Why.NOT_WORTH_IT
        found.append(Reason(why=why, who=problem.demand.ids[i], detail=_excluded_by(problem, mine, why)))
    return tuple(found)


def _excluded_by(problem: SitingProblem, sites: np.ndarray, why: Why) -> str:
    if why is not Why.ALL_EXCLUDED:
        return ""
    return ", ".join(dict.fromkeys(problem.candidates[j].excluded for j in sites.tolist()))


def closed(
    problem: SitingProblem, result: SitingResult, *, budget: Budget, tries: Collection[str] | None = None
) -> Iterator[Reason]:
    """Yield why each closed candidate is closed, with what forcing it open (or letting it in) would change.

    ``tries`` are the ids of those for which the change is worked out, where there is no time for all.
    """
    assert result.plan is not None
    opened = {site.site for site in result.plan.opened}
    near: dict[str, str] = {}
    for a, b in tables.too_close(problem).tolist():
        one, two = problem.candidates[a].id, problem.candidates[b].id
        near |= {one: two} if two in opened else {}
        near |= {two: one} if one in opened else {}
    for j, candidate in enumerate(problem.candidates):
        if candidate.id in opened:
            continue
        change = None
        if tries is None or candidate.id in tries:
            forced = replace(candidate, mandatory=True, excluded="")
            change = tried(problem, result, with_candidate(problem, j, forced), f"open {candidate.id}", budget)
        if candidate.excluded:
            why, detail = Why.EXCLUDED, candidate.excluded
        elif candidate.id in near:
            why, detail = Why.TOO_CLOSE, near[candidate.id]
        elif _at_limit(problem, len(opened)):
            why, detail = Why.LIMIT, ""
        else:
            why, detail = Why.OTHERS_ARE_BETTER, ""
        yield Reason(why=why, site=candidate.id, detail=detail, change=change)


def _at_limit(problem: SitingProblem, opened: int) -> bool:
    return opened == problem.at_most or problem.budget is not None or problem.at_most_new is not None


def with_candidate(problem: SitingProblem, at: int, candidate: Candidate) -> SitingProblem:
    """Return the problem with another candidate in a place of the list."""
    return replace(problem, candidates=(*problem.candidates[:at], candidate, *problem.candidates[at + 1 :]))


def tried(
    problem: SitingProblem, result: SitingResult, changed: SitingProblem, what: str, budget: Budget
) -> Change | None:
    """Solve a changed problem and return what is gained; ``None`` if it has no plan for everybody."""
    again = solve(changed, budget=budget, seed=result.seed)
    whole = again.price is not None and again.status not in ("infeasible", "partial")
    if result.price is None or not whole or again.price is None:
        return None
    sign = -1.0 if problem.aim in MAXIMISED else 1.0
    return Change(what=what, gain=sign * (result.price.objective - again.price.objective))


def one_more_site(problem: SitingProblem, result: SitingResult, *, budget: Budget) -> Change | None:
    """Return what one more open site is worth; ``None`` where the number has no limit."""
    if problem.at_most is None:
        return None
    return tried(problem, result, replace(problem, at_most=problem.at_most + 1), "one more site", budget)


def each_site(problem: SitingProblem, result: SitingResult, *, budget: Budget) -> Iterator[tuple[str, Change | None]]:
    """Yield what each open site is worth: what is lost if it may not be open and everything else is chosen anew."""
    assert result.plan is not None
    position = {candidate.id: j for j, candidate in enumerate(problem.candidates)}
    for site in result.plan.opened:
        j = position[site.site]
        without = replace(problem.candidates[j], mandatory=False, excluded="left out to see what it is worth")
        yield site.site, tried(problem, result, with_candidate(problem, j, without), f"without {site.site}", budget)


def more_capacity(
    problem: SitingProblem, result: SitingResult, *, share: float = 0.1, budget: Budget
) -> Iterator[tuple[str, Change | None]]:
    """Yield what a share more capacity of each open site that has a limit is worth."""
    assert result.plan is not None
    position = {candidate.id: j for j, candidate in enumerate(problem.candidates)}
    for site in result.plan.opened:
        j = position[site.site]
        sizes = tuple(replace(size, capacity=size.capacity * (1 + share)) for size in problem.candidates[j].sizes)
        if np.isfinite(problem.candidates[j].sizes[site.size].capacity):
            larger = with_candidate(problem, j, replace(problem.candidates[j], sizes=sizes))
            yield site.site, tried(problem, result, larger, f"{share:.0%} more room at {site.site}", budget)


def more_reach(
    problem: SitingProblem, result: SitingResult, farther: SitingProblem, *, budget: Budget
) -> Change | None:
    """Return what a longer reach is worth: ``farther`` is the problem with the arcs of that reach."""
    return tried(problem, result, farther, "a longer reach", budget)


def cheapest(problem: SitingProblem, result: SitingResult, who: str, *, budget: Budget) -> Change | None:
    """Return the change that serves somebody and costs the rest least: each candidate in reach is forced open once.

    ``None`` when nothing does (no candidate in reach: only a longer reach or a new candidate helps).
    """
    i = problem.demand.ids.index(who)
    best: Change | None = None
    for j in problem.arcs.site[problem.arcs.start[i] : problem.arcs.start[i + 1]].tolist():
        candidate = problem.candidates[j]
        forced = with_candidate(problem, j, replace(candidate, mandatory=True, excluded=""))
        if problem.at_most is not None and problem.aim is not Aim.COST:
            forced = replace(forced, at_most=problem.at_most + 1)
        again = solve(forced, budget=budget, seed=result.seed)
        if again.plan is None or tables.served_share(problem, again.plan)[i] < 1 - LEFT:
            continue
        change = tried(problem, result, forced, f"open {candidate.id}", budget)
        if change is not None and (best is None or change.gain > best.gain):
            best = change
    return best
