"""People spread over the buildings of an extract by floor area.

    people of a building = P x F / (sum of F over all buildings)
    F = footprint (m2) x levels x share lived in

``building:levels`` where it is tagged, else a number by kind. All shares and levels below are our judgement (expert):
OpenStreetMap says how a building looks, not who lives there. What a kind does not name is not lived in: garages, sheds,
churches, schools, shops, offices, industry.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from faults import Fault, InputError
from network.features import MapFeatures
from network.tagcolumn import TagColumn
from scenarios.demand.homes import Homes

LIVED_IN: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("apartments", "dormitory", "residential", "house", "detached", "terrace", "bungalow"), 1.0),
        **dict.fromkeys(("semidetached_house", "farm", "hut", "ger", "houseboat", "static_caravan"), 1.0),
        **dict.fromkeys(("stilt_house", "trullo"), 1.0),
        **dict.fromkeys(("cabin", "mixed", "mixed_use", "tower", "commercial;residential"), 0.5),
    }
)
"""Share of the floor area that is lived in, by ``building`` value."""

UNKNOWN = frozenset({"yes", "unknown", "building"})
UNKNOWN_LIVED_IN = 0.5  # of a building of unknown kind; none if it carries a use (shop, amenity, office ...)
LEVELS: Mapping[str, float] = MappingProxyType(
    {"apartments": 4.0, "dormitory": 3.0, "residential": 2.0, "terrace": 2.0, "semidetached_house": 2.0, "tower": 8.0}
)
OTHER_LEVELS = 1.0
SMALLEST_M2 = 12.0  # a footprint below this is a shed, whatever it says


def people_in_buildings(features: MapFeatures | None, people: float) -> tuple[Homes, tuple[Fault, ...]]:
    """Return the buildings that are lived in with their people, and what is doubtful about it.

    Parameters
    ----------
    people
        How many people live in all of them.

    Raises
    ------
    InputError
        ``no-buildings``: none of the buildings of the extract, if there are any, is lived in.
    """
    if features is None:
        raise InputError(_none("these streets come without buildings"))
    buildings = features.buildings
    share = buildings.kind.map(LIVED_IN, 0.0)
    vague = buildings.kind.isin(UNKNOWN) & (buildings.use.codes == 0)
    share = np.where(vague, UNKNOWN_LIVED_IN, share) * (buildings.area_m2 >= SMALLEST_M2)
    levels = np.where(np.isfinite(buildings.levels), buildings.levels, buildings.kind.map(LEVELS, OTHER_LEVELS))
    floor = buildings.area_m2 * levels * share
    home = np.flatnonzero(floor > 0)
    if not len(home):
        raise InputError(_none(f"none of the {len(floor)} buildings of {features.source} is one to live in"))
    homes = Homes(
        lon=buildings.lon[home],
        lat=buildings.lat[home],
        people=people * floor[home] / floor[home].sum(),
        street=TagColumn(codes=buildings.street.codes[home], values=buildings.street.values),
    )
    return homes, tuple(_doubts(float(homes.people[vague[home]].sum() / people), features.source))


def _doubts(vague: float, source: str) -> list[Fault]:
    """Say how much of the estimate rests on buildings of unknown kind."""
    if vague < 0.1:
        return []
    return [
        Fault(
            code="building-kind-unknown",
            place=source,
            cause=f"{vague:.0%} of the people are put into buildings of unknown kind (building=yes), "
            f"counted at {UNKNOWN_LIVED_IN:.0%} of their floors",
            action="give a table of collection points or of zones with people, if there is one",
        )
    ]


def _none(cause: str) -> Fault:
    return Fault(
        code="no-buildings",
        place="demand.from",
        cause=cause,
        action='use an OpenStreetMap file with buildings, zones with people ([demand] from = "zones"), or a table of '
        "collection points",
    )
