"""From orders to times: optima on paper, orders that cannot be kept, and the checker as oracle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Order, Plan, Reason
from optimiser.rounds.price import price
from optimiser.rounds.problem import Break, Mode, RoundsProblem, Shift, VehicleCosts
from optimiser.rounds.schedule import best_order, schedule
from optimiser.rounds.tables import tables
from tests.notation import HOUR, TWELVE, grid_travel, plan, site, stop, town, vehicle, written
from tests.optimiser.rounds.made import problems


def codes(problem: RoundsProblem, made: Plan) -> list[str]:
    return [violation.code for violation in check(problem, made)]


def test_tips_where_the_way_is_shortest() -> None:
    # nine stops, room for four: three tips; tipping after c and after f costs 2 blocks more than driving past
    problem = town(TWELVE, stops=list("abcdefghi"))
    made = plan(problem, "v1: d a b c f e h g i")
    assert written(made) == "v1: d a b c | f | e h g i |"
    assert codes(problem, made) == []
    assert price(problem, made).distance_m == 20_000


def test_the_nearer_of_two_sites() -> None:
    places = {**TWELVE, "north": (2, 3)}
    problem = town(
        places, stops=["a", "b", stop("c", kg=2)], sites=[site("tip"), site("north")], vehicles=[vehicle(kg=2)]
    )
    assert written(plan(problem, "v1: a b c")) == "v1: a b |north c |"


def test_the_dearer_gate_is_avoided_if_the_way_is_worth_it() -> None:
    places = {**TWELVE, "north": (2, 3)}
    for fee, expected in ((1.0, "v1: a b |north"), (4.0, "v1: a b |")):
        problem = town(places, stops=list("ab"), sites=[site("tip"), site("north", fees={"kg": fee})])
        assert written(plan(problem, "v1: a b")) == expected


def test_each_stream_to_its_site() -> None:
    problem = town(
        {**TWELVE, "north": (4, 2)},
        dimensions=("paper", "glass"),
        stops=[stop("a", loads={"paper": 1.0}), stop("b", loads={"glass": 1.0})],
        sites=[site("tip", accepts=frozenset({"paper"})), site("north", accepts=frozenset({"glass"}))],
        vehicles=[vehicle(limits=tables_limits("paper", "glass"))],
    )
    made = plan(problem, "v1: a b")
    assert written(made) == "v1: a b |north |"
    assert codes(problem, made) == []


def tables_limits(*dimensions: str):
    return tuple(replace(vehicle().limits[0], name=d, weights={d: 1.0}) for d in dimensions)


def test_listed_tips_stay_where_they_are() -> None:
    problem = town(TWELVE, stops=list("abc"))
    assert written(plan(problem, "v1: a | b | c |")) == "v1: a | b | c |"


def test_leaves_as_late_as_costs_nothing() -> None:
    problem = town(TWELVE, stops=[stop("a", windows=[(8, 9)]), "b"])
    tour = plan(problem, "v1: a b").rounds[0]
    assert (tour.start_s, tour.visits[0].arrive_s, tour.visits[0].start_s) == (8 * HOUR - 240, 8 * HOUR, 8 * HOUR)
    early = town(TWELVE, stops=[stop("a", windows=[(6, 6.5)]), stop("b", windows=[(8, 9)])])
    tour = plan(early, "v1: a b").rounds[0]
    assert tour.visits[0].start_s == 6.5 * HOUR
    assert tour.visits[1].start_s == 8 * HOUR


def test_of_equal_days_the_earlier() -> None:
    tour = plan(town(TWELVE, stops=["a"]), "v1: a").rounds[0]
    assert tour.start_s == 6 * HOUR


def test_the_second_window_if_the_first_is_missed() -> None:
    problem = town(TWELVE, stops=[stop("a", windows=[(8, 8.01)]), stop("b", windows=[(6, 8), (10, 11)])])
    tour = plan(problem, "v1: a b").rounds[0]
    assert [visit.start_s / HOUR for visit in tour.visits[:2]] == [pytest.approx(8.01), 10]


def test_a_break_between_visits_and_in_its_window() -> None:
    lunch = Break(id="lunch", duration_s=1800, earliest_s=6.1 * HOUR, latest_s=6.5 * HOUR)
    problem = town(
        TWELVE,
        stops=[stop("a", windows=[(6, 6.2)]), stop("c", service_s=2400), "f"],
        vehicles=[vehicle(breaks=(lunch,))],
    )
    made = plan(problem, "v1: a c f")
    assert codes(problem, made) == []
    rest = next(visit for visit in made.rounds[0].visits if visit.act is Act.BREAK)
    assert 6.1 * HOUR <= rest.start_s <= 6.5 * HOUR
    assert rest.end_s - rest.start_s == 1800


def test_a_break_is_taken_before_a_leg_that_covers_its_window() -> None:
    lunch = Break(id="lunch", duration_s=600, earliest_s=7 * HOUR, latest_s=7.1 * HOUR)
    far = {**TWELVE, "far": (40, 1)}
    problem = town(far, stops=[stop("a", kg=0, windows=[(6, 6.1)]), "far"], vehicles=[vehicle(breaks=(lunch,))])
    made = plan(problem, "v1: a far")
    assert written(made) == "v1: a ~lunch far |"
    assert made.rounds[0].visits[1].start_s == 7 * HOUR
    assert codes(problem, made) == []


def test_the_mode_that_leads_on() -> None:
    ways = (Mode(arrive="a", leave="a", service_s=60), Mode(arrive="g", leave="g", service_s=60))
    problem = town(TWELVE, stops=[stop("x", modes=ways), "h"])
    made = plan(problem, "v1: x h")
    assert made.rounds[0].visits[0].mode == 1
    assert price(problem, made).distance_m == 10_000


def test_asymmetric_ways() -> None:
    travel = grid_travel(TWELVE)
    distance = travel.distance_dm.copy()
    distance[travel.row("a"), travel.column("tip")] += 5
    skewed = replace(travel, duration_ms=travel.duration_ms.copy(), distance_dm=distance)
    problem = replace(town(TWELVE, stops=["a"]), travel={"truck": skewed})
    assert price(problem, plan(problem, "v1: a")).distance_m == 10_000.5


def test_an_order_that_cannot_be_kept_still_has_times() -> None:
    problem = town(
        TWELVE,
        stops=[stop("a", windows=[(6, 6.01)]), stop("b", windows=[(6.02, 6.03)]), stop("c", kg=9)],
        vehicles=[vehicle(kg=4, shift=Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=HOUR))],
    )
    made = plan(problem, "v1: b a c")
    assert made.rounds[0].stops == ("b", "a", "c")
    assert set(codes(problem, made)) == {"window-missed", "limit-exceeded"}


def test_overloaded_as_listed_keeps_the_best_times() -> None:
    problem = town(TWELVE, stops=[stop("a", kg=3, windows=[(8, 9)]), stop("b", kg=3)])
    made = plan(problem, "v1: a b |")
    assert codes(problem, made) == ["limit-exceeded"]
    assert made.rounds[0].start_s == 8 * HOUR - 240


def test_a_late_round_does_not_wait_for_nothing() -> None:
    problem = town(TWELVE, stops=[stop("a", windows=[(10, 11)]), stop("b", windows=[(6, 6.1)])])
    made = plan(problem, "v1: a b")
    assert codes(problem, made) == ["window-missed"]
    assert made.rounds[0].start_s == 10 * HOUR - 240


def test_a_broken_order_rests_as_it_must() -> None:
    lunch = Break(id="lunch", duration_s=600, earliest_s=6.5 * HOUR, latest_s=7 * HOUR)
    problem = town(
        TWELVE,
        stops=[stop("a", windows=[(6, 6.1)]), stop("c", windows=[(5, 5.5)]), stop("f", service_s=3 * HOUR), "i"],
        vehicles=[vehicle(breaks=(lunch,))],
    )
    made = plan(problem, "v1: a c f i")
    assert set(codes(problem, made)) == {"window-missed"}


def test_a_leg_that_leads_nowhere_takes_no_time() -> None:
    problem = town(TWELVE, stops=["a", "b"], cut_off=["b"])
    made = plan(problem, "v1: a b")
    assert set(codes(problem, made)) == {"unreachable-leg"}


def test_who_is_not_named_is_left_out() -> None:
    problem = town(TWELVE, stops=["a", stop("b", prize=1.0), "c"])
    made = plan(problem, "v1: c")
    assert {left.stop: left.reason for left in made.unserved} == {"a": Reason.NO_ROOM, "b": Reason.NOT_WORTH_IT}


def test_an_order_without_stops_makes_no_round() -> None:
    problem = town(TWELVE, stops=["a"])
    assert schedule(problem, [Order(vehicle="v1", visits=())]).rounds == ()
    assert schedule(problem, [Order(vehicle="v1", visits=("tip",), tips="listed")]).rounds == ()


@pytest.mark.parametrize(
    "order",
    [
        Order(vehicle="ghost", visits=("a",)),
        Order(vehicle="v1", visits=("z",)),
        Order(vehicle="v1", visits=("a",), tips="maybe"),
    ],
)
def test_unknown_names_are_refused(order: Order) -> None:
    with pytest.raises(ValueError, match=r"unknown|maybe"):
        schedule(town(TWELVE, stops=["a"]), [order])


def test_the_inner_pass_says_none_instead_of_breaking_a_rule() -> None:
    known = tables(town(TWELVE, stops=[stop("a", kg=5), "b"], vehicles=[vehicle(), vehicle("v2", max_stops=0)]))
    assert best_order(known, Order(vehicle="v1", visits=("a",))) is None
    assert best_order(known, Order(vehicle="v2", visits=("b",))) is None
    assert best_order(known, Order(vehicle="v1", visits=("b",), tips="listed")) is None
    tour = best_order(known, Order(vehicle="v1", visits=("b",)))
    assert tour is not None
    assert [visit.id for visit in tour.visits] == ["b", "tip"]


def test_wages_make_waiting_dear() -> None:
    costs = VehicleCosts(per_hour=60.0, per_km=1.0)
    problem = town(
        TWELVE,
        stops=[stop("a", windows=[(6, 14)]), stop("b", windows=[(12, 13)])],
        vehicles=[vehicle(costs=costs)],
    )
    assert price(problem, plan(problem, "v1: a b")).waiting_s == 0


@settings(max_examples=80, deadline=None)
@given(problems(most_stops=5, most_vehicles=2), st.randoms(use_true_random=False))
def test_free_orders_are_feasible_or_visibly_broken(problem: RoundsProblem, random) -> None:
    names = [s.id for s in problem.stops]
    random.shuffle(names)
    cut = random.randint(0, len(names))
    parts = [names[:cut], names[cut:]]
    wanted = [Order(vehicle=v.id, visits=tuple(p)) for v, p in zip(problem.vehicles, parts, strict=False)]
    made = schedule(problem, wanted)
    known = tables(problem)
    inner = {order.vehicle: best_order(known, order) for order in wanted if order.visits}
    broken = {violation.vehicle for violation in check(problem, made)}
    assert broken == {name for name, tour in inner.items() if tour is None}
    assert all(tour == inner[tour.vehicle] for tour in made.rounds if inner[tour.vehicle] is not None)
