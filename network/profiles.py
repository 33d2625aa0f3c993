"""Who goes: refuse truck, small truck, tricycle, handcart, on foot.

The figures (speeds, caps, dimensions) stand in ``network/data/speeds.csv`` and ``network/data/vehicles.csv``,
each with unit, range, source and status; what is not a number (which tags apply, who may enter) stands
here. How the tags of a street meet a profile is written in :mod:`network.tags`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

Movement = Literal["drive", "foot"]
UTurns = Literal["dead-ends", "anywhere"]
KINDS = ("highway", "surface", "smoothness", "tracktype", "service", "water")  # of rows in speeds.csv
FIGURES = (
    *("width_m", "height_m", "length_m", "weight_t", "axle_load_t", "power_kw", "turning_m", "reverse_m"),
    *("near_turn_s", "far_turn_s", "sharp_turn_s", "u_turn_s", "signals_s", "give_way_s", "collect_kmh"),
)


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
    surface_kmh, smoothness_kmh, tracktype_kmh, service_kmh
        Caps by tag value; 0 means impassable, absent means no cap.
    water_kmh
        Caps in fords ("ford", "stepping_stones") and where floods are known ("flood_prone"), in the dry season.
    width_m, height_m, length_m
        Over all, metres; compared with ``maxwidth``, ``width``, ``maxheight`` and ``maxlength``. 0: not limited.
    weight_t, axle_load_t
        Tonnes with a full load, all together and on the heaviest axle; compared with ``maxweight`` and
        ``maxaxleload``. 0: not limited.
    power_kw
        Power at the wheels, for speeds uphill. 0: slopes do not slow it.
    turning_m
        Width of street it needs to turn round, m.
    reverse_m
        Length of dead end it may back out of, m.
    near_turn_s, far_turn_s
        Seconds to turn to the side it drives on, and across the oncoming traffic.
    sharp_turn_s
        Seconds more for turns of over 120 degrees.
    u_turn_s
        Seconds to turn round.
    signals_s
        Mean wait at traffic signals, s.
    give_way_s
        Seconds more to turn into a street of a higher class.
    kmh_cap
        Highest speed anywhere.
    serve_factor
        Factor on the speed where it is let in to serve only: gates and people, and no short cut for others.
    collect_kmh
        Speed between pick-ups while it collects along a street; the work itself is not in it.
    u_turns
        ``"dead-ends"``: it turns round at dead ends and turning circles only; ``"anywhere"``: at every junction.
    crosses
        Highway classes of streets that its crew may cross to fetch a bin from the other side.
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
    length_m: float
    weight_t: float
    axle_load_t: float
    power_kw: float
    turning_m: float
    reverse_m: float
    near_turn_s: float
    far_turn_s: float
    sharp_turn_s: float
    u_turn_s: float
    signals_s: float
    give_way_s: float
    u_turns: UTurns
    crosses: frozenset[str]
    kmh_cap: float
    serve_factor: float
    collect_kmh: float = 7.0
    speed_kmh: Mapping[str, float] = field(hash=False)
    surface_kmh: Mapping[str, float] = field(hash=False)
    smoothness_kmh: Mapping[str, float] = field(hash=False)
    tracktype_kmh: Mapping[str, float] = field(hash=False)
    service_kmh: Mapping[str, float] = field(hash=False)
    water_kmh: Mapping[str, float] = field(hash=False)

    def __post_init__(self) -> None:
        if not self.speed_kmh or min(self.speed_kmh.values()) <= 0 or self.kmh_cap <= 0:
            raise ValueError(f"profile {self.id}: a speed must be above 0")
        if not 0 < self.serve_factor <= 1:
            raise ValueError(f"profile {self.id}: serve_factor must lie in (0, 1]")
        if not self.access_keys:
            raise ValueError(f"profile {self.id}: at least one access key is needed")
        negative = [name for name in FIGURES if not 0 <= getattr(self, name) < math.inf]
        if negative:
            raise ValueError(f"profile {self.id}: {', '.join(negative)} must not be below 0")

    @property
    def kinds(self) -> frozenset[str]:
        """Words that name it in ``except`` and in keys such as ``maxspeed:hgv``: its own access keys."""
        return frozenset(self.access_keys) - {"access"}


ALLOWED = frozenset({"yes", "permissive", "designated", "public", "official", "discouraged"})
SERVE = frozenset({"private", "destination", "delivery", "customers", "residents", "permit", "restricted"})
NOT_FOR_VEHICLES = frozenset({"pedestrian", "footway", "path", "cycleway"})

# Expert judgement: a crew with bins does not cross several lanes of through traffic.
FAST = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
NOT_CROSSED: Mapping[Movement, frozenset[str]] = MappingProxyType(
    {"drive": FAST | {"primary", "primary_link"}, "foot": FAST}
)
# Expert judgement: a tricycle turns in one go where two cars pass each other, a cart and a walker on the spot.
TURN_ANYWHERE = frozenset({"tricycle", "handcart", "foot"})

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
    tables: dict[str, dict[str, dict[str, float]]] = {profile: {kind: {} for kind in KINDS} for profile in _NAMES}
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
                service_kmh=tables[id]["service"],
                water_kmh=tables[id]["water"],
                u_turns="anywhere" if id in TURN_ANYWHERE else "dead-ends",
                crosses=frozenset(tables[id]["highway"]) - NOT_CROSSED[movement],
                **vehicle[id],
            )
            for id, (name, movement, keys) in _NAMES.items()  # noqa: A001 - the field is called id
        }
    )


PROFILES: Mapping[str, VehicleProfile] = _load()
"""The profiles that are there, by id."""
