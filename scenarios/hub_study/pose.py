"""From the planner's tables to siting problems: who can walk to which candidate, on the streets.

Two problems are posed. ``everyone`` holds all people. ``core`` leaves out those whom no allowed candidate can reach: no
choice changes anything for them, and with aims that look at the worst off they would hide everybody else. What is
said of people left out is said of ``everyone``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faults import Fault
from network.plane import to_plane
from network.profiles import PROFILES
from network.snap import Snapped, snap
from network.streets import StreetNetwork
from network.walking import pairs_within
from optimiser.hubs.siting.arcs import from_pairs
from optimiser.hubs.siting.exclude import Zone, exclude
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import (
    Aim,
    Arcs,
    Candidate,
    Demand,
    Fairness,
    Floats,
    Ints,
    SitingProblem,
    Size,
    Within,
)
from scenarios.hub_study.model import CandidateRow, Given, PeopleRow
from scenarios.hub_study.study import HubStudy
from scenarios.placing import snap_doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """The two problems, where the rows of ``core`` stand among everyone's, and doubts about places."""

    core: SitingProblem
    everyone: SitingProblem
    rows: Ints
    doubts: tuple[Fault, ...]

    def of_everyone(self, plan: SitingPlan) -> SitingPlan:
        """Return a plan of the core as one of everyone."""
        return replace(plan, row=self.rows[plan.row])


def pose(study: HubStudy, given: Given, network: StreetNetwork) -> Posed:
    """Pose a study; its aim is set, except for what the EDE needs to know of a first plan (its kappa)."""
    arcs, doubts = _arcs(study, given, network)
    candidates = _candidates(given)
    by_kg = any(site.capacity_kg_per_day is not None for site in given.candidates)
    cover = study.sites.aim == "cover"
    everyone = SitingProblem(
        demand=_demand(given.people, by_kg=by_kg),
        candidates=candidates,
        arcs=arcs,
        aim=Aim.MEDIAN,
        unserved=np.full(len(given.people), study.unserved_m),
        at_most=study.sites.at_most,
        budget=study.sites.budget,
        separation=study.sites.separation_m,
        worst_share=study.fairness.worst_share,
    )
    allowed = np.array([not candidate.excluded for candidate in candidates], dtype=np.bool_)
    row = np.repeat(np.arange(len(given.people)), np.diff(arcs.start))
    rows = np.unique(row[allowed[arcs.site]]) if len(arcs.site) else np.zeros(0, dtype=np.int64)
    core = replace(
        everyone,
        demand=_some(everyone.demand, rows),
        arcs=_rows_of(arcs, rows),
        aim=Aim(study.sites.aim) if study.sites.aim != "ede" else Aim.MEDIAN,
        unserved=None if cover else np.full(len(rows), study.unserved_m),
        fairness=_fairness(study),
    )
    return Posed(core=core, everyone=everyone, rows=rows.astype(np.int64), doubts=doubts)


def _arcs(study: HubStudy, given: Given, network: StreetNetwork) -> tuple[Arcs, tuple[Fault, ...]]:
    """Return who can reach what: along the streets, and from the door to the street and from the street to the site."""
    profile, limit_m = PROFILES[study.sites.profile], study.snap_limit_m
    from_ = snap(network, profile, *_lonlat(given.people), limit_m=limit_m)
    to = snap(network, profile, *_lonlat(given.candidates), limit_m=limit_m)
    pairs = pairs_within(network, profile, from_, to, limit_m=study.sites.reach_m)
    metres = pairs.metres + from_.distance_m[pairs.from_] + to.distance_m[pairs.to]
    near = metres <= study.sites.reach_m
    arcs = from_pairs(len(given.people), pairs.from_[near], pairs.to[near], metres[near])
    return arcs, (*_doubts(study, given.people, from_), *_doubts(study, given.candidates, to))


def _doubts(
    study: HubStudy, items: tuple[PeopleRow, ...] | tuple[CandidateRow, ...], snapped: Snapped
) -> tuple[Fault, ...]:
    return tuple(snap_doubts(items, {study.sites.profile: snapped}, study.snap_limit_m))


def _lonlat(items: tuple[PeopleRow, ...] | tuple[CandidateRow, ...]) -> tuple[Floats, Floats]:
    pairs = np.array([(item.lon, item.lat) for item in items], dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def _candidates(given: Given) -> tuple[Candidate, ...]:
    """Return the candidates, those in or near an area with the reason why they fall out."""
    lon, lat = _lonlat(given.candidates)
    true_lat = float(lat.mean()) if len(lat) else 0.0
    place = to_plane(lon, lat, true_lat)
    found = tuple(_candidate(site, *place[k].tolist()) for k, site in enumerate(given.candidates))
    zones = [
        Zone(name=a.name, corners=to_plane(a.corners[:, 0], a.corners[:, 1], true_lat), within=a.within_m)
        for a in given.areas
    ]
    free = [k for k, site in enumerate(found) if not site.mandatory and not site.existing]
    judged = dict(zip(free, exclude(tuple(found[k] for k in free), zones), strict=True))
    return tuple(judged.get(k, site) for k, site in enumerate(found))


def _candidate(site: CandidateRow, x: float, y: float) -> Candidate:
    room = site.capacity_people if site.capacity_people is not None else site.capacity_kg_per_day
    return Candidate(
        id=site.id,
        sizes=(Size(capacity=np.inf if room is None else room, fixed_cost=site.fixed_cost),),
        existing=site.existing,
        closing_cost=site.closing_cost,
        mandatory=site.mandatory,
        excluded=site.excluded,
        x=x,
        y=y,
    )


def _demand(people: tuple[PeopleRow, ...], *, by_kg: bool) -> Demand:
    return Demand(
        ids=tuple(row.id for row in people),
        weight=np.array([row.people for row in people], dtype=np.float64),
        load=np.array([row.kg_per_day or 0.0 for row in people], dtype=np.float64) if by_kg else None,
        group=tuple(row.group for row in people),
    )


def _fairness(study: HubStudy) -> Fairness:
    owes = study.fairness
    within = tuple(Within(share=w.share, distance=w.metres, group=w.group or None) for w in owes.within)
    return Fairness(worst_at_most=owes.worst_m, farthest_at_most=owes.farthest_m, within=within)


def _some(demand: Demand, rows: Ints) -> Demand:
    kept = rows.tolist()
    return Demand(
        ids=tuple(demand.ids[k] for k in kept),
        weight=demand.weight[rows].copy(),
        load=None if demand.load is None else demand.load[rows].copy(),
        group=tuple(demand.group[k] for k in kept),
    )


def _rows_of(arcs: Arcs, rows: Ints) -> Arcs:
    counts = np.diff(arcs.start)[rows]
    kept = np.repeat(arcs.start[rows] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    return Arcs(
        start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        site=arcs.site[kept].copy(),
        distance=arcs.distance[kept].copy(),
    )
