"""The relaxation that PyVRP works on."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.engines import pyvrp as engine
from optimiser.rounds.engines.cut_clock import CutClock, cut_clock
from optimiser.rounds.engines.pyvrp import orders, start_from
from optimiser.rounds.engines.pyvrp_arcs import NO_WAY_TICKS, TYPICAL_LEG
from optimiser.rounds.engines.pyvrp_model import Relaxation, relax
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import Break, Limit, Mode, RoundsProblem, Shift, TipSite, VehicleCosts
from optimiser.rounds.tables import tables
from tests.notation import HOUR, TWELVE, plan, site, stop, town, vehicle

LUNCH = Break(id="lunch", duration_s=1800, earliest_s=8 * HOUR, latest_s=9 * HOUR)


def model(problem: RoundsProblem) -> Relaxation:
    return relax(tables(problem))


def test_a_cut_clock_runs_on_after_each_cut() -> None:
    clock = CutClock(cuts=((100, 50), (300, 10)))
    assert [clock.cut(t) for t in (0, 100, 120, 150, 200, 300, 305, 400)] == [0, 100, 100, 100, 150, 250, 250, 340]


def test_only_breaks_that_can_fall_due_and_that_all_have_are_cut() -> None:
    late = vehicle("v2", breaks=(LUNCH,), shift=Shift(start_s=10 * HOUR, end_s=15 * HOUR))
    same = town(TWELVE, stops=["a"], vehicles=[vehicle(breaks=(LUNCH,)), vehicle("v2", breaks=(LUNCH,))])
    unlike = town(TWELVE, stops=["a"], vehicles=[vehicle(breaks=(LUNCH,)), late])
    assert cut_clock(tables(same).kinds) == CutClock(cuts=((int(8 * HOUR * 1000), 1_800_000),))
    assert cut_clock(tables(unlike).kinds) is None
    assert cut_clock(tables(town(TWELVE, stops=["a"], vehicles=[late])).kinds) == CutClock()


def test_windows_and_shifts_stand_on_the_cut_clock() -> None:
    problem = town(TWELVE, stops=[stop("a", windows=[(10, 11)])], vehicles=[vehicle(breaks=(LUNCH,))])
    data = model(problem).data
    assert (data.client(0).tw_early, data.client(0).tw_late) == (9.5 * 36_000, 10.5 * 36_000)
    assert data.vehicle_type(0).tw_late == 14.5 * 36_000


def test_unlike_breaks_shorten_the_day() -> None:
    problem = town(TWELVE, stops=["a"], vehicles=[vehicle(breaks=(LUNCH,)), vehicle("v2")])
    types = model(problem).data.vehicle_types()
    assert [kind.shift_duration for kind in types] == [8.5 * 36_000, 9 * 36_000]
    assert [kind.tw_late for kind in types] == [15 * 36_000] * 2


def test_the_way_home_leads_over_the_cheapest_site() -> None:
    places = {**TWELVE, "north": (2, 3)}
    problem = town(places, stops=["b", stop("e", kg=0)], sites=[site("tip"), site("north", service_s=300)])
    made = model(problem)
    time = made.data.duration_matrix(0)
    cost = made.data.distance_matrix(0)
    b, e, north, start, end = 0, 1, 3, 4, 5
    assert time[b, end] == (120 + 300 + 4 * 120) * 10
    assert time[e, end] == 2 * 120 * 10  # nothing to unload
    assert cost[b, end] == cost[b, north] + cost[north, end]
    assert time[start, end] == cost[start, end] == 0
    assert (time[end, :end] == NO_WAY_TICKS).all()
    assert (time[:start, start] == NO_WAY_TICKS).all()


def test_who_need_not_come_home_empty_goes_straight() -> None:
    problem = town(TWELVE, stops=["a"], vehicles=[vehicle(must_end_empty=False)])
    assert model(problem).data.duration_matrix(0)[0, 3] == 2 * 120 * 10


def test_no_site_no_way_home_with_a_load() -> None:
    problem = town(TWELVE, stops=["a"], sites=[])
    assert model(problem).data.duration_matrix(0)[0, 2] == NO_WAY_TICKS


def test_the_typical_leg_counts_a_million_whatever_the_currency() -> None:
    for per_km in (0.001, 1.0, 5000.0):
        costs = VehicleCosts(per_km=per_km)
        problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(costs=costs)])
        legs = model(problem).data.distance_matrix(0)[:9, :9]
        near = np.sort(legs + np.diag([10**9] * 9), axis=1)[:, :5].mean()
        assert near == pytest.approx(TYPICAL_LEG, rel=0.01)


def test_alternatives_are_one_group() -> None:
    ways = (Mode(arrive="a", leave="a", service_s=60), Mode(arrive="b", leave="b", service_s=60))
    problem = town(TWELVE, stops=[stop("x", modes=ways, windows=[(7, 8), (9, 10)]), "c"])
    made = model(problem)
    assert (made.data.num_clients, made.data.num_groups) == (5, 1)
    assert len(made.data.group(0)) == 4
    assert [(one.stop, one.mode) for one in made.alternatives] == [(0, 0), (0, 0), (0, 1), (0, 1), (1, 0)]


def test_restrictions_are_load_dimensions_that_others_have_no_room_in() -> None:
    problem = town(
        TWELVE,
        stops=["a", stop("b", vehicles=frozenset({"v2"})), stop("c", kg=6)],
        vehicles=[vehicle("v1"), vehicle("v2"), vehicle("v3", kg=8)],
    )
    made = model(problem)
    assert [team.vehicles for team in made.teams] == [("v1",), ("v2",), ("v3",)]
    assert [made.data.client(n).pickup[1:] for n in range(3)] == [[0, 0], [1, 0], [0, 1]]
    assert [kind.capacity[1:] for kind in made.data.vehicle_types()] == [[0, 0], [3, 0], [0, 3]]


def test_alike_vehicles_are_one_type() -> None:
    problem = town(TWELVE, stops=["a"], vehicles=[vehicle("v1"), vehicle("v2")])
    made = model(problem)
    assert [
        (team.vehicles, kind.num_available) for team, kind in zip(made.teams, made.data.vehicle_types(), strict=True)
    ] == [(("v1", "v2"), 2)]


def test_loads_are_never_made_lighter() -> None:
    limits = (
        Limit(name="payload", weights={"kg": 1.0}, at_most=4.0),
        Limit(name="volume", weights={"kg": 0.37}, at_most=1.11),
    )
    problem = town(TWELVE, stops=[stop("a", kg=1.2345), stop("b", kg=1.7655)], vehicles=[vehicle(limits=limits)])
    data = model(problem).data
    room = data.vehicle_type(0).capacity
    for dimension, (weight, most) in enumerate(((1.0, 4.0), (0.37, 1.11))):
        unit = room[dimension] / most
        for client, kg in zip(data.clients(), (1.2345, 1.7655), strict=True):
            assert client.pickup[dimension] >= weight * kg * unit * 0.999


def test_a_plan_goes_in_and_comes_out_as_it_was() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle("v1"), vehicle("v2")])
    made = plan(problem, "v1: d a b c | f |\n v2: e h g i |")
    relaxation = model(problem)
    solution = start_from(relaxation, made)
    assert solution is not None
    assert solution.is_feasible()
    assert orders(relaxation, solution) == [("v1", list("dabcf")), ("v2", list("ehgi"))]
    assert solution.distance() == pytest.approx(relaxation_cost(relaxation, made))


def relaxation_cost(relaxation: Relaxation, made: Plan) -> int:
    """Return what the plan's legs cost in the model, tips included."""
    matrix = relaxation.data.distance_matrix(0)
    place = {"abcdefghi"[one.stop]: n for n, one in enumerate(relaxation.alternatives)} | {"tip": 9}
    total = 0
    for tour in made.rounds:
        path = [10, *(place[visit.id] for visit in tour.visits), 11]
        total += sum(int(matrix[a, b]) for a, b in pairwise(path))
    return total


