"""The problem of co-design: a rounds problem posed with every candidate site, and what it costs to open each.

A set of open sites (a *mask*) takes vehicles and unloading sites away from the rounds problem, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from optimiser.rounds.problem import Limit, RoundsProblem, Stop, Vehicle

ROUND_OFF = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where a hub could stand.

    Parameters
    ----------
    id
        Unique among sites.
    opening_cost
        Money for the days that the rounds problem stands for.
    depot
        Place (a row and a column of the travel) at which vehicles are based; empty: none are.
    tip_site
        Id of the unloading site that opens with it; empty: none.
    capacity
        Limit of what the rounds from its depot pick up together; what its unloading site takes is limited by
        ``TipSite.caps``. ``None``: no limit.
    mandatory
        Has to be open.
    """

    id: str
    opening_cost: float
    depot: str = ""
    tip_site: str = ""
    capacity: Limit | None = None
    mandatory: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.opening_cost < float("inf"):
            raise ValueError(f"site {self.id}: opening_cost must be a number of at least 0")
        if not self.depot and not self.tip_site:
            raise ValueError(f"site {self.id} is neither a depot nor a place to unload")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesignProblem:
    """Which sites open, and the rounds that serve the stops from them.

    Parameters
    ----------
    rounds
        Posed once, with the vehicles and unloading sites of all candidates. A vehicle that starts or ends at the
        depot of a site is there only if the site is open; other vehicles and unloading sites always are.
    sites
        Candidates.
    at_most
        Sites open in all; ``None``: no limit.
    budget
        Most that the open sites may cost together; ``None``: no limit.

    Raises
    ------
    ValueError
        With everything that is wrong.
    """

    rounds: RoundsProblem
    sites: tuple[Site, ...]
    at_most: int | None = None
    budget: float | None = None

    def __post_init__(self) -> None:
        if wrong := [*_doubled(self), *_unknown(self), *_locked(self), *_limited(self)]:
            raise ValueError("; ".join(wrong))


def within_limits(problem: CodesignProblem, names: Collection[str]) -> bool:
    """Return whether so many sites, that cost so much, may be open together."""
    cost = sum(site.opening_cost for site in problem.sites if site.id in names)
    few = problem.at_most is None or len(names) <= problem.at_most
    return few and (problem.budget is None or cost <= problem.budget * (1 + ROUND_OFF))


def needed(problem: CodesignProblem, vehicle: Vehicle) -> frozenset[str]:
    """Return the ids of the sites that must be open for a vehicle to be there."""
    return frozenset(site.id for site in problem.sites if site.depot and site.depot in (vehicle.start, vehicle.end))


def base(problem: CodesignProblem, vehicle: Vehicle) -> Site | None:
    """Return the site at whose depot a vehicle starts, if it is one."""
    return next((site for site in problem.sites if site.depot and site.depot == vehicle.start), None)


def taken(limit: Limit, stop: Stop) -> float:
    """Return what a stop takes of a limit."""
    return sum(weight * stop.loads.get(dimension, 0.0) for dimension, weight in limit.weights.items())


def _doubled(problem: CodesignProblem) -> list[str]:
    wrong = []
    for what, names in (
        ("site ids", [site.id for site in problem.sites]),
        ("depots", [site.depot for site in problem.sites if site.depot]),
        ("unloading sites", [site.tip_site for site in problem.sites if site.tip_site]),
    ):
        if len(set(names)) != len(names):
            wrong.append(f"{what} are not unique")
    return wrong


def _unknown(problem: CodesignProblem) -> list[str]:
    tips = {site.id for site in problem.rounds.tip_sites}
    dimensions = set(problem.rounds.dimensions)
    wrong = []
    for site in problem.sites:
        if site.tip_site and site.tip_site not in tips:
            wrong.append(f"site {site.id} names unknown unloading site {site.tip_site}")
        if site.capacity is not None and set(site.capacity.weights) - dimensions:
            wrong.append(f"site {site.id} limits unknown dimensions {sorted(set(site.capacity.weights) - dimensions)}")
    return wrong


def _locked(problem: CodesignProblem) -> list[str]:
    optional = {site.id for site in problem.sites if not site.mandatory}
    named = {lock.vehicle for lock in problem.rounds.locks}
    return [
        f"a lock names vehicle {vehicle.id}, whose site may stay closed: make the site mandatory"
        for vehicle in problem.rounds.vehicles
        if vehicle.id in named and needed(problem, vehicle) & optional
    ]


def _limited(problem: CodesignProblem) -> list[str]:
    must = {site.id for site in problem.sites if site.mandatory}
    return [] if within_limits(problem, must) else ["the mandatory sites alone pass at_most or the budget"]
