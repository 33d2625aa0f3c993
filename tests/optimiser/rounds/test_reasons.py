"""Proofs that a stop cannot be served even alone."""

from __future__ import annotations

from hypothesis import given, settings

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.plan import PROVEN, Reason
from optimiser.rounds.problem import Break, Limit, RoundsProblem, Shift
from optimiser.rounds.reasons import impossible_alone
from tests.notation import HOUR, TWELVE, site, stop, town, vehicle
from tests.optimiser.rounds.brute import cheapest_round
from tests.optimiser.rounds.made import problems


def reason(problem: RoundsProblem, name: str = "a") -> Reason | None:
    found = impossible_alone(problem, [name])
    return found[name].reason if name in found else None


def test_possible_stops_are_not_named() -> None:
    assert impossible_alone(town(TWELVE, stops=list("abc"))) == {}


def test_one_vehicle_is_enough() -> None:
    problem = town(TWELVE, stops=[stop("a", kg=9)], vehicles=[vehicle("v1"), vehicle("v2", kg=10)])
    assert reason(problem) is None


def test_too_large_says_how_large() -> None:
    found = impossible_alone(town(TWELVE, stops=[stop("a", kg=9)]))
    assert found["a"].reason is Reason.TOO_LARGE
    assert "9 kg" in found["a"].detail


def test_a_dimension_that_is_in_no_limit_cannot_be_carried() -> None:
    problem = town(TWELVE, stops=[stop("a")], vehicles=[vehicle(limits=(Limit(name="x", weights={}, at_most=1),))])
    assert reason(problem) is Reason.TOO_LARGE


def test_no_site_for_it_or_none_that_the_vehicle_may_use() -> None:
    assert reason(town(TWELVE, stops=["a"], sites=[])) is Reason.NO_SITE
    assert reason(town(TWELVE, stops=["a"], vehicles=[vehicle(tip_sites=frozenset())])) is Reason.NO_SITE
    assert reason(town(TWELVE, stops=["a"], sites=[], vehicles=[vehicle(must_end_empty=False)])) is None
    assert reason(town(TWELVE, stops=[stop("a", kg=0)], sites=[])) is None


def test_the_site_can_be_what_is_out_of_reach() -> None:
    assert reason(town(TWELVE, stops=["a"], cut_off=["tip"])) is Reason.UNREACHABLE
    assert reason(town(TWELVE, stops=[stop("a", kg=0)], cut_off=["tip"])) is None


def test_no_time() -> None:
    assert reason(town(TWELVE, stops=["a"], sites=[site(windows=[(3, 4)])])) is Reason.NO_TIME
    short = vehicle(shift=Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=1200))
    assert reason(town(TWELVE, stops=["a"], vehicles=[short])) is Reason.NO_TIME


def test_a_break_can_be_what_leaves_no_time() -> None:
    lunch = Break(id="lunch", duration_s=3600, earliest_s=6.5 * HOUR, latest_s=6.9 * HOUR)
    shift = Shift(start_s=6 * HOUR, end_s=7.3 * HOUR)
    work = [stop("a", service_s=2800)]
    assert reason(town(TWELVE, stops=work, vehicles=[vehicle(shift=shift)])) is None
    assert reason(town(TWELVE, stops=work, vehicles=[vehicle(shift=shift, breaks=(lunch,))])) is Reason.NO_TIME


@settings(max_examples=60, deadline=None)
@given(problems(most_stops=2))
def test_what_is_named_cannot_be_done_and_what_is_not_can(problem: RoundsProblem) -> None:
    found = impossible_alone(problem)
    for s in problem.stops:
        tried = cheapest_round(problem, problem.vehicles[0], [s.id])
        assert (tried is None) == (s.id in found)
        assert tried is not None or found[s.id].reason in PROVEN


def test_nothing_is_looked_at_once_time_is_up() -> None:
    problem = town(TWELVE, stops=[stop("a", kg=9)])
    assert impossible_alone(problem, deadline=Deadline(seconds=0.0)) == {}
    assert set(impossible_alone(problem, deadline=Deadline(seconds=60.0))) == {"a"}
    assert impossible_alone(problem, []) == {}
