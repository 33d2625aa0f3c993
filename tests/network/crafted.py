"""A town with one of each: every rule of the road in a quarter of its own, with the way worked out on paper.

The drawing of a quarter *is* the quarter. A letter is a node; four columns or two rows are one block of
:data:`BLOCK_DEGREES`. ``-`` and ``|`` are two-way residential streets, ``>`` ``<`` ``^`` ``v`` in them make them
one-way, ``=`` is Main Street (tertiary), which joins all quarters along the bottom row. Each piece between two letters
is an OSM way of its own.

A way on paper is the letters it passes with what happens in between: ``^`` straight on, ``<`` left, ``>`` right, ``@``
turning round, ``~`` following a roundabout. ``"de^f>i"`` begins in the middle of de on the way to e, goes straight on
at e, right at f, and ends in the middle of fi.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from network.profiles import PROFILES
from tests.network.extracts import tags_xml, ways_xml, write

BLOCK_DEGREES = 0.001  # near the equator: 111.195 m in both directions
COLUMNS, ROWS = 4, 2  # of the drawing, to the block
BETWEEN = 3  # blocks between two quarters
FIRST_RELATION = 900_000
TRUCK, SMALL, TRICYCLE, FOOT = "refuse-truck", "small-truck", "tricycle", "foot"
TRUCKS = (TRUCK, SMALL)  # turn round where there is room; a tricycle does so at any junction
DRIVERS = (*TRUCKS, TRICYCLE)
EVERYBODY = (*DRIVERS, FOOT)
ARROWS = {"-": "", "=": "", "|": "", ">": "yes", "v": "yes", "<": "-1", "^": "-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A way on paper: who, when, and the way itself.

    ``begin`` and ``end`` are the shares of the first and the last piece at which it begins and ends; ``kmh`` the speeds
    where they are not those of the class of the street; ``wait_s`` what it costs beside driving and turning.
    """

    who: tuple[str, ...]
    way: str
    or_way: str = ""  # takes as long
    at: str = ""  # "mon 08:00"; "" for no time known
    begin: float = 0.5
    end: float = 0.5
    left_hand: bool = False
    kmh: Mapping[str, float] = field(default_factory=dict)
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A turn restriction: the street it comes from, what it goes through (a node or streets), where it leads."""

    says: str  # "restriction=no_left_turn except=hgv"
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A drawing, what is tagged on its streets ("ef") and nodes ("j"), the rules, and the ways on paper.

    The letters of a tagged street give the direction it is mapped in.
    """

    name: str
    drawing: str
    tags: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    trips: tuple[Trip, ...] = ()
    more: tuple[str, ...] = ()  # streets that are not level or upright

    def nodes(self) -> dict[str, tuple[float, float]]:
        """Return the letters with blocks east of its left edge and north of its bottom row."""
        rows = self.rows()
        return {
            letter: (column / COLUMNS, (len(rows) - 1 - row) / ROWS)
            for row, line in enumerate(rows)
            for column, letter in enumerate(line)
            if letter.isalpha() and letter != "v"
        }

    def rows(self) -> list[str]:
        """Return the lines of the drawing."""
        return self.drawing.strip("\n").split("\n")

    def streets(self) -> dict[str, dict[str, str]]:
        """Return the tags of each piece of street, by its two letters in the direction it is mapped in."""
        level, upright = _runs(self.rows(), "-=<>"), _runs(_turned(self.rows()), "|^v")
        drawn = [*level, *upright, *((pair, "-") for pair in self.more)]
        found: dict[str, dict[str, str]] = {}
        for pair, strokes in drawn:
            tags = {"highway": "tertiary" if "=" in strokes else "residential"}
            oneway = "".join({ARROWS[stroke] for stroke in strokes} - {""})
            reverse = oneway == "-1" or pair[::-1] in self.tags
            own = self.tags.get(pair[::-1] if reverse else pair, "")
            tags |= {"oneway": "yes"} if oneway else {}
            found[pair[::-1] if reverse else pair] = {key: value for key, value in (tags | words(own)).items() if value}
        return found


