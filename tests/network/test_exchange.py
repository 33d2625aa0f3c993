from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from faults import InputError
from network.directions import UNKNOWN_SIDE
from network.exchange import from_networkx, to_networkx
from network.profiles import PROFILES
from network.restrictions import Restrictions
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.tags import usable
from network.values import column
from tests.network.drawing import draw, grid

TRUCK = PROFILES["refuse-truck"]


def uses(network: StreetNetwork) -> Counter[tuple]:
    """Who may go from where to where along which line: what must survive every exchange."""
    found: Counter[tuple] = Counter()
    ids = network.junction_id.tolist()
    for profile in PROFILES.values():
        use = usable(network, profile)
        for s in range(network.segments):
            line = tuple(map(tuple, network.shape(s).round(9).tolist()))
            ends = ids[network.tail[s]], ids[network.head[s]]
            name = network.name.values[network.name.codes[s]]
            about = (profile.id, name, round(float(network.length_m[s]), 6), round(float(use.speed_kmh[s]), 6))
            found[(*ends, line, *about)] += int(use.forward[s])
            found[(*ends[::-1], line[::-1], *about)] += int(use.backward[s])
    return +found


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_there_and_back_again(seed: int) -> None:
    network = grid(5, 4, seed=seed)
    back = from_networkx(to_networkx(network))
    assert uses(back) == uses(network)
    assert back.segments == network.segments
    assert (back.source, back.box) == (network.source, pytest.approx(network.box))


def same(one: StreetNetwork, other: StreetNetwork) -> None:
    """Assert that two networks know the same, in the same order."""
    assert one.sha256 == other.sha256
    for field in fields(StreetNetwork):
        mine, its = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            assert mine.tolist() == its.tolist(), field.name
        elif field.name in ("tags", "junction_tags"):
            assert set(mine) == set(its)
            assert all(mine[key].strings().tolist() == its[key].strings().tolist() for key in mine)
    assert one.name.strings().tolist() == other.name.strings().tolist()
    for array in ("start", "path", "relation_id"):
        assert getattr(one.restrictions, array).tolist() == getattr(other.restrictions, array).tolist()
    for name in ("kind", "key", "when", "exempt"):
        mine, its = (getattr(net.restrictions, name).strings().tolist() for net in (one, other))
        assert mine == its
    assert (one.left_hand, one.report) == (other.left_hand, other.report)
    assert (one.source, one.date, one.licence, one.attribution) == (
        other.source,
        other.date,
        other.licence,
        other.attribution,
    )
    assert one.box == pytest.approx(other.box, abs=1e-12)


def rich_town() -> StreetNetwork:
    """The made-up town with all that a network can know."""
    town = twelve_junctions()
    rules = Restrictions(
        start=np.array([0, 2, 5]),
        path=np.array([0, 2, 7, 9, 30], np.int32),
        kind=column(["no_left_turn", "only_straight_on"]),
        key=column(["restriction", "restriction:hgv"]),
        when=column(["", "Mo-Fr 07:00-09:00"]),
        exempt=column(["psv;bicycle", ""]),
        relation_id=np.array([5, 6]),
    )
    empty = [""] * town.segments
    tags = {
        "maxspeed:forward": column(["30", *empty[1:]]),
        "maxspeed:backward": column(["50", *empty[1:]]),
        "hgv:conditional": column([*empty[1:], "no @ (22:00-06:00)"]),
        "passes:traffic_signals": column([*empty[1:], "backward"]),
        "oneway": column(["reversible", "no", "-1", "alternating", *town.tag("oneway").strings()[4:]]),
    }
    barrier = column(["", "gate", *[""] * 9, "bollard"])
    report = replace(town.report, restrictions={"kept": 2, "incomplete": 1}, unread_m={"note": 1.5}, notes=("so",))
    return replace(
        town,
        tags={**town.tags, **tags},
        junction_tags={"barrier": barrier, "maxwidth": column([*[""] * 11, "1.2"])},
        restrictions=rules,
        left_hand=True,
        report=report,
    )


def test_nothing_is_lost() -> None:
    same(from_networkx(to_networkx(rich_town())), rich_town())


@pytest.mark.parametrize("name", ["nairobi-central", "monaco"])
def test_a_real_town_there_and_back_again(data_dir: Path, name: str) -> None:
    network = read_osm(data_dir / "osm" / f"{name}.osm.pbf")
    back = from_networkx(to_networkx(network))
    same(back, network)
    assert len(back.restrictions) >= 10
    assert uses(back) == uses(network)


def test_rules_about_streets_that_a_profile_may_not_use_go() -> None:
    town = rich_town()
    highway = town.tag("highway").strings()
    highway[1] = "steps"
    closed = replace(town, tags={**town.tags, "highway": column(highway), "oneway": column([""] * town.segments)})
    back = from_networkx(to_networkx(closed, TRUCK))
    assert back.segments == town.segments - 1
    assert back.restrictions.kind.strings().tolist() == ["only_straight_on"]
    assert back.restrictions.path.tolist() == [5, 7, 28]  # one segment less before them
    assert back.report.notes[-1] == "1 turn restrictions on streets that are not in the graph were left out"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"start": [0]}', '{"start": [0, 9], "path": [1], "relation_id": [1]}', "7"]
)
def test_rules_that_cannot_be_read_are_refused(text: str) -> None:
    graph = to_networkx(rich_town())
    graph.graph["restrictions"] = text
    with pytest.raises(InputError) as refused:
        from_networkx(graph)
    assert [fault.code for fault in refused.value.faults] == ["graph-restrictions-invalid"]