def test_an_empty_plan_is_no_start() -> None:
    relaxation = model(town(TWELVE, stops=["a"]))
    assert start_from(relaxation, None) is None
    assert start_from(relaxation, Plan(rounds=())) is None


def test_nothing_that_anybody_may_serve() -> None:
    problem = town(TWELVE, stops=[stop("a", kg=9)])
    answer = engine.solve(problem, budget=Budget(iterations=5), seed=1, initial=None, on_progress=lambda _: None)
    assert (answer.plan.rounds, answer.iterations) == ((), 0)
    assert check(problem, answer.plan) == ()


def test_too_many_restrictions_are_said() -> None:
    fleet = [vehicle(f"v{n}") for n in range(40)]
    work = [stop(f"s{n}", at="a", vehicles=frozenset({f"v{n}"})) for n in range(40)]
    assert "40 different groups" in engine.supports(town(TWELVE, stops=work, vehicles=fleet))[0]


def test_a_limit_on_stops_is_kept_though_the_model_forgets_it_at_each_tip() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle("v1", max_stops=5), vehicle("v2", max_stops=5)])
    answer = engine.solve(problem, budget=Budget(iterations=200), seed=1, initial=None, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()
    assert answer.plan.unserved == ()


def test_a_fleet_that_is_too_small_leaves_out_as_little_as_it_can() -> None:
    problem = town(
        TWELVE,
        stops=list("abcdefghi"),
        vehicles=[vehicle(shift=Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=50 * 60))],
    )
    answer = engine.solve(problem, budget=Budget(iterations=3000), seed=1, initial=None, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()
    # a full load takes 10 blocks, four stops and a tip: 34 min; f and its tip 15 min more: 49 min
    assert len(answer.plan.unserved) == 4


def test_own_start_or_the_given_one_whichever_is_better() -> None:
    problem = town(TWELVE, stops=list("abcdefghi"))
    good = plan(problem, "v1: d a b c e h g i f")
    answer = engine.solve(problem, budget=Budget(iterations=0), seed=1, initial=good, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()
    assert answer.plan.unserved == ()


def test_asymmetric_profiles_have_matrices_of_their_own() -> None:
    slow = vehicle("v2", profile="tricycle")
    problem = town(TWELVE, stops=["a", "b"], vehicles=[vehicle("v1"), slow])
    truck = problem.travel["truck"]
    tricycle = replace(truck, duration_ms=truck.duration_ms * 3, distance_dm=truck.distance_dm.copy())
    data = model(replace(problem, travel={"truck": truck, "tricycle": tricycle})).data
    assert data.num_profiles == 2
    assert data.duration_matrix(1)[0, 1] == 3 * data.duration_matrix(0)[0, 1]


def test_a_vehicle_is_offered_the_sites_that_take_what_it_carries() -> None:
    places = {**TWELVE, "north": (4, 2), "both": (9, 9)}
    streams = ("paper", "glass")
    fleet = [
        vehicle(name, limits=(Limit(name=name, weights={stream: 1.0}, at_most=4.0),))
        for name, stream in (("v1", "paper"), ("v2", "glass"))
    ]
    mixed = vehicle("v3", limits=(Limit(name="all", weights=dict.fromkeys(streams, 1.0), at_most=4.0),))
    sites = [
        site("tip", accepts=frozenset({"paper"})),
        site("north", accepts=frozenset({"glass"})),
        site("both", accepts=frozenset(streams)),
    ]
    work = [stop("a", loads={"paper": 1.0}), stop("b", loads={"glass": 1.0})]

    def offered(sites_: list[TipSite]) -> list[list[str]]:
        made = model(town(places, dimensions=streams, stops=work, sites=sites_, vehicles=[*fleet, mixed]))
        names = {depot: name for (name, _), depot in made.site_depots.items()}
        return [[names[depot] for depot in kind.reload_depots] for kind in made.data.vehicle_types()]

    assert offered(sites) == [["tip", "both"], ["north", "both"], ["both"]]
    assert offered(sites[:2]) == [["tip"], ["north"], ["tip", "north"]]
