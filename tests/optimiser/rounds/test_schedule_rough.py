"""Rounds for orders that cannot be kept: whatever they break, their times add up."""

from __future__ import annotations

from random import Random

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.plan import Act
from optimiser.rounds.problem import Break, DrivingRest, Mode
from optimiser.rounds.rough import rough_round
from tests.notation import HOUR, TWELVE, stop, town, vehicle
from tests.optimiser.rounds.brute import alone
from tests.optimiser.rounds.complete import complete

OF_THE_CLOCK = {
    *("arrival-wrong", "starts-before-arrival", "service-wrong", "break-length", "break-twice", "release-early"),
    *("unknown-stop", "unknown-site", "unknown-break", "unknown-mode", "unknown-time", "shift-start"),
}


@pytest.mark.parametrize("tips", ["free", "listed"])
@pytest.mark.parametrize("seed", range(30))
def test_times_add_up_whatever_is_broken(seed: int, tips: str) -> None:
    problem = complete(seed, stops=6, vehicles=1)
    visits = [*(work.id for work in problem.stops), *(site.id for site in problem.tip_sites)]
    Random(seed).shuffle(visits)
    tour = rough_round(problem, problem.vehicles[0], visits, tips=tips)
    assert set(tour.stops) == {work.id for work in problem.stops}
    assert not OF_THE_CLOCK & {violation.code for violation in check(problem, alone(problem, [tour]))}


@pytest.mark.parametrize("seed", range(10))
def test_breaks_that_are_always_due_are_taken(seed: int) -> None:
    problem = complete(seed, stops=4, vehicles=1, only={Feature.BREAKS_ALWAYS, Feature.BREAK_PLACES})
    tour = rough_round(problem, problem.vehicles[0], [work.id for work in problem.stops], tips="free")
    taken = {visit.id for visit in tour.visits if visit.act is Act.BREAK}
    assert {rest.id for rest in problem.vehicles[0].breaks if rest.always} <= taken


def test_a_rest_comes_before_too_much_driving_has_gathered() -> None:
    rest = DrivingRest(id="rest", duration_s=900, after_s=300)
    problem = town(TWELVE, stops=list("abc"), vehicles=[vehicle(driving_rest=rest)])
    tour = rough_round(problem, problem.vehicles[0], ["a", "b", "c"], tips="free")
    assert [visit.id for visit in tour.visits] == ["a", "rest", "b", "c", "rest", "tip"]


def test_the_nearer_place_for_a_break() -> None:
    places = {**TWELVE, "inn": (1, 3), "yard": (9, 9)}
    ways = tuple(Mode(arrive=name, leave=name, service_s=0) for name in ("yard", "inn"))
    lunch = Break(id="lunch", duration_s=600, earliest_s=6 * HOUR, latest_s=6.1 * HOUR, modes=ways)
    problem = town(
        places, stops=[stop("a", service_s=60), stop("b", service_s=HOUR)], vehicles=[vehicle(breaks=(lunch,))]
    )
    tour = rough_round(problem, problem.vehicles[0], ["a", "b"], tips="free")
    assert [(visit.id, visit.mode) for visit in tour.visits] == [("a", 0), ("lunch", 1), ("b", 0), ("tip", 0)]
