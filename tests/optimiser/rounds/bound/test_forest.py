"""The bound in seconds: never above the best plan, with the least tips and rounds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from optimiser.result import Budget
from optimiser.rounds.bound import forest as room
from optimiser.rounds.bound import front
from optimiser.rounds.bound.forest import forest
from optimiser.rounds.bound.kinds import kinds
from optimiser.rounds.bound.wanted import wanted
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.problem import Shift
from tests.notation import HOUR, TWELVE, stop, town, vehicle
from tests.optimiser.rounds.brute import cheapest_plan
from tests.optimiser.rounds.made import problems


def proven(problem, *, seconds: float | None = None):
    fleet = kinds(problem)
    return forest(problem, fleet, wanted(problem, fleet), Deadline(seconds=seconds))


def test_nine_bins_need_two_tips_of_five():
    found = proven(town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(kg=5)]))
    # eleven legs of a block at least, one more home from the tip
    assert (found.vehicles, found.tips) == (1, 2)
    assert found.value >= 12


def test_short_shifts_need_more_rounds():
    fleet = [vehicle(f"v{k}", kg=9, shift=Shift(start_s=6 * HOUR, end_s=6.8 * HOUR)) for k in range(3)]
    problem = town({"depot": (0, 0), "tip": (0, 0), "a": (10, 0), "b": (-10, 0)}, stops=["a", "b"], vehicles=fleet)
    assert proven(problem).vehicles == 2


def test_a_passed_deadline_leaves_what_needs_no_legs():
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(kg=5)])
    assert proven(problem, seconds=-1.0).value <= proven(problem).value


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(problems(most_stops=3, most_vehicles=2, optional=True))
def test_never_above_the_best_of_all_plans(problem):
    left, best = cheapest_plan(problem)
    assume(left == 0)
    assert proven(problem).value <= best + 1e-6


def test_blocks_say_what_the_whole_says(monkeypatch):
    rng = np.random.default_rng(7)
    places = {"depot": (0, 0), "tip": (9, 9), **{f"s{k}": tuple(rng.integers(0, 30, 2)) for k in range(40)}}
    problem = town(places, stops=[f"s{k}" for k in range(40)], vehicles=[vehicle(kg=7)])
    whole = proven(problem)
    monkeypatch.setattr(room, "BLOCK", 50)
    assert proven(problem).value == pytest.approx(whole.value)


def test_large_problems_are_told_by_the_forest(monkeypatch):
    monkeypatch.setattr(front, "MOST_ROWS", 5)
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(kg=5)])
    found = front.bound(problem, budget=Budget(iterations=50))
    assert found.value == pytest.approx(proven(problem).value, rel=1e-6)
    assert "at least 2 tips" in found.method


def test_stops_with_two_ways_count_once():
    problem = town({"depot": (0, 0), "tip": (0, 0), "a": (5, 0)}, stops=[stop("a")])
    assert proven(problem).value == pytest.approx(10)
