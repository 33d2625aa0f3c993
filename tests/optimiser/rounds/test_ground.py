"""What vehicles see is the same whether all pairs are worked out at once or each where it is looked at."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.rounds import ground as module
from optimiser.rounds.ground import NO_WAY, OnDemand, ground
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.tables import tables
from tests.notation import TWELVE, town
from tests.optimiser.rounds.made import problems


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems(most_stops=6))
def test_it_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch, problem: RoundsProblem) -> None:
    known = tables(problem)
    monkeypatch.setattr(module, "DENSE_PLACES", 100)
    dense = ground(known, known.kinds[0])
    monkeypatch.setattr(module, "DENSE_PLACES", 0)
    lazy = ground(known, known.kinds[0])
    assert dense.near is None
    assert lazy.near is not None
    assert len(lazy.near) == dense.stops
    places = np.arange(dense.depot + 1)
    for name in ("cost", "time_ms"):
        full, asked = getattr(dense, name), getattr(lazy, name)
        assert isinstance(asked, OnDemand)
        assert np.array_equal(asked[places[:, None], places], full)
        assert np.array_equal(asked[places, places[::-1]], full[places, places[::-1]])
        assert np.array_equal(asked[-1, : dense.stops], full[-1, : dense.stops])
        assert np.array_equal(asked[: dense.stops, 0], full[: dense.stops, 0])
        assert asked[0, places[-1]] == full[0, -1]
        assert asked[[], []].shape == (0,)
    for name in {one.name for one in fields(dense)} - {"kind", "cost", "time_ms", "near"}:
        assert np.array_equal(getattr(dense, name), getattr(lazy, name)), name


def test_where_no_way_leads_costs_are_beyond_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DENSE_PLACES", 0)
    problem = town(TWELVE, stops=["a", "b"], cut_off=["b"])
    known = tables(problem)
    seen = ground(known, known.kinds[0])
    assert seen.cost[0, 1] == seen.time_ms[1, 0] == NO_WAY
    assert seen.near is not None
    assert seen.near.tolist() == [[-1], [-1]]
