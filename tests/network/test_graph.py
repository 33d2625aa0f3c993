import numpy as np
import pytest

from network.graph import street_graph
from network.profiles import PROFILES
from network.streets import StreetNetwork
from tests.network.drawing import draw

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
CORNERS = {"a": (0, 0), "b": (100, 0), "c": (100, 100)}
RING = draw(CORNERS, [("a", "b"), ("b", "c"), ("c", "a", {"oneway": "yes"})])
KMH = TRUCK.speed_kmh["residential"]


def build(network: StreetNetwork, segment=(), along=(), **choices):
    return street_graph(network, TRUCK, np.array(segment, np.int32), np.array(along, float), **choices)


def pieces(graph) -> set[tuple[int, ...]]:
    return set(zip(*(column.tolist() for column in graph.arcs), strict=True))


def test_streets_become_arcs_in_whole_numbers() -> None:
    arcs = build(RING).arcs
    assert list(zip(arcs.tail, arcs.head, arcs.dm, strict=True)) == [
        (0, 1, 1000), (1, 0, 1000), (1, 2, 1000), (2, 0, 1414), (2, 1, 1000)
    ]  # fmt: skip
    assert arcs.ms.tolist() == [round(dm * 360 / KMH) for dm in (1000, 1000, 1000, 1414.2136, 1000)]


def test_places_cut_a_segment_and_the_parts_add_up() -> None:
    graph = build(RING, [0, 0, 0, -1], [30.04, 29.98, 77.7, np.nan])
    assert graph.place.tolist() == [3, 3, 4, -1]
    ahead = [piece for piece in pieces(graph) if piece[4] == 0 and piece[5] < piece[6]]
    assert {(p[0], p[1], p[3], p[5], p[6]) for p in ahead} == {
        (0, 3, 300, 0, 300), (3, 4, 477, 300, 777), (4, 1, 223, 777, 1000)
    }  # fmt: skip
    assert sum(piece[2] for piece in ahead) == round(1000 * 360 / KMH)


def test_a_place_at_an_end_is_the_junction() -> None:
    assert build(RING, [0, 0, 1, 2], [0, 100, 99.96, 500]).place.tolist() == [0, 1, 2, 0]


def test_of_parallel_streets_the_fastest_stays_or_the_fastest_of_the_shortest() -> None:
    network = draw(
        CORNERS,
        [("a", "b", {"highway": "service"}), ("a", "b", {"highway": "primary", "length": "120"}), ("a", "b")],
    )
    assert set(build(network).arcs.segment) == {1}
    assert set(build(network, shortest=True).arcs.segment) == {2}


def test_a_loop_from_a_junction_to_itself_counts_only_when_somebody_stands_in_it() -> None:
    network = draw(CORNERS, [("a", "b"), ("a", "a")], {1: [(0, 50), (-50, 50)]})
    assert set(build(network).arcs.segment) == {0}
    graph = build(network, [1, 1], [50, 100])
    assert len([s for s in graph.arcs.segment if s == 1]) == 6


def test_nothing_is_faster_than_360_km_an_hour() -> None:
    assert build(RING, speed_factor=1000).arcs.ms.tolist() == build(RING).arcs.dm.tolist()


@pytest.mark.parametrize("factor", [0.0, -1.0, np.nan, np.inf])
def test_a_speed_factor_must_be_above_zero(factor: float) -> None:
    with pytest.raises(ValueError, match="speed factor"):
        build(RING, speed_factor=factor)


def test_a_place_on_a_street_that_is_cut_off_is_refused() -> None:
    network = draw(CORNERS | {"x": (900, 0), "y": (950, 0)}, [("a", "b"), ("x", "y")])
    with pytest.raises(ValueError, match="cannot reach"):
        build(network, [1], [10])


def test_where_nothing_is_usable_the_graph_is_empty() -> None:
    network = draw(CORNERS, [("a", "b", {"highway": "steps"})])
    graph = build(network, [-1], [np.nan])
    assert (len(graph.arcs.tail), graph.place.tolist()) == (0, [-1])
    assert graph.weighted(graph.arcs.dm).nnz == 0
