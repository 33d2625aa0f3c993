"""The search against every sequence written out."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from network.tracks.match import Manner, ground
from network.tracks.viterbi import MATCHED, Limits, Rows, viterbi
from tests.network.drawing import grid
from tests.network.tracks.test_reach import plain, weights_of

LIMITS = Limits(10.0, 15.0, 40.0, 3.0, 300.0, 1e6, 180.0, 300.0)


def rows_at(random: np.random.Generator, weights, count: int, width: int) -> Rows:
    """Observations 100 m apart, their candidates anywhere in the town, some rows shorter than others."""
    states = np.stack([random.choice(np.flatnonzero(weights.usable), width, replace=False) for _ in range(count)])
    states[random.random((count, width)) < 0.2] = -1
    states = np.take_along_axis(states, np.argsort(states < 0, axis=1, kind="stable"), axis=1).astype(np.int64)
    at = random.random((count, width)) * weights.dm[np.maximum(states, 0)] / 10
    time = np.arange(count) * 10.0
    far = random.uniform(0, 30, (count, width))
    return Rows(np.arange(count) * 100.0, np.zeros(count), time, time, states, at, far)


def moves(rows: Rows, weights, reach, limits: Limits) -> list[np.ndarray]:
    """Log-likelihood of every step, by scipy's Dijkstra and the words of the module."""
    turns, directed = plain(reach, weights.graph.states), weights.graph.directed
    expected = dijkstra(turns)
    found = []
    for t in range(1, len(rows.x)):
        move = np.full((rows.state.shape[1],) * 2, -np.inf)
        for i, j in product(range(len(move)), repeat=2):
            a, b = rows.state[t - 1, i], rows.state[t, j]
            if min(a, b) < 0:
                continue
            ahead = rows.at_m[t, j] - rows.at_m[t - 1, i]
            if directed[a] == directed[b] and ahead >= -limits.slip_m:
                metres = max(ahead, 0.0)
            elif a == b:
                into = turns[:, [a]].toarray().ravel()
                metres = np.min(np.where(into > 0, expected[a] + into, np.inf)) + ahead
            else:
                metres = expected[a, b] + ahead
            if metres <= limits.detour * 100 + limits.extra_m:
                move[i, j] = -abs(metres - 100) / limits.beta_m
        found.append(move)
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_likeliest_of_all_sequences_is_found_and_how_sure_it_is(seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = weights_of(grid(4, 4, seed=seed))
    ready = ground(weights, Manner())
    rows = rows_at(random, weights, 4, 4)
    found = viterbi(rows, ready.reach, ready.desk, ready.directed, LIMITS)
    if (found.reason != MATCHED).any() or (found.previous[1:] < 0).any():
        return  # broken: below
    steps = moves(rows, weights, ready.reach, LIMITS)
    seen = np.where(rows.state >= 0, -0.5 * (rows.far_m / 10) ** 2, -np.inf)
    weight = {
        sequence: sum(seen[t, j] for t, j in enumerate(sequence))
        + sum(steps[t][sequence[t], sequence[t + 1]] for t in range(3))
        for sequence in product(range(4), repeat=4)
    }
    best = max(weight.values())
    assert weight[tuple(found.chosen.tolist())] == pytest.approx(best, abs=1e-3)
    total = sum(np.exp(value - best) for value in weight.values())
    for t, chosen in enumerate(found.chosen):
        same = ready.directed[rows.state[t]] == ready.directed[rows.state[t, chosen]]
        with_it = sum(np.exp(v - best) for s, v in weight.items() if same[s[t]] and rows.state[t, s[t]] >= 0)
        assert found.sure[t] == pytest.approx(with_it / total, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 12))
def test_every_observation_has_a_place_or_a_reason(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    weights = weights_of(grid(5, 5, seed=seed))
    ready = ground(weights, Manner())
    rows = rows_at(random, weights, count, 2)
    found = viterbi(rows, ready.reach, ready.desk, ready.directed, LIMITS._replace(extra_m=20.0))
    on = found.reason == MATCHED
    assert ((found.chosen >= 0) == on).all()
    assert (found.previous[~on] == -1).all()
    assert on[found.previous[found.previous >= 0]].all()
    assert ((found.sure[on] > 0) & (found.sure[on] <= 1 + 1e-6)).all()
    assert on[rows.state[:, 0] >= 0].any() or not (rows.state[:, 0] >= 0).any()
