import numpy as np

from optimiser.hubs.arrays import Shares
from optimiser.hubs.twins import in_order
from tests.optimiser.hubs.whiteboard import problem


def test_of_candidates_alike_the_first_open_with_the_same_people():
    town = problem([[100.0, 200.0, 100.0, 100.0], [300.0, 100.0, 300.0, 300.0]])
    sent = Shares(row=np.array([0, 0, 1]), column=np.array([2, 3, 1]), share=np.array([0.25, 0.75, 1.0]))
    opened, moved = in_order(town, np.array([False, True, True, True]), sent)
    assert opened.tolist() == [True, True, True, False]
    assert moved.column.tolist() == [0, 2, 1]
    assert moved.share.tolist() == [0.25, 0.75, 1.0]


def test_what_differs_in_anything_stays_where_it_is():
    hubs = [{}, {"capacity_kg_per_day": 5.0}, {"fixed_cost_per_day": 1.0}, {"cost_per_tonne": 1.0}]
    hubs.append({"existing": True, "may_close": False})
    town = problem([[100.0] * 5], hubs=hubs)
    for k in range(5):
        opened = np.arange(5) == k
        assert in_order(town, opened, None)[0].tolist() == opened.tolist()
