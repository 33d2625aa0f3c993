from dataclasses import replace

import pytest

from optimiser.hubs.plan import Assignment
from scenarios.documents.hub_rows import hub_rows, people_left_out


def test_people_and_loads_are_those_of_the_assignments(full):
    (row,) = hub_rows(full)
    assert row.people == pytest.approx(60)
    assert row.kg_per_day == pytest.approx(3.0)
    assert row.used == pytest.approx(0.05)
    column = [candidate.id for candidate in full.hubs.problem.candidates].index("hub-1")
    walked = full.hubs.problem.distance_m[[0, 1, 4], column]
    assert row.mean_walk_m == pytest.approx(walked.mean())
    assert row.farthest_m == pytest.approx(walked.max())
    assert people_left_out(full.hubs) == {"not-chosen": 60.0}


def test_a_split_home_counts_by_its_share(full):
    plan = full.hubs.result.plan
    split = (Assignment(demand="home-0", hub="hub-1", share=0.25), Assignment(demand="home-0", hub="hub-1", share=0.25))
    result = replace(full.hubs.result, plan=replace(plan, assignments=split))
    (row,) = hub_rows(replace(full, hubs=replace(full.hubs, result=result)))
    assert row.people == pytest.approx(10)


def test_a_hub_that_nobody_uses_has_no_walk(full):
    plan = full.hubs.result.plan
    result = replace(full.hubs.result, plan=replace(plan, assignments=()))
    (row,) = hub_rows(replace(full, hubs=replace(full.hubs, result=result)))
    assert row.people == 0
    assert row.mean_walk_m is None
    assert row.farthest_m is None
    assert hub_rows(replace(full, hubs=None)) == ()
