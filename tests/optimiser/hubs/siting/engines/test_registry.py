"""Which engine ``auto`` takes, and that it can state what it is given."""

from __future__ import annotations

from typing import Any

import pytest

from optimiser.hubs.siting.engines.registry import ENGINES, choose
from optimiser.hubs.siting.problem import Aim
from tests.optimiser.hubs.siting.made_up import problem

CASES: tuple[tuple[Aim, dict[str, Any], str], ...] = (
    (Aim.MEDIAN, {}, "lagrange"),
    (Aim.EDE, {}, "lagrange"),
    (Aim.CENTRE, {}, "threshold"),
    (Aim.CENTRE, {"budget": 90.0}, "threshold"),
    (Aim.COVER, {"unserved": None}, "cover"),
    (Aim.COVER, {}, "lagrange"),
    (Aim.COST, {"capacity": 20.0}, "highs"),
    (Aim.WORST, {}, "highs"),
    (Aim.MEDIAN, {"separation": 2.0}, "highs"),
)


@pytest.mark.parametrize(("aim", "more", "wanted"), CASES)
def test_auto_takes_one_that_can(aim: Aim, more: dict[str, Any], wanted: str) -> None:
    posed = problem(0, aim, **more)
    name, why = choose(posed)
    assert name == wanted
    assert why
    assert not ENGINES[name].supports(posed)


def test_engines_go_by_their_names() -> None:
    assert all(name == engine.NAME for name, engine in ENGINES.items())
