"""From positions to a plan: everybody to the best open site, whatever best is for the aim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.assign import best_plan, opened, preference, to_plan
from optimiser.hubs.siting.plan import Opened, named
from optimiser.hubs.siting.problem import Aim, Fairness
from tests.optimiser.hubs.siting.test_tables import road

BOTH = np.array([1, 0, -1])  # x large, y small


def test_open_sites_stand_in_the_order_of_the_candidates() -> None:
    assert opened(road(), BOTH) == (Opened(site="x", size=1), Opened(site="y", size=0))


def test_everybody_goes_to_the_nearest_open_site() -> None:
    plan = best_plan(road(), BOTH)
    assert named(road(), plan) == (("a", "x", 1.0), ("b", "x", 1.0), ("c", "y", 1.0))
    assert plan.closest
    assert named(road(), best_plan(road(), np.array([-1, 0, -1]))) == (("a", "y", 1), ("b", "y", 1), ("c", "y", 1))


def test_money_sends_people_elsewhere_and_leaves_out_whom_that_is_cheaper_for() -> None:
    cost = np.array([[9.0, 1, 9], [2, 5, 9], [9, 11, 9]])
    posed = road(aim=Aim.COST, arcs=from_matrix(np.ones((3, 3)), cost=cost))
    plan = best_plan(posed, BOTH)
    assert named(posed, plan) == (("a", "y", 1.0), ("b", "x", 1.0), ("c", "x", 1.0))
    assert not plan.closest
    dear = replace(posed, unserved=np.array([10.0, 10, 8]))
    assert [who for who, _, _ in named(dear, best_plan(dear, BOTH))] == ["a", "b"]


def test_attendance_goes_where_most_come() -> None:
    posed = road(arcs=from_matrix(np.ones((3, 3))), aim=Aim.ATTENDANCE, decay=np.array([0.1, 0.9, 1] * 3))
    assert preference(posed).tolist() == [0.9, 1 - 0.9, 0] * 3
    assert {where for _, where, _ in named(posed, best_plan(posed, BOTH))} == {"y"}


def test_what_an_engine_says_counts_only_where_capacities_or_money_could_ask_for_it() -> None:
    said = Answer(size=BOTH, row=np.array([0, 1, 2]), column=np.array([1, 1, 1]), share=np.array([1.0, 1.0, 0.5]))
    kept = to_plan(road(), said)  # capacities of 5 and 9 can bind
    assert named(road(), kept) == (("a", "y", 1.0), ("b", "y", 1.0), ("c", "y", 0.5))
    wide = road(candidates=tuple(replace(c, sizes=(replace(c.sizes[0], capacity=np.inf),) * 2) for c in
                                 road().candidates))  # fmt: skip
    assert named(wide, to_plan(wide, said)) == named(wide, best_plan(wide, BOTH))
    fair = replace(wide, aim=Aim.COST, fairness=Fairness(farthest_at_most=3.0))
    assert named(fair, to_plan(fair, said)) == named(road(), kept)
