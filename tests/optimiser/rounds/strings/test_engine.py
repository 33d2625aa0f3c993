"""The engine around the search: what it takes, what it says, and that it keeps what it is given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimiser.plane import Metric, PlaneTravel
from optimiser.result import Budget, Progress
from optimiser.rounds.check import check
from optimiser.rounds.engines import strings
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.merit import merit
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import Break, Mode, RoundsProblem, Stop
from optimiser.rounds.solve import solve
from optimiser.rounds.strings import scene
from optimiser.rounds.strings.layout import ABSENT, NOW
from tests.notation import (
    TWELVE,
    choices,
    limit,
    locks,
    plan,
    rest,
    sets,
    shift,
    shipments,
    site,
    stop,
    town,
    vehicle,
    written,
)
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, searched, staged


def answer(problem: RoundsProblem, *, iterations: int = 100, seed: int = 1, initial: Plan | None = None) -> Plan:
    """Return the engine's own plan."""
    budget = Budget(iterations=iterations)
    return strings.solve(problem, budget=budget, seed=seed, initial=initial, on_progress=lambda _: None).plan


def notes(problem: RoundsProblem) -> str:
    """Return what the engine says of its plan."""
    found = strings.solve(
        problem, budget=Budget(iterations=20), seed=1, initial=None, on_progress=lambda _: None
    )  # fmt: skip
    assert check(problem, found.plan) == ()
    return " ".join(found.notes)


def test_it_is_an_engine() -> None:
    assert ENGINES["strings"] is strings
    assert strings.supports(town(TWELVE, stops=["a"])) == ()


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (town(TWELVE, stops=[]), "there is nothing to plan"),
        (town(TWELVE, stops=["a"], vehicles=[]), "there is nothing to plan"),
        (town(TWELVE, stops=[stop("a", kg=0, deliveries={"kg": 1.0})]), "goods to deliver"),
        (town(TWELVE, stops=["a", "b"], shipments=shipments("a>b")), "shipments"),
        (town(TWELVE, stops=["a", "b", "c"], choices=choices("a | b c")), "choices"),
        (
            town(TWELVE, stops=["a"], vehicles=[vehicle(limits=(), loadings=((limit(3),), (limit(4),)))]),
            "vehicles that can be divided up in several ways",
        ),
        (
            town(
                TWELVE,
                dimensions=("kg", "glass"),
                stops=["a", stop("b", loads={"glass": 1.0})],
                sites=[site(), site("c", accepts={"glass"})],
                vehicles=[vehicle(limits=(limit(4, "kg", "glass"),))],
            ),
            "sites that take a part of the waste only",
        ),
    ],
)
def test_what_it_cannot_take_it_says(problem: RoundsProblem, reason: str) -> None:
    assert any(reason in against for against in strings.supports(problem))


@pytest.mark.parametrize(
    ("more", "missed"),
    [
        ({"apart": sets("a b")}, "what must stay apart"),
        ({"together": sets("a b")}, "what must go together"),
        ({"locks": locks("v1: b a")}, "locks"),
        ({"stops": [stop("a", windows=[(7, 8), (9, 10)]), "b"]}, "gaps between windows"),
        ({"sites": [site(fees={"kg": 1.0})]}, "gate fees by weight"),
        ({"vehicles": [vehicle(breaks=(rest("lunch", 30, (8, 9)),))]}, "breaks but as time that is cut out"),
    ],
)
def test_what_it_does_not_see_is_in_the_notes_and_kept(more: dict[str, object], missed: str) -> None:
    problem = town(TWELVE, **{"stops": ["a", "b", "c"], **more})  # type: ignore[arg-type]
    assert missed in notes(problem)


def test_nothing_is_said_of_what_it_sees() -> None:
    truck = vehicle(shift=shift(6, 8, overtime=1), max_stops=3, day_limits=(limit(3),))
    problem = town(TWELVE, stops=["a", stop("b", prize=3.0, release=7), stop("c", windows=[(6, 9)])], vehicles=[truck])
    assert notes(problem) == ""


def test_what_is_ready_late_has_a_trip_of_its_own() -> None:
    stops: list[Stop | str] = ["a", "b", stop("c", release=9, windows=[(9, 9.5)]), stop("f", windows=[(6, 8)])]
    found = answer(town(TWELVE, stops=stops, vehicles=[vehicle(kg=9.0)]))
    assert found.unserved == ()
    assert written(found).endswith("| c |")


@pytest.mark.parametrize("name", list(CLASSES))
def test_its_plan_keeps_every_rule(name: str) -> None:
    problem = problem_of(CLASSES[name], 11)
    found = answer(problem)
    assert check(problem, found) == ()
    served = {one for tour in found.rounds for one in tour.stops}
    assert served | {left.stop for left in found.unserved} == {one.id for one in problem.stops}
    assert len(served) >= len(problem.stops) // 2


@pytest.mark.parametrize("name", ["plain", "modes", "windows", "tips and windows", "all"])
def test_the_answer_is_never_worse_than_where_it_starts(name: str) -> None:
    problem = problem_of(CLASSES[name], 12)
    good = answer(problem, iterations=3000)
    again = answer(problem, iterations=1, seed=9, initial=good)
    assert merit(problem, again) <= merit(problem, good)


def test_the_search_goes_on_from_the_initial_plan() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"))
    good = plan(problem, "v1: a b c f | d e | g h i |")
    found = answer(problem, iterations=1, initial=good)
    assert price(problem, found).net <= price(problem, good).net


