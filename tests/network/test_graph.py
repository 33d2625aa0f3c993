import numpy as np
import pytest

from network.graph import street_graph
from network.profiles import PROFILES
from network.streets import StreetNetwork
from tests.network.drawing import draw

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
CORNERS = {"a": (0, 0), "b": (100, 0), "c": (100, 100)}
RING = draw(CORNERS, [("a", "b"), ("b", "c"), ("c", "a", {"oneway": "yes"})])


def build(network: StreetNetwork, segment=(), along=()):
    return street_graph(network, TRUCK, np.array(segment, np.int32), np.array(along, float))


def pieces(graph) -> set[tuple[int, ...]]:
    return set(zip(*(column.tolist() for column in graph.arcs), strict=True))


def test_streets_become_arcs_in_whole_numbers() -> None:
    arcs = build(RING).arcs
    assert list(zip(arcs.tail, arcs.head, arcs.dm, strict=True)) == [
        (0, 1, 1000), (1, 0, 1000), (1, 2, 1000), (2, 0, 1414), (2, 1, 1000)
    ]  # fmt: skip


def test_places_cut_a_segment_and_the_parts_add_up() -> None:
    graph = build(RING, [0, 0, 0, -1], [30.04, 29.98, 77.7, np.nan])
    assert graph.place.tolist() == [3, 3, 4, -1]
    along = [(0, 3, 300, 0), (3, 4, 477, 0), (4, 1, 223, 0)]
    assert {piece for piece in pieces(graph) if piece[3] == 0} == {*along, *((b, a, *rest) for a, b, *rest in along)}


def test_a_place_at_an_end_is_the_junction() -> None:
    assert build(RING, [0, 0, 1, 2], [0, 100, 99.96, 500]).place.tolist() == [0, 1, 2, 0]


def test_of_parallel_streets_the_shortest_stays_or_the_first_of_those() -> None:
    network = draw(
        CORNERS,
        [("a", "b", {"highway": "service"}), ("a", "b", {"highway": "primary", "length": "120"}), ("a", "b")],
    )
    assert set(build(network).arcs.segment) == {0}


def test_a_loop_from_a_junction_to_itself_counts_only_when_somebody_stands_in_it() -> None:
    network = draw(CORNERS, [("a", "b"), ("a", "a")], {1: [(0, 50), (-50, 50)]})
    assert set(build(network).arcs.segment) == {0}
    graph = build(network, [1, 1], [50, 100])
    assert len([s for s in graph.arcs.segment if s == 1]) == 6


def test_a_place_on_a_street_that_is_cut_off_is_refused() -> None:
    network = draw(CORNERS | {"x": (900, 0), "y": (950, 0)}, [("a", "b"), ("x", "y")])
    with pytest.raises(ValueError, match="cannot reach"):
        build(network, [1], [10])


def test_where_nothing_is_usable_the_graph_is_empty() -> None:
    network = draw(CORNERS, [("a", "b", {"highway": "steps"})])
    graph = build(network, [-1], [np.nan])
    assert (len(graph.arcs.tail), graph.place.tolist()) == (0, [-1])
    assert graph.weighted().nnz == 0
