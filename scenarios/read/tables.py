"""All tables of a scenario, read and checked against each other: a waste system, or every fault there is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from faults import Fault
from network.features import MapFeatures
from network.streets import StreetNetwork
from scenarios.choices import Weekday
from scenarios.model.system import WasteSystem
from scenarios.read.address import AddressBook, address_book
from scenarios.read.candidate_sites import read_sites, refuse_unknown_vehicles
from scenarios.read.clock import WEEK
from scenarios.read.consistency import doubt_consistency
from scenarios.read.context import Context
from scenarios.read.findings import Findings
from scenarios.read.fleet import read_today, read_vehicles
from scenarios.read.places import Region
from scenarios.read.sites import read_depots, read_facilities, read_hub_sites
from scenarios.read.work import read_points
from scenarios.scenario import Scenario


def read_tables(
    scenario: Scenario, folder: Path, *, network: StreetNetwork | None, features: MapFeatures | None
) -> tuple[WasteSystem, tuple[Fault, ...]]:
    """Read every table that a scenario names.

    Parameters
    ----------
    folder
        Where the tables lie; nothing outside is read.
    network
        The streets: places are checked against their extent, addresses against their names. ``None``: neither.
    features
        Addresses of the extract, if it has any.

    Returns
    -------
    The system, and what was accepted with a doubt. Residents are not read here: they are estimated.

    Raises
    ------
    InputError
        With every fault of every table.
    """
    found = Findings()
    context = Context(scenario=scenario, folder=folder, region=region(network, features), found=found)
    depots = read_depots(context)
    facilities = read_facilities(context)
    sites = read_sites(context)
    vehicles = read_vehicles(context)
    refuse_unknown_vehicles(sites, vehicles, found)
    points = read_points(context)
    hub_sites = read_hub_sites(context)
    today = read_today(context)
    start = read_today(context, "start")
    system = WasteSystem(
        streams=scenario.streams,
        points=points,
        residents=(),
        depots=depots,
        facilities=facilities,
        vehicles=vehicles,
        hub_sites=hub_sites,
        sites=sites,
        today=today,
        start=start,
    )
    if not found.faults:
        doubt_consistency(system, scenario, found)
    return system, found.settle()


def named_days(system: WasteSystem) -> tuple[Weekday, ...]:
    """Return the weekdays named in a column ``days`` of the points, in the order of the week.

    They are the days to plan when the scenario names none.
    """
    named = {day for point in system.points for day in point.days}
    return tuple(day for day in WEEK if day in named)


def region(network: StreetNetwork | None, features: MapFeatures | None) -> Region:
    """Return where places are expected: on the streets, by whose names addresses are found."""
    if network is None:
        return Region(box=None, book=None)

    @cache
    def book() -> AddressBook:
        return address_book(network, features)

    return Region(box=network.box, book=book)
