"""Problems whose matrices would not fit are refused at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.result import Budget
from optimiser.rounds.choose import choose
from optimiser.rounds.engines import pyvrp
from tests.optimiser.rounds.wide import wide


def refuse_tables(_problem: object) -> None:
    raise AssertionError("it was looked at closely")


def test_the_size_of_the_matrices_is_named_without_looking_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    large = wide(8_001)
    monkeypatch.setattr(pyvrp, "tables", refuse_tables)
    assert pyvrp.supports(large) == (
        "matrices of 8001 ways to serve the stops, for 1 kinds of vehicle, would take 1.0 GB",
    )


def test_several_profiles_and_several_modes_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvrp, "MOST_PAIRS", 100**2)
    problem = wide(100)
    assert pyvrp.supports(problem) == ()
    other = replace(problem.vehicles[0], id="other", service_type="slow")
    assert "2 kinds" in pyvrp.supports(replace(problem, vehicles=(*problem.vehicles, other)))[0]
    twice = replace(problem.stops[0], modes=problem.stops[0].modes * 2)
    assert "101 ways" in pyvrp.supports(replace(problem, stops=(twice, *problem.stops[1:])))[0]


def test_who_chooses_takes_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvrp, "MOST_PAIRS", 100**2)
    chosen = choose(wide(101), Budget(seconds=1.0))
    assert all(stage.engine != "pyvrp" for stage in chosen.stages)
