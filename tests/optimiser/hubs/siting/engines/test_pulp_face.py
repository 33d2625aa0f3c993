"""The readable face: what is asked for is in the program, and its answer is that of trying everything."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Task
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.engines import pulp_face
from optimiser.hubs.siting.engines.models import MODELS
from optimiser.hubs.siting.engines.parts import parts
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import Aim
from tests.optimiser.hubs.siting.made_up import best, problem
from tests.optimiser.hubs.siting.test_tables import road


def test_every_aim_has_its_model() -> None:
    assert set(MODELS) == set(Aim)


@pytest.mark.parametrize("aim", list(Aim))
def test_the_bound_meets_the_best(aim: Aim) -> None:
    posed = problem(8, aim, n=8, m=5)
    answer = pulp_face.solve(posed, Task())
    wanted = best(posed)
    assert answer.proven
    assert answer.bound == pytest.approx(wanted, rel=1e-5)
    assert price(posed, to_plan(posed, answer)).objective == pytest.approx(wanted, rel=1e-5)


def test_variables_are_named_by_position() -> None:
    made = parts(road())
    assert set(made.o) == {(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)}
    assert set(made.x) == {(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (2, 2)}
    assert made.o[2, 0].upBound == 0  # the flood
    assert {name for name in made.lp.variablesDict() if name.startswith("z_")} <= {"z_0", "z_1", "z_2"}


def test_too_many_arcs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    posed = road()
    assert not pulp_face.supports(posed)
    monkeypatch.setattr(pulp_face, "LARGEST", 5)
    assert "more than 5 arcs" in pulp_face.supports(posed)[0]


def test_contradictions_are_proven() -> None:
    answer = pulp_face.solve(problem(1, Aim.MEDIAN, at_most=0, unserved=None), Task())
    assert (answer.size, answer.proven) == (None, True)
    assert not np.isfinite(answer.bound) or answer.bound >= 0