def test_an_initial_plan_with_breaks_is_taken() -> None:
    lunch: Break = rest("lunch", 30, (7, 8))
    problem = town(TWELVE, stops=list("abc"), vehicles=[vehicle(breaks=(lunch,), shift=shift(6, 9))])
    good = plan(problem, "v1: a b c |")
    assert check(problem, answer(problem, iterations=1, initial=good)) == ()


@pytest.mark.parametrize("name", ["modes", "tips and windows"])
def test_the_same_seed_gives_the_same_plan(name: str) -> None:
    problem = problem_of(CLASSES[name], 13)
    assert answer(problem, seed=5) == answer(problem, seed=5)


def test_a_second_is_a_second() -> None:
    problem = problem_of(CLASSES["all"], 14)
    news: list[Progress[Plan]] = []
    result = solve(problem, engine="strings", budget=Budget(seconds=1.0), seed=1, on_progress=news.append)
    assert result.plan is not None
    assert result.iterations is not None
    assert result.iterations > 100
    assert check(problem, result.plan) == ()
    assert all(one.plan is None or check(problem, one.plan) == () for one in news)


def test_the_optimum_of_a_small_town() -> None:
    found = solve(town(TWELVE, stops=list("abcdefghi")), engine="strings", budget=Budget(iterations=500), seed=1)
    other = solve(town(TWELVE, stops=list("abcdefghi")), engine="ruin", budget=Budget(iterations=100), seed=1)
    assert found.price is not None
    assert other.price is not None
    assert found.price.net <= other.price.net


def test_who_may_serve_what_is_kept_by_name() -> None:
    trucks = [vehicle(f"v{k}") for k in range(3)]
    stops = [stop("a"), stop("b", vehicles=frozenset({"v2"})), stop("c", vehicles=frozenset({"v1"}))]
    found = answer(town(TWELVE, stops=stops, vehicles=trucks))
    by = {one: tour.vehicle for tour in found.rounds for one in tour.stops}
    assert (by["b"], by["c"]) == ("v2", "v1")


def plane(count: int) -> RoundsProblem:
    """Return made-up stops on a plane of 10 km, and vehicles for 60 of them each, some more than needed."""
    rng = np.random.default_rng(5)
    names = ("depot", *(f"s{k}" for k in range(count)))
    xy = rng.integers(0, 10_000, (count + 1, 2)).astype(np.float64)
    travel = PlaneTravel(names=names, xy=xy, metric=Metric.EUCLID, dm=10.0)
    stops = tuple(Stop(id=n, modes=(Mode(arrive=n, leave=n, service_s=0.0),), loads={"kg": 1.0}) for n in names[1:])
    fleet = tuple(vehicle(f"v{k}", kg=60.0, must_end_empty=False) for k in range(count // 30))
    return RoundsProblem(dimensions=("kg",), stops=stops, tip_sites=(), vehicles=fleet, travel={"truck": travel})


def test_thousands_of_stops_on_a_plane() -> None:
    problem = plane(4_500)
    posed = staged(problem)
    assert not posed.scene.dense
    greedy = searched(posed, iterations=0, neighbours=40)
    assert greedy.purse[ABSENT] == 0
    found = answer(problem, iterations=4_000)
    assert check(problem, found) == ()
    assert found.unserved == ()
    assert price(problem, found).net < 0.99 * greedy.purse[NOW] * posed.tick


@pytest.mark.parametrize(
    ("service_s", "most_stops"),
    [(30.0, None), (0.0, 60)],
)
def test_rounds_with_labels_on_a_large_plane_have_their_legs_in_arrays(
    service_s: float, most_stops: int | None
) -> None:
    problem = plane(4_100)
    stops = tuple(replace(one, modes=(replace(one.modes[0], service_s=service_s),)) for one in problem.stops)
    fleet = tuple(replace(one, max_stops=most_stops) for one in problem.vehicles)
    problem = replace(problem, stops=stops, vehicles=fleet)
    posed = staged(problem)
    assert posed.scene.labelled
    assert posed.scene.dense
    greedy = searched(posed, iterations=0, neighbours=40)
    assert greedy.purse[ABSENT] == 0
    assert check(problem, answer(problem, iterations=200)) == ()


def test_what_does_not_fit_into_memory_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "MOST_BYTES", 1e6)
    large = plane(4_100)
    assert strings.supports(large) == ()
    limited = replace(large, vehicles=tuple(replace(one, max_stops=60) for one in large.vehicles))
    assert strings.supports(limited) == ("legs between 4,101 places would take 0.3 GB",)


def test_an_optional_stop_is_served_for_its_prize_and_not_for_less() -> None:
    problem = town(TWELVE, stops=["a", stop("i", prize=0.5), stop("b", prize=9.0)])
    assert written(answer(problem)) in {"v1: a b |", "v1: b a |"}


def test_weights_say_who_is_left_out() -> None:
    truck = vehicle(kg=4.0, tip_sites=frozenset(), must_end_empty=False)
    stops = [stop(name, kg=2.0, weight=weight) for name, weight in zip("abc", (1.0, 5.0, 3.0), strict=True)]
    problem = replace(town(TWELVE, stops=stops, vehicles=[truck]), tip_sites=())
    problem = replace(problem, vehicles=(replace(truck, tip_sites=None),))
    assert {left.stop for left in answer(problem).unserved} == {"a"}
