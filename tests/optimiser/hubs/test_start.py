import numpy as np
from hypothesis import given, settings

from optimiser.hubs.start import first_choice
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import problem, problems


def chosen(town):
    opened = first_choice(town, values(town))
    return [hub.id for hub, is_open in zip(town.candidates, opened, strict=True) if is_open]


def test_the_hub_that_helps_most_opens_first():
    town = problem([[100.0, 300.0], [450.0, 250.0], [900.0, 300.0]])
    assert chosen(problem(town.distance_m, at_most=1)) == ["H2"]
    assert chosen(town) == ["H1", "H2"]


def test_a_small_hub_counts_only_for_what_it_can_take():
    hubs = [{"capacity_kg_per_day": 1.0}, {}]
    assert chosen(problem([[100.0, 300.0], [100.0, 300.0]], hubs=hubs, at_most=1)) == ["H2"]


def test_what_does_not_pay_stays_closed():
    hubs = [{"fixed_cost_per_day": 3.0}, {"fixed_cost_per_day": 1.0}]
    town = problem([[100.0, 100.0]], aim="cost", hubs=hubs, unserved_cost_per_tonne=200.0)  # leaving all costs 2
    assert chosen(town) == ["H2"]


def test_a_hub_that_must_stay_is_open_even_where_nobody_goes():
    hubs = [{"existing": True, "may_close": False}, {"existing": True}]
    assert chosen(problem([[900.0, 900.0]], hubs=hubs)) == ["H1"]


@settings(max_examples=60, deadline=None)
@given(problems(capacities=True))
def test_limits_hold_unless_hubs_that_must_stay_break_them(town):
    opened = first_choice(town, values(town))
    stays = np.array([hub.existing and not hub.may_close for hub in town.candidates])
    fixed = np.array([hub.fixed_cost_per_day for hub in town.candidates])
    assert opened[stays].all()
    if (opened & ~stays).any():
        assert town.at_most is None or opened.sum() <= town.at_most
        assert town.budget_per_day is None or fixed[opened].sum() <= town.budget_per_day
