"""What distances weigh in the EDE: of the order of all weight, a bound in any case, in the end the figure itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimiser.hubs.siting import equity
from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.assign import best_plan, to_plan
from optimiser.hubs.siting.felt import MOST, distance_of, felt, reference, strain
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import Aim
from optimiser.hubs.siting.tables import arcs_of
from tests.optimiser.hubs.siting.made_up import best, problem


@pytest.mark.parametrize("seed", range(4))
def test_the_reference_is_the_ede_with_every_candidate_open(seed: int) -> None:
    posed = problem(seed, Aim.EDE, at_most=6)
    everywhere = price(posed, best_plan(posed, np.zeros(6, np.int64)))
    assert reference(posed) == pytest.approx(everywhere.objective)
    assert reference(posed) <= best(replace(posed, at_most=2))


@pytest.mark.parametrize("lost", [20.0, 3000.0])
def test_a_sum_means_the_ede_of_the_plan(lost: float) -> None:
    posed = problem(2, Aim.EDE, unserved=np.full(12, lost))
    plan = to_plan(posed, Answer(size=np.array([0, -1, 0, -1, -1, -1])))
    near, gone = felt(posed)
    total = float(near[arcs_of(posed, plan)].sum())
    assert distance_of(posed, total) == pytest.approx(price(posed, plan).objective)
    assert total >= posed.demand.weight.sum()  # the order of all weight, however far the unserved count
    assert (gone <= posed.demand.weight * np.exp(MOST) * (1 + 1e-12)).all()


def test_what_is_cut_makes_a_sum_less_and_never_more() -> None:
    posed = problem(2, Aim.EDE, unserved=np.full(12, 3000.0))
    everybody_left = float(felt(posed)[1].sum())
    assert distance_of(posed, everybody_left) < 3000.0


@pytest.mark.parametrize("limit", [3.0, 4.0, 8.0])
def test_a_limit_is_used_up_exactly_by_an_ede_of_it(limit: float) -> None:
    posed = problem(5, Aim.MEDIAN)
    plan = to_plan(posed, Answer(size=np.array([0, 0, -1, -1, -1, -1])))
    arc = arcs_of(posed, plan)
    used = float(strain(posed, limit)[0][arc].sum())
    reached = equity.ede(posed.arcs.distance[arc], posed.demand.weight, 0.3)
    assert (used <= 1.0) == (reached <= limit)
    assert np.log(used) == pytest.approx(0.3 * (reached - limit))


def test_nobody_who_may_be_left_out_adds_nothing() -> None:
    posed = problem(5, Aim.EDE, unserved=None)
    assert not felt(posed)[1].any()
    assert not strain(posed, 4.0)[1].any()
