"""A study told row by row: each site, each group of people. Every document takes its numbers from here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.profiles import PROFILES
from optimiser.hubs.siting import equity, tables
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import Floats, SitingProblem
from scenarios.hub_study.model import CandidateRow
from scenarios.hub_study.outcome import StudyOutcome

MINUTES = (5, 10, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """An open site in the order of building: whom it serves in the whole plan; ways in metres."""

    number: int
    site: CandidateRow
    people: float
    mean_m: float | None
    farthest_m: float | None
    adds: float
    loss: float | None
    used: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """Of each row of people: the site where most of it goes (its number - 1, or -1), its way, and the share served."""

    site: NDArray[np.int64]
    metres: Floats
    served: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The plan in a few numbers; ways are of the people served."""

    people: float
    served: float
    near: float
    mean_m: float | None
    worst_m: float | None
    farthest_m: float | None
    cost: float


def walks(outcome: StudyOutcome) -> Walks:
    """Return who goes where; nobody anywhere without a plan."""
    everyone, plan = outcome.posed.everyone, outcome.plan
    n = len(everyone.demand.ids)
    if plan is None:
        return Walks(site=np.full(n, -1), metres=np.full(n, np.nan), served=np.zeros(n))
    number = {step.site: k for k, step in enumerate(outcome.order)}
    of = np.array([number.get(candidate.id, -1) for candidate in everyone.candidates])
    served = tables.served_share(everyone, plan)
    order = np.argsort(plan.share, kind="stable")
    site = np.full(n, -1)
    site[plan.row[order]] = of[plan.column[order]]
    gone = np.bincount(plan.row, weights=plan.share * _way(everyone, plan), minlength=n)
    metres = np.divide(gone, served, out=np.full(n, np.nan), where=served > 0)
    return Walks(site=site, metres=metres, served=served)


def _way(everyone: SitingProblem, plan: SitingPlan) -> Floats:
    found: Floats = everyone.arcs.distance[tables.arcs_of(everyone, plan)]
    return found


def totals(outcome: StudyOutcome) -> Totals:
    """Return the plan in a few numbers."""
    weight, found = outcome.posed.everyone.demand.weight, walks(outcome)
    crowd, has = weight * found.served, found.served > 0
    people, price = float(crowd.sum()), outcome.result.price
    metres = np.where(has, found.metres, 0.0)
    return Totals(
        people=float(weight.sum()),
        served=people,
        near=float(crowd[has & (metres <= outcome.study.sites.near_m)].sum()),
        mean_m=float(crowd @ metres) / people if people else None,
        worst_m=equity.worst_mean(metres[has], crowd[has], outcome.study.fairness.worst_share) if people else None,
        farthest_m=equity.farthest(metres[has], crowd[has]) if people else None,
        cost=0.0 if price is None else price.fixed_cost + price.closing_cost,
    )


def site_rows(outcome: StudyOutcome) -> tuple[SiteRow, ...]:
    """Return the open sites in the order in which to build them."""
    plan, everyone = outcome.plan, outcome.posed.everyone
    if plan is None:
        return ()
    position = {candidate.id: j for j, candidate in enumerate(everyone.candidates)}
    way, weight, load = _way(everyone, plan), everyone.demand.weight, tables.load(everyone)
    found = []
    for number, step in enumerate(outcome.order, start=1):
        j = position[step.site]
        mine = plan.column == j
        crowd = weight[plan.row[mine]] * plan.share[mine]
        people, room = float(crowd.sum()), everyone.candidates[j].sizes[0].capacity
        change = outcome.worth.get(step.site)
        held = float(load[plan.row[mine]] @ plan.share[mine])
        found.append(
            SiteRow(
                number=number,
                site=outcome.given.candidates[j],
                people=people,
                mean_m=float(crowd @ way[mine]) / people if people else None,
                farthest_m=float(way[mine][crowd > 0].max(initial=0.0)) if people else None,
                adds=step.adds,
                loss=None if change is None else -change.gain,
                used=held / room if np.isfinite(room) and room else None,
            )
        )
    return tuple(found)


def left_out(outcome: StudyOutcome) -> dict[str, float]:
    """Return reason -> people who have no site."""
    weight, served = outcome.posed.everyone.demand.weight, walks(outcome).served
    position = {name: k for k, name in enumerate(outcome.posed.everyone.demand.ids)}
    found: dict[str, float] = {}
    for reason in outcome.left_out:
        k = position[reason.who]
        found[reason.why.value] = found.get(reason.why.value, 0.0) + float(weight[k] * (1 - served[k]))
    return {why: people for why, people in found.items() if people > 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group under the plan: its people, how many have a site in reach and near, the mean walk of those served."""

    people: float
    served: float
    near: float
    mean_m: float | None


def group_rows(outcome: StudyOutcome) -> dict[str, GroupRow]:
    """Return what the plan does for each group, in the order of their names; nothing where there are no groups."""
    everyone, found = outcome.posed.everyone.demand, walks(outcome)
    group, served = np.array(everyone.group), everyone.weight * found.served
    metres = np.where(found.served > 0, found.metres, 0.0)
    near = np.where(metres <= outcome.study.sites.near_m, served, 0.0)
    return {
        name: GroupRow(
            people=float(everyone.weight[mine].sum()),
            served=float(served[mine].sum()),
            near=float(near[mine].sum()),
            mean_m=float(served[mine] @ metres[mine] / served[mine].sum()) if served[mine].any() else None,
        )
        for name in sorted(set(everyone.group))
        if name or len(set(everyone.group)) > 1
        for mine in [group == name]
    }


def by_minutes(outcome: StudyOutcome) -> tuple[float, ...]:
    """Return the people who have a site within 5, 10 and 15 minutes, at the profile's greatest speed."""
    found, weight = walks(outcome), outcome.posed.everyone.demand.weight
    metres = np.where(found.served > 0, found.metres, np.inf)
    return tuple(float((weight * found.served)[metres <= limit].sum()) for limit in minute_metres(outcome))


def minute_metres(outcome: StudyOutcome) -> tuple[float, ...]:
    """Return how far one gets in 5, 10 and 15 minutes."""
    kmh = PROFILES[outcome.study.sites.profile].kmh_cap
    return tuple(kmh / 3.6 * 60 * minutes for minutes in MINUTES)
