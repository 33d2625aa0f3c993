"""Barriers, turning places, signals and turn restrictions of an OpenStreetMap file."""

from pathlib import Path

import pytest

from network.keys import KEYS, NODE_KEYS
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from tests.network.extracts import Member, nodes_xml, relations_xml, street, ways_xml, write

# A cross: 1-2-3 east-west, 4-2-5 south-north, 100 m each; nodes 11 to 15 lie between 2 and 3.
CROSS = {1: (-100, 0), 2: (0, 0), 3: (100, 0), 4: (0, -100), 5: (0, 100)}
FOUR = {10: street(1, 2), 11: street(2, 3), 12: street(4, 2), 13: street(2, 5)}


def read(
    tmp_path: Path, ways: dict, nodes: dict = CROSS, relations: dict | None = None, **cut: object
) -> StreetNetwork:
    path = tmp_path / "town.osm"
    return read_osm(write(path, nodes_xml(nodes), ways_xml(ways), relations_xml(relations or {})), **cut)


def ends(net: StreetNetwork) -> list[tuple[int, int]]:
    return list(zip(net.junction_id[net.tail].tolist(), net.junction_id[net.head].tolist(), strict=True))


def tags_at(net: StreetNetwork, node: int) -> dict[str, str]:
    (row,) = (net.junction_id == node).nonzero()[0]
    return {key: value for key, column in net.junction_tags.items() if (value := column.values[column.codes[row]])}


def paths(net: StreetNetwork) -> list[tuple[int, ...]]:
    """Restrictions as the nodes they lead over."""
    rules, nodes = net.restrictions, []
    for a, b in zip(rules.start[:-1], rules.start[1:], strict=True):
        directed = rules.path[a:b].tolist()
        first = net.tail[directed[0] >> 1] if directed[0] % 2 == 0 else net.head[directed[0] >> 1]
        nodes.append([first, *(net.head[d >> 1] if d % 2 == 0 else net.tail[d >> 1] for d in directed)])
    return [tuple(net.junction_id[path].tolist()) for path in nodes]


def rule(kind: str, *members: Member, **tags: str) -> tuple[tuple[Member, ...], dict[str, str]]:
    return members, {"type": "restriction", **({"restriction": kind} if kind else {}), **tags}


def plain(kind: str, come: int, via: int, go: int, **tags: str) -> tuple[tuple[Member, ...], dict[str, str]]:
    return rule(kind, ("way", come, "from"), ("node", via, "via"), ("way", go, "to"), **tags)


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "gate", "access": "private", "locked": "yes"},
        {"barrier": "height_restrictor", "maxheight": "2.4"},
        {"highway": "turning_circle"},
        {"highway": "turning_loop"},
        {"highway": "mini_roundabout", "direction": "clockwise"},
        {"ford": "yes", "depth": "0.3"},
        {"flood_prone": "yes"},
    ],
)
def test_a_barrier_a_ford_and_a_turning_place_end_a_segment(tmp_path: Path, tags: dict[str, str]) -> None:
    net = read(tmp_path, {10: street(2, 11, 3)}, {**CROSS, 11: (50, 0, {**tags, "note": "by hand"})})
    assert ends(net) == [(2, 11), (11, 3)]
    assert tags_at(net, 11) == tags
    assert tags_at(net, 2) == {}


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "kerb"},
        {"barrier": "no"},
        {"ford": "no"},
        {"highway": "crossing"},
        {"highway": "bus_stop"},
        {"name": "x"},
    ],
)
def test_other_nodes_do_not(tmp_path: Path, tags: dict[str, str]) -> None:
    net = read(tmp_path, {10: street(2, 11, 3)}, {**CROSS, 11: (50, 0, tags), 3: (100, 0, tags)})
    assert ends(net) == [(2, 3)]
    assert net.junction_tags == {}
    assert set(net.tags) == {"highway"}


def test_a_node_beside_the_streets_does_not_matter(tmp_path: Path) -> None:
    net = read(tmp_path, FOUR, {**CROSS, 11: (50, 50, {"barrier": "gate"})})
    assert net.junction_tags == {}


