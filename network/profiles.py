"""Who goes: refuse truck, small truck, tricycle, handcart, on foot.

The figures (speeds, caps, dimensions) stand in ``network/data/speeds.csv`` and ``network/data/vehicles.csv``,
each with unit, range, source and status; what is not a number (which tags apply, who may enter) stands
here. How the tags of a street meet a profile is written in :mod:`network.tags`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

Movement = Literal["drive", "foot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleProfile:
    """What a vehicle, a cart or a walker may use, and how fast.

    Parameters
    ----------
    id, name
        Stable id ("refuse-truck") and the planner's word.
    movement
        ``"drive"`` keeps to one-way rules; ``"foot"`` only to ``oneway:foot``.
    access_keys
        OSM access keys that apply, the most specific first ("hgv", "motor_vehicle", "vehicle", "access").
    allowed, serve
        Access values that let it through, and those that let it in to serve the street only.
    by_permission
        Highway classes it may use only where one of its own access keys (not the general ``access``) says so.
    heeds_maxspeed
        Whether ``maxspeed`` binds it.
    speed_kmh
        Speed by highway class; a class that is absent is not used at all.
    surface_kmh, smoothness_kmh, tracktype_kmh
        Caps by tag value; 0 means impassable, absent means no cap.
    width_m, height_m, weight_t
        Over all, loaded; compared with ``maxwidth``, ``width``, ``maxheight`` and ``maxweight``. 0: not
        limited.
    kmh_cap
        Highest speed anywhere.
    serve_factor
        Factor on the speed where it is let in to serve only: gates and people, and no short cut for others.
    """

    id: str
    name: str
    movement: Movement
    access_keys: tuple[str, ...]
    allowed: frozenset[str]
    serve: frozenset[str]
    by_permission: frozenset[str]
    heeds_maxspeed: bool
    width_m: float
    height_m: float
    weight_t: float
    kmh_cap: float
    serve_factor: float
    speed_kmh: Mapping[str, float] = field(hash=False)
    surface_kmh: Mapping[str, float] = field(hash=False)
    smoothness_kmh: Mapping[str, float] = field(hash=False)
    tracktype_kmh: Mapping[str, float] = field(hash=False)

    def __post_init__(self) -> None:
        if not self.speed_kmh or min(self.speed_kmh.values()) <= 0 or self.kmh_cap <= 0:
            raise ValueError(f"profile {self.id}: a speed must be above 0")
        if not 0 < self.serve_factor <= 1:
            raise ValueError(f"profile {self.id}: serve_factor must lie in (0, 1]")
        if not self.access_keys:
            raise ValueError(f"profile {self.id}: at least one access key is needed")


ALLOWED = frozenset({"yes", "permissive", "designated", "public", "official", "discouraged"})
SERVE = frozenset({"private", "destination", "delivery", "customers", "residents", "permit", "restricted"})
NOT_FOR_VEHICLES = frozenset({"pedestrian", "footway", "path", "cycleway"})

_NAMES: Mapping[str, tuple[str, Movement, tuple[str, ...]]] = MappingProxyType(
    {
        "refuse-truck": ("Refuse truck", "drive", ("hgv", "motor_vehicle", "vehicle", "access")),
        "small-truck": ("Small truck", "drive", ("goods", "motor_vehicle", "vehicle", "access")),
        "tricycle": ("Motor tricycle", "drive", ("auto_rickshaw", "motor_vehicle", "vehicle", "access")),
        "handcart": ("Handcart", "foot", ("foot", "access")),
        "foot": ("On foot", "foot", ("foot", "access")),
    }
)


def _rows(file: str) -> Iterator[dict[str, str]]:
    """Give the rows of a table of figures."""
    text = files("network.data").joinpath(file).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _load() -> Mapping[str, VehicleProfile]:
    """Put names and figures together."""
    tables: dict[str, dict[str, dict[str, float]]] = {
        profile: {kind: {} for kind in ("highway", "surface", "smoothness", "tracktype")} for profile in _NAMES
    }
    for row in _rows("speeds.csv"):
        tables[row["profile"]][row["kind"]][row["class"]] = float(row["value"])
    vehicle: dict[str, dict[str, float]] = {profile: {} for profile in _NAMES}
    for row in _rows("vehicles.csv"):
        vehicle[row["profile"]][row["quantity"]] = float(row["value"])
    return MappingProxyType(
        {
            id: VehicleProfile(
                id=id,
                name=name,
                movement=movement,
                access_keys=keys,
                allowed=ALLOWED,
                serve=SERVE,
                by_permission=NOT_FOR_VEHICLES if movement == "drive" else frozenset(),
                heeds_maxspeed=movement == "drive",
                speed_kmh=tables[id]["highway"],
                surface_kmh=tables[id]["surface"],
                smoothness_kmh=tables[id]["smoothness"],
                tracktype_kmh=tables[id]["tracktype"],
                **vehicle[id],
            )
            for id, (name, movement, keys) in _NAMES.items()  # noqa: A001 - the field is called id
        }
    )


PROFILES: Mapping[str, VehicleProfile] = _load()
"""The profiles that are there, by id."""
