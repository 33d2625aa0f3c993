"""The program in arrays: plans keep its rows exactly if the judge lets them pass, and cost what the aim says."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.core import value
from optimiser.hubs.siting.model import Model, build
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import Aim, Fairness, Floats, SitingProblem, Size, Within
from optimiser.hubs.siting.tables import arcs_of, options, served_share
from tests.optimiser.hubs.siting.made_up import problem

SIZES = (Size(name="s", capacity=40.0, fixed_cost=20.0), Size(name="l", capacity=90.0, fixed_cost=30.0))
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "sizes": {"sizes": SIZES, "at_most": 3},
    "budget": {"budget": 70.0, "at_most": None},
    "new and closed": {"at_most_new": 1, "at_most_closed": 0},
    "separation": {"separation": 5.0, "at_most": 3},
    "ede": {"fairness": Fairness(ede_at_most=5.2), "at_most": 3, "reach": 20.0},
    "farthest": {"fairness": Fairness(farthest_at_most=7.5), "at_most": 3, "reach": 9.0},
    "within": {"fairness": Fairness(within=(Within(share=0.5, distance=4.0, group="a"),)), "at_most": 3},
}


def columns(posed: SitingProblem, model: Model, sizes: tuple[int, ...], plan: SitingPlan) -> Floats:
    """Return the columns that a plan has."""
    found, held = np.zeros(model.at.total), options(posed)
    found[: model.at.options] = held.size == np.array(sizes)[held.site]
    found[model.at.x + arcs_of(posed, plan)] = plan.share
    found[model.at.z : model.at.v] = 1.0 - served_share(posed, plan)
    return found


def kept(model: Model, at: Floats) -> bool:
    """Return whether all rows and limits are kept."""
    rows = model.rows @ at
    inside = (at >= model.lower - 1e-9).all() and (at <= model.upper + 1e-9).all()
    strong = (model.strong @ at <= 1e-9).all()
    return bool(inside and strong and (rows >= model.low - 1e-7).all() and (rows <= model.high + 1e-7).all())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("aim", [Aim.MEDIAN, Aim.EDE, Aim.MAX_COVER, Aim.ATTENDANCE, Aim.COST])
def test_rows_allow_what_the_judge_allows(case: str, aim: Aim) -> None:
    posed = problem(4, aim, m=4, **({"reach": 6.0} | CASES[case]))
    model, allowed, refused = build(posed), 0, 0
    for sizes in product(*(range(-1, len(c.sizes)) for c in posed.candidates)):
        plan = to_plan(posed, Answer(size=np.array(sizes)))
        at = columns(posed, model, sizes, plan)
        fine = not check(posed, plan)
        assert kept(model, at) == fine, sizes
        allowed, refused = allowed + fine, refused + (not fine)
        if fine:
            minimised = model.sign * (float(model.cost @ at) + model.constant)
            figure = value(posed, minimised) if aim is Aim.EDE else minimised
            assert figure == pytest.approx(price(posed, plan).objective)
    assert allowed
    assert refused


def test_there_are_as_many_columns_as_it_says() -> None:
    posed = problem(1, Aim.WORST, sizes=(*SIZES[:1], Size(capacity=50.0, cost_per_load=1.0)))
    at = build(posed).at
    assert (at.options, at.arcs, at.demands) == (12, 72, 12)
    assert (at.x, at.z, at.v, at.t, at.total) == (12, 84, 96, 108, 121)


def test_whole_are_sizes_and_with_one_site_each_assignments_too() -> None:
    for single in (False, True):
        model = build(problem(1, Aim.MEDIAN, capacity=20.0, single_source=single))
        assert model.whole[: model.at.options].all()
        assert model.whole[model.at.x : model.at.z].all() == single


def test_nobody_may_be_farther_than_asked() -> None:
    posed = problem(1, Aim.CENTRE, unserved=None)
    model = build(posed, farthest=4.0)
    shut = model.upper[model.at.x : model.at.z] == 0
    assert (shut == (posed.arcs.distance > 4.0)).all()
    assert shut.any()
    assert (model.upper[model.at.z : model.at.v] == 0).all()