def test_signals_stay_where_they_are(tmp_path: Path) -> None:
    nodes = {
        **CROSS,
        2: (0, 0, {"highway": "traffic_signals"}),
        11: (10, 0, {"highway": "traffic_signals", "traffic_signals:direction": "backward"}),
        12: (30, 0, {"highway": "stop", "direction": "forward"}),
        13: (50, 0, {"highway": "stop", "direction": "backward"}),
        14: (60, 0, {"highway": "give_way"}),
        15: (70, 0, {"highway": "passing_place"}),
    }
    net = read(tmp_path, {10: street(1, 2), 11: street(2, 11, 12, 13, 14, 15, 3)}, nodes)
    assert ends(net) == [(1, 2), (2, 3)]
    assert tags_at(net, 2) == {"highway": "traffic_signals"}
    passed = {key: column.strings().tolist() for key, column in net.tags.items() if key.startswith("passes:")}
    assert passed == {
        "passes:traffic_signals": ["", "backward"],
        "passes:stop": ["", "both"],
        "passes:give_way": ["", "both"],
        "passes:passing_place": ["", "both"],
    }


def test_a_barrier_in_the_place_of_another_node_keeps_its_tags(tmp_path: Path) -> None:
    nodes = {**CROSS, 11: (50, 0), 12: (50, 0, {"barrier": "gate"})}
    net = read(tmp_path, {10: street(2, 11, 12, 3)}, nodes, {1: plain("no_u_turn", 10, 12, 10)})
    assert ends(net) == [(2, 11), (11, 3)]
    assert tags_at(net, 11) == {"barrier": "gate"}
    assert sorted(paths(net)) == [(2, 11, 2), (3, 11, 3)]


def test_nodes_outside_the_area_go(tmp_path: Path) -> None:
    nodes = {**CROSS, 3: (100, 0, {"highway": "turning_circle"}), 1: (-100, 0, {"barrier": "gate"})}
    net = read(tmp_path, FOUR, nodes, box=(-0.0001, -1.0, 1.0, 1.0))
    assert set(net.junction_tags) == {"highway", "clipped"}
    assert net.report.clipped_ends == 0  # the street from 1 to 2 is gone altogether
    assert tags_at(net, 2) == {"clipped": "yes"}


def test_tags_that_are_not_read_are_measured(tmp_path: Path) -> None:
    net = read(tmp_path, {10: street(1, 2, colour="red", note="x"), 11: street(2, 3, colour="blue"), 12: street(4, 5)})
    assert net.report.unread_m == {"colour": pytest.approx(200, abs=0.1), "note": pytest.approx(100, abs=0.1)}


def test_ferries_are_left_out(tmp_path: Path) -> None:
    ways = {**FOUR, 20: ((3, 5), {"route": "ferry"}), 21: ((3, 4), {"route": "bus"}), 22: street(1, 4, route="ferry")}
    report = read(tmp_path, ways).report
    assert (report.left_out, report.ways_read) == ({"ferry": 2}, 6)


def test_a_left_turn_is_forbidden_and_the_others_are_not(tmp_path: Path) -> None:
    net = read(tmp_path, FOUR, relations={7: plain("no_left_turn", 10, 2, 13, **{"except": "psv;bicycle"})})
    assert paths(net) == [(1, 2, 5)]
    rules = net.restrictions
    assert (rules.kind.strings().tolist(), rules.key.strings().tolist()) == (["no_left_turn"], ["restriction"])
    assert (rules.exempt.strings().tolist(), rules.when.strings().tolist()) == (["psv;bicycle"], [""])
    assert rules.relation_id.tolist() == [7]
    assert net.report.restrictions == {"kept": 1}


