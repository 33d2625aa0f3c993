from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.engines import ortools
from optimiser.rounds.engines.ortools import build
from optimiser.rounds.engines.ortools_costs import fees_at
from optimiser.rounds.engines.ortools_model import Model, routes_of
from optimiser.rounds.engines.ortools_nodes import NO_WAY_MS, lay_nodes
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import Break, Limit, Mode, RoundsProblem, Shift, VehicleCosts
from optimiser.rounds.tables import tables
from tests.notation import HOUR, TWELVE, plan, site, stop, town, vehicle, written

ITERATIONS = Budget(iterations=40)


def modelled(problem: RoundsProblem, start: Plan | None = None) -> tuple[Model, Any]:
    parameters = ortools._parameters(ITERATIONS, ortools.Deadline())
    model = build(tables(problem), start)
    model.routing.CloseModelWithParameters(parameters)
    return model, parameters


def found(problem: RoundsProblem, **choices: Any) -> Plan:
    """Return OR-Tools' own plan, which must keep the rules."""
    answer = ortools.solve(
        problem, **{"budget": ITERATIONS, "seed": 1, "initial": None, "on_progress": lambda _: None, **choices}
    )
    assert check(problem, answer.plan) == ()
    return answer.plan


def served(made: Plan) -> dict[str, str]:
    return {name: tour.vehicle for tour in made.rounds for name in tour.stops}


def test_a_plan_becomes_routes_and_an_assignment_and_comes_back() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle("v1"), vehicle("v2"), vehicle("v3")])
    made = plan(problem, "v1: a b c f | d e |\nv3: g h i |")
    model, _ = modelled(problem, made)
    routes = routes_of(made, model.nodes)
    names = [[model.nodes.works[n][0] if n < model.nodes.first_tip else "|" for n in route] for route in routes]
    assert names == [[0, 1, 2, 5, "|", 3, 4, "|"], [], [6, 7, 8, "|"]]
    tips = [node for route in routes for node in route if node >= model.nodes.first_tip]
    assert len(set(tips)) == 3
    assignment = model.assignment(routes)
    assert assignment is not None
    assert model.routes(assignment) == routes


def test_the_model_counts_what_the_price_counts() -> None:
    costs = VehicleCosts(fixed=7.0, per_hour=18.0, per_km=1.5)
    problem = town(
        TWELVE, stops=["a", "e", stop("i", prize=4.0)], sites=[site(fee_per_tip=2.5)], vehicles=[vehicle(costs=costs)]
    )
    made = plan(problem, "v1: a e |")
    model, parameters = modelled(problem, made)
    parameters.solution_limit = 1
    solution = model.routing.SolveFromAssignmentWithParameters(
        model.assignment(routes_of(made, model.nodes)), parameters
    )
    prize = next(s.prize for s in problem.stops if s.prize)
    unit = model.routing.UnperformedPenalty(model.manager.NodeToIndex(2)) / prize
    assert solution.ObjectiveValue() / unit == pytest.approx(price(problem, made).net + prize, rel=1e-5)


def test_a_start_with_more_tips_than_loads_need_has_room() -> None:
    problem = town(TWELVE, stops=[stop(name, kg=0.1) for name in "abcdef"])
    made = plan(problem, "v1: a | b | c | d | e | f |")
    assert len(lay_nodes(tables(problem)).tips) == 3
    model, _ = modelled(problem, made)
    assert model.assignment(routes_of(made, model.nodes)) is not None


def test_heavy_stops_that_share_no_trip_get_a_copy_of_the_site_each() -> None:
    problem = town(TWELVE, stops=[stop(name, kg=2.5) for name in "abcdefgh"])
    assert len(lay_nodes(tables(problem)).tips) >= 8
    assert len(served(found(problem))) == 8


def test_nodes_of_depots_lead_one_way_only() -> None:
    problem = town(TWELVE, stops=["a"])
    nodes = lay_nodes(tables(problem))
    duration_ms, distance_dm = nodes.travel("truck")
    start, end = nodes.start(problem.vehicles[0]), nodes.end(problem.vehicles[0])
    assert (duration_ms[:, start] == NO_WAY_MS).all()
    assert (duration_ms[end, :] == NO_WAY_MS).all()
    assert (duration_ms[start, 0], distance_dm[start, 0]) == (240_000, 20_000)
    assert duration_ms[0, end] == 240_000


def test_windows_with_gaps_are_kept() -> None:
    problem = town(TWELVE, stops=[stop("a", windows=[(6.5, 6.6), (9, 9.5)]), stop("b", windows=[(8, 8.5)]), "c"])
    made = found(problem)
    starts = {visit.id: visit.start_s / HOUR for tour in made.rounds for visit in tour.visits}
    assert 8 <= starts["b"] <= 8.5
    assert 6.5 <= starts["a"] <= 6.6 or 9 <= starts["a"] <= 9.5
    assert len(served(made)) == 3


