"""Hubs of a scenario: placed first, because what people bring there need not be collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from network.profiles import PROFILES
from network.snap import snap
from network.streets import StreetNetwork
from network.walking import nearest
from optimiser.hubs.plan import HubPlan
from optimiser.hubs.siting.warm import warm
from optimiser.hubs.solve import solve
from optimiser.result import Budget
from scenarios.ground import coordinates
from scenarios.model.system import WasteSystem
from scenarios.outcome import HubOutcome
from scenarios.pose import hub_users, pose_hubs
from scenarios.scenario import Scenario

ASSIGN_LIMIT_M = 2000.0  # residents farther than this on foot from every point use the one nearest in a straight line


def place_hubs(system: WasteSystem, network: StreetNetwork, scenario: Scenario) -> HubOutcome | None:
    """Place the hubs a scenario asks for; ``None`` when it asks for none."""
    if scenario.hubs is None:
        return None
    problem = pose_hubs(system, network, scenario)
    warm()  # compiling, once on a machine, is not taken off the time of the hubs
    result = solve(problem, budget=Budget(seconds=scenario.hubs.seconds), seed=scenario.solve.seed)
    return HubOutcome(problem=problem, result=result)


def brought_shares(
    system: WasteSystem, network: StreetNetwork, scenario: Scenario, hubs: HubOutcome | None
) -> dict[str, float]:
    """Return, per collection point and kerbside street, the share of its waste that people bring to hubs instead.

    The people whom a hub serves bring ``share_brought`` of what they generate. Residents count at the collection
    point nearest on foot; without residents the points themselves are the people.
    """
    if hubs is None or hubs.result.plan is None or scenario.hubs is None or not scenario.hubs.share_brought:
        return {}
    served = served_shares(hubs.result.plan)
    users = hub_users(system)
    share = np.array([served.get(user.id, 0.0) for user in users]) * scenario.hubs.share_brought
    if not system.residents:
        return {user.id: float(value) for user, value in zip(users, share, strict=True) if value}
    pairs = zip(system.residents, share.tolist(), strict=False)  # points may follow the residents
    found = {user.kerbside: value for user, value in pairs if user.kerbside and value}
    walking = np.array([not user.kerbside for user in system.residents], dtype=bool)
    if not walking.any() or not system.points:
        return found
    kg = np.array([user.kg_per_day for user in system.residents])[walking]
    residents = tuple(user for user in system.residents if not user.kerbside)
    at = nearest_points(replace(system, residents=residents), network, scenario)
    brought = np.bincount(at, weights=kg * share[: len(walking)][walking], minlength=len(system.points))
    rate = np.array([point.kg_per_day for point in system.points])
    shares = np.divide(brought, rate, out=np.zeros_like(rate), where=rate > 0)
    points = {p.id: float(min(value, 1.0)) for p, value in zip(system.points, shares, strict=True) if value}
    return found | points


def served_shares(plan: HubPlan) -> Mapping[str, float]:
    """Return demand id -> share that has a hub."""
    served: dict[str, float] = {}
    for assignment in plan.assignments:
        served[assignment.demand] = served.get(assignment.demand, 0.0) + assignment.share
    return served


def nearest_points(system: WasteSystem, network: StreetNetwork, scenario: Scenario) -> np.ndarray:
    """Return for each resident the position of the collection point that is nearest on foot."""
    foot = PROFILES["foot"]
    lon, lat = coordinates(system.residents)
    to_lon, to_lat = coordinates(system.points)
    from_ = snap(network, foot, lon, lat, limit_m=scenario.snap_limit_m)
    to = snap(network, foot, to_lon, to_lat, limit_m=scenario.snap_limit_m)
    index, _ = nearest(network, foot, from_, to, limit_m=ASSIGN_LIMIT_M)
    lost = np.flatnonzero(index < 0)
    if len(lost):
        east = (lon[lost, None] - to_lon[None, :]) * np.cos(np.radians(lat.mean()))
        index = index.copy()
        index[lost] = np.argmin(east**2 + (lat[lost, None] - to_lat[None, :]) ** 2, axis=1)
    return index
