"""How far people walk: to the nearest point that the plan serves, and to the nearest open hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.profiles import PROFILES
from network.snap import snap
from network.streets import StreetNetwork
from network.walking import nearest
from scenarios.ground import Placed, coordinates
from scenarios.kerbside.work import served_at
from scenarios.model.system import WasteSystem
from scenarios.model.work import Residents
from scenarios.outcome import DayPlan, HubOutcome
from scenarios.pose import hub_users
from scenarios.scenario import Scenario

WALK_LIMIT_M = 5000.0  # farther than an hour's walk counts as no way


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """People, and the metres they walk; ``inf`` where there is no way, ``walk_to_hub_m`` ``None`` without hubs."""

    people: NDArray[np.float64]
    walk_to_service_m: NDArray[np.float64]
    walk_to_hub_m: NDArray[np.float64] | None


def access(
    system: WasteSystem,
    network: StreetNetwork,
    scenario: Scenario,
    days: Sequence[DayPlan],
    hubs: HubOutcome | None,
) -> Access:
    """Measure the walking of the residents (or, without residents, of the people at the points)."""
    users = hub_users(system)
    served = {stop for day in days if day.result.plan for round_ in day.result.plan.rounds for stop in round_.stops}
    at = served_at(system.kerbside)
    doors = {street for stop in served for street in at.get(stop, ())}
    open_hubs = set(hubs.result.plan.open) if hubs is not None and hubs.result.plan else set()
    limit_m = scenario.snap_limit_m
    return Access(
        people=np.array([user.people for user in users], dtype=np.float64),
        walk_to_service_m=np.where(
            [isinstance(user, Residents) and user.kerbside in doors for user in users],
            0.0,
            walk_m(network, users, [p for p in system.points if p.id in served], limit_m=limit_m),
        ),
        walk_to_hub_m=None
        if hubs is None
        else walk_m(network, users, [site for site in system.hub_sites if site.id in open_hubs], limit_m=limit_m),
    )


def walk_m(
    network: StreetNetwork, from_: Sequence[Placed], to: Sequence[Placed], *, limit_m: float
) -> NDArray[np.float64]:
    """Return metres on foot from each place to the nearest of the others, the steps off the street included."""
    if not from_ or not to:
        return np.full(len(from_), np.inf)
    foot = PROFILES["foot"]
    start = snap(network, foot, *coordinates(from_), limit_m=limit_m)
    goal = snap(network, foot, *coordinates(to), limit_m=limit_m)
    index, metres = nearest(network, foot, start, goal, limit_m=WALK_LIMIT_M)
    found = index >= 0
    metres = np.where(found, metres + start.distance_m + goal.distance_m[index], np.inf)
    return np.where(_same_spot(from_, to), 0.0, metres)


def _same_spot(from_: Sequence[Placed], to: Sequence[Placed]) -> NDArray[np.bool_]:
    spots = {(item.lon, item.lat) for item in to}
    return np.array([(item.lon, item.lat) in spots for item in from_], dtype=bool)