def test_rules_for_some_vehicles_and_hours(tmp_path: Path) -> None:
    tags = {
        "restriction:hgv": "no_left_turn",
        "restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00,16:00-18:00; PH off); no_u_turn @ (weight>7.5)",
        "restriction:hgv:conditional": "only_straight_on @ 22:00-06:00",
    }
    rules = read(tmp_path, FOUR, relations={7: plain("", 10, 2, 13, **tags)}).restrictions
    found = zip(rules.kind.strings(), rules.key.strings(), rules.when.strings(), strict=True)
    assert sorted(found) == [
        ("no_left_turn", "restriction", "Mo-Fr 07:00-09:00,16:00-18:00; PH off"),
        ("no_left_turn", "restriction:hgv", ""),
        ("no_u_turn", "restriction", "weight>7.5"),
        ("only_straight_on", "restriction:hgv", "22:00-06:00"),
    ]


def test_the_old_way_to_write_hours(tmp_path: Path) -> None:
    old = plain("no_left_turn", 10, 2, 13, day_on="Monday", day_off="Friday", hour_on="07:00", hour_off="19:00")
    net = read(tmp_path, FOUR, relations={7: old})
    assert net.restrictions.when.strings().tolist() == ["Mo-Fr 07:00-19:00"]


def test_along_other_streets(tmp_path: Path) -> None:
    # From 1 over 2 and two ways to 7 and back west: a U-turn in two steps, each way cut by a side street.
    nodes = {**CROSS, 6: (0, 50), 7: (0, 120), 8: (-100, 120), 9: (50, 50)}
    ways = {
        10: street(1, 2),
        11: street(2, 6),
        12: street(6, 5, 7),
        13: street(7, 8),
        14: street(6, 9),
        15: street(5, 9),
    }
    via = ("way", 12, "via"), ("way", 11, "via")
    net = read(tmp_path, ways, nodes, {7: rule("no_u_turn", ("way", 10, "from"), *via, ("way", 13, "to"))})
    assert paths(net) == [(1, 2, 6, 5, 7, 8)]
    assert net.report.restrictions == {"kept": 1}


def test_along_one_way_streets_only_the_way_they_go(tmp_path: Path) -> None:
    nodes = {**CROSS, 6: (100, 50), 7: (100, -50)}
    ring = {11: street(2, 6, 3, oneway="-1"), 12: street(2, 7, 4, 3, oneway="yes")}
    ways = {10: street(1, 2), **ring, 13: street(3, 5)}
    via = ("way", 11, "via"), ("way", 12, "via")
    for passing, expected in (((via[1],), [(1, 2, 3, 5)]), ((via[0],), [(1, 2, 3, 5)]), (via, [])):
        net = read(tmp_path, ways, nodes, {7: rule("no_left_turn", ("way", 10, "from"), *passing, ("way", 13, "to"))})
        assert paths(net) == expected


def test_nobody_may_enter_from_several_streets(tmp_path: Path) -> None:
    come = ("way", 10, "from"), ("way", 12, "from")
    net = read(tmp_path, FOUR, relations={7: rule("no_entry", *come, ("node", 2, "via"), ("way", 13, "to"))})
    assert sorted(paths(net)) == [(1, 2, 5), (4, 2, 5)]
    go = ("way", 11, "to"), ("way", 13, "to")
    net = read(tmp_path, FOUR, relations={7: rule("no_exit", ("way", 10, "from"), ("node", 2, "via"), *go)})
    assert sorted(paths(net)) == [(1, 2, 3), (1, 2, 5)]


