"""Candidates and rounds in the optimiser's words: the rounds of one day are posed once, with every candidate there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from faults import Fault, InputError
from optimiser.hubs.codesign.problem import CodesignProblem, Site
from optimiser.rounds.problem import Limit
from optimiser.travel import UNREACHABLE
from scenarios.choices import Weekday
from scenarios.days import pose_day
from scenarios.ground import Ground
from scenarios.loads import SINGLE_DAY, WEEK, planned_days
from scenarios.model.fleet import FleetVehicle
from scenarios.model.sites import CandidateSite
from scenarios.model.system import WasteSystem
from scenarios.read.candidate_sites import kind_of_vehicle
from scenarios.scenario import CodesignChoice, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """The problem, and what it was posed from.

    Parameters
    ----------
    system
        With the depots, unloading sites and vehicles of every candidate that may open.
    day
        By whose rounds the sites are decided.
    calendar_days
        For how many days of the calendar the sites are paid, for this one day of rounds.
    loads_kg
        What each point holds that day.
    """

    problem: CodesignProblem
    system: WasteSystem
    ground: Ground
    day: str
    calendar_days: float
    loads_kg: Mapping[str, float]


def choice(scenario: Scenario) -> CodesignChoice:
    """Return what is asked of the sites."""
    return scenario.codesign or CodesignChoice()


def deciding_day(scenario: Scenario) -> Weekday | str:
    """Return the day by whose rounds the sites are decided."""
    return choice(scenario).day or planned_days(scenario)[0]


def calendar_days(scenario: Scenario) -> float:
    """Return for how many days of the calendar a day of rounds stands.

    A week has seven, shared by the planned weekdays; a single day stands for the days since the last collection.
    """
    days = planned_days(scenario)
    return scenario.days_since_last if days == (SINGLE_DAY,) else len(WEEK) / len(days)


def with_candidates(system: WasteSystem, open_: Collection[str] | None = None) -> WasteSystem:
    """Return the system with the depots, unloading sites and vehicles of candidates.

    Parameters
    ----------
    open_
        Ids of the candidates that are there; ``None``: all that are not excluded.
    """
    sites = [site for site in system.sites if (not site.excluded if open_ is None else site.id in open_)]
    bases = {site.id for site in sites if site.depot} | {depot.id for depot in system.depots}
    filled = {site.id for site in system.sites if site.vehicles}
    own = [
        one for one in system.vehicles if {one.start_depot, one.end_depot} <= bases and one.start_depot not in filled
    ]
    based = [vehicle for site in sites for vehicle in _based(site, system.vehicles)]
    tips = {site.id: site.facility.id for site in system.sites if site.facility}
    return replace(
        system,
        depots=(*system.depots, *(site.depot for site in sites if site.depot)),
        facilities=(*system.facilities, *(site.facility for site in sites if site.facility)),
        vehicles=tuple(
            replace(one, unloads_at=tuple(tips.get(name, name) for name in one.unloads_at)) for one in (*own, *based)
        ),
    )


def _based(site: CandidateSite, vehicles: tuple[FleetVehicle, ...]) -> Iterator[FleetVehicle]:
    """Yield the vehicles that may be based at a site, named by their kind and the site."""
    for name, count in site.vehicles.items() if site.depot else ():
        kind = kind_of_vehicle(vehicles, name)
        for n in range(1, count + 1) if kind else ():
            assert kind is not None
            yield replace(
                kind,
                id=f"{name} {n}, {site.id}",
                name=f"{kind.name if kind.name != kind.id else name} {n}, {site.name}",
                start_depot=site.id,
                end_depot=site.id,
            )


def refuse(system: WasteSystem, scenario: Scenario) -> None:
    """Refuse what no set of sites could mend.

    Raises
    ------
    InputError
        All faults of the study beside those of its tables.
    """
    if faults := [*_faults(system, scenario)]:
        raise InputError(faults)


def _faults(system: WasteSystem, scenario: Scenario) -> Iterator[Fault]:
    everything = with_candidates(system)
    if not [site for site in system.sites if not site.excluded]:
        cause = f"none of {len(system.sites)} candidate sites may open" if system.sites else "there are no candidates"
        yield _fault("no-candidates", "tables.sites", cause, "add sites to the table, or allow some")
    at = {vehicle.start_depot for vehicle in everything.vehicles}
    for site in system.sites:
        if site.depot and not site.excluded and site.id not in at and not site.facility:
            cause = f"no vehicle may be based at {site.id!r}"
            action = "say which and how many in the column vehicles, or name it as start_depot of a vehicle"
            yield _fault("site-without-vehicles", str(site.origin), cause, action)
    if not everything.vehicles:
        cause = "there is no vehicle at any site"
        yield _fault("site-without-vehicles", "tables.vehicles", cause, "base vehicles at the sites")
    optional = {site.id for site in system.sites if not site.mandatory}
    bases = {vehicle.id: {vehicle.start_depot, vehicle.end_depot} for vehicle in everything.vehicles}
    for k, lock in enumerate(scenario.locks):
        if bases.get(lock.vehicle, optional) & optional:
            cause = f"vehicle {lock.vehicle!r} is fixed to points, and its site may stay closed"
            yield _fault("lock-on-candidate", f"locks.{k + 1}", cause, "make the site mandatory, or take the lock off")
    yield from _limits(system, scenario)


def _limits(system: WasteSystem, scenario: Scenario) -> Iterator[Fault]:
    asked, must = choice(scenario), [site for site in system.sites if site.mandatory]
    cost = sum(site.fixed_cost_per_day for site in must)
    if asked.at_most is not None and len(must) > asked.at_most:
        cause = f"{len(must)} sites have to be open, and at most {asked.at_most} may be"
        yield _fault("sites-limit", "codesign.at_most", cause, "raise the limit, or make fewer sites mandatory")
    if asked.budget_per_day is not None and cost > asked.budget_per_day:
        cause = f"the sites that have to be open cost {cost:g} a day, and at most {asked.budget_per_day:g} may be spent"
        yield _fault("sites-limit", "codesign.budget_per_day", cause, "raise the limit, or make fewer sites mandatory")


def _fault(code: str, place: str, cause: str, action: str) -> Fault:
    return Fault(code=code, place=place, cause=cause, action=action)


def pose(system: WasteSystem, ground: Ground, scenario: Scenario, *, service_factor: float = 1.0) -> Posed:
    """Pose sites and rounds.

    Parameters
    ----------
    system
        With every candidate, see :func:`with_candidates`.
    ground
        Of the deciding day, with every candidate on it.

    Raises
    ------
    InputError
        ``nothing-to-collect`` where nothing is due on the deciding day.
    """
    day, days, asked = deciding_day(scenario), calendar_days(scenario), choice(scenario)
    rounds, loads = pose_day(system, ground, scenario, day=day, brought={}, service_factor=service_factor)
    if not rounds.stops:
        cause = "nothing is due on the day by whose rounds the sites are decided"
        raise InputError(_fault("nothing-to-collect", "codesign.day", cause, "choose another day"))
    return Posed(
        problem=CodesignProblem(
            rounds=rounds,
            sites=tuple(
                _site(site, [stream.id for stream in system.streams], days)
                for site in system.sites
                if not site.excluded
            ),
            at_most=asked.at_most,
            budget=None if asked.budget_per_day is None else asked.budget_per_day * days,
        ),
        system=system,
        ground=ground,
        day=day,
        calendar_days=days,
        loads_kg=loads,
    )


def _site(site: CandidateSite, streams: Sequence[str], days: float) -> Site:
    at_most, weights = site.capacity_kg_per_day, dict.fromkeys(streams, 1.0)
    return Site(
        id=site.id,
        opening_cost=site.fixed_cost_per_day * days,
        depot=site.depot.id if site.depot else "",
        tip_site=site.facility.id if site.facility else "",
        capacity=Limit(name="site", weights=weights, at_most=at_most) if site.depot and at_most is not None else None,
        mandatory=site.mandatory,
    )


def reaches_nobody(posed: Posed, site: Site) -> bool:
    """Return whether no stop can be driven to from the depot of a site, or none to its place to unload."""
    rounds = posed.problem.rounds
    arrive = [mode.arrive for stop in rounds.stops for mode in stop.modes]
    leave = [mode.leave for stop in rounds.stops for mode in stop.modes]
    tip = next((one.modes[0] for one in rounds.tip_sites if one.id == site.tip_site), None)
    for travel in rounds.travel.values():
        ends = [([site.depot], arrive)] if site.depot else []
        ends += [(leave, [tip.arrive])] if tip and not site.depot else []
        for start, end in ends:
            rows = np.array([travel.row(name) for name in start], dtype=np.intp)
            columns = np.array([travel.column(name) for name in end], dtype=np.intp)
            if (travel.block(rows, columns)[0] != UNREACHABLE).any():
                return False
    return True
