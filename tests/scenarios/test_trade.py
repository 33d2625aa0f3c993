"""The made-up town with every rule of the trade that a scenario can say, from its tables to its documents."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from optimiser.result import Status
from optimiser.rounds.features import Feature, features
from optimiser.rounds.plan import Act
from scenarios.documents import write_all
from scenarios.outcome import Outcome
from scenarios.run import run
from tests.scenarios.given import SAMPLES

MORE = """
[[hours]]
name = "Quiet"
open = "05:30"
close = "22:00"

[[periods]]
start = "07:30"
speed = 0.7
[[periods]]
start = "09:00"
speed = 1.0

[aims]
even = "hours"
even_price = 10
compact_price_per_km = 1
change_price_per_stop = 2
first = ["vehicles"]

[[locks]]
vehicle = "{vehicle}"
points = ["{first}", "{second}"]
in_order = true
days = ["mon"]
"""


def rewritten(file: Path, change: dict[str, str], *, rows: int | None = None) -> None:
    """Set columns of the first rows of a table."""
    with file.open(newline="", encoding="utf-8") as lines:
        found = list(csv.DictReader(lines))
    for row in found[:rows]:
        row.update(change)
    names = list(dict.fromkeys(name for row in found for name in row))
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, names, restval="")
        writer.writeheader()
        writer.writerows(found)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("trade") / "town"
    shutil.copytree(SAMPLES / "town", folder)
    rewritten(
        folder / "vehicles.csv",
        {
            "overtime_hours": "1",
            "overtime_per_hour": "2000",
            "pause_from_s": "10:00",
            "pause_until_s": "10:30",
            "rest_after_hours": "2",
            "rest_s": "900",
            "cost_per_tip": "3",
            "max_km": "200",
            "service_factor": "1.1",
            "skills": "keys",
            "break_duration_s": "",
            "break_earliest_s": "",
            "break_latest_s": "",
        },
    )
    rewritten(folder / "facilities.csv", {"queue_s": "120", "cap_kg_per_day": "100000", "onward_cost_per_tonne": "5"})
    rewritten(folder / "points.csv", {"needs": "keys", "priority": "2"}, rows=3)
    with (folder / "points.csv").open(newline="", encoding="utf-8") as lines:
        points = [row["Bin no"] for row in csv.DictReader(lines) if row["Waste"] == "residual"]
    with (folder / "vehicles.csv").open(newline="", encoding="utf-8") as lines:
        vehicle = next(
            row["id"] for row in csv.DictReader(lines) if "residual" in row["streams"] or row["streams"] == "all"
        )
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(MORE.format(vehicle=vehicle, first=points[0], second=points[1]))
    return run(folder / "scenario.toml", seconds=3.0, engine="ruin")


def test_the_problem_has_the_rules_that_the_tables_say(outcome: Outcome) -> None:
    used = features(outcome.days[0].problem)
    assert used >= {
        Feature.OVERTIME,
        Feature.BREAK_PLACES,
        Feature.DRIVING_REST,
        Feature.TIP_COSTS,
        Feature.MAX_DISTANCE,
        Feature.SERVICE_TYPES,
        Feature.SKILLS,
        Feature.QUEUES,
        Feature.CAPS,
        Feature.PERIODS,
        Feature.LOCKS,
        Feature.BALANCE,
        Feature.COMPACT,
        Feature.CHANGES,
        Feature.ORDER_OF_AIMS,
    }


def test_every_rule_holds_and_what_is_fixed_by_hand_stays(outcome: Outcome) -> None:
    for day in outcome.days:
        assert day.violations == ()
        assert day.result.status in {Status.FEASIBLE, Status.PARTIAL, Status.OPTIMAL}
        assert day.result.plan is not None
        for lock in day.problem.locks:
            order = next(tour.stops for tour in day.result.plan.rounds if tour.vehicle == lock.vehicle)
            assert [stop for stop in order if stop in lock.stops] == list(lock.stops)


def test_the_bound_and_the_price_are_told(outcome: Outcome) -> None:
    for day in outcome.days:
        assert day.result.price is not None
        assert day.result.bound is not None
        assert day.result.bound.value <= day.result.price.net + 1e-6
        assert set(day.result.price.preferences) >= {"balance", "compact", "changes"}


def test_documents_tell_pauses_at_the_depot_with_the_way_there(outcome: Outcome, tmp_path: Path) -> None:
    names = {document.name for document in write_all(outcome, tmp_path)}
    assert {"report.html", "plan.xlsx", "rounds.csv", "outcome.json"} <= names
    told = json.loads((tmp_path / "outcome.json").read_text(encoding="utf-8"))
    assert told
    for day in outcome.days:
        assert day.result.plan is not None
        for tour in day.result.plan.rounds:
            pauses = [visit for visit in tour.visits if visit.act is Act.BREAK and visit.id == "pause"]
            halts = [visit for visit in tour.visits if visit.act is not Act.BREAK or visit in pauses]
            assert len(day.ways[tour.vehicle]) == len(halts) + 1
