"""Compile all kernels of this room once, by working through a street of a few nodes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from network.hierarchy.customise import customise, update
from network.hierarchy.order import dissect
from network.hierarchy.search import pairs, paths
from network.hierarchy.sweep import many_to_many, nearest, one_to_all
from network.hierarchy.topology import Topology, build


def warm(on_progress: Callable[[str, int, int], None] | None = None) -> None:
    """Compile every kernel that is not compiled yet, and keep it for later runs.

    Parameters
    ----------
    on_progress
        Called with what comes next, how many steps are done, and how many there are.
    """
    n = 6
    tail = np.r_[np.arange(n - 1), np.arange(1, n)].astype(np.int32)
    head = np.r_[np.arange(1, n), np.arange(n - 1)].astype(np.int32)
    weight = np.full(len(tail), 2.0**8 + 1)
    made: dict[str, Topology] = {}

    def hierarchy() -> None:
        along = np.arange(n, dtype=np.float64)
        made["topology"] = build(n, tail, head, dissect(n, tail, head, along, along))

    def weights() -> None:
        update(customise(made["topology"], weight, 8), np.array([0]), np.array([np.inf]))

    def sweeps() -> None:
        metric, nodes = customise(made["topology"], weight, 8), np.arange(n, dtype=np.int32)
        many_to_many(metric, nodes, nodes, distances=False)
        many_to_many(metric, nodes, nodes)
        one_to_all(metric, nodes)
        nearest(metric, nodes, nodes, 2)

    def single() -> None:
        metric, nodes = customise(made["topology"], weight, 8), np.arange(n, dtype=np.int32)
        pairs(metric, nodes, nodes[::-1])
        paths(metric, nodes, nodes[::-1])

    steps = {"order and hierarchy": hierarchy, "weights": weights, "matrices": sweeps, "single ways": single}
    for done, (name, step) in enumerate(steps.items()):
        if on_progress:
            on_progress(name, done, len(steps))
        step()
    if on_progress:
        on_progress("", len(steps), len(steps))