def words(said: str) -> dict[str, str]:
    """Return tags written as "key=value key=value"; ``+`` stands for a blank."""
    return {key: value.replace("+", " ") for key, value in (word.split("=", 1) for word in said.split())}


def _runs(rows: list[str], strokes: str) -> Iterator[tuple[str, str]]:
    """Give pairs of letters with nothing but such strokes between them, and the strokes."""
    for row in rows:
        begin = None
        for column, sign in enumerate(row):
            if sign.isalpha() and sign != "v":
                between = row[begin + 1 : column] if begin is not None else ""
                if begin is not None and between and set(between) <= set(strokes):
                    yield row[begin] + sign, between
                begin = column


def _turned(rows: list[str]) -> list[str]:
    width = max(map(len, rows))
    return ["".join(column) for column in zip(*(row.ljust(width) for row in rows), strict=True)]


PLAIN = """
a---b---c
|   |   |
d---e---f
|   |   |
g===h===i
"""
YARD = """
a---b---c
|   |   |
d---e---f---j
|   |   |
g===h===i
"""
THROUGH, ROUND = "de^f>i", "de<b>c>f^i"  # over the street ef, or round it

#: What is tagged on the street ef, and who may pass it; everybody else goes round.
BRIDGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "nothing": ("", EVERYBODY),
    "low bridge": ("bridge=yes maxheight=3.0", (SMALL, TRICYCLE, FOOT)),
    "weight limit": ("maxweight=7.5", (SMALL, TRICYCLE, FOOT)),
    "axle load": ("maxaxleload=2", (TRICYCLE, FOOT)),
    "width limit": ("maxwidth=2.2", (SMALL, TRICYCLE, FOOT)),
    "narrow street": ("width=2.2", (SMALL, TRICYCLE, FOOT)),
    "length limit": ("maxlength=5.5", (TRICYCLE, FOOT)),
    "no goods vehicles": ("hgv=no", (SMALL, TRICYCLE, FOOT)),
    "goods vehicles to serve": ("hgv=destination", (SMALL, TRICYCLE, FOOT)),
    "heavy ones not": ("hgv:conditional=no+@+(weight>7.5)", (SMALL, TRICYCLE, FOOT)),
    "no motors": ("motor_vehicle=no", (FOOT,)),
    "nobody": ("access=no", ()),
    "short cut through destination street": ("access=destination", ()),
    "short cut through private street": ("access=private", ()),
    "short cut for deliveries": ("motor_vehicle=delivery", (FOOT,)),
    "against the one-way": ("oneway=-1", (FOOT,)),
    "heavy against the one-way": ("oneway=-1 oneway:hgv=no", (TRUCK, FOOT)),
    "heavy one-way": ("oneway:hgv=-1", (SMALL, TRICYCLE, FOOT)),
    "footway": ("highway=footway", (FOOT,)),
    "steps": ("highway=steps", (FOOT,)),
    "not built": ("highway=construction", ()),
    "ferry": ("highway= route=ferry", ()),
}  # fmt: skip

#: What stands at w, half-way between e and f, and who may pass it.
BARRIERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bollard": ("barrier=bollard", (FOOT,)),
    "bollards far apart": ("barrier=bollard maxwidth=1.4", (TRICYCLE, FOOT)),
    "bollard that goes down": ("barrier=bollard bollard=rising", EVERYBODY),
    "gate": ("barrier=gate", EVERYBODY),
    "gate for nobody": ("barrier=gate access=no", ()),
    "gate not for heavy ones": ("barrier=gate hgv=no", (SMALL, TRICYCLE, FOOT)),
    "height restrictor": ("barrier=height_restrictor maxheight=2.2", (TRICYCLE, FOOT)),
    "wall": ("barrier=wall", ()),
}
BARRED = """
a---b---c
|   |   |
d---e-w-f
|   |   |
g===h===i
"""

