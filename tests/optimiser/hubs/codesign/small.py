"""Towns of a few stops, small enough for every set of sites and every plan to be gone through."""

from __future__ import annotations

from itertools import pairwise, permutations, product

import numpy as np

from optimiser.hubs.codesign.problem import CodesignProblem, Site
from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts
from optimiser.travel import DenseTravel


def load(at_most: float) -> Limit:
    return Limit(name="kg", weights={"kg": 1.0}, at_most=at_most)


def town(
    seed: int = 1, *, stops: int = 5, sites: int = 3, capacity: float | None = None, opening: float = 30.0
) -> CodesignProblem:
    """Stops of 1 kg on a square of 100 m; a vehicle carries 2 kg, costs 5, and a metre costs 1."""
    place = np.random.default_rng(seed).integers(0, 100, (sites + stops, 2)).astype(float)
    dm = np.rint(10 * np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))).astype(np.int32)
    names = tuple([f"d{j}" for j in range(sites)] + [f"s{i}" for i in range(stops)])
    travel = DenseTravel(leaving=names, arriving=names, duration_ms=np.zeros_like(dm), distance_dm=dm)
    rounds = RoundsProblem(
        dimensions=("kg",),
        stops=tuple(
            Stop(id=f"s{i}", modes=(Mode(arrive=f"s{i}", leave=f"s{i}", service_s=0.0),), loads={"kg": 1.0})
            for i in range(stops)
        ),
        tip_sites=(),
        vehicles=tuple(
            Vehicle(
                id=f"d{j} v{k}", profile="truck", start=f"d{j}", end=f"d{j}", limits=(load(2.0),),
                shift=Shift(start_s=0.0, end_s=86_400.0), costs=VehicleCosts(fixed=5.0, per_km=1000.0),
                must_end_empty=False,
            )
            for j in range(sites)
            for k in range(stops)
        ),
        travel={"truck": travel},
    )  # fmt: skip
    limit = None if capacity is None else load(capacity)
    return CodesignProblem(
        rounds=rounds,
        sites=tuple(Site(id=f"d{j}", opening_cost=opening + j, depot=f"d{j}", capacity=limit) for j in range(sites)),
    )


def with_tips(problem: CodesignProblem) -> CodesignProblem:
    """The same town: each site is the only place to unload of those that have their depot there, or of others."""
    tips = tuple(
        TipSite(id=f"t{j}", modes=(Mode(arrive=f"d{j}", leave=f"d{j}", service_s=0.0),), accepts=frozenset({"kg"}))
        for j in range(len(problem.sites))
    )
    vehicles = tuple(
        Vehicle(id=one.id, profile=one.profile, start="d0", end="d0", limits=one.limits, shift=one.shift,
                costs=one.costs)
        for one in problem.rounds.vehicles
    )  # fmt: skip
    rounds = RoundsProblem(
        dimensions=("kg",), stops=problem.rounds.stops, tip_sites=tips, vehicles=vehicles, travel=problem.rounds.travel
    )
    sites = tuple(Site(id=f"d{j}", opening_cost=10.0 * j, tip_site=f"t{j}") for j in range(len(problem.sites)))
    return CodesignProblem(rounds=rounds, sites=sites)


def best_cost(problem: CodesignProblem) -> float:
    """Return the least cost over all sets of sites: stops in all orders, cut into rounds of one or two stops."""
    travel, stops = problem.rounds.travel["truck"], [stop.id for stop in problem.rounds.stops]

    def way(*places: str) -> float:
        pairs = pairwise(places)
        return sum(
            float(travel.legs(np.array([travel.row(a)]), np.array([travel.column(b)]))[1][0]) / 10 for a, b in pairs
        )

    groups = {tuple(sorted(map(tuple, map(sorted, cut)))) for order in permutations(stops) for cut in _cuts(order)}
    cost = {
        (group, site.id): 5.0 + way(site.depot, *group, site.depot)
        for groups_ in groups
        for group in groups_
        for site in problem.sites
    }
    limit = {site.id: np.inf if site.capacity is None else site.capacity.at_most for site in problem.sites}
    opening = {site.id: site.opening_cost for site in problem.sites}
    best = np.inf
    for cut in groups:
        for based in product(opening, repeat=len(cut)):
            held = {name: sum(len(g) for g, b in zip(cut, based, strict=True) if b == name) for name in opening}
            if all(held[name] <= limit[name] for name in opening):
                total = sum(cost[pair] for pair in zip(cut, based, strict=True))
                best = min(best, total + sum(opening[name] for name in set(based)))
    return float(best)


def _cuts(order: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    if not order:
        return [[]]
    return [[order[:k], *rest] for k in (1, 2) if k <= len(order) for rest in _cuts(order[k:])]
