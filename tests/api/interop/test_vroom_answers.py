"""What a real VROOM answered, answered again: routes given, in its order, with its times, loads, costs and causes."""

import json

import pytest

from api.config import Limits
from api.interop.refusal import Refusal
from api.interop.vroom.answer import answer, written
from api.interop.vroom.read import read
from api.interop.vroom.solver import _told, work
from api.interop.vroom.streets import filled
from api.interop.vroom.task import Task
from api.interop.vroom.timing import timed
from tests.api.interop.recorded_answers import Json, rows

ANSWERS, REFUSALS = rows("vroom-answers"), rows("vroom-refusals")
PLAN_MODE = [row for row in ANSWERS if row["body"].get("options", {}).get("c")]
SOLVED = [row for row in ANSWERS if row not in PLAN_MODE]


def named(row: Json) -> str:
    return str(row["what"])


def plain(told: Json) -> Json:
    """An answer without the time it took, and with what has no order in a fixed one."""
    told = json.loads(json.dumps(told))
    told.get("summary", {}).pop("computing_times", None)
    told.get("unassigned", []).sort(key=lambda left: (left["type"], left["id"]))
    for part in (told.get("summary", {}), *told.get("routes", []), *steps(told)):
        part.get("violations", []).sort(key=lambda broken: broken["cause"])
    return told


def steps(told: Json) -> list[Json]:
    return [step for route in told.get("routes", []) for step in route["steps"]]


@pytest.mark.parametrize("row", SOLVED, ids=named)
def test_a_route_is_timed_as_vroom_times_it(row: Json) -> None:
    request = filled(read(row["body"], Limits()), None)
    found = [timed(request, tour) for tour in _told(request)]
    routes = [written(request, tour) for tour in found if tour is not None]
    assert len(routes) == len(found)
    assert plain(answer(request, routes, {})) == plain(row["answer"])


@pytest.mark.parametrize("row", PLAN_MODE, ids=named)
def test_plan_mode_chooses_the_times_and_causes_of_vroom(row: Json) -> None:
    request = filled(read(row["body"], Limits()), None)
    if row["answer"]["code"]:
        with pytest.raises(Refusal) as caught:
            work(Task(request=request))
        assert (caught.value.code, caught.value.message) == (row["answer"]["code"], row["answer"]["error"])
        return
    assert plain(work(Task(request=request)).body) == plain(row["answer"])


def test_every_cause_was_recorded() -> None:
    causes = {
        broken["cause"] for row in PLAN_MODE for route in row["answer"]["routes"] for broken in route["violations"]
    }
    limits = {"max_tasks", "max_travel_time", "max_distance", "max_load"}
    assert causes == {"delay", "lead_time", "load", "skills", "precedence", "missing_break"} | limits


@pytest.mark.parametrize("row", REFUSALS, ids=named)
def test_a_fault_is_told_in_the_words_of_vroom(row: Json) -> None:
    with pytest.raises(Refusal) as caught:
        work(Task(request=filled(read(row["body"], Limits()), None)))
    assert (caught.value.code, caught.value.message) == (row["answer"]["code"], row["answer"]["error"])
