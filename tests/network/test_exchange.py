from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from faults import InputError
from network.exchange import from_networkx, to_networkx
from network.profiles import PROFILES
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.tags import usable
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


def test_a_real_town_there_and_back_again(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    back = from_networkx(to_networkx(network))
    assert uses(back) == uses(network)
    assert back.report.islands == network.report.islands


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
        ({"highway": "tertiary", "oneway": "reversible"}, []),
    ):
        network = draw(ends, [("a", "b", tags)])
        graph = to_networkx(network)
        assert sorted(graph.edges()) == edges
        if edges:
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
    assert network.report.notes == ("3 tag values of merged streets: the first of each was taken",)


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
