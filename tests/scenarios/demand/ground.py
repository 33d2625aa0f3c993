"""Buildings, zones and scenarios for the tests of estimated demand, in metres east and north of 0, 0."""

from collections.abc import Mapping, Sequence

import numpy as np

from network.features import Addresses, Buildings, MapFeatures, Points
from network.sources.aequilibrae import Zone
from network.values import column
from scenarios.model.work import Stream
from scenarios.scenario import DemandRef, Scenario, StreetsRef
from tests.network.drawing import degrees

Corner = tuple[float, float]


def built(*buildings: Mapping[str, object]) -> MapFeatures:
    """Return features with these buildings: x, y, area, levels, kind, use."""

    def numbers(key: str, default: float) -> np.ndarray:
        return np.array([float(b.get(key, default)) for b in buildings])

    def words(key: str, default: str = ""):
        return column(str(b.get(key, default)) for b in buildings)

    lon, lat = degrees(numbers("x", 0), numbers("y", 0))
    nothing = column([])
    none = np.zeros(0)
    points = Points(id=(), lon=none, lat=none, kind=(), name=nothing, tags=())
    return MapFeatures(
        buildings=Buildings(
            id=tuple(f"way/{k}" for k in range(len(buildings))),
            lon=lon,
            lat=lat,
            area_m2=numbers("area", 100),
            levels=numbers("levels", np.nan),
            flats=numbers("flats", np.nan),
            kind=words("kind", "house"),
            use=words("use"),
            name=words("name"),
            street=words("street"),
            housenumber=words("housenumber"),
        ),
        addresses=Addresses(
            id=(),
            lon=none,
            lat=none,
            street=nothing,
            housenumber=nothing,
            name=nothing,
            postcode=nothing,
            city=nothing,
        ),
        amenities=points,
        places=points,
        source="drawn by hand",
        date="",
        licence="",
        attribution="",
        left_out={},
    )


def zone(name: str, people: float, *rings: Sequence[Corner]) -> Zone:
    """Return a zone with these outlines."""
    outlines = tuple(np.column_stack(degrees(*np.array([*ring, ring[0]], float).T)) for ring in rings)
    return Zone(id=name, name=name, rings=outlines, population=people)


def square(west: float, south: float, side: float) -> list[Corner]:
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]


def asking(**demand: object) -> Scenario:
    """Return a scenario that asks for an estimate."""
    about = {key: demand.pop(key) for key in ("days", "days_since_last", "country", "snap_limit_m") if key in demand}
    return Scenario(
        **{"name": "Test", "country": "KE", "currency": "KES", **about},
        streams=(Stream(id="residual", name="Residual waste", density_kg_m3=450),),
        streets=StreetsRef(town="twelve-junctions"),
        demand=DemandRef(**demand),
    )