LEFT_TURN = ("de", "e", "eb")
STRAIGHT_RIGHT_RIGHT = "de^f>i>h>e^b"  # the way to the left without turning left


def bridges() -> Iterator[Quarter]:
    """Give a quarter for each tag on the street ef."""
    for name, (tags, who) in BRIDGES.items():
        others = tuple(profile for profile in EVERYBODY if profile not in who)
        kmh = {"ef": 2.5} if name == "steps" else {}
        trips = (Trip(who=who, way=THROUGH, kmh=kmh), *round_it(others))
        yield Quarter(name=name, drawing=PLAIN, tags={"ef": tags}, trips=tuple(trip for trip in trips if trip.who))


def round_it(who: tuple[str, ...]) -> Iterator[Trip]:
    """Give the way round the street ef; on foot one may as well come from i and turn round at f."""
    yield Trip(who=tuple(profile for profile in who if profile != FOOT), way=ROUND)
    yield Trip(who=tuple(profile for profile in who if profile == FOOT), way=ROUND, or_way="de>h<i<f@i")


def barriers() -> Iterator[Quarter]:
    """Give a quarter for each thing that stands at w."""
    for name, (tags, who) in BARRIERS.items():
        others = tuple(profile for profile in EVERYBODY if profile not in who)
        trips = (Trip(who=who, way="de^w^f>i"), *round_it(others))
        yield Quarter(name=name, drawing=BARRED, tags={"w": tags}, trips=tuple(trip for trip in trips if trip.who))


def uphill_kmh(profile: str, percent: float) -> float:
    """Return the speed at which an engine lifts a vehicle up a paved street: v = P / (m g (sin a + 0.01))."""
    vehicle = PROFILES[profile]
    return 3.6 * vehicle.power_kw / (vehicle.weight_t * 9.81 * (math.sin(math.atan(percent / 100)) + 0.01))


def rule(says: str, *path: str) -> tuple[Rule, ...]:
    return (Rule(says=says, path=path),)


