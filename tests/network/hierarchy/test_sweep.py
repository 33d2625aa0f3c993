import re

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.hierarchy import sweep
from network.hierarchy.sweep import UNREACHABLE, many_to_many, nearest, one_to_all, pairs
from tests.network.hierarchy.graphs import SHIFT, Graph, graphs, streets, turns

ONE = 2.0**SHIFT


def split(total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = np.isfinite(total)
    whole = np.where(known, total, 0)
    return np.where(known, whole // ONE, UNREACHABLE), np.where(known, whole % ONE, UNREACHABLE)


def some(graph: Graph, seed: int, count: int) -> np.ndarray:
    """Nodes, some of them twice, some -1."""
    return np.random.default_rng(seed).integers(-1, max(graph.n, 1), count) if graph.n else np.full(count, -1)


def expected(graph: Graph, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    lengths = np.full((graph.n + 1, graph.n + 1), np.inf)  # the last one is what -1 picks
    lengths[: graph.n, : graph.n] = graph.lengths()
    return lengths[np.ix_(sources, targets)]


@settings(max_examples=80, deadline=None)
@given(graphs | streets, st.integers(0, 2**32 - 1), st.integers(0, 40))
def test_every_pair_is_what_dijkstra_finds(graph: Graph, seed: int, count: int) -> None:
    metric = graph.metric()
    sources, targets = some(graph, seed, count), some(graph, seed + 1, 30)
    duration, distance = many_to_many(metric, sources, targets)
    total = expected(graph, sources, targets)
    ms, dm = split(total)
    assert (duration == ms).all()
    assert (distance == dm).all()
    assert (many_to_many(metric, sources, targets, distances=False)[0] == ms).all()
    shared = np.arange(min(count, 30))
    assert (pairs(metric, sources[shared], targets[shared]) == total[shared, shared]).all()


@settings(max_examples=40, deadline=None)
@given(graphs | streets, st.integers(0, 2**32 - 1))
def test_one_to_all(graph: Graph, seed: int) -> None:
    sources = some(graph, seed, 7)
    assert (one_to_all(graph.metric(), sources) == expected(graph, sources, np.arange(graph.n))).all()


def test_a_town_of_several_batches() -> None:
    graph = turns(7, 25, 25)
    metric = graph.metric()
    sources, targets = some(graph, 1, 333), some(graph, 2, 150)
    ms, dm = split(expected(graph, sources, targets))
    duration, distance = many_to_many(metric, sources, targets)
    assert (duration == ms).all()
    assert (distance == dm).all()
    assert (many_to_many(metric, sources, targets, distances=False)[0] == ms).all()


def test_places_stand_along_their_nodes() -> None:
    graph = turns(5, 6, 6)
    metric = graph.metric()
    nodes = np.arange(graph.n)
    leave, arrive = (np.random.default_rng(k).integers(0, 9, graph.n) * ONE + k for k in (1, 2))
    total = graph.lengths() + arrive[None, :] - leave[:, None]
    np.fill_diagonal(total, arrive - leave)
    duration, distance = many_to_many(metric, nodes, nodes, leave=leave, arrive=arrive)
    known = np.isfinite(total)
    back = duration[known].astype(np.int64) * int(ONE) + distance[known]
    assert (back == total[known]).all()
    assert (duration[~known] == UNREACHABLE).all()
    assert (many_to_many(metric, nodes, nodes, leave=leave, arrive=arrive, distances=False)[0] == duration).all()


@settings(max_examples=60, deadline=None)
@given(graphs | streets, st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_the_nearest_are_those_of_the_matrix(graph: Graph, seed: int, k: int) -> None:
    metric = graph.metric()
    sources, targets = some(graph, seed, 9), some(graph, seed + 1, 20)
    arrive = np.random.default_rng(seed).integers(0, 5, 20) * ONE
    total = expected(graph, sources, targets) + arrive
    found, duration, distance = nearest(metric, sources, targets, k, arrive=arrive)
    ms, dm = split(total)
    for row in range(len(sources)):
        best = sorted((float(total[row, c]), c) for c in range(20) if np.isfinite(total[row, c]))[:k]
        chosen = [c for _, c in best]
        assert found[row].tolist() == chosen + [-1] * (k - len(chosen))
        assert duration[row].tolist() == [ms[row, c] for c in chosen] + [UNREACHABLE] * (k - len(chosen))
        assert distance[row].tolist() == [dm[row, c] for c in chosen] + [UNREACHABLE] * (k - len(chosen))


def test_leaving_further_along_makes_all_targets_nearer() -> None:
    graph = turns(5, 6, 6)
    metric, nodes = graph.metric(), np.arange(graph.n)
    plain = nearest(metric, nodes[:5], nodes[10:], 3)
    leaving = nearest(metric, nodes[:5], nodes[10:], 3, leave=np.full(5, ONE))
    assert (plain[0] == leaving[0]).all()
    assert (plain[1] - 1 == leaving[1]).all()
    assert (plain[2] == leaving[2]).all()


def test_a_day_of_driving_is_not_unreachable_in_either_form() -> None:
    long = 2**31 - 2
    weight = np.array([long * ONE, np.inf, (long + 1) * ONE])
    zeros = np.zeros(4)
    graph = Graph(n=4, tail=np.array([0, 1, 2]), head=np.array([1, 2, 3]), weight=weight, x=zeros, y=zeros)
    duration, distance = many_to_many(graph.metric(), np.arange(4), np.arange(4))
    assert duration[0].tolist() == [0, long, UNREACHABLE, UNREACHABLE]
    assert distance[0].tolist() == [0, 0, UNREACHABLE, UNREACHABLE]
    assert many_to_many(graph.metric(), np.arange(4), np.arange(4), distances=False)[0].tolist() == duration.tolist()


def test_what_does_not_exist_is_refused() -> None:
    metric = turns(1, 3, 3).metric()
    node = np.zeros(1, np.int64)
    for call in (many_to_many, pairs):
        with pytest.raises(ValueError, match="no such node"):
            call(metric, node - 2, node)
        with pytest.raises(ValueError, match="no such node"):
            call(metric, node, node + 10**6)
    with pytest.raises(ValueError, match="for 1 places"):
        many_to_many(metric, node, node, leave=np.zeros(2))
    with pytest.raises(ValueError, match="at least"):
        nearest(metric, node, node, 0)
    with pytest.raises(ValueError, match="2 sources for 1 targets"):
        pairs(metric, np.zeros(2, np.int64), node)


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
@pytest.mark.parametrize(
    ("kernel", "number", "add", "least"),
    [
        (sweep.sweep_milliseconds, np.uint32, r"vpaddd|paddd", r"vpminud|pminud|vpminu"),
        (sweep.sweep_combined, np.float64, r"vaddpd|addpd|fadd\.2d", r"vminpd|minpd|fminnm|vcmp"),
    ],
)
def test_the_innermost_loop_adds_and_compares_vectors(kernel, number, add: str, least: str) -> None:
    fresh = numba.njit(error_model="numpy")(kernel.py_func)
    nothing = np.zeros(0, number)
    fresh(np.zeros(2, np.int64), np.zeros(0, np.int32), nothing, np.zeros((1, 64), number))
    (code,) = fresh.inspect_asm().values()
    if "ymm" in code or "xmm" in code:
        assert len(re.findall(rf"\b({add})\b", code)) >= 6
        assert len(re.findall(rf"\b({least})\b", code)) >= 6
        assert "maskmov" not in code  # a store on condition: four times as slow
    else:
        assert re.search(r"\.(2d|4s)", code)
