"""What was decided, set by set; and what each closed candidate would cost."""

from __future__ import annotations

from itertools import islice

from optimiser.hubs.codesign.judge import Judged
from optimiser.hubs.codesign.masks import Estimates
from optimiser.hubs.codesign.plan import CodesignPlan
from optimiser.hubs.codesign.pose import opened
from optimiser.hubs.codesign.problem import CodesignProblem
from optimiser.hubs.codesign.solve import Decision
from scenarios.codesign_study.outcome import Closed, Fate, SetRow, Source
from scenarios.codesign_study.pose import Posed, reaches_nobody
from scenarios.model.sites import CandidateSite
from scenarios.model.system import WasteSystem

MOST_ESTIMATED = 8  # sets shown that were only estimated
MOST_COUNTED = 16  # candidates up to which all sets are gone through, to say whether all were judged


def set_rows(decision: Decision) -> tuple[SetRow, ...]:
    """Return judged sets, the best first, then the most promising of those that were only estimated."""
    problem, known = decision.estimates.problem, decision.estimates
    direct = None if decision.first is None else decision.first.plan.open
    rows: list[SetRow] = []
    for one in decision.judged:
        if any(one.plan.open == row.sites for row in rows):
            continue
        rows.append(
            SetRow(
                rank=len(rows) + 1,
                sites=one.plan.open,
                estimate=known.of(mask_of_plan(problem, one.plan)),
                judged=one.price.total if one.sound else None,
                left_out=one.left_out,
                fate=_fate(one, decision.best) if rows else Fate.CHOSEN,
                hubs_first=one.plan.open == direct,
            )
        )
    judged = {mask_of_plan(problem, one.plan) for one in decision.judged} | {one.mask for one in decision.judged}
    others = (mask for mask in known.ranked() if mask not in judged and mask and known.fits(mask))
    for rank, mask in enumerate(islice(others, MOST_ESTIMATED), start=len(rows) + 1):
        sites, estimate = opened(problem, mask), known.of(mask)
        rows.append(
            SetRow(rank=rank, sites=sites, estimate=estimate, judged=None, left_out=0, fate=Fate.NOT_JUDGED)
        )  # fmt: skip
    return tuple(rows)


def _fate(one: Judged, best: Judged) -> Fate:
    if not one.sound:
        return Fate.BROKEN
    if one.left_out > best.left_out:
        return Fate.LEAVES_OUT
    return Fate.DEARER


def closed_rows(decision: Decision, posed: Posed, system: WasteSystem) -> tuple[Closed, ...]:
    """Return the candidates that stay closed, those that may not open last, and what opening each would cost more."""
    at = {site.id: j for j, site in enumerate(posed.problem.sites)}
    closed = [site for site in system.sites if site.id not in decision.best.plan.open]
    rows = [_closed(decision, posed, site, at.get(site.id)) for site in closed]
    return tuple(sorted(rows, key=lambda row: (row.more is None, row.more or 0.0, row.site.id)))


def _closed(decision: Decision, posed: Posed, site: CandidateSite, j: int | None) -> Closed:
    """Return what opening a candidate would cost more: judged where a plan with it open was, else by estimates."""
    best, known = decision.best, decision.estimates
    if j is None:
        return Closed(site=site, more=None, source=Source.NONE)
    if reaches_nobody(posed, posed.problem.sites[j]):
        return Closed(site=site, more=None, source=Source.NONE, reaches_nobody=True)
    judged = [
        one.price.total
        for one in decision.judged
        if one.sound and one.left_out <= best.left_out and site.id in one.plan.open
    ]
    if judged:
        return Closed(site=site, more=min(judged) - best.price.total, source=Source.JUDGED)
    mask = mask_of_plan(posed.problem, best.plan)
    near = [one for one in _with(mask, j, len(posed.problem.sites), known) if known.fits(one)]
    if not near:
        return Closed(site=site, more=None, source=Source.NONE)
    more = max(min(map(known.of, near)) - known.of(mask), 0.0)
    return Closed(site=site, more=more, source=Source.ESTIMATED)


def _with(mask: int, j: int, sites: int, known: Estimates) -> list[int]:
    """Return sets with a site more, or in place of another."""
    bit = 1 << j
    inside = [k for k in range(sites) if mask >> k & 1 and not known.must >> k & 1]
    return [mask | bit, *((mask ^ (1 << k)) | bit for k in inside)]


def mask_of_plan(problem: CodesignProblem, plan: CodesignPlan) -> int:
    """Return the sites of a plan as a mask."""
    return sum(1 << j for j, site in enumerate(problem.sites) if site.id in plan.open)


def all_judged(decision: Decision) -> bool:
    """Return whether every set of sites that is allowed was judged."""
    known, count = decision.estimates, len(decision.estimates.problem.sites)
    if count > MOST_COUNTED or len(decision.judged) < 1:
        return False
    judged = {one.mask for one in decision.judged}
    masks = (mask for mask in range(1, 1 << count) if mask & known.must == known.must and known.fits(mask))
    return all(mask in judged for mask in masks)
