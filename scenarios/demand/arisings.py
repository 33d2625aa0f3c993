"""From people to what there is to collect: residents, container sites and their kilograms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from faults import Fault, InputError
from network.component import component
from network.features import MapFeatures
from network.plane import to_plane
from network.profiles import PROFILES
from network.snap import snap, stopping
from network.sources.aequilibrae import Zone
from network.streets import StreetNetwork
from network.tags import usable
from network.walking import nearest
from scenarios.data.defaults import lookup
from scenarios.demand.buildings import people_in_buildings
from scenarios.demand.containers import WALK_LIMIT_M, Settlement, about_so_many, sites_within
from scenarios.demand.homes import Homes, Neighbours, gather
from scenarios.demand.pieces import Pieces, middles, street_pieces
from scenarios.demand.zones import people_in_zones
from scenarios.loads import days_since_last, planned_days
from scenarios.model.origin import Origin
from scenarios.model.work import CollectionPoint, PointKind, Residents
from scenarios.scenario import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
FULL = 0.8  # share of a container's volume that is filled when it is collected (expert): a full one overflows
FEW = 10.0  # people: no truck should stop every time for fewer (expert); they walk to the next site
TRUCK, WALKER = PROFILES["refuse-truck"], PROFILES["foot"]
NOT_BESIDE = frozenset({"trunk", "trunk_link"})  # streets where no container should stand
Estimate = tuple[tuple[CollectionPoint, ...], tuple[Residents, ...], tuple[Fault, ...]]


def estimate(
    scenario: Scenario,
    network: StreetNetwork,
    features: MapFeatures | None,
    zones: Sequence[Zone] | None,
    *,
    taken: NDArray[np.bool_] | None = None,
) -> Estimate:
    """Estimate who lives where, what they throw away, and where containers stand for it.

    Everybody is assigned to the container site nearest on foot (as the crow flies where there is no way on foot), and
    nobody is lost: people and kilograms of the residents and of the containers are the same. The same input gives the
    same answer. Sites stand on streets of the refuse truck, so that every vehicle reaches them.

    Parameters
    ----------
    taken
        Homes that need no containers, by position: their waste is fetched at the kerb.

    Returns
    -------
    tuple
        Collection points and residents, marked as estimated, and doubts: ``building-kind-unknown``,
        ``zone-without-streets``, ``zone-off-map``, ``zone-cut``, ``homes-off-street``, ``containers-far``.

    Raises
    ------
    InputError
        ``no-buildings``, ``no-zones``, ``people-missing``, ``no-container-streets``.
    ValueError
        If the scenario asks for no estimate.
    """
    pieces = street_pieces(network, WALKER)
    homes, doubts = homes_of(scenario, network, pieces, features, zones)
    homes = homes.without(taken)
    if not len(homes.people):
        return (), (), doubts
    at = snap(network, WALKER, homes.lon, homes.lat, limit_m=scenario.snap_limit_m)
    neighbours = gather(network, pieces, homes, at)
    sites = _sites(scenario, _settlement(network, pieces, neighbours))
    sites, site, walk_m = _worthwhile(network, pieces, neighbours, sites)
    used, site = np.unique(site, return_inverse=True)
    kg = scenario.demand.kg_per_person_day
    kg = lookup("kg-per-person-day", scenario.country).value if kg is None else kg
    origin = Origin(file=f"estimate from {scenario.demand.from_}")
    residents = tuple(
        Residents(id=id, lon=lon, lat=lat, people=people, kg_per_day=people * kg, estimated=True, origin=origin)
        for id, lon, lat, people in zip(  # noqa: A001 - the field is called id
            neighbours.id,
            neighbours.lon.tolist(),
            neighbours.lat.tolist(),
            neighbours.people.tolist(),
            strict=True,
        )
    )
    people = np.bincount(site, neighbours.people, minlength=len(used)).astype(np.float64)
    points = _points(scenario, network, pieces, sites[used], people, kg, origin)
    return points, residents, (*doubts, *_doubts(scenario, neighbours, walk_m))


def homes_of(
    scenario: Scenario,
    network: StreetNetwork,
    pieces: Pieces,
    features: MapFeatures | None,
    zones: Sequence[Zone] | None,
) -> tuple[Homes, tuple[Fault, ...]]:
    """Return where people live, and what is doubtful about it; always the same homes in the same order."""
    demand = scenario.demand
    if demand.from_ == "points":
        raise ValueError("this scenario lists its collection points: nothing is to be estimated")
    if not len(pieces):
        raise InputError(_no_street("there is no street to walk on"))
    if demand.from_ == "zones":
        return people_in_zones(network, pieces, zones)
    if not demand.people:
        cause, action = "how many people live in the area is not said", "write the number of people"
        raise InputError(Fault(code="people-missing", place="demand.people", cause=cause, action=action))
    return people_in_buildings(features, demand.people)


def _settlement(network: StreetNetwork, pieces: Pieces, neighbours: Neighbours) -> Settlement:
    """Return people by piece of street, and where containers may stand."""
    on = neighbours.piece >= 0
    lived, which = np.unique(neighbours.piece[on], return_inverse=True)
    people = np.bincount(which, neighbours.people[on], minlength=len(lived)).astype(np.float64)
    doors = np.bincount(which, neighbours.people[on] * neighbours.door_m[on], minlength=len(lived)) / people
    use = usable(network, TRUCK)
    fit = component(network, use) & stopping(network) & ~network.tag("highway").isin(NOT_BESIDE)
    public = fit & ~use.serve_only
    candidates = np.flatnonzero(public[pieces.segment])
    if not len(candidates):
        candidates = np.flatnonzero(fit[pieces.segment])
    if not len(candidates):
        raise InputError(_no_street("no street that one can walk on lets a refuse truck in and out again"))
    return Settlement(
        network=network,
        walker=WALKER,
        pieces=pieces,
        lived=lived,
        people=people,
        door_m=doors,
        candidates=candidates,
    )


def _sites(scenario: Scenario, settlement: Settlement) -> IntArray:
    """Return the pieces where containers stand; one at least."""
    demand = scenario.demand
    if demand.containers is None:
        sites = sites_within(settlement, demand.container_spacing_m)
    else:
        sites = about_so_many(settlement, demand.containers, demand.container_spacing_m)
    return sites if len(sites) else settlement.candidates[:1]


def _assign(
    network: StreetNetwork, pieces: Pieces, neighbours: Neighbours, sites: IntArray
) -> tuple[IntArray, FloatArray]:
    """Return for each group the nearest site, and its metres from door to container (inf: only as the crow flies)."""
    on = np.flatnonzero(neighbours.piece >= 0)
    site, walk_m = np.full(len(neighbours.id), -1, np.int64), np.full(len(neighbours.id), np.inf)
    at_home, at_site = middles(pieces, neighbours.piece[on]), middles(pieces, sites)
    site[on], walk_m[on] = nearest(network, WALKER, at_home, at_site, limit_m=WALK_LIMIT_M)
    lost = np.flatnonzero(site < 0)
    if len(lost):
        true_lat = float(pieces.lat.mean())
        tree = cKDTree(to_plane(pieces.lon[sites], pieces.lat[sites], true_lat))
        site[lost] = tree.query(to_plane(neighbours.lon[lost], neighbours.lat[lost], true_lat))[1]
    return site, walk_m + neighbours.door_m


def _worthwhile(
    network: StreetNetwork, pieces: Pieces, neighbours: Neighbours, sites: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Assign everybody, and give up the sites that hardly anybody is nearest to, the emptier half of them at a time."""
    while True:
        site, walk_m = _assign(network, pieces, neighbours, sites)
        users = np.bincount(site, neighbours.people, minlength=len(sites))
        few = np.flatnonzero(users < FEW)
        if not len(few) or len(sites) == 1:
            return sites, site, walk_m
        emptiest = few[np.argsort(users[few], kind="stable")][: min((len(few) + 1) // 2, len(sites) - 1)]
        sites = np.delete(sites, emptiest)


def _points(
    scenario: Scenario,
    network: StreetNetwork,
    pieces: Pieces,
    sites: IntArray,
    people: FloatArray,
    kg_per_person: float,
    origin: Origin,
) -> tuple[CollectionPoint, ...]:
    """Return the container sites, as many containers at each as its longest wait between collections fills."""
    days = planned_days(scenario)
    longest = max(days_since_last(day, days, scenario) for day in days)
    density = lookup("loose-density", scenario.country).value
    holds_kg = lookup("container-volume", scenario.country).value * density * FULL
    names = network.name.strings()[pieces.segment[sites]]
    width = len(str(len(sites)))
    return tuple(
        CollectionPoint(
            id=f"site-{k:0{width}d}",
            name=str(name) or f"Site {k}",
            lon=lon,
            lat=lat,
            kind=PointKind.CONTAINER,
            stream=scenario.demand.stream,
            kg_per_day=count * kg_per_person,
            containers=max(1, math.ceil(count * kg_per_person * longest / holds_kg)),
            people=count,
            estimated=True,
            origin=origin,
        )
        for k, (name, lon, lat, count) in enumerate(
            zip(names, pieces.lon[sites].tolist(), pieces.lat[sites].tolist(), people.tolist(), strict=True), 1
        )
    )


def _doubts(scenario: Scenario, neighbours: Neighbours, walk_m: FloatArray) -> list[Fault]:
    """Say for whom the estimate does not do what it should."""
    total = neighbours.people.sum()
    off = neighbours.people[neighbours.piece < 0].sum()
    found = []
    if off > 0:
        found.append(
            Fault(
                code="homes-off-street",
                place="demand",
                cause=f"{off:.0f} people ({off / total:.1%}) live more than {scenario.snap_limit_m:.0f} m from any "
                "street on foot; they were given the nearest container as the crow flies",
                action="check that the extract holds all streets and paths, or raise snap_limit_m",
            )
        )
    limit = scenario.demand.container_spacing_m
    far = neighbours.people[(walk_m > 1.5 * limit) & (neighbours.piece >= 0)].sum()
    if far > 0 and scenario.demand.containers is None:
        found.append(
            Fault(
                code="containers-far",
                place="demand.container_spacing_m",
                cause=f"{far:.0f} people ({far / total:.1%}) walk much farther than {limit:.0f} m to a container: "
                "they live far from any street that a refuse truck can use",
                action="plan a smaller vehicle or primary collection by cart for them",
            )
        )
    return found


def _no_street(cause: str) -> Fault:
    return Fault(
        code="no-container-streets",
        place="streets",
        cause=cause,
        action="check that the extract holds drivable streets, not only paths or buildings",
    )
