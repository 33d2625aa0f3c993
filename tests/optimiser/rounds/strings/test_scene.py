"""The problem as the kernel reads it: money in ticks, times, prizes, who may do what."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from optimiser.plane import Metric, PlaneTravel
from optimiser.rounds.problem import Mode, RoundsProblem, Stop, TipSite, VehicleCosts
from optimiser.rounds.strings.desk import best_rounds
from optimiser.rounds.strings.layout import ENDLESS, FAR
from optimiser.rounds.strings.scene import NEIGHBOURS, Stage
from optimiser.travel import DenseTravel
from tests.notation import HOUR, TWELVE, limit, mode, rest, shift, site, stop, town, vehicle
from tests.optimiser.rounds.strings.oracle import Judge
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, searched, staged, without_ways


def roads(problem: RoundsProblem) -> DenseTravel:
    """Return the travel of a small problem."""
    travel = problem.travel["truck"]
    assert isinstance(travel, DenseTravel)
    return travel


def served(stage: Stage) -> list[str]:
    """Return the stops of the best plan."""
    work = searched(stage, iterations=200)
    return sorted(stage.known.problem.stops[v].id for _, nodes in best_rounds(stage, work) for v in nodes if v >= 0)


def test_distance_alone_is_counted_in_decimetres_exactly() -> None:
    problem = problem_of(CLASSES["plain"], 3)
    stage = staged(problem)
    travel = roads(problem)
    places = [travel.column(s.modes[0].arrive) for s in problem.stops] + [travel.column("depot0")]
    assert stage.tick == problem.vehicles[0].costs.per_km / 1e4
    assert (stage.scene.cost[0] == travel.distance_dm[np.ix_(places, places)]).all()
    assert (stage.scene.back[0] == stage.scene.cost[0].T).all()
    assert (stage.scene.labelled, stage.scene.timed, stage.scene.tipped, stage.scene.dense) == (0, 0, 0, 1)


def test_legs_that_cost_time_too_are_fine_enough() -> None:
    problem = problem_of(CLASSES["wages"], 3)
    stage = staged(problem)
    travel, costs = roads(problem), problem.vehicles[0].costs
    places = [travel.column(s.modes[0].arrive) for s in problem.stops]
    grid = np.ix_(places, places)
    money = travel.distance_dm[grid] * costs.per_km / 1e4
    money = money + travel.duration_ms[grid] * (costs.per_hour + costs.per_driving_hour) / 3.6e6
    n = len(places)
    assert np.abs(stage.scene.cost[0, :n, :n] * stage.tick - money).max() <= stage.tick
    assert stage.tick < 1e-4 * money[money > 0].min()
    assert (stage.scene.time[0, :n, :n] == travel.duration_ms[grid]).all()


def test_ways_of_several_modes_lead_from_where_one_leaves_to_where_the_next_arrives() -> None:
    problem = problem_of(CLASSES["all"], 4)
    stage = staged(problem)
    judge, vehicle = Judge(stage=stage), problem.vehicles[0]
    works: list[Stop | TipSite] = [*problem.stops, *problem.tip_sites]
    kind = stage.vehicles.index(vehicle.id)
    spots = [m for item in works for m in item.modes]
    for a, one in enumerate(spots[::3]):
        for b, two in enumerate(spots):
            ticks, ms = judge.leg(vehicle, one.leave, two.arrive)
            assert stage.scene.cost[stage.scene.profile[stage.kind_of[kind]], 3 * a, b] == pytest.approx(ticks, abs=1)
            assert stage.scene.time[stage.scene.profile[stage.kind_of[kind]], 3 * a, b] == ms
    slots = stage.ways[: len(problem.stops)]
    assert [(row >= 0).sum() for row in slots] == [len(s.modes) for s in problem.stops]


def test_a_tip_costs_its_fees_and_takes_its_queue() -> None:
    one = site(service_s=600.0, queue_s=300.0, fee_per_tip=2.0)
    truck = vehicle(costs=VehicleCosts(per_km=1.0, per_tip=3.0, per_hour=12.0, per_service_hour=6.0))
    stage = staged(town(TWELVE, stops=["a", "b"], sites=[one], vehicles=[truck]))
    at = stage.scene.site_ways[0, 0]
    assert stage.scene.work_time[0, at] == 900_000
    assert stage.scene.work_cost[0, at] * stage.tick == pytest.approx(0.25 * 18.0 + 5.0, abs=2 * stage.tick)


def test_work_driven_at_work_is_paid_by_distance() -> None:
    side = Mode(arrive="a", leave="b", service_s=0.0, distance_m=700.0)
    stage = staged(town(TWELVE, stops=[stop("a", modes=(side,)), "c"], sites=[]))
    assert stage.scene.work_cost[0, 0] * stage.tick == pytest.approx(0.7)


def test_breaks_are_cut_out_of_the_day() -> None:
    lunch = rest("lunch", 30, (11, 12))
    late = stop("a", windows=[(13, 14)])
    early = stop("b", windows=[(7, 10)])
    truck = vehicle(breaks=(lunch,), shift=shift(6, 15))
    stage = staged(town(TWELVE, stops=[late, early, "c"], vehicles=[truck]))
    hour = int(1000 * HOUR)
    assert (stage.scene.opens[0, 0], stage.scene.closes[0, 0]) == (12.5 * hour, 13.5 * hour)
    assert (stage.scene.opens[0, 1], stage.scene.closes[0, 1]) == (7 * hour, 10 * hour)
    assert (stage.scene.starts[0], stage.scene.ends[0]) == (6 * hour, 14.5 * hour)
    assert stage.scene.normal_end[0] == 14.5 * hour
    assert stage.scene.opens[0, 2] == 0
    assert stage.scene.closes[0, 2] == ENDLESS - 0.5 * hour


def test_what_falls_into_a_break_waits_for_its_end() -> None:
    lunch = rest("lunch", 60, (11, 12))
    stage = staged(town(TWELVE, stops=[stop("a", windows=[(12.5, 12.75)])], vehicles=[vehicle(breaks=(lunch,))]))
    noon = int(12 * 1000 * HOUR)
    assert (stage.scene.opens[0, 0], stage.scene.closes[0, 0]) == (noon, noon)


def test_overtime_lengthens_the_day() -> None:
    truck = vehicle(shift=shift(6, 15, longest=8, overtime=1.5), costs=VehicleCosts(per_km=1.0, overtime_per_hour=9.0))
    scene = staged(town(TWELVE, stops=["a"], vehicles=[truck])).scene
    hour = int(1000 * HOUR)
    assert (scene.longest[0], scene.normal_longest[0]) == (9.5 * hour, 8 * hour)
    assert (scene.ends[0], scene.normal_end[0]) == (16.5 * hour, 15 * hour)


def test_prizes_are_ticks_and_required_stops_outweigh_the_dearest_way() -> None:
    stops = [stop("a", prize=2.5), stop("b"), stop("c", weight=3.0)]
    stage = staged(town(TWELVE, stops=stops))
    scene = stage.scene
    assert scene.prize[0] * stage.tick == pytest.approx(2.5, abs=stage.tick)
    dearest = int(scene.cost[scene.cost < FAR].max())
    assert scene.prize[1] > 4 * dearest
    assert scene.prize[2] == pytest.approx(3 * scene.prize[1], rel=1e-6)


def test_vehicles_alike_are_one_kind_and_those_named_by_stops_are_not() -> None:
    trucks = [vehicle("v1"), vehicle("v2"), vehicle("v3")]
    alike = staged(town(TWELVE, stops=["a", "b"], vehicles=trucks))
    assert alike.kind_of.tolist() == [0, 0, 0]
    named = stop("a", vehicles=frozenset({"v2"}))
    apart = staged(town(TWELVE, stops=[named, "b"], vehicles=trucks))
    may = {v: apart.scene.may[k].tolist() for v, k in zip(apart.vehicles, apart.kind_of, strict=True)}
    assert may == {"v1": [0, 1], "v2": [1, 1], "v3": [0, 1]}


def test_skills_and_size_say_who_may() -> None:
    trucks = [vehicle("v1", kg=2), vehicle("v2", skills={"crane"})]
    stage = staged(town(TWELVE, stops=[stop("a", needs={"crane"}), stop("b", kg=3), "c"], vehicles=trucks))
    may = {v: stage.scene.may[k].tolist() for v, k in zip(stage.vehicles, stage.kind_of, strict=True)}
    assert may == {"v1": [0, 0, 1], "v2": [1, 1, 1]}


def test_sites_are_those_that_the_vehicle_may_use() -> None:
    trucks = [vehicle("v1"), vehicle("v2", tip_sites=frozenset({"south"}))]
    places = {**TWELVE, "south": (2, 0)}
    stage = staged(town(places, stops=["a"], sites=[site(), site("south")], vehicles=trucks))
    lists = {v: stage.scene.sites[k].tolist() for v, k in zip(stage.vehicles, stage.kind_of, strict=True)}
    assert lists == {"v1": [0, 1], "v2": [1, -1]}


def with_hand_carts(problem: RoundsProblem, *names: str) -> RoundsProblem:
    """Return the problem with another travel for the profile ``hand``, of these places in this order."""
    truck = roads(problem)
    few = [truck.row(name) for name in names]
    times, ways = 4 * truck.duration_ms[np.ix_(few, few)], 2 * truck.distance_dm[np.ix_(few, few)]
    hand = DenseTravel(
        leaving=names, arriving=names, duration_ms=times.astype(np.int32), distance_dm=ways.astype(np.int32)
    )
    return replace(problem, travel={"truck": truck, "hand": hand})


@pytest.mark.parametrize("last", ["i", "depot"])
def test_two_profiles_have_legs_of_their_own_wherever_their_places_stand(last: str) -> None:
    places = {**{name: at for name, at in TWELVE.items() if name != last}, last: TWELVE[last]}
    problem = town(places, stops=["a", "b"], vehicles=[vehicle("v1"), vehicle("v2", profile="hand")])
    problem = with_hand_carts(problem, "a", "b", "tip", "depot")
    stage = staged(problem)
    judge = Judge(stage=stage)
    for k, kind in enumerate(stage.kind_of):
        home, profile = stage.scene.depot[kind], stage.scene.profile[kind]
        for v, one in enumerate(problem.stops):
            ticks, ms = judge.leg(judge.vehicle(k), "depot", one.modes[0].arrive)
            assert stage.scene.cost[profile, home, v] == pytest.approx(ticks, abs=1)
            assert stage.scene.time[profile, home, v] == ms


def test_a_large_plane_keeps_coordinates_only() -> None:
    rng = np.random.default_rng(1)
    names = ("depot", *(f"s{k}" for k in range(4_100)))
    travel = PlaneTravel(
        names=names, xy=rng.integers(0, 1000, (4_101, 2)).astype(np.float64), metric=Metric.WHOLE, dm=10.0
    )
    stops = tuple(Stop(id=n, modes=(Mode(arrive=n, leave=n, service_s=0.0),), loads={"kg": 1.0}) for n in names[1:])
    problem = RoundsProblem(
        dimensions=("kg",), stops=stops, tip_sites=(), vehicles=(vehicle(kg=9000.0),), travel={"truck": travel}
    )
    scene = staged(problem).scene
    assert (scene.dense, scene.timed, scene.labelled) == (0, 0, 0)
    assert scene.cost.size == 1
    assert scene.near.shape == (4_100, NEIGHBOURS)
    assert (scene.xy[:-1] == travel.xy[1:]).all()


@pytest.mark.parametrize("weight", [1.0, 1000.0])
def test_where_no_way_leads_nobody_goes(weight: float) -> None:
    places = {**TWELVE, "island": (9, 9)}
    stops = [*(stop(name) for name in "abcd"), stop("island", weight=weight)]
    stage = staged(town(places, stops=stops, cut_off=["island"], sites=[], vehicles=[vehicle(kg=9.0)]))
    assert served(stage) == ["a", "b", "c", "d"]


COSTS = {
    "by distance": VehicleCosts(per_km=1.0),
    "with wages": VehicleCosts(per_km=1.0, per_hour=10.0),
    "dear to use": VehicleCosts(per_km=0.1, fixed=500.0),
}
every_cost = pytest.mark.parametrize("costs", list(COSTS))


@every_cost
def test_a_full_vehicle_never_takes_a_missing_way_to_the_site(costs: str) -> None:
    truck = vehicle(kg=1.0, costs=COSTS[costs])
    stops = [stop(name, service_s=0.0) for name in "abc"]
    problem = town(TWELVE, stops=stops, sites=[site(service_s=0.0)], vehicles=[truck])
    stage = staged(without_ways(problem, [("b", "tip")]))
    assert stage.scene.timed == 0
    assert served(stage) == ["a", "c"]


@every_cost
@pytest.mark.parametrize("modes", [1, 2])
@pytest.mark.parametrize("room", [4.0, 20.0])
def test_rounds_are_never_closed_up_over_a_missing_way(costs: str, modes: int, room: float) -> None:
    names = "abcdefghi"
    ways = {name: tuple(mode(name, service_s=0.0) for _ in range(modes)) for name in names}
    stops = [stop(name, modes=ways[name], weight=1.0 + 2.0 * (name in "aeh")) for name in names]
    problem = town(TWELVE, stops=stops, sites=[], vehicles=[vehicle(kg=room, costs=COSTS[costs])])
    missing = [(a, b) for a in "abc" for b in "ghi"] + [("d", "f"), ("f", "d"), ("d", "depot"), ("e", "a")]
    stage = staged(without_ways(problem, missing))
    assert stage.scene.timed == 0
    for seed in range(6):
        work = searched(stage, seed=seed, iterations=400, temperature=50.0)
        for _, nodes in best_rounds(stage, work):
            path = ["depot", *(problem.stops[v].id for v in nodes), "depot"]
            assert not {*pairwise(path)} & {*missing}


def test_most_stops_hold_in_rounds_without_labels_too() -> None:
    truck = vehicle(kg=50.0, max_stops=3)
    stops = [stop(name, service_s=0.0) for name in "abcdefghi"]
    problem = without_ways(town(TWELVE, stops=stops, sites=[], vehicles=[truck]), [])
    assert len(served(staged(problem))) == 3


def test_room_is_for_rounding_only() -> None:
    stops = [stop(name, kg=0.1) for name in "abc"]
    stage = staged(town(TWELVE, stops=stops, sites=[], vehicles=[vehicle(kg=0.3)]))
    assert served(stage) == ["a", "b", "c"]
    assert stage.scene.room[0, 0] == pytest.approx(limit(0.3).at_most, rel=1e-8)
