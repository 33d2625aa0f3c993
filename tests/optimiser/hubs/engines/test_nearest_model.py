from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from optimiser.hubs.engines.nearest_model import neighbourhoods
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import problem, problems


def test_people_with_the_same_nearest_hubs_share_a_set():
    town = problem([[100.0, 200.0], [150.0, 300.0], [400.0, 100.0]], people=[1.0, 2.0, 3.0])
    near = neighbourhoods(values(town))
    known = {tuple(np.flatnonzero(members)): cost for members, cost in zip(near.members, near.cost, strict=True)}
    assert known == {
        (0,): 1 * 100 + 2 * 150,
        (1,): 3 * 300,
        (0, 1): 1 * 800 + 2 * 700 + 3 * 600,
    }
    assert near.constant == 1 * 100 + 2 * 150 + 3 * 100
    both = near.members.all(axis=1).argmax()
    assert near.members[near.before[both]].sum() == 1
    assert sorted(near.before)[:2] == [-1, -1]


def test_equal_distances_and_people_out_of_reach_need_no_set_of_their_own():
    town = problem([[100.0, 100.0], [900.0, 900.0]], people=[1.0, 2.0])
    near = neighbourhoods(values(town))
    assert near.members.tolist() == [[True, True]]
    assert near.cost.tolist() == [900.0]
    assert near.constant == 100.0 + 2 * 1000.0


@settings(max_examples=50, deadline=None)
@given(problems(capacities=False, most=5))
def test_the_sets_price_every_choice_of_hubs_as_the_definition_does(town):
    worth = values(town)
    near = neighbourhoods(worth)
    parts = np.flatnonzero(near.before >= 0)
    assert not (near.members[near.before[parts]] & ~near.members[parts]).any()
    for opened in product([False, True], repeat=min(len(town.candidates), 5)):
        is_open = np.array([*opened, *[False] * (len(town.candidates) - len(opened))])
        least = np.min(np.where(is_open, worth.unit, np.inf), axis=1, initial=worth.left_out)
        missed = ~(near.members & is_open).any(axis=1)
        assert near.constant + near.cost[missed].sum() == pytest.approx(float(worth.weight @ least))
