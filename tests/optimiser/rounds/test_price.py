"""Prices worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price, round_cost
from optimiser.rounds.problem import Break, RoundsProblem, VehicleCosts
from optimiser.rounds.schedule import planned
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
from optimiser.rounds.view import book
from tests.notation import HOUR, TWELVE, grid_travel, plan, site, stop, town, vehicle
from tests.optimiser.rounds.made import problems

COSTS = VehicleCosts(fixed=40.0, per_hour=30.0, per_km=2.0)


def priced(*, paid: bool = True) -> RoundsProblem:
    lunch = Break(id="lunch", duration_s=1800, earliest_s=6 * HOUR, latest_s=6.5 * HOUR, paid=paid)
    return town(
        TWELVE,
        stops=[stop("d", kg=2, windows=[(6, 6.4)]), stop("e", kg=1, prize=7.0), stop("f", kg=1, windows=[(8, 9)])],
        sites=[site(fee_per_tip=3.0, fees={"kg": 0.5})],
        vehicles=[vehicle(costs=COSTS, breaks=(lunch,))],
    )


def test_on_paper() -> None:
    # depot d e f tip depot: 4 blocks there, 4 back; d 1 min, e 1 min, f 1 min, tip 10 min; f opens at 8
    problem = priced()
    cost = price(problem, plan(problem, "v1: d e f |"))
    assert cost.distance_m == 8000
    assert cost.driving_s == 8 * 120
    assert cost.service_s == 3 * 60 + 600
    assert cost.break_s == 1800
    # d at 6:24 at the latest (it closes then), f opens at 8:00: back at 8:00 + 1 min + 2 min + 10 min + 8 min
    assert cost.paid_s == (8 * 3600 + 21 * 60) - (6.4 * 3600 - 120)
    assert cost.waiting_s == cost.paid_s - cost.driving_s - cost.service_s - cost.break_s
    assert cost.fixed == 40
    assert cost.distance == 16
    assert cost.wages == pytest.approx(30 * cost.paid_s / 3600)
    assert cost.gate_fees == 3 + 0.5 * 4
    assert cost.total == pytest.approx(40 + 16 + cost.wages + 5)
    assert (cost.prizes, cost.net) == (7, pytest.approx(cost.total - 7))
    assert (cost.tips, cost.unloaded) == (1, {"tip": {"kg": 4.0}})


def test_an_unpaid_break_is_not_paid() -> None:
    paid, unpaid = (price(p, plan(p, "v1: d e f |")) for p in (priced(), priced(paid=False)))
    assert unpaid.paid_s == paid.paid_s - 1800
    assert unpaid.break_s == paid.break_s
    assert unpaid.wages == pytest.approx(paid.wages - 15)


def test_a_plan_without_rounds_costs_nothing() -> None:
    cost = price(priced(), Plan(rounds=()))
    assert (cost.total, cost.net, cost.tips, cost.unloaded, cost.paid_s) == (0, 0, 0, {}, 0)


def test_the_plan_is_not_believed() -> None:
    problem = priced()
    made = plan(problem, "v1: d e f |")
    tour = made.rounds[0]
    lying = tuple(replace(visit, arrive_s=0, start_s=0, end_s=0) for visit in tour.visits)
    assert price(problem, replace(made, rounds=(replace(tour, visits=lying),))) == price(problem, made)


def test_what_is_not_known_costs_nothing() -> None:
    problem = priced()
    made = plan(problem, "v1: d e f |")
    cut = replace(problem, travel={"truck": grid_travel(TWELVE, cut_off=["e"])})
    assert price(cut, made).distance_m == 6000
    nobody = replace(made, rounds=(replace(made.rounds[0], vehicle="ghost"),))
    assert price(problem, nobody).total == 0


@settings(max_examples=60, deadline=None)
@given(problems(most_stops=4))
def test_times_add_up_and_rounds_add_up(problem: RoundsProblem) -> None:
    tour = best_round(tables(problem), "v0", [s.id for s in problem.stops])
    if tour is None:
        return
    cost = price(problem, planned(problem, [tour]))
    duration = tour.end_s - tour.start_s
    assert cost.driving_s + cost.service_s + cost.waiting_s + cost.break_s == pytest.approx(duration, abs=1e-9)
    assert min(cost.driving_s, cost.service_s, cost.waiting_s, cost.break_s) >= 0
    assert cost.total == pytest.approx(cost.fixed + cost.wages + cost.distance + cost.gate_fees)
    assert cost.total == pytest.approx(round_cost(book(problem), tour))
    picked = sum(amount for s in problem.stops for amount in s.loads.values())
    unloaded = sum(amount for loads in cost.unloaded.values() for amount in loads.values())
    assert unloaded == pytest.approx(picked) if problem.vehicles[0].must_end_empty else unloaded <= picked
