import numpy as np

from optimiser.hubs.arrays import Shares
from optimiser.hubs.shorten import shorten
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import problem

HELD = [{"capacity_kg_per_day": 10.0}, {"capacity_kg_per_day": 10.0}]
CROSSED = Shares(row=np.array([0, 1]), column=np.array([0, 1]), share=np.ones(2))


def shares_of(found):
    pairs = zip(found.row.tolist(), found.column.tolist(), found.share.tolist(), strict=True)
    return {(i, j): round(share, 6) for i, j, share in pairs if share > 1e-6}


def shortened(town, is_open=(True, True), sent=CROSSED):
    return shares_of(shorten(town, values(town), np.array(is_open), sent, seconds=None))


def test_people_who_crossed_each_other_go_to_the_nearer_hub():
    town = problem([[400.0, 10.0], [10.0, 400.0]], hubs=HELD, aim="coverage")
    assert shortened(town) == {(0, 1): 1.0, (1, 0): 1.0}


def test_nobody_is_given_up_for_a_shorter_way():
    town = problem([[400.0, 10.0], [450.0, 20.0]], hubs=HELD, aim="coverage")
    assert shortened(town) == {(0, 0): 1.0, (1, 1): 1.0}  # 820 m all in all; the other way round 860 m


def test_a_shorter_way_that_costs_more_is_not_taken():
    hubs = [{"cost_per_tonne": 10.0}, {"cost_per_tonne": 20.0}]
    town = problem([[400.0, 10.0]], hubs=hubs, aim="cost", unserved_cost_per_tonne=100.0)
    cheap = Shares(row=np.array([0]), column=np.array([0]), share=np.ones(1))
    assert shortened(town, sent=cheap) == {(0, 0): 1.0}


def test_walking_is_short_already_and_a_closed_hub_is_no_choice():
    walking = problem([[400.0, 10.0], [10.0, 400.0]], hubs=HELD)
    assert shortened(walking) == shares_of(CROSSED)
    covered = problem([[400.0, 10.0], [10.0, 400.0]], aim="coverage")
    there = Shares(row=np.array([0, 1]), column=np.array([0, 0]), share=np.ones(2))
    assert shortened(covered, is_open=(True, False), sent=there) == shares_of(there)