def test_what_a_node_of_osmnx_says_counts_if_it_matters() -> None:
    graph = simple(highway="residential")
    graph.nodes["north"].update(highway="crossing", street_count=3)
    graph.nodes["south"].update(highway="turning_circle", ref="7")
    tags = from_networkx(graph).junction_tags
    assert {key: found.strings().tolist() for key, found in tags.items()} == {"highway": ["", "turning_circle"]}


def test_osmnx_conventions() -> None:
    graph = to_networkx(twelve_junctions())
    assert graph.graph["crs"] == "epsg:4326"
    assert graph.nodes[2]["x"] == pytest.approx(200 / 111_195.08, rel=1e-6)
    there, back = graph.edges[11, 12, 0], graph.edges[12, 11, 0]
    assert (there["reversed"], back["reversed"], there["oneway"]) == (False, True, False)
    assert there["osmid"] == back["osmid"] == 104
    assert isinstance(there["geometry"], LineString)
    assert list(there["geometry"].coords) == list(back["geometry"].coords)[::-1]
    assert there["name"] == "Quarry Road"
    assert "geometry" not in graph.edges[1, 2, 0]
    assert graph.edges[11, 7, 0]["oneway"] is True  # Third Avenue, mapped the other way round
    assert graph.edges[11, 7, 0]["reversed"] is True
    assert not graph.has_edge(7, 11)


def test_with_a_profile_only_what_it_may_use_and_how_fast() -> None:
    network = draw(
        {"a": (0, 0), "b": (100, 0)}, [("a", "b"), ("a", "b", {"highway": "steps"}), ("a", "b", {"oneway": "yes"})]
    )
    graph = to_networkx(network, TRUCK)
    assert sorted((u, v) for u, v in graph.edges()) == [(1, 2), (1, 2), (2, 1)]
    edge = graph.edges[1, 2, 0]
    assert edge["speed_kph"] == TRUCK.speed_kmh["residential"]
    assert edge["travel_time"] == pytest.approx(100 * 3.6 / edge["speed_kph"])


def test_one_way_rules_that_no_tag_states() -> None:
    ends = {"a": (0, 0), "b": (100, 0)}
    round_about = {"highway": "tertiary", "junction": "roundabout"}
    for tags, edges in (
        (round_about, [(1, 2)]),
        ({"highway": "motorway"}, [(1, 2)]),
        ({**round_about, "oneway": "-1"}, [(2, 1)]),
        ({**round_about, "oneway": "no"}, [(1, 2), (2, 1)]),
        ({"highway": "tertiary", "oneway": "reversible"}, [(1, 2), (2, 1)]),
    ):
        network = draw(ends, [("a", "b", tags)])
        graph = to_networkx(network)
        assert sorted(graph.edges()) == edges
        assert uses(from_networkx(graph)) == uses(network)


def simple(**edge: object) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_node("north", x=36.8, y=-1.29)
    graph.add_node("south", x=36.8, y=-1.30)
    graph.add_edge("north", "south", **edge)
    return graph


def test_a_bare_graph_gets_lengths_lines_and_numbers() -> None:
    network = from_networkx(simple(highway="residential"), source="a sketch", attribution="me")
    assert network.junction_id.tolist() == [1, 2]
    assert network.length_m[0] == pytest.approx(1111.95, abs=0.01)
    assert network.shape(0).tolist() == [[36.8, -1.29], [36.8, -1.30]]
    assert network.tag("oneway").strings().tolist() == ["yes"]
    assert (network.source, network.attribution, network.way_id[0]) == ("a sketch", "me", 0)


def test_lists_of_merged_values_give_their_first_and_are_counted() -> None:
    edge = {
        "highway": ["residential", "service"],
        "osmid": [7, 8],
        "lanes": "2",
        "bridge": True,
        "reversed": [False, True],
    }
    network = from_networkx(simple(**edge))
    assert network.tag("highway").strings().tolist() == ["residential"]
    assert network.tag("bridge").strings().tolist() == ["yes"]
    assert network.way_id.tolist() == [7]
    assert network.report.notes == ("3 tag values of merged streets: the first of each was taken", UNKNOWN_SIDE)


def test_a_loop_from_a_junction_to_itself() -> None:
    network = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b"), ("a", "a")], {1: [(0, 50), (-50, 50)]})
    back = from_networkx(to_networkx(network))
    assert back.segments == 2
    assert sum(uses(back).values()) == sum(uses(network).values())


@pytest.mark.parametrize(
    ("graph", "code"),
    [
        (nx.MultiDiGraph(), "graph-without-streets"),
        (nx.MultiDiGraph([(1, 2)]), "graph-without-coordinates"),
        (nx.compose(nx.MultiDiGraph([("north", "south")]), simple()), ""),
    ],
)
def test_a_graph_that_cannot_be_read(graph: nx.MultiDiGraph, code: str) -> None:
    if not code:
        graph.nodes["north"]["x"] = 257_000.0
        code = "graph-not-in-degrees"
    with pytest.raises(InputError) as refused:
        from_networkx(graph)
    assert [fault.code for fault in refused.value.faults] == [code]
