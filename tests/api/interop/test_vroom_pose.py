"""Requests as rounds problems: what VROOM means is what the engines plan."""

import copy
from dataclasses import replace

import pytest

from api.config import Limits
from api.interop.refusal import Refusal
from api.interop.vroom.nouns import Request
from api.interop.vroom.pose import OPEN, pose
from api.interop.vroom.read import read
from api.interop.vroom.solver import work
from api.interop.vroom.streets import filled
from api.interop.vroom.task import Task, budget_s, portfolio
from tests.api.interop.recorded_answers import Json

EPOCH = 1_700_000_000
LINE = [[100 * abs(a - b) for b in range(5)] for a in range(5)]
BODY: Json = {
    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "capacity": [3]}],
    "jobs": [{"id": k, "location_index": k, "service": 10, "pickup": [1]} for k in (1, 2, 3)],
    "matrices": {"car": {"durations": LINE}},
}


def body(**more: object) -> Json:
    return copy.deepcopy({**BODY, **more})


def van(**more: object) -> Json:
    return {**BODY["vehicles"][0], **more}


def asked(given: Json) -> Request:
    return filled(read(given, Limits()), None)


def planned(given: Json) -> Json:
    return work(Task(request=asked(given))).body


def best(given: Json) -> Json:
    """The best of all tries that are made of a request."""
    tries = portfolio(asked(given), loading_ms=0)
    return min((work(one) for one in tries), key=lambda done: done.rank).body


def order(told: Json) -> list[list[object]]:
    return [[step.get("id", step["type"]) for step in route["steps"]] for route in told["routes"]]


def test_priority_outweighs_any_number_of_tasks() -> None:
    jobs = [{"id": k, "location_index": 1, "pickup": [1]} for k in range(1, 4)]
    jobs.append({"id": 9, "location_index": 4, "pickup": [3], "priority": 1})
    told = best(body(jobs=jobs))
    assert order(told) == [["start", 9, "end"]]
    assert [left["id"] for left in told["unassigned"]] == [1, 2, 3]
    reasons = {left["id"]: left["reason"] for left in told["mzunguko"]["unassigned"]}
    assert set(reasons) == {1, 2, 3}


def test_an_open_route_drives_nothing_where_it_is_open() -> None:
    one = body(vehicles=[{"id": 1, "start_index": 0, "capacity": [3]}])
    assert planned(one)["summary"]["duration"] == 300
    other = body(vehicles=[{"id": 1, "end_index": 0, "capacity": [3]}])
    told = planned(other)
    assert told["summary"]["duration"] == 300
    assert told["routes"][0]["steps"][0]["location_index"] == 3
    problem = pose(asked(one)).problem
    assert problem.vehicles[0].end == OPEN


def test_vehicles_with_the_same_id_are_two() -> None:
    told = planned(body(vehicles=[van(capacity=[2]), van(capacity=[2])]))
    assert [route["vehicle"] for route in told["routes"]] == [1, 1]
    assert told["summary"]["unassigned"] == 0


def test_speed_makes_legs_longer_and_dearer() -> None:
    told = planned(body(vehicles=[van(speed_factor=0.5)]))
    assert (told["summary"]["duration"], told["summary"]["cost"]) == (1200, 1200)


def test_costs_are_of_travel_and_of_work_apart() -> None:
    costs = {"fixed": 7, "per_hour": 7200, "per_task_hour": 3600}
    assert planned(body(vehicles=[van(costs=costs)]))["summary"]["cost"] == 7 + 2 * 600 + 30


def test_a_matrix_of_costs_decides_the_way() -> None:
    costs = [[0 if a == b else 50 for b in range(5)] for a in range(5)]
    for a, b in ((0, 3), (3, 1), (1, 2), (2, 0)):
        costs[a][b] = 1
    told = planned(body(matrices={"car": {"durations": LINE, "costs": costs}}))
    assert order(told) == [["start", 3, 1, 2, "end"]]
    assert told["summary"]["cost"] == 4


@pytest.mark.parametrize("start", [0, EPOCH])
def test_windows_may_be_relative_or_since_1970(start: int) -> None:
    jobs = [
        {"id": k, "location_index": k, "time_windows": [[start + 4000 - 1000 * k, start + 4100 - 1000 * k]]}
        for k in (1, 2, 3)
    ]
    told = planned(body(jobs=jobs))
    assert order(told) == [["start", 3, 2, 1, "end"]]
    assert told["routes"][0]["steps"][1]["arrival"] >= start + 1000 - 100