def test_ways_that_run_on_past_the_junction(tmp_path: Path) -> None:
    ways = {10: street(1, 2, 3), 11: street(4, 2, 5)}
    left = read(tmp_path, ways, relations={7: plain("no_left_turn", 10, 2, 11)})
    assert sorted(paths(left)) == [(1, 2, 5), (3, 2, 4)]
    one_way = read(
        tmp_path, {**ways, 10: street(1, 2, 3, oneway="yes")}, relations={7: plain("only_right_turn", 10, 2, 11)}
    )
    assert paths(one_way) == [(1, 2, 4)]
    back = read(tmp_path, ways, relations={7: plain("no_u_turn", 10, 2, 10)})
    assert sorted(paths(back)) == [(1, 2, 1), (3, 2, 3)]
    on = read(tmp_path, ways, relations={7: plain("no_straight_on", 10, 2, 10)})
    assert sorted(paths(on)) == [(1, 2, 3), (3, 2, 1)]


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        (plain("no_left_turn", 10, 2, 99), "missing-member"),
        (plain("no_left_turn", 10, 99, 13), "not-connected"),
        (plain("no_left_turn", 10, 3, 11), "not-connected"),
        (plain("no_left_turn", 10, 2, 30), "no-street"),
        (plain("no_way", 10, 2, 13), "unknown-kind"),
        (rule("", ("way", 10, "from"), ("node", 2, "via"), ("way", 13, "to")), "unknown-kind"),
        (plain("", 10, 2, 13, **{"restriction:conditional": "no_left_turn"}), "unknown-kind"),
        (rule("no_left_turn", ("way", 10, "from"), ("way", 13, "to")), "incomplete"),
        (rule("no_left_turn", ("way", 10, "from"), ("node", 2, "via")), "incomplete"),
        (rule("no_left_turn", ("way", 10, "from"), ("relation", 8, "via"), ("way", 13, "to")), "odd-members"),
        (rule("no_u_turn", ("way", 10, "from"), ("way", 12, "via"), ("way", 99, "to")), "missing-member"),
        (rule("no_u_turn", ("way", 10, "from"), ("way", 14, "via"), ("way", 13, "to")), "not-connected"),
        (rule("only_left_turn", *plain("", 10, 2, 13)[0], ("way", 11, "to")), "several-members"),
        (plain("no_left_turn", 15, 2, 15), "ambiguous"),
    ],
)
def test_what_cannot_be_kept_is_counted_with_its_reason(tmp_path: Path, relation: object, reason: str) -> None:
    nodes = {**CROSS, 6: (-100, 100), 7: (-200, 100), 8: (100, 1), 9: (-100, 1)}
    ways = {**FOUR, 14: street(6, 7), 15: street(8, 2, 9), 30: street(2, 3, highway="construction")}
    net = read(tmp_path, ways, nodes, {7: relation, 9: plain("no_right_turn", 10, 2, 12)})
    assert net.report.restrictions == {"kept": 1, reason: 1}
    assert paths(net) == [(1, 2, 4)]


def test_restrictions_at_the_border_of_the_area(tmp_path: Path) -> None:
    nodes = {**CROSS, 6: (-100, 0), 7: (500, 0), 8: (600, 0)}
    relations = {
        7: plain("no_left_turn", 11, 3, 14),
        8: plain("no_left_turn", 10, 2, 13),
        9: plain("no_exit", 14, 7, 15),
    }
    ways = {**FOUR, 14: street(3, 7), 15: street(7, 8)}
    net = read(tmp_path, ways, nodes, relations, box=(-0.001, -0.001, 0.001, 0.001))
    assert net.report.restrictions == {"kept": 1, "outside-area": 2}


def test_every_key_is_named_once() -> None:
    assert len(set(KEYS)) == len(KEYS)
    assert len(set(NODE_KEYS)) == len(NODE_KEYS)


@pytest.mark.parametrize(
    ("name", "kept", "left_out"),
    [("heidelberg", 470, {"missing-member": 6}), ("monaco", 27, {}), ("nairobi-central", 10, {})],
)
def test_real_restrictions(data_dir: Path, name: str, kept: int, left_out: dict[str, int]) -> None:
    net = read_osm(data_dir / "osm" / f"{name}.osm.pbf")
    assert net.report.restrictions == {"kept": kept, **left_out}
    assert net.left_hand == (name == "nairobi-central")
    rules = net.restrictions
    arrives = [net.head[d >> 1] if d % 2 == 0 else net.tail[d >> 1] for d in rules.path.tolist()]
    leaves = [net.tail[d >> 1] if d % 2 == 0 else net.head[d >> 1] for d in rules.path.tolist()]
    inner = set(rules.start[1:-1].tolist())
    assert all(arrives[k - 1] == leaves[k] for k in range(1, len(arrives)) if k not in inner)
