import numpy as np
import pytest

from optimiser.hubs.arrays import NOBODY
from optimiser.hubs.engines import flow_model, highs
from optimiser.hubs.sharing import fill
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import problem

HUBS = [{"capacity_kg_per_day": 10.0}, {"capacity_kg_per_day": 12.0}]


def test_a_plan_written_as_start_keeps_every_row_and_is_worth_the_same():
    town = problem([[100.0, 300.0], [200.0, 250.0]], hubs=HUBS)
    worth, both = values(town), np.array([True, True])
    sent = fill(town, worth, both, NOBODY)
    model = flow_model.build(town, worth)
    start = flow_model.start(model, both, sent)
    for variable, value in start.items():
        variable.varValue = value
    assert all(row.valid(1e-9) for row in model.lp.constraints())
    walked = sum(10.0 * town.distance_m[i, j] * s for i, j, s in zip(sent.row, sent.column, sent.share, strict=True))
    assert model.lp.objective.value() + model.constant == pytest.approx(walked)


def test_shadow_prices_of_full_hubs_are_what_more_room_would_save():
    town = problem([[100.0, 300.0], [200.0, 250.0]], hubs=HUBS)
    model = flow_model.build_given(town, values(town), np.array([True, False]))
    found = highs.run(model, deadline=None, seed=1)
    # H1 is full with a; one kilogram of b less left out saves 1000 m, and walks 200
    assert -found.row_dual[model.full[0].index] == pytest.approx(800.0)


def test_the_shortest_walks_save_as_much():
    town = problem([[400.0, 10.0], [10.0, 400.0]], hubs=HUBS, aim="coverage")
    worth, both = values(town), np.array([True, True])
    given = flow_model.build_given(town, worth, both)
    found = highs.run(flow_model.shorten(town, given, worth, saved=20.0), deadline=None, seed=1)
    sent = highs.flows(given, found.column)
    assert found.minimised == pytest.approx(200.0)
    assert sorted(zip(sent.row.tolist(), sent.column.tolist(), strict=True)) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("load", [0.0, 10.0])
def test_no_flow_without_an_open_site_even_where_no_capacity_row_says_so(load):
    town = problem([[100.0]], kg=[load], hubs=[{"capacity_kg_per_day": load}], at_most=0)
    found = highs.run(flow_model.build(town, values(town)), deadline=None, seed=1)
    assert found.minimised == pytest.approx(10.0 * 1000.0)
