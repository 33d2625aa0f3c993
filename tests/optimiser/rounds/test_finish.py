"""From an engine's orders to a plan that keeps every rule."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, entry, new_draft, put
from optimiser.rounds.finish import feasible_part, polish, prune, settle
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem, Shift, VehicleCosts
from optimiser.rounds.repair import insert
from tests.notation import HOUR, TWELVE, plan, stop, town, vehicle, written
from tests.optimiser.rounds.made import problems

FOREVER = Deadline()
PASSED = Deadline(seconds=0.0, began=0.0)


def draft_of(problem: RoundsProblem, text: str = "") -> Draft:
    return new_draft(problem, plan(problem, text).rounds)


def hurried(minutes: float) -> RoundsProblem:
    shift = Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=60 * minutes)
    return town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle("v1", shift=shift), vehicle("v2", shift=shift)])


def test_rounds_that_fit_are_taken_as_they_are() -> None:
    problem = hurried(60)
    draft = draft_of(problem)
    assert settle(draft, [("v1", list("dabc")), ("v2", list("ghif"))], deadline=FOREVER) == 0
    assert written(draft.plan()) == "v1: d a b c e |\nv2: g h i f |" or check(problem, draft.plan()) == ()
    assert {s for tour in draft.plan().rounds for s in tour.stops} >= set("dabcghif")


def test_a_round_that_is_too_long_gives_up_what_costs_most_time_and_others_take_it() -> None:
    problem = hurried(50)
    draft = draft_of(problem)
    assert settle(draft, [("v1", list("dabcfehgi")), ("v2", [])], deadline=FOREVER) > 0
    made = draft.plan()
    assert check(problem, made) == ()
    assert len(made.rounds) == 2
    assert len(made.unserved) <= 1


def test_what_fits_nowhere_stays_out_and_is_said() -> None:
    problem = hurried(35)
    draft = draft_of(problem)
    settle(draft, [("v1", list("dabcfehgi")), ("v2", [])], deadline=FOREVER)
    made = draft.plan()
    assert check(problem, made) == ()
    assert 1 <= len(made.unserved) <= 2


def test_nothing_is_left_if_even_one_stop_is_too_much() -> None:
    problem = hurried(10)
    assert feasible_part(draft_of(problem), "v1", list("abc")) is None


def test_optional_stops_are_given_up_first() -> None:
    shift = Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=30 * 60)
    problem = town(TWELVE, stops=["d", stop("b", prize=9.0), "f"], vehicles=[vehicle(shift=shift)])
    tour = feasible_part(draft_of(problem), "v1", ["d", "b", "f"])
    assert tour is not None
    assert tour.stops == ("d", "f")


def test_a_vehicle_is_not_given_what_it_may_not_take() -> None:
    problem = town(TWELVE, stops=["a", stop("b", vehicles=frozenset({"v2"})), stop("c", kg=9)])
    tour = feasible_part(draft_of(problem), "v1", ["a", "b", "c"])
    assert tour is not None
    assert tour.stops == ("a",)


def test_insertion_takes_the_cheapest_place_and_a_new_vehicle_if_that_is_cheaper() -> None:
    problem = town(TWELVE, stops=list("def"), vehicles=[vehicle("v1"), vehicle("v2")])
    draft = draft_of(problem, "v1: d f")
    insert(draft, ["e"], deadline=FOREVER, most=10)
    assert written(draft.plan()) == "v1: d e f |"
    near = town(
        {**TWELVE, "yard": (3, 2)}, stops=["d", "c"], vehicles=[vehicle("v1", kg=1), vehicle("v2", kg=1, at="yard")]
    )
    draft = draft_of(near, "v1: d")
    insert(draft, ["c"], deadline=FOREVER, most=10)
    assert written(draft.plan()) == "v1: d |\nv2: c |"


def test_insertion_stops_in_time_and_at_its_count() -> None:
    problem = town(TWELVE, stops=list("abc"))
    draft = draft_of(problem)
    assert insert(draft, list("abc"), deadline=PASSED, most=10) == 0
    assert insert(draft, list("abc"), deadline=FOREVER, most=1) == 1
    assert len(draft.left()) == 2


def test_insertion_respects_the_most_stops() -> None:
    problem = town(TWELVE, stops=list("abc"), vehicles=[vehicle(max_stops=2)])
    draft = draft_of(problem)
    insert(draft, list("abc"), deadline=FOREVER, most=10)
    assert [len(tour.stops) for tour in draft.plan().rounds] == [2]


def test_an_optional_stop_comes_in_only_for_less_than_its_prize() -> None:
    problem = town(TWELVE, stops=["d", stop("b", prize=1.9), stop("h", prize=2.1)])
    draft = draft_of(problem, "v1: d")
    insert(draft, ["b", "h"], deadline=FOREVER, most=10)
    assert [left.stop for left in draft.plan().unserved] == ["b"]


def test_pruning_takes_out_what_does_not_pay() -> None:
    problem = town(TWELVE, stops=["d", stop("b", prize=1.0), stop("f", prize=5.0)])
    draft = draft_of(problem, "v1: d b f")
    prune(draft, FOREVER)
    assert written(draft.plan()) == "v1: d f |"


def test_pruning_drops_a_round_that_brings_less_than_it_costs() -> None:
    fleet = [vehicle(costs=VehicleCosts(fixed=50.0, per_km=1.0))]
    problem = town(TWELVE, stops=[stop("d", prize=9.0), stop("f", prize=9.0)], vehicles=fleet)
    draft = draft_of(problem, "v1: d f")
    prune(draft, FOREVER)
    assert draft.plan().rounds == ()


def test_polishing_never_makes_a_round_dearer() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"))
    draft = draft_of(problem)
    for tour in plan(problem, "v1: d | a b | c f e h | g i |").rounds:
        put(draft, entry(draft, tour))
    before = draft.costs["v1"]
    polish(draft, PASSED)
    assert draft.costs["v1"] == before
    polish(draft, FOREVER)
    assert draft.costs["v1"] < before


@settings(max_examples=50, deadline=None)
@given(problems(most_stops=7, most_vehicles=3, optional=True), st.randoms(use_true_random=False))
def test_any_orders_become_a_plan_that_keeps_every_rule(problem: RoundsProblem, random) -> None:
    names = [s.id for s in problem.stops]
    random.shuffle(names)
    shares: dict[str, list[str]] = {v.id: [] for v in problem.vehicles}
    for name in names:
        shares[random.choice(list(shares))].append(name)
    draft = new_draft(problem)
    settle(draft, list(shares.items()), deadline=FOREVER)
    polish(draft, FOREVER)
    made = draft.plan()
    assert check(problem, made) == ()
    total = sum(draft.costs.values())
    assert abs(total - price(problem, Plan(rounds=made.rounds)).total) < 1e-6
