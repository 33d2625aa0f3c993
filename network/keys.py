"""Which OpenStreetMap tags are read: classes of street, keys of ways, keys of nodes."""

from __future__ import annotations

from itertools import product

# fmt: off
CLASSES = frozenset({
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service",
    "road", "track", "pedestrian", "footway", "path", "cycleway", "bridleway", "corridor", "steps",
})
NOT_BUILT = frozenset({"construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished"})

MODES = ("access", "vehicle", "motor_vehicle", "motorcar", "hgv", "goods", "auto_rickshaw", "foot", "bicycle")
LIMITS = ("maxweight", "maxweightrating", "maxheight", "maxwidth", "maxlength", "maxaxleload", "maxbogieweight")
_WHEN = ("", ":conditional")
_WAY = ("", ":forward", ":backward")
_PLAIN = (
    "name", "highway", "area", "route", "ref", "alt_name", "name:en", "destination", "destination:ref",
    "destination:forward", "destination:backward", "destination:ref:forward", "destination:ref:backward",
    "destination:street", "junction", "junction:ref", "motorroad", "driving_side", "dual_carriageway", "noexit", "toll",
    "toll:hgv", "surface", "smoothness", "tracktype", "service", "footway", "width", "est_width",
    "width:carriageway", "lanes", "lanes:forward", "lanes:backward", "lane_markings", "shoulder", "narrow",
    "passing_places", "turning_circle", "bridge", "tunnel", "covered", "layer", "incline", "sidewalk", "sidewalk:left",
    "sidewalk:right", "sidewalk:both", "parking:left", "parking:right", "parking:both", "parking:lane:left",
    "parking:lane:right", "parking:lane:both", "ford", "flood_prone", "hazard", "seasonal", "winter_road",
    "ice_road", "lit", "traffic_calming", "hazmat", "opening_hours", "maxspeed:type", "source:maxspeed",
    "zone:maxspeed", "maxspeed:practical", "maxspeed:advisory", "maxheight:physical", "maxwidth:physical", "ramp",
)
# fmt: on

KEYS: tuple[str, ...] = (
    *_PLAIN,
    *(f"{mode}{way}{when}" for mode, way, when in product(MODES, _WAY, _WHEN)),
    *(f"oneway{mode}{when}" for mode, when in product(("", *(f":{mode}" for mode in MODES[1:])), _WHEN)),
    *(f"maxspeed{mode}{way}{when}" for mode, way, when in product(("", *(f":{m}" for m in MODES[1:7])), _WAY, _WHEN)),
    *(f"{limit}{mode}{when}" for limit, mode, when in product(LIMITS, ("", ":hgv", ":goods"), _WHEN)),
    *(f"{limit}{way}" for limit, way in product(LIMITS, _WAY[1:])),
)
"""Keys of ways that are read."""

NODE_HIGHWAYS = frozenset(
    {"turning_circle", "turning_loop", "mini_roundabout", "traffic_signals", "stop", "give_way", "passing_place"}
)
TURNING = frozenset({"turning_circle", "turning_loop", "mini_roundabout"})
PASSED = ("traffic_signals", "stop", "give_way", "passing_place")
"""Values of ``highway`` on a node that do not end a segment: told by the segment's tag ``passes:<value>``."""

CLIPPED = "clipped"
"""Not a key of the map: at a junction, that the area or the file ends there but a street does not."""

NODE_MARKS = ("barrier", "highway", "ford", "flood_prone")
"""Keys that make a node worth reading."""

# fmt: off
NODE_KEYS: tuple[str, ...] = (
    *NODE_MARKS,
    *(f"{mode}{when}" for mode, when in product(MODES, _WHEN)),
    *LIMITS,
    "maxwidth:physical", "maxheight:physical", "width", "height", "direction", "traffic_signals:direction",
    "stop", "locked", "bollard", "opening_hours", "toll", "depth", "seasonal",
)
# fmt: on
"""Keys of nodes that are read."""

NO_BARRIER = frozenset({"no", "kerb"})


def node_tag_matters(key: str, value: str) -> bool:
    """Return whether a tag of a node is read."""
    if key == "highway":
        return value in NODE_HIGHWAYS
    if key == "barrier":
        return value not in NO_BARRIER
    return value != "no" if key in NODE_MARKS else True


def ends_a_segment(key: str, value: str) -> bool:
    """Return whether a node with this tag is a junction even where no street branches off."""
    return value in TURNING if key == "highway" else key in NODE_MARKS