def test_at_most_so_many_stops() -> None:
    problem = town(TWELVE, stops=list("abcdef"), vehicles=[vehicle("v1", max_stops=2), vehicle("v2", max_stops=3)])
    made = found(problem)
    assert [len(tour.stops) for tour in made.rounds] == [2, 3]
    assert len(made.unserved) == 1


def test_a_stop_goes_only_to_vehicles_that_may_and_can_hold_it() -> None:
    small = vehicle("v1", limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=4.0),))
    large = vehicle("v2", limits=(Limit(name="payload", weights={"kg": 1.0, "ash": 1.0}, at_most=4.0),))
    problem = town(
        TWELVE,
        dimensions=("kg", "ash"),
        sites=[site(accepts=frozenset({"kg", "ash"}))],
        stops=[stop("a", loads={"ash": 1.0}), stop("b", vehicles=frozenset({"v1"})), stop("c", vehicles=frozenset())],
        vehicles=[small, large],
    )
    assert served(found(problem)) == {"a": "v2", "b": "v1"}


def test_a_site_that_a_vehicle_may_not_use_is_passed_by() -> None:
    places = {**TWELVE, "near": (2, 0)}
    problem = town(
        places, stops=["b", "e"], sites=[site(), site("near")], vehicles=[vehicle(tip_sites=frozenset({"tip"}))]
    )
    assert written(found(problem)).split()[-1] == "|"
    free = replace(problem, vehicles=(vehicle(),))
    assert written(found(free)).split()[-1] == "|near"


def test_a_dear_site_is_avoided() -> None:
    places = {**TWELVE, "near": (2, 0)}
    cheap = town(places, stops=["b"], sites=[site(), site("near", fees={"kg": 1.0})])
    dear = town(places, stops=["b"], sites=[site(), site("near", fees={"kg": 9.0})])
    flat = town(places, stops=["b"], sites=[site(), site("near", fee_per_tip=9.0)])
    assert [written(found(p)).split()[-1] for p in (cheap, dear, flat)] == ["|near", "|", "|"]
    fees = [set(fees_at(modelled(p)[0], tables(p).kinds[0])) for p in (dear, flat)]
    assert fees == [{0.0, 4 * 9.0}, {0.0, 9.0}]  # of a full load of 4 kg, and of any


def test_of_several_modes_the_best_is_taken() -> None:
    modes = (Mode(arrive="a", leave="a", service_s=60), Mode(arrive="f", leave="f", service_s=60))
    problem = town(TWELVE, stops=[stop("a", modes=modes), "e"])
    made = found(problem)
    assert [(v.id, v.mode) for v in made.rounds[0].visits if v.id == "a"] == [("a", 1)]
    assert price(problem, made).distance_m == 8000


def lunch(earliest: float, latest: float) -> Break:
    return Break(id="lunch", duration_s=1800, earliest_s=earliest * HOUR, latest_s=latest * HOUR)


def test_breaks_in_common_are_cut_out_of_the_clock_of_a_large_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = [
        vehicle(name, breaks=(lunch(7, 8),), shift=Shift(start_s=6 * HOUR, end_s=9 * HOUR)) for name in ("v1", "v2")
    ]
    problem = town(TWELVE, stops=[stop(name, service_s=900) for name in "abcdefg"], vehicles=crew)
    monkeypatch.setattr(ortools, "SMALL", 0)
    model, _ = modelled(problem)
    assert model.moment(9 * 3_600_000) == 8.5 * 3_600_000
    made = found(problem)
    assert len(served(made)) == 7
    assert all("lunch" in {visit.id for visit in tour.visits} for tour in made.rounds if tour.end_s > 8 * HOUR)


def test_breaks_that_differ_are_stated_as_they_are() -> None:
    shift = Shift(start_s=6 * HOUR, end_s=9 * HOUR, max_duration_s=2.75 * HOUR)
    crew = [vehicle("v1", breaks=(lunch(7, 7.5),), shift=shift), vehicle("v2", breaks=(lunch(7.5, 8),), shift=shift)]
    problem = town(TWELVE, stops=[stop(name, service_s=900) for name in "abcdefg"], vehicles=crew)
    model, _ = modelled(problem)
    assert model.moment(9 * 3_600_000) == 9 * 3_600_000
    assert len(served(found(problem))) == 7


def test_a_vehicle_that_may_keep_its_load_drives_home() -> None:
    problem = town(TWELVE, stops=["a", "d"], vehicles=[vehicle(must_end_empty=False)])
    assert written(found(problem)) in {"v1: a d", "v1: d a"}


def test_an_optional_stop_must_pay() -> None:
    problem = town(TWELVE, stops=["d", stop("e", prize=0.1), stop("a", prize=0.1), stop("g", prize=50.0)])
    made = found(problem)
    assert set(served(made)) == {"d", "e", "g"}


def test_it_starts_from_a_plan_that_leaves_little_out_only() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"))
    assert ortools._worth_starting_from(problem, plan(problem, "v1: a b c f | d e | g h i |"))
    assert not ortools._worth_starting_from(problem, plan(problem, "v1: a b c f | d e |"))