def test_legs_of_many_days_are_planned() -> None:
    far = [[10_000_000 * abs(a - b) for b in range(5)] for a in range(5)]
    told = planned(body(matrices={"car": {"durations": far}}))
    assert (told["summary"]["unassigned"], told["summary"]["duration"]) == (0, 60_000_000)


def test_limits_of_a_vehicle_hold() -> None:
    assert planned(body(vehicles=[van(max_tasks=2)]))["summary"]["unassigned"] == 1
    assert planned(body(vehicles=[van(max_travel_time=450)]))["summary"]["unassigned"] == 1
    matrices = {"car": {"durations": LINE, "distances": LINE}}
    assert planned(body(vehicles=[van(max_distance=250)], matrices=matrices))["summary"]["unassigned"] == 2


def test_skills_and_types_are_heeded() -> None:
    jobs = [{"id": 1, "location_index": 1, "skills": [7], "service": 9, "service_per_type": {"big": 99}}]
    vans = [van(), van(id=2, skills=[7], type="big")]
    told = planned(body(jobs=jobs, vehicles=vans))
    assert (told["routes"][0]["vehicle"], told["summary"]["service"]) == (2, 99)


def test_a_break_is_taken_in_its_window() -> None:
    rest = {"id": 5, "time_windows": [[150, 200], [5000, 6000]], "service": 60}
    told = planned(body(vehicles=[van(breaks=[rest], time_window=[0, 4000])]))
    (taken,) = [step for step in told["routes"][0]["steps"] if step["type"] == "break"]
    assert 150 <= taken["arrival"] + taken["waiting_time"] <= 200


def test_a_shipment_is_fetched_before_it_is_brought() -> None:
    shipment = {"amount": [2], "pickup": {"id": 1, "location_index": 4}, "delivery": {"id": 1, "location_index": 1}}
    told = planned(body(jobs=[], shipments=[shipment]))
    assert [step["type"] for step in told["routes"][0]["steps"]] == ["start", "pickup", "delivery", "end"]


def test_vehicles_unload_on_the_way_and_end_empty() -> None:
    told = planned(
        body(vehicles=[van(capacity=[1])], mzunguko={"tips": [{"id": 8, "location_index": 4, "service": 30}]})
    )
    assert told["summary"]["unassigned"] == 0
    kinds = [step["type"] for step in told["routes"][0]["steps"]]
    assert kinds.count("tip") == 3
    assert kinds[-2] == "tip"
    assert [step["load"] for step in told["routes"][0]["steps"] if step["type"] == "tip"] == [[0]] * 3


def test_a_vehicle_may_keep_its_load_overnight() -> None:
    tips = {"tips": [{"id": 8, "location_index": 4}]}
    vehicles = [van(mzunguko={"ends_empty": False}), van(id=2, mzunguko={"tips": []})]
    assert "tip" not in str(order(planned(body(vehicles=vehicles, mzunguko=tips))))


def test_a_bound_is_proven_if_it_is_asked_for() -> None:
    assert "bound" not in planned(body())["mzunguko"]
    told = planned(body(mzunguko={"bound": 5}))
    assert 0 < told["mzunguko"]["bound"]["value"] <= told["summary"]["cost"] == 600
    assert 0 <= told["mzunguko"]["gap"] < 1


@pytest.mark.parametrize(
    "more",
    [
        {"mzunguko": []},
        {"mzunguko": {"tips": [{"id": 1}]}},
        {"mzunguko": {"tips": [{"id": 1, "location_index": 1, "accepts": [5]}]}},
        {"mzunguko": {"tips": [{"id": 1, "location_index": 1}, {"id": 1, "location_index": 2}]}},
        {"vehicles": [van(mzunguko={"tips": [4]})]},
        {"vehicles": [van(mzunguko={"ends_empty": "yes"})]},
        {"jobs": [{"id": 1, "location_index": 1, "mzunguko": {"side": "up"}}]},
    ],
)
def test_what_is_ours_is_checked_too(more: Json) -> None:
    with pytest.raises(Refusal) as caught:
        asked(body(**more))
    assert caught.value.code == 2


def test_effort_grows_with_size_and_level_and_heeds_the_limit() -> None:
    small = asked(body())
    large = replace(small, tasks=small.tasks * 40)
    quick = replace(large, options=replace(large.options, explore=0))
    short = replace(large, options=replace(large.options, limit_s=0.5))
    assert budget_s(small) < budget_s(quick) < budget_s(large)
    assert budget_s(short) == 0.5
    assert budget_s(replace(small, options=replace(small.options, limit_s=300))) < 5
