"""All kernels as plain Python on small graphs; run by ``test_plain.py`` in a process of its own."""

from itertools import pairwise

import numba
import numpy as np

from network.hierarchy.customise import update
from network.hierarchy.search import paths
from network.hierarchy.sweep import UNREACHABLE, many_to_many, nearest, one_to_all, pairs
from tests.network.hierarchy.graphs import SHIFT, Graph, random_graph, turns


def compare(graph: Graph) -> None:
    metric, lengths, nodes = graph.metric(), graph.lengths(), np.arange(graph.n)
    assert (one_to_all(metric, nodes) == lengths).all()
    known = np.isfinite(lengths)
    ms = np.where(known, np.where(known, lengths, 0) // 2**SHIFT, UNREACHABLE)
    duration, distance = many_to_many(metric, nodes, nodes)
    assert distance is not None
    assert (duration == ms).all()
    assert (many_to_many(metric, nodes, nodes, distances=False)[0] == ms).all()
    assert (distance[known] == lengths[known] % 2**SHIFT).all()
    a, b = np.repeat(nodes, graph.n), np.tile(nodes, graph.n)
    assert (pairs(metric, a, b) == lengths.ravel()).all()
    start, arc = paths(metric, a, b)
    weight = [graph.weight[arc[i:j]].sum() for i, j in pairwise(start)]
    assert (np.array(weight) == np.where(known, lengths, 0).ravel()).all()
    found = nearest(metric, nodes, nodes, 2)[0]
    assert ((found[:, 0] >= 0) == known.any(axis=1)).all()
    closed = update(metric, np.arange(min(3, len(graph.tail))), np.full(min(3, len(graph.tail)), np.inf))
    assert (closed.up >= metric.up).all()


if __name__ == "__main__":
    assert numba.config.DISABLE_JIT
    np.seterr(over="ignore")  # counting bits overflows on purpose
    for seed in range(12):
        compare(random_graph(seed, seed + 1, 3 * seed))
    for seed in range(4):
        compare(turns(seed, 2, 3))
    compare(turns(9, 7, 7))  # large enough to be cut
