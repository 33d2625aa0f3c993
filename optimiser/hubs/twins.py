"""Candidates that nothing tells apart: the first in the planner's list opens first, whatever an engine took."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.hubs.arrays import Bools, Positions, Shares, capacity, fixed_cost, handling_cost, must_stay
from optimiser.hubs.problem import HubProblem


def in_order(problem: HubProblem, is_open: Bools, sent: Shares | None) -> tuple[Bools, Shares | None]:
    """Return the same plan with, of candidates alike, those open that are listed first."""
    to = np.arange(len(is_open))
    for alike in _alike(problem):
        opened = alike[is_open[alike]]
        to[opened] = alike[: len(opened)]
    first = np.zeros_like(is_open)
    first[to[is_open]] = True
    return first, None if sent is None else replace(sent, column=to[sent.column])


def _alike(problem: HubProblem) -> list[Positions]:
    """Return the positions of candidates that are equal in everything, at least two together."""
    described = np.vstack(
        [problem.distance_m, capacity(problem), fixed_cost(problem), handling_cost(problem), must_stay(problem)]
    )
    found: dict[bytes, list[int]] = {}
    for j, column in enumerate(np.ascontiguousarray(described.T)):
        found.setdefault(column.tobytes(), []).append(j)
    return [np.array(alike, dtype=np.intp) for alike in found.values() if len(alike) > 1]
