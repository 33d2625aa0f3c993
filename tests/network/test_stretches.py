"""Segments put together where the street goes on, on streets drawn by hand; and every segment once, on any network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from network.streets import StreetNetwork
from network.stretches import Stretches, stretches
from tests.network.drawing import column, draw, grid

# a --- b --- c --- d      Main Street, bends at b (nothing else there); the lane ends at c
#             |
#             e
PLACES = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (300, 0), "e": (200, -100)}
MAIN = {"name": "Main Street"}


def known(network: StreetNetwork, *, short_m: float = 0.0, open_: np.ndarray | None = None) -> Stretches:
    every = np.ones(network.segments, bool)
    directed = np.ones(2 * network.segments, bool) if open_ is None else open_
    return stretches(network, every, directed, streets=every, short_m=short_m)


def told(found: Stretches) -> list[list[int]]:
    return [found.directed[a:b].tolist() for a, b in zip(found.start[:-1], found.start[1:], strict=True)]


def test_a_street_goes_on_where_nothing_meets_it_and_stops_where_something_does() -> None:
    network = draw(PLACES, [("a", "b", MAIN), ("b", "c", MAIN), ("c", "d", MAIN), ("c", "e", {"name": "Lane"})])
    assert told(known(network)) == [[0, 2], [4], [6]]


def test_a_short_piece_goes_on_across_a_junction_along_its_name() -> None:
    network = draw(PLACES, [("a", "b", MAIN), ("b", "c", MAIN), ("c", "d", MAIN), ("c", "e", {"name": "Lane"})])
    assert told(known(network, short_m=101.0)) == [[0, 2, 4], [6]]
    nameless = draw(PLACES, [("a", "b"), ("b", "c"), ("c", "d"), ("c", "e", {"highway": "service"})])
    assert told(known(nameless, short_m=101.0)) == [[0, 2], [4], [6]]


@pytest.mark.parametrize("tags", [{"name": "Other"}, {"name": "Main Street", "highway": "tertiary"}])
def test_another_name_or_class_is_another_street(tags: dict[str, str]) -> None:
    network = draw(PLACES, [("a", "b", MAIN), ("b", "c", tags)])
    assert told(known(network)) == [[0], [2]]


def test_where_it_becomes_one_way_another_stretch_begins() -> None:
    network = draw(PLACES, [("a", "b", MAIN), ("b", "c", MAIN)])
    one_way = np.array([True, True, True, False])
    assert told(known(network, open_=one_way)) == [[0], [2]]
    assert told(known(network, open_=np.array([True, False, True, False]))) == [[0, 2]]


def test_a_gate_parts_a_street() -> None:
    network = draw(PLACES, [("a", "b", MAIN), ("b", "c", MAIN)])
    gated = replace(network, junction_tags={"barrier": column(["", "gate", "", "", ""])})
    assert told(known(gated)) == [[0], [2]]


def test_the_direction_is_that_in_which_more_metres_were_mapped() -> None:
    network = draw(PLACES, [("b", "a", MAIN), ("b", "c", MAIN), ("d", "c", MAIN)])  # two of three from right to left
    (stretch,) = told(known(network))
    assert stretch == [4, 3, 0]


def test_a_ring_is_cut_once() -> None:
    ring = {"a": (0, 0), "b": (100, 0), "c": (100, 100)}
    network = draw(ring, [("a", "b"), ("b", "c"), ("c", "a")])
    assert told(known(network)) == [[0, 2, 4]]


def test_a_loop_at_one_junction_is_a_stretch_of_its_own() -> None:
    network = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b"), ("b", "b")], {1: [(200, 0), (200, 100)]})
    assert told(known(network)) == [[0], [2]]


@pytest.mark.parametrize("seed", range(5))
def test_every_chosen_segment_is_in_one_stretch_and_stretches_are_whole(seed: int) -> None:
    network = grid(8, 9, seed=seed)
    chosen = np.random.default_rng(seed).random(network.segments) < 0.8
    every = np.ones(2 * network.segments, bool)
    found = stretches(network, chosen, every, streets=np.ones(network.segments, bool), short_m=90.0)
    assert sorted((found.directed >> 1).tolist()) == np.flatnonzero(chosen).tolist()
    assert found.length_m.sum() == pytest.approx(network.length_m[chosen].sum(), abs=1e-6)
    d = found.directed
    tail = np.where(d & 1, network.head[d >> 1], network.tail[d >> 1])
    head = np.where(d & 1, network.tail[d >> 1], network.head[d >> 1])
    inner = np.setdiff1d(np.arange(len(d)), found.start[:-1])
    assert (head[inner - 1] == tail[inner]).all()
    assert (network.name.codes[d >> 1][inner] == network.name.codes[d >> 1][inner - 1]).all()


def test_the_same_streets_have_the_same_stretches_in_whatever_order_they_are_read() -> None:
    network = grid(6, 6, seed=3)
    order = np.random.default_rng(0).permutation(network.segments)
    points = [np.arange(network.shape_start[s], network.shape_start[s + 1]) for s in order]
    other = replace(
        network,
        tail=network.tail[order],
        head=network.head[order],
        length_m=network.length_m[order],
        way_id=network.way_id[order],
        name=replace(network.name, codes=network.name.codes[order]),
        tags={key: replace(tags, codes=tags.codes[order]) for key, tags in network.tags.items()},
        shape_start=np.concatenate([[0], np.cumsum([len(p) for p in points])]),
        shape_lon=network.shape_lon[np.concatenate(points)],
        shape_lat=network.shape_lat[np.concatenate(points)],
    )

    def ways(known_: Stretches) -> set[tuple[tuple[int, int], ...]]:
        of = known_.network.way_id[known_.directed >> 1], known_.directed & 1
        pairs = list(zip(*(values.tolist() for values in of), strict=True))
        return {tuple(pairs[a:b]) for a, b in zip(known_.start[:-1], known_.start[1:], strict=True)}

    assert ways(known(network, short_m=80.0)) == ways(known(other, short_m=80.0))


def test_no_street_no_stretch() -> None:
    network = draw(PLACES, [("a", "b")])
    none = np.zeros(1, bool)
    found = stretches(network, none, np.ones(2, bool), streets=none, short_m=0.0)
    assert len(found) == 0
