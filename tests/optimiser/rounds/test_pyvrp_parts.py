"""The pieces of PyVRP's model: whole numbers, what costs in it, which stops it has, and the way there and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimiser.result import Budget
from optimiser.rounds.engines import pyvrp as engine
from optimiser.rounds.engines.carrying import chosen_limits, finest, who_may
from optimiser.rounds.engines.cut_clock import resting_ms
from optimiser.rounds.engines.pyvrp_arcs import Measure, arcs, measure, reach, states_reach
from optimiser.rounds.engines.pyvrp_choices import stated
from optimiser.rounds.engines.pyvrp_loads import loads
from optimiser.rounds.engines.pyvrp_model import relax
from optimiser.rounds.engines.pyvrp_orders import orders, start_from
from optimiser.rounds.engines.pyvrp_places import places
from optimiser.rounds.engines.working import works
from optimiser.rounds.price import price
from optimiser.rounds.problem import Break, DrivingRest, Lock, RoundsProblem, Shift, Shipment, VehicleCosts
from optimiser.rounds.tables import Kind, tables
from optimiser.rounds.ways import Way
from tests.notation import HOUR, TWELVE, plan, stop, town, vehicle
from tests.optimiser.rounds.stated import CASES, open_town


def unit(problem: RoundsProblem) -> float:
    known = tables(problem)
    return arcs(known, places(known, range(len(problem.stops)))).unit


@pytest.mark.parametrize(
    "name",
    [
        "a place is set up once",
        "driving and work are paid",
        "what is driven at work is paid",
        "overtime is paid",
        "only so much driving, which costs",
        "more goods than one round holds",
    ],
)
def test_the_model_counts_what_the_price_counts(name: str) -> None:
    problem = CASES[name].problem
    made = engine.solve(problem, budget=Budget(iterations=50), seed=1, initial=None, on_progress=lambda _: None).plan
    solution = start_from(relax(tables(problem)), made)
    assert solution is not None
    assert solution.is_feasible()
    cost = solution.distance_cost() + solution.duration_cost() + solution.fixed_vehicle_cost()
    assert cost / unit(problem) == pytest.approx(
        price(problem, made).net, rel=1e-3
    )  # a tick of wages is a whole number


@pytest.mark.parametrize(("amounts", "target"), [([3, 2, 1], 384.6), ([0.3, 0.25], 1234.5), ([7000, 9000], 0.12)])
def test_a_scale_makes_whole_numbers_of_decimals(amounts: list[float], target: float) -> None:
    scale = finest(np.array(amounts), target)
    assert np.array(amounts) * scale == pytest.approx(np.rint(np.array(amounts) * scale), abs=1e-6)
    assert scale >= 1


def test_amounts_that_are_no_decimals_keep_the_scale() -> None:
    assert finest(np.array([1 / 3]), 300.0) == 300.0


def test_what_just_fits_does_fit() -> None:
    problem = open_town([stop(n, kg=kg) for n, kg in zip("abcdef", (3, 1, 1, 2, 4, 2), strict=True)], [vehicle(kg=13)])
    dimensions = loads(tables(problem), range(6))
    assert dimensions.pickup.sum() == dimensions.room[0, 0]


def test_the_loading_that_suits_the_work_is_chosen() -> None:
    kind = tables(CASES["a bay for glass is chosen"].problem).kinds[0]
    assert chosen_limits(kind) == {(("paper", 1.0),): 1, (("glass", 1.0),): 4}


def test_a_lock_and_the_other_end_of_a_shipment_say_who_may() -> None:
    problem = replace(
        town(TWELVE, stops=[stop(n, kg=0) for n in "abc"], vehicles=[vehicle("v1"), vehicle("v2")]),
        shipments=(Shipment(id="s", pickup="a", delivery="b"),),
        locks=(Lock(vehicle="v2", stops=("b",)),),
    )
    assert who_may(tables(problem)).tolist() == [[False, True], [False, True], [True, True]]
    assert who_may(tables(problem), locks=False).all()


def test_set_ups_of_a_spot_of_its_own_are_work() -> None:
    way = Way(column=0, row=0, service_ms=5, setup_ms=7)
    done = works([replace(way, spot=1), replace(way, spot=1), replace(way, spot=2), way, None])
    assert done.service_ms.tolist() == [5, 5, 12, 12, 0]
    assert done.setup_ms.tolist() == [7, 7, 0, 0, 0]


def test_limits_on_the_way_are_stated_where_nothing_else_costs() -> None:
    def kind(**more: Any) -> Kind:
        return tables(open_town(["d"], [vehicle(**more)])).kinds[0]

    paid = kind(max_distance_m=5500)
    free = kind(max_distance_m=5500, costs=VehicleCosts())
    driven = kind(max_driving_s=600, costs=VehicleCosts())
    mixed = kind(max_distance_m=5500, costs=VehicleCosts(per_km=1.0, per_driving_hour=1.0))
    assert [measure(k) for k in (paid, free, driven, mixed)] == [
        Measure.MONEY,
        Measure.DISTANCE,
        Measure.DRIVING,
        Measure.MONEY,
    ]
    assert [reach(k, 1e6) for k in (paid, free, driven, mixed)] == [5_500_001, 55_000, 6000, None]
    assert [states_reach(k) for k in (paid, free, driven, mixed)] == [True, True, True, False]


def test_the_option_that_looks_cheapest_is_stated() -> None:
    apart, both, three = (
        CASES[name].problem for name in ("each side apart is nearer", "both sides at once is nearer", "one of three")
    )
    for problem, wanted in ((apart, "de"), (both, "d"), (three, "feda")):
        known = tables(problem)
        assert [problem.stops[k].id for k in stated(known, who_may(known))] == list(wanted)


def test_a_shipment_across_a_tip_is_no_start() -> None:
    problem = replace(
        town(TWELVE, stops=["a", stop("d", kg=0), stop("f", kg=0)]),
        shipments=(Shipment(id="s", pickup="d", delivery="f"),),
    )
    known = relax(tables(problem))
    assert start_from(known, plan(problem, "v1: d a | f")) is None
    assert start_from(known, plan(problem, "v1: a d f |")) is not None


def test_of_like_vehicles_each_takes_its_usual_stops() -> None:
    fleet = [vehicle("v1"), vehicle("v2")]
    work = [stop("d", kg=3.0, usual="v2"), stop("f", kg=3.0, usual="v1")]
    problem = open_town(work, fleet)
    known = relax(tables(problem))
    solution = start_from(known, plan(problem, "v1: d\nv2: f"))
    assert solution is not None
    assert sorted(orders(known, solution)) == [("v1", ["f"]), ("v2", ["d"])]


def test_a_shift_rests_as_long_as_its_breaks_and_what_work_asks_for() -> None:
    shift = Shift(start_s=6 * HOUR, end_s=14 * HOUR)
    lunch = Break(id="lunch", duration_s=1800, earliest_s=10 * HOUR, latest_s=11 * HOUR)
    rest = DrivingRest(id="rest", duration_s=900, after_s=3 * HOUR, of="work")
    by_wheel = replace(rest, of="driving")
    fleets = [(lunch,), None], [(), rest], [(lunch,), rest], [(), by_wheel]
    kinds = [tables(open_town(["d"], [vehicle(shift=shift, breaks=b, driving_rest=r)])).kinds[0] for b, r in fleets]
    assert [resting_ms(kind) / 60_000 for kind in kinds] == [30, 30, 45, 0]