QUARTERS: tuple[Quarter, ...] = (
    *bridges(),
    *barriers(),
    Quarter(
        name="ford",
        drawing=PLAIN,
        tags={"ef": "ford=yes"},
        trips=(
            Trip(who=TRUCKS, way=THROUGH, kmh={"ef": 5}),
            Trip(who=(FOOT,), way=THROUGH, kmh={"ef": 2.5}),
            Trip(who=(TRICYCLE,), way=ROUND),  # wades at 4 km/h: 100 s, and 86 s round it
        ),
    ),
    Quarter(
        name="steep street",
        drawing=PLAIN,
        tags={"ef": "incline=30%"},
        trips=(
            Trip(who=(TRUCK,), way="de^f", kmh={"ef": uphill_kmh(TRUCK, 30)}),  # 11.8 instead of 15 km/h
            Trip(who=(TRICYCLE,), way="de^f", kmh={"ef": uphill_kmh(TRICYCLE, 30)}),  # 10.8 instead of 15 km/h
            Trip(who=(SMALL, FOOT), way="de^f"),
            Trip(who=(TRUCK,), way="fe^d", kmh={"ef": uphill_kmh(TRUCK, 30)}),  # down in the gear of the way up
        ),
    ),
    Quarter(
        name="traffic lights",
        drawing=PLAIN,
        tags={"e": "highway=traffic_signals"},
        trips=(
            Trip(who=TRUCKS, way="de^f", wait_s=15),
            Trip(who=(TRICYCLE,), way="de<b", wait_s=10),
            Trip(who=(FOOT,), way="de<b"),
        ),
    ),
    Quarter(
        name="no left turn",
        drawing=PLAIN,
        rules=rule("restriction=no_left_turn", *LEFT_TURN),
        trips=(
            Trip(who=TRUCKS, way=STRAIGHT_RIGHT_RIGHT),
            Trip(who=(FOOT,), way="de<b"),
            Trip(who=DRIVERS, way="de>h"),  # everything else stays allowed
            Trip(who=DRIVERS, way="fe>b"),
        ),
    ),
    Quarter(
        name="only straight on",
        drawing=PLAIN,
        rules=rule("restriction=only_straight_on", "de", "e", "ef"),
        trips=(
            Trip(who=TRUCKS, way="de^f<c<b<e^h"),
            Trip(who=(TRICYCLE,), way="de^f@e<h"),
            Trip(who=(FOOT,), way="de>h"),
            Trip(who=DRIVERS, way="be^h"),
        ),
    ),
    Quarter(
        name="no turning back over a crossing street",
        drawing="""
    k
    |
a<--b<--c
|   |   |
d-->e-->f
|   |   |
g===h===i
""",
        rules=rule("restriction=no_u_turn", "de", "eb", "ba"),
        trips=(
            Trip(who=DRIVERS, way="de^f<c<b^a"),
            Trip(who=(FOOT,), way="de<b<a"),
            Trip(who=DRIVERS, way="he^b<a"),  # the crossing street itself is free
            Trip(who=DRIVERS, way="de<b^k"),
            Trip(who=DRIVERS, way="de<b"),
        ),
        tags={"k": "highway=turning_circle"},
    ),
    Quarter(
        name="only over a crossing street",
        drawing=PLAIN,
        rules=rule("restriction=only_right_turn", "de", "eb", "bc"),
        trips=(
            Trip(who=DRIVERS, way="de<b>c"),
            Trip(who=TRUCKS, way="de<b>c>f^i>h>e>f"),  # not straight on at e, nor back there from b
            Trip(who=(TRICYCLE,), way="de<b>c>f>e@f"),
            Trip(who=DRIVERS, way="he^b<a"),
            Trip(who=(FOOT,), way="de^f"),
        ),
    ),
    Quarter(
        name="no left turn in the morning",
        drawing=PLAIN,
        rules=rule("restriction:conditional=no_left_turn+@+(Mo-Fr+07:00-09:00)", *LEFT_TURN),
        trips=(
            Trip(who=TRUCKS, way=STRAIGHT_RIGHT_RIGHT, at="mon 08:00"),
            Trip(who=DRIVERS, way="de<b", at="mon 10:00"),
            Trip(who=DRIVERS, way="de<b", at="sun 08:00"),
            Trip(who=DRIVERS, way="de<b"),
        ),
    ),
    Quarter(
        name="no left turn for goods vehicles",
        drawing=PLAIN,
        rules=rule("restriction:hgv=no_left_turn", *LEFT_TURN),
        trips=(Trip(who=(TRUCK,), way=STRAIGHT_RIGHT_RIGHT), Trip(who=(SMALL, TRICYCLE), way="de<b")),
    ),
    Quarter(
        name="no left turn except goods vehicles",
        drawing=PLAIN,
        rules=rule("restriction=no_left_turn except=hgv;bicycle", *LEFT_TURN),
        trips=(Trip(who=(TRUCK,), way="de<b"), Trip(who=(SMALL,), way=STRAIGHT_RIGHT_RIGHT)),
    ),
    Quarter(
        name="street closed in the morning",
        drawing=PLAIN,
        tags={"ef": "motor_vehicle:conditional=no+@+(Mo-Fr+07:00-09:00)"},
        trips=(
            Trip(who=DRIVERS, way=ROUND, at="mon 08:00"),
            Trip(who=DRIVERS, way=THROUGH, at="mon 10:00"),
            Trip(who=DRIVERS, way=THROUGH, at="sun 08:00"),
            Trip(who=DRIVERS, way=THROUGH),
            Trip(who=(FOOT,), way=THROUGH, at="mon 08:00"),
        ),
    ),
    Quarter(
        name="destination street",
        drawing=PLAIN,
        tags={"ef": "access=destination"},
        trips=(
            Trip(who=DRIVERS, way="de^f"),  # in to serve
            Trip(who=DRIVERS, way="ef>i"),  # and out
            Trip(who=DRIVERS, way="ef", begin=0.25, end=0.75),  # from door to door
            Trip(who=TRUCKS, way="ef>i>h>e^b>c>f>e"),  # to the other side: round, not through
            Trip(who=(TRICYCLE,), way="ef@e"),
        ),
    ),
    Quarter(
        name="two destination streets in a row",
        drawing="""
a---b---c---k
|   |   |   |
d---e---f   |
|   |   |   |
g===h===i===l
""",
        tags={"ef": "access=destination", "fc": "access=destination"},
        trips=(
            Trip(who=DRIVERS, way="ef<c"),
            Trip(who=DRIVERS, way="de^f<c"),
            Trip(who=DRIVERS, way="ef<c<b"),
            Trip(who=TRUCKS, way="de>h<i^l<k<c^b"),  # not through both of them
            Trip(who=(TRICYCLE,), way="de<b>c@b"),
        ),
    ),
    Quarter(
        name="private yard",
        drawing=YARD,
        tags={"fj": "highway=service access=private"},
        trips=(
            Trip(who=DRIVERS, way="de^f^j"),
            Trip(who=DRIVERS, way="fj@f<i"),
            Trip(who=DRIVERS, way="jf<i"),
        ),
    ),
    Quarter(
        name="dead end with a turning circle",
        drawing=YARD,
        tags={"fj": "width=4", "j": "highway=turning_circle"},
        trips=(Trip(who=EVERYBODY, way="ef^j"), Trip(who=DRIVERS, way="fj@f<i")),
    ),
    Quarter(name="dead end without room to turn", drawing=YARD, tags={"fj": "width=4"}),
    Quarter(
        name="dual carriageway",
        drawing="""
a<--b<--c
|       |
d-->e-->f
|   |   |
g===h===i
""",
        trips=(
            Trip(who=TRUCKS, way="de^f<c<b"),
            Trip(who=TRUCKS, way="ba<d<e"),
            Trip(who=TRUCKS, way="de>h>g>d>e", begin=0.75, end=0.25),  # the bin just passed
        ),
    ),
    Quarter(
        name="a plain crossing is no place to turn round",
        drawing=PLAIN,
        trips=(
            Trip(who=TRUCKS, way="de^f>i>h>e<d"),
            Trip(who=TRUCKS, way="de>h<i<f<e^d", left_hand=True),  # round over the other hand
            Trip(who=(TRICYCLE,), way="de@d"),
        ),
    ),
    Quarter(
        name="a mini-roundabout is one",
        drawing=PLAIN,
        tags={"e": "highway=mini_roundabout"},
        trips=(Trip(who=TRUCKS, way="de@d"),),
    ),
    Quarter(
        name="roundabout",
        drawing="""
a-------b-------c
|       |       |
|       s       |
|               |
d---p       r---f
|               |
|       q       |
|       |       |
g=======h=======i
""",
        more=("pq", "qr", "rs", "sp"),
        tags=dict.fromkeys(("pq", "qr", "rs", "sp"), "junction=roundabout"),
        trips=(
            Trip(who=DRIVERS, way="dp~q~h"),
            Trip(who=DRIVERS, way="dp~q~r~f"),
            Trip(who=DRIVERS, way="dp~q~r~s~b"),
            Trip(who=TRUCKS, way="dp~q~r~s~p~d"),  # all the way round
            Trip(who=(TRICYCLE,), way="dp@d"),
            Trip(who=(FOOT,), way="dp~s~b"),
        ),
    ),
    Quarter(
        name="island",
        drawing="""
            k---l
            |   |
            m---n

a---b---c
|   |   |
d---e---f
|   |   |
g===h===i
""",
    ),
    Quarter(
        name="one-way into nowhere",
        drawing="""
a---b---c
|   |   |
d---e---f-->j
|   |   |
g===h===i
""",
    ),
    Quarter(
        name="traffic on the left",
        drawing=PLAIN,
        trips=(
            Trip(who=TRUCKS, way="de<b"),
            Trip(who=TRUCKS, way="de<b", left_hand=True),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Where everything is, by quarter and letters (streets in both directions)."""

    node: Mapping[tuple[str, str], int]
    place: Mapping[int, tuple[float, float]]  # degrees, by node id
    way: Mapping[tuple[str, str], int]
    tags: Mapping[tuple[str, str], Mapping[str, str]]
    arms: Mapping[int, int]  # how many pieces of street end at each node

    def at(self, quarter: str, pair: str, share: float = 0.5) -> tuple[float, float]:
        """Return lon, lat of a spot on a straight street."""
        (x1, y1), (x2, y2) = (self.place[self.node[quarter, letter]] for letter in pair)
        return x1 + share * (x2 - x1), y1 + share * (y2 - y1)


def write_town(path: Path) -> Town:
    """Write the town as an OpenStreetMap file."""
    node: dict[tuple[str, str], int] = {}
    place: dict[int, tuple[float, float]] = {}
    way: dict[tuple[str, str], int] = {}
    tags_of: dict[tuple[str, str], Mapping[str, str]] = {}
    ways: dict[int, tuple[list[int], dict[str, str]]] = {}
    node_tags: dict[int, dict[str, str]] = {}
    east, gate = 0.0, 0
    for number, quarter in enumerate(QUARTERS, start=1):
        drawn = quarter.nodes()
        for letter, (x, y) in drawn.items():
            ref = node[quarter.name, letter] = 100 * number + ord(letter) - ord("a")
            place[ref] = round((east + x) * BLOCK_DEGREES, 7), round(y * BLOCK_DEGREES, 7)
            node_tags[ref] = words(quarter.tags.get(letter, ""))
        for k, (pair, tags) in enumerate(quarter.streets().items()):
            ways[100 * number + k] = [node[quarter.name, letter] for letter in pair], tags
            for ends in (pair, pair[::-1]):
                way[quarter.name, ends], tags_of[quarter.name, ends] = 100 * number + k, tags
        bottom = sorted((x, node[quarter.name, letter]) for letter, (x, y) in drawn.items() if y == 0)
        if gate:
            ways[100 * number + 99] = [gate, bottom[0][1]], {"highway": "tertiary", "name": "Main Street"}
        gate, east = bottom[-1][1], east + max(x for x, _ in drawn.values()) + BETWEEN
    arms = Counter(ref for refs, _ in ways.values() for ref in refs)
    town = Town(node=node, place=place, way=way, tags=tags_of, arms=arms)
    write(path, _nodes_xml(place, node_tags), ways_xml(ways), *_relations(town))
    return town


def _nodes_xml(place: Mapping[int, tuple[float, float]], tags: Mapping[int, Mapping[str, str]]) -> str:
    return "".join(
        f'<node id="{ref}" lon="{lon:.7f}" lat="{lat:.7f}">{tags_xml(tags[ref])}</node>'
        for ref, (lon, lat) in place.items()
    )


def _relations(town: Town) -> Iterator[str]:
    """Give the turn restrictions."""
    rules = [(quarter.name, each) for quarter in QUARTERS for each in quarter.rules]
    for number, (name, each) in enumerate(rules, start=FIRST_RELATION):
        roles = ["from", *["via"] * (len(each.path) - 2), "to"]
        members = [
            f'<member type="node" ref="{town.node[name, part]}" role="{role}"/>'
            if len(part) == 1
            else f'<member type="way" ref="{town.way[name, part]}" role="{role}"/>'
            for part, role in zip(each.path, roles, strict=True)
        ]
        tags = tags_xml({"type": "restriction", **words(each.says)})
        yield f'<relation id="{number}">{"".join(members)}{tags}</relation>'
