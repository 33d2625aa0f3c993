"""Prices worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from optimiser.rounds.features import Feature, features
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price, round_cost
from optimiser.rounds.problem import Aims, Balance, Break, DrivingRest, Measure, RoundsProblem, VehicleCosts
from optimiser.rounds.schedule import planned
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
from optimiser.rounds.view import book
from tests.by_hand import drive, random_plan
from tests.notation import HOUR, TWELVE, grid_travel, mode, plan, shift, site, stop, town, vehicle
from tests.optimiser.rounds.complete import complete
from tests.optimiser.rounds.made import problems

NAP = DrivingRest(id="nap", duration_s=900, after_s=7200)
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
    assert (cost.overtime, cost.tip_costs, cost.preferences) == (0, 0, {})
    assert cost.total == pytest.approx(round_cost(book(problem), tour))
    picked = sum(amount for s in problem.stops for amount in s.loads.values())
    unloaded = sum(amount for loads in cost.unloaded.values() for amount in loads.values())
    assert unloaded == pytest.approx(picked) if problem.vehicles[0].must_end_empty else unloaded <= picked


def priced_apart(**aims: object) -> RoundsProblem:
    """Stops of 1, 2 and 3 kg for two vehicles, all in sight of each other."""
    stops = [
        stop("a", 1, at=(0.0, 0.0), usual="v2"),
        stop("b", 2, at=(0.0, 4000.0), usual="v2"),
        stop("c", 3, at=(0.0, 0.0), usual="v1"),
    ]
    return town(TWELVE, stops=stops, vehicles=[vehicle("v1", 9), vehicle("v2", 9)], aims=Aims(**aims))


def costing(**rates: float) -> RoundsProblem:
    return town(TWELVE, stops=list("abc"), vehicles=[vehicle(costs=VehicleCosts(**rates))])


def with_distance(metres: float) -> RoundsProblem:
    return town(TWELVE, stops=[stop("a", modes=(mode("a", distance_m=metres),)), "b", "c"], vehicles=[vehicle(kg=9)])


LATE = {"shift": shift(6, 6.5, longest=0.5, overtime=1), "costs": VehicleCosts(per_hour=60, overtime_per_hour=120)}

# v1: a b | c |  depot a b: 3 blocks, b tip: 3, tip c: 2, c tip: 2, tip depot: 4; three minutes and two tips
PRICED: dict[str, tuple[Feature | None, RoundsProblem, str, dict[str, float]]] = {
    "fixed": (None, costing(fixed=7), "v1: a b | c |", {"fixed": 7}),
    "hours": (None, costing(per_hour=60), "v1: a b | c |", {"wages": 28 + 3 + 20}),
    "km": (None, costing(per_km=2), "v1: a b | c |", {"distance": 28}),
    "driving": (Feature.TIME_COSTS, costing(per_driving_hour=60), "v1: a b | c |", {"wages": 28}),
    "service": (Feature.TIME_COSTS, costing(per_service_hour=60), "v1: a b | c |", {"wages": 23}),
    "all hours": (
        Feature.TIME_COSTS,
        costing(per_hour=30, per_driving_hour=60, per_service_hour=120),
        "v1: a b | c |",
        {"wages": 25.5 + 28 + 46},
    ),
    "tips": (Feature.TIP_COSTS, costing(per_tip=2.5), "v1: a b | c |", {"tip_costs": 5}),
    "service distance": (
        Feature.SERVICE_DISTANCE,
        with_distance(500),
        "v1: a b | c |",
        {"distance": 14.5},
    ),
    "overtime, later": (
        Feature.OVERTIME,
        town(TWELVE, stops=list("abc"), vehicles=[vehicle(**LATE)]),
        "v1@6.25: a b | c |",
        {"wages": 51, "overtime": 2 * 36},
    ),
    "overtime, longer": (
        Feature.OVERTIME,
        town(TWELVE, stops=list("abc"), vehicles=[vehicle(**LATE | {"shift": shift(6, 9, longest=0.5, overtime=1)})]),
        "v1@6.25: a b | c |",
        {"wages": 51, "overtime": 2 * 21},
    ),
    "overtime that nobody allows": (
        None,
        town(TWELVE, stops=list("abc"), vehicles=[vehicle(**LATE | {"shift": shift(6, 6.5)})]),
        "v1: a b | c |",
        {"wages": 51, "overtime": 2 * 21},
    ),
    "a queue": (
        Feature.QUEUES,
        town(TWELVE, stops=list("abc"), sites=[site(queue_s=120)], vehicles=[vehicle(costs=VehicleCosts(per_hour=60))]),
        "v1: a b | c |",
        {"wages": 55},
    ),
    "a rush": (
        Feature.PERIODS,
        town(TWELVE, stops=list("abc"), vehicles=[vehicle(costs=VehicleCosts(per_hour=60, per_km=1))], slow={6.0: 2.0}),
        "v1: a b | c |",
        {"wages": 79, "distance": 14},
    ),
    "a rest from driving": (
        Feature.DRIVING_REST,
        town(
            TWELVE,
            stops=list("abc"),
            vehicles=[vehicle(costs=VehicleCosts(per_hour=60), driving_rest=NAP)],
        ),
        "v1: a b | ~nap c |",
        {"wages": 51},
    ),
    "a paid rest from driving": (
        Feature.DRIVING_REST,
        town(
            TWELVE,
            stops=list("abc"),
            vehicles=[vehicle(costs=VehicleCosts(per_hour=60), driving_rest=replace(NAP, paid=True))],
        ),
        "v1: a b | ~nap c |",
        {"wages": 66},
    ),
    "uneven loads": (
        Feature.BALANCE,
        priced_apart(balance=(Balance(measure=Measure.LOAD, per_unit=2.0),)),
        "v1: a c |\n v2: b |",
        {"balance": 4, "distance": 20},
    ),
    "far apart": (
        Feature.COMPACT,
        priced_apart(compact_per_km=3.0),
        "v1: a b |\n v2: c |",
        {"compact": 12, "distance": 20},
    ),
    "changed": (
        Feature.CHANGES,
        priced_apart(change_per_stop=5.0),
        "v1: a c |\n v2: b |",
        {"changes": 5, "distance": 20},
    ),
}


@pytest.mark.parametrize("name", PRICED)
def test_each_cost_on_paper(name: str) -> None:
    feature, problem, text, parts = PRICED[name]
    assert feature is None or feature in features(problem)
    cost = price(problem, drive(problem, text))
    told = {part: getattr(cost, part) for part in ("fixed", "wages", "overtime", "distance", "tip_costs", "gate_fees")}
    assert {part: amount for part, amount in told.items() if amount} == pytest.approx(
        {part: amount for part, amount in parts.items() if part in told}
    )
    assert cost.preferences == pytest.approx({part: amount for part, amount in parts.items() if part not in told})
    assert cost.total == pytest.approx(sum(told.values()))
    assert cost.net == pytest.approx(sum(parts.values()))


@pytest.mark.parametrize("seed", range(40))
def test_prices_of_every_rule_add_up(seed: int) -> None:
    problem = complete(seed)
    made = random_plan(problem, seed)
    cost = price(problem, made)
    duration = sum(tour.end_s - tour.start_s for tour in made.rounds)
    assert cost.driving_s + cost.service_s + cost.waiting_s + cost.break_s == pytest.approx(duration)
    assert min(cost.driving_s, cost.service_s, cost.waiting_s, cost.break_s) >= 0
    assert cost.total == pytest.approx(
        cost.fixed + cost.wages + cost.overtime + cost.distance + cost.tip_costs + cost.gate_fees
    )
    assert cost.total == pytest.approx(sum(round_cost(book(problem), tour) for tour in made.rounds))
    assert cost.net == pytest.approx(cost.total - cost.prizes + sum(cost.preferences.values()))
