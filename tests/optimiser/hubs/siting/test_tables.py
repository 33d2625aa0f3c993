"""The problem as arrays: a road with three candidates, two of them in two sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.plan import Opened, SitingPlan
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem, Size, Within

SIZES = (Size(name="small", capacity=5.0, fixed_cost=3.0), Size(name="large", capacity=9.0, fixed_cost=4.0))


def road(**changes: Any) -> SitingProblem:
    """Return demand of 2, 3 and 4 at km 0, 1 and 5; candidates at 0, 2 and 5; 3 km are within reach."""
    given: dict[str, Any] = {
        "demand": Demand(ids=("a", "b", "c"), weight=np.array([2.0, 3, 4]), group=("poor", "rich", "poor")),
        "candidates": (
            Candidate(id="x", sizes=SIZES, x=0.0, y=0.0, existing=True, closing_cost=7.0),
            Candidate(id="y", sizes=SIZES[:1], x=2.0, y=0.0, mandatory=True, closing_cost=7.0),
            Candidate(id="z", sizes=SIZES, x=5.0, y=0.0, excluded="flood"),
        ),
        "arcs": from_matrix(np.abs(np.subtract.outer([0.0, 1, 5], [0.0, 2, 5])), 3.0),
        "aim": Aim.MEDIAN,
        "unserved": np.array([10.0, 10, 10]),
    }
    return SitingProblem(**given | changes)


def test_every_size_is_an_option() -> None:
    held = tables.options(road())
    assert held.site.tolist() == [0, 0, 1, 2, 2]
    assert held.size.tolist() == [0, 1, 0, 0, 1]
    assert held.capacity.tolist() == [5, 9, 5, 5, 9]
    assert held.fixed.tolist() == [3, 4, 3, 3, 4]


def test_flags_of_candidates() -> None:
    posed = road()
    assert tables.existing(posed).tolist() == [True, False, False]
    assert tables.mandatory(posed).tolist() == [False, True, False]
    assert tables.excluded(posed).tolist() == [False, False, True]
    assert tables.closing(posed).tolist() == [7, 0, 0]  # where nothing stands nothing is closed


def test_load_is_the_weight_unless_said() -> None:
    posed = road()
    assert tables.load(posed).tolist() == [2, 3, 4]
    other = replace(posed, demand=replace(posed.demand, load=np.array([1.0, 1, 1])))
    assert tables.load(other).tolist() == [1, 1, 1]


def test_rows_and_serving_cost_follow_the_arcs() -> None:
    posed = road()
    assert tables.rows(posed).tolist() == [0, 0, 1, 1, 2, 2]
    assert tables.serving_cost(posed).tolist() == [0, 4, 3, 3, 12, 0]
    money = from_matrix(np.zeros((3, 3)), cost=np.arange(9.0).reshape(3, 3))
    assert tables.serving_cost(replace(posed, arcs=money)).tolist() == list(range(9))


def test_groups_and_what_they_are_owed() -> None:
    posed = road()
    assert tables.members(posed, "poor").tolist() == [True, False, True]
    assert tables.members(posed, None).all()
    assert tables.owed(posed, Within(share=0.5, group="poor")) == pytest.approx(3.0)


def test_a_capacity_counts_only_if_it_can_bind() -> None:
    posed = road()
    assert tables.capacitated(posed)
    wide = tuple(replace(c, sizes=(Size(capacity=9.0),)) for c in posed.candidates)  # 9 is all there is
    assert not tables.capacitated(replace(posed, candidates=wide))
    paid = tuple(replace(c, sizes=(Size(cost_per_load=1.0),)) for c in posed.candidates)
    assert tables.capacitated(replace(posed, candidates=paid))


@pytest.mark.parametrize(("separation", "pairs"), [(0.0, []), (2.0, []), (2.1, [[0, 1]]), (9.0, [[0, 1]])])
def test_too_close_is_nearer_than_the_separation_and_both_allowed(separation: float, pairs: list[list[int]]) -> None:
    assert tables.too_close(road(separation=separation)).tolist() == pairs


def test_what_people_walk() -> None:
    posed = road()
    plan = SitingPlan(opened=(Opened(site="y"),), row=np.array([0, 1]), column=np.array([1, 1]),
                      share=np.array([1.0, 0.5]))  # fmt: skip
    assert posed.arcs.distance[tables.arcs_of(posed, plan)].tolist() == [2, 1]
    assert tables.served_share(posed, plan).tolist() == [1, 0.5, 0]
    distance, weight = tables.experienced(posed, plan)
    assert distance.tolist() == [2, 1, 10, 10, 10]
    assert weight.tolist() == [2, 1.5, 0, 1.5, 4]


def test_an_assignment_without_an_arc_is_endlessly_far() -> None:
    posed = road(unserved=None)
    plan = SitingPlan(opened=(), row=np.array([0]), column=np.array([2]), share=np.array([1.0]))
    assert tables.arcs_of(posed, plan).tolist() == [-1]
    assert tables.experienced(posed, plan)[0].tolist() == [np.inf]
