"""Ruin and recreate: every draft on the way keeps every rule, and what comes out is no worse than what went in."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, new_draft, standing
from optimiser.rounds.features import Feature
from optimiser.rounds.improve import improve
from optimiser.rounds.level import level
from optimiser.rounds.merit import merit
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import Aims, Balance, Choice, Lock, Measure, RoundsProblem, Shipment, VehicleCosts
from optimiser.rounds.removal import alike, neighbourhood, scattered, strings, take_out, whole_round
from optimiser.rounds.repair import insert
from optimiser.rounds.solve import solve
from tests.notation import TWELVE, plan, stop, town, vehicle, written
from tests.optimiser.rounds.brute import cheapest_plan
from tests.optimiser.rounds.complete import complete
from tests.optimiser.rounds.made import problems

FOREVER = Deadline()
PASSED = Deadline(seconds=0.0, began=0.0)
FLEET = [vehicle("v1", must_end_empty=False), vehicle("v2", must_end_empty=False)]


def drafted(problem: RoundsProblem, text: str = "") -> Draft:
    draft = new_draft(problem, plan(problem, text).rounds)
    insert(draft, draft.left(), deadline=FOREVER)
    return draft


def improved(problem: RoundsProblem, text: str, *, iterations: int = 40, seed: int = 1) -> Plan:
    draft = new_draft(problem, plan(problem, text).rounds)
    improve(draft, deadline=FOREVER, iterations=iterations, rng=Random(seed))
    return draft.plan()


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_taken_out_the_rest_keeps_every_rule(seed: int) -> None:
    problem, rng = complete(seed), Random(seed)
    draft = drafted(problem)
    assert draft.entries
    near = neighbourhood(draft)
    for draw in (strings, alike):
        _taken_out(draft, draw(draft, near, rng))
    for draw in (whole_round, scattered):
        if draft.entries:
            _taken_out(draft, draw(draft, rng))


def _taken_out(draft: Draft, stops: set[str]) -> None:
    before = set(draft.holder)
    gone = take_out(draft, sorted(stops))
    assert set(gone) == before - set(draft.holder)
    assert not any(draft.holder.get(stop) for stop in gone)
    broken = {one.code for one in check(draft.problem, draft.plan())} - {"balance-exceeded"}
    assert not broken
    insert(draft, draft.left(), deadline=FOREVER)


def test_units_leave_as_a_whole_and_locked_stops_stay() -> None:
    problem = replace(
        town(TWELVE, stops=list("abcdef"), sites=[], vehicles=[vehicle(kg=9, must_end_empty=False)]),
        shipments=(Shipment(id="x", pickup="a", delivery="b"),),
        together=(frozenset("cd"),),
        locks=(Lock(vehicle="v1", stops=("e",)),),
    )
    draft = drafted(problem, "v1: a b c d e f")
    assert sorted(take_out(draft, ["b", "e"])) == ["a", "b"]
    assert sorted(take_out(draft, ["c"])) == ["c", "d"]
    assert set(draft.holder) == {"e", "f"}


@pytest.mark.parametrize("seed", range(8))
def test_what_comes_out_is_no_worse_and_keeps_every_rule(seed: int) -> None:
    problem = complete(seed)
    draft = drafted(problem)
    level(draft, FOREVER)
    before, seen = standing(draft), list[Plan]()
    improve(draft, deadline=FOREVER, iterations=8, rng=Random(seed), on_better=lambda one: seen.append(one.plan()))
    assert standing(draft) <= before
    assert [check(problem, one) for one in [*seen, draft.plan()]] == [()] * (len(seen) + 1)
    posed = replace(problem, aims=replace(problem.aims, first=()))
    worth = [merit(posed, one) for one in seen]
    assert worth == sorted(worth, reverse=True)


def test_the_same_chance_gives_the_same_draft() -> None:
    problem = complete(3)
    made = []
    for _ in range(2):
        draft = drafted(problem)
        improve(draft, deadline=FOREVER, iterations=10, rng=Random(5))
        made.append(draft.plan())
    assert made[0] == made[1]


def test_no_time_no_change() -> None:
    problem = town(TWELVE, stops=list("abc"))
    draft = drafted(problem, "v1: c a b |")
    assert improve(draft, deadline=PASSED, iterations=None, rng=Random(1)) == 0
    assert written(draft.plan()) == "v1: c a b |"


def test_a_detour_is_straightened() -> None:
    problem = town(TWELVE, stops=list("defabc"), sites=[], vehicles=[vehicle(kg=9, must_end_empty=False)])
    assert price(problem, improved(problem, "v1: f a d c b e")).distance_m == 8000


def test_rounds_are_closed_if_that_saves_their_price() -> None:
    dear = [replace(one, costs=VehicleCosts(fixed=50.0, per_km=1.0)) for one in FLEET]
    problem = town(TWELVE, stops=list("adg"), sites=[], vehicles=dear)
    assert len(improved(problem, "v1: a d\nv2: g").rounds) == 1


def test_another_vehicle_takes_a_round_over_if_it_is_cheaper() -> None:
    cheap = replace(FLEET[1], costs=VehicleCosts(per_km=0.5))
    problem = town(TWELVE, stops=list("def"), sites=[], vehicles=[FLEET[0], cheap])
    assert [tour.vehicle for tour in improved(problem, "v1: d e f").rounds] == ["v2"]


def test_the_option_of_a_choice_is_changed() -> None:
    problem = replace(
        town(TWELVE, stops=["h", "d", "e", "f"]), choices=(Choice(id="side", options=(("h",), ("d", "e"))),)
    )
    assert written(improved(problem, "v1: h f |")) == "v1: d e f |"


def test_what_is_locked_stays_where_it_is() -> None:
    problem = replace(
        town(TWELVE, stops=list("abc"), sites=[], vehicles=FLEET), locks=(Lock(vehicle="v2", stops=("b", "a", "c")),)
    )
    assert written(improved(problem, "v2: b a c")) == "v2: b a c"


def test_uneven_rounds_are_levelled_also_without_time() -> None:
    even = Aims(balance=(Balance(measure=Measure.STOPS, at_most=1.0),))
    problem = replace(town(TWELVE, stops=list("abcdef"), sites=[], vehicles=FLEET), aims=even)
    for deadline in (FOREVER, PASSED):
        draft = new_draft(problem, plan(problem, "v1: a b c d\nv2: e").rounds)
        level(draft, deadline)
        assert check(problem, draft.plan()) == ()
        assert draft.entries
    draft = new_draft(problem, plan(problem, "v1: a b c d\nv2: e").rounds)
    level(draft, FOREVER)
    assert len(draft.holder) == 5


def test_an_optional_shipment_is_fetched_only_for_more_than_it_costs() -> None:
    # d alone is 2 blocks; d and then from f to e is 6
    for prize, served in ((1.9, {"d"}), (2.1, {"d", "e", "f"})):
        optional = [stop(name, kg=0, prize=prize) for name in "ef"]
        problem = replace(
            town(TWELVE, stops=["d", *optional], sites=[], vehicles=FLEET[:1]),
            shipments=(Shipment(id="x", pickup="f", delivery="e"),),
        )
        for text in ("v1: d", "v1: d f e"):
            assert {name for tour in improved(problem, text).rounds for name in tour.stops} == served


def test_nothing_beats_trying_everything_and_ruin_nearly_always_meets_it() -> None:
    met: list[bool] = []

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(problems(most_stops=3, most_vehicles=2, dimensions=1, optional=True))
    def try_everything(problem: RoundsProblem) -> None:
        best = cheapest_plan(problem)
        result = solve(problem, engine="ruin", budget=Budget(iterations=30), seed=1)
        assert result.plan is not None
        found = merit(problem, result.plan)
        assert found >= (best[0], best[1] - 1e-4)
        met.append(found <= (best[0], best[1] + 1e-4))

    try_everything()
    assert sum(met) >= 0.95 * len(met)


# where the cheapest round of each set of stops makes the cheapest plan, and trying everything is exact
EXACT = sorted(set(Feature) - {Feature.CAPS, Feature.ORDER_OF_AIMS, Feature.BALANCE, Feature.PERIODS})


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 40))])
def test_with_any_rules_it_meets_the_best_of_everything_tried(seed: int) -> None:
    problem = complete(seed, stops=3, vehicles=1, only=Random(seed).sample(EXACT, 4))
    best = cheapest_plan(problem)
    result = solve(problem, engine="ruin", budget=Budget(iterations=30), seed=1)
    assert result.plan is not None
    assert merit(problem, result.plan) == pytest.approx(best, abs=1e-4)
