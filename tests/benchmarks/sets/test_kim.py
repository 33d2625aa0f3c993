"""Each rule of the reading of Kim's set, on paper; and a plan of a real file, judged from its numbers alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.sets.instance import Instance
from benchmarks.sets.registry import read_instance
from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Order, Plan, Visit
from optimiser.rounds.schedule import schedule
from optimiser.rounds.solve import solve
from tests.benchmarks.sets.small import KIM, cost_of, posed

HOUR = 3600.0
LOOSE = KIM.replace("10.0 ", "20.0 ").replace("15.0 ", "20.0 ")


def timed(text: str, *orders: tuple[str, ...], form: str = "kim") -> tuple[Instance, Plan]:
    """Return an instance and the timed plan of these rounds, tips as listed."""
    instance = posed(form, text)
    listed = [Order(vehicle=v, visits=tuple(visits), tips="listed") for v, *visits in orders]
    return instance, schedule(instance.parts[0].problem, listed)


def codes(text: str, *orders: tuple[str, ...], form: str = "kim") -> set[str]:
    """Return the rules that these rounds break."""
    instance, plan = timed(text, *orders, form=form)
    return {violation.code for violation in check(instance.parts[0].problem, plan)}


def moved(instance: Instance, plan: Plan, by_s: float) -> set[str]:
    """Return the rules that the plan breaks when all of it happens so much later."""
    tours = [
        replace(
            tour,
            start_s=tour.start_s + by_s,
            end_s=tour.end_s + by_s,
            visits=tuple(
                replace(v, arrive_s=v.arrive_s + by_s, start_s=v.start_s + by_s, end_s=v.end_s + by_s)
                for v in tour.visits
            ),
        )
        for tour in plan.rounds
    ]
    return {violation.code for violation in check(instance.parts[0].problem, replace(plan, rounds=tuple(tours)))}


def test_the_cost_is_manhattan_miles_from_depot_to_depot() -> None:
    to_site = (10560 + 5280.5) / 5280 + 2.0
    assert cost_of(posed("kim", KIM), ("v1", "2", "3", "site 1")) == pytest.approx(1.0 + 0.5 / 5280 + to_site + 2.0)


def test_time_is_miles_by_the_speed_of_the_file() -> None:
    """The page of the set works it out: 15,387 feet are 2.914 miles, 262.3 seconds at 40 miles an hour."""
    text = KIM.replace("0 0 0 0400", "0 1215029 3461398 0400").replace("1 5280 5280", "1 1229125 3460107")
    travel = posed("kim", text).parts[0].problem.travel["truck"]
    duration, distance = travel.legs([travel.row("depot 0")], [travel.column("site 1")])
    assert duration[0] / 1000 == pytest.approx(262.3, abs=0.05)
    assert distance[0] / 100 == 15387


@pytest.mark.parametrize(
    ("load", "day", "broken"),
    [("13.0 ", "13.0 ", set()), ("12.9 ", "13.0 ", {"limit-exceeded"}), ("13.0 ", "12.9 ", {"day-limit-exceeded"})],
)
def test_yards_are_limited_at_a_time_and_in_a_day(load: str, day: str, broken: set[str]) -> None:
    text = KIM.replace("10.0 ", load).replace("15.0 ", day)
    assert codes(text, ("v1", "2", "3", "site 1")) == broken
    assert codes(text, ("v1", "2", "site 1"), ("v2", "3", "site 1")) == set()


def test_unloading_on_the_way_makes_room_at_once_but_not_in_the_day() -> None:
    assert codes(KIM, ("v1", "2", "site 1", "3", "site 1")) == set()
    assert codes(KIM.replace("15.0 ", "12.0 "), ("v1", "2", "site 1", "3", "site 1")) == {"day-limit-exceeded"}


def test_stops_are_counted_over_the_day_and_sites_are_not() -> None:
    two = LOOSE.replace("3 // total", "2 // total")
    assert codes(two, ("v1", "2", "site 1", "3", "site 1")) == set()
    one = LOOSE.replace("3 // total", "1 // total")
    assert codes(one, ("v1", "2", "site 1", "3", "site 1")) == {"too-many-stops"}


def test_a_vehicle_comes_home_empty() -> None:
    assert codes(LOOSE, ("v1", "2", "3")) == {"not-empty"}


def test_windows_bound_the_beginning_of_the_service() -> None:
    """The way to stop 2 takes 90 seconds and a bit from 04:00: it begins by 04:02 and is over after it."""
    on_time = LOOSE.replace("2 0 5280.5 0700 1675", "2 0 5280.5 0000 0402")
    assert codes(on_time, ("v1", "2", "site 1")) == set()
    assert codes(on_time.replace("0402", "0401"), ("v1", "2", "site 1")) == {"window-missed"}
    _, plan = timed(LOOSE, ("v1", "2", "site 1"))
    (first, *_) = plan.rounds[0].visits
    assert first.start_s >= 7 * HOUR  # who is there before waits
    minutes_above_59 = posed("kim", KIM).parts[0].problem.stops[0].windows
    assert [(w.open_s, w.close_s) for w in minutes_above_59] == [(7 * HOUR, 16 * HOUR + 75 * 60)]


def test_unloading_takes_its_seconds_and_has_hours() -> None:
    _, plan = timed(LOOSE, ("v1", "2", "site 1"))
    (tip,) = (visit for visit in plan.rounds[0].visits if visit.act is Act.TIP)
    assert tip.end_s - tip.start_s == 600
    late = LOOSE.replace("1 5280 5280 0000 2400", "1 5280 5280 0000 0430")
    assert codes(late, ("v1", "2", "site 1")) == {"site-closed"}


def test_rounds_lie_within_the_hours_of_the_depot() -> None:
    instance, plan = timed(LOOSE, ("v1", "3", "site 1"))
    assert "shift-start" in moved(instance, plan, 4 * HOUR - plan.rounds[0].start_s - 1)
    assert "shift-end" in moved(instance, plan, 15 * HOUR - plan.rounds[0].end_s + 1)


def test_lunch_is_an_hour_that_begins_before_noon() -> None:
    instance, plan = timed(LOOSE, ("v1", "3", "site 1"))
    (lunch,) = (visit for visit in plan.rounds[0].visits if visit.act is Act.BREAK)
    assert lunch.end_s - lunch.start_s == HOUR
    assert 11 * HOUR <= lunch.start_s <= 12 * HOUR
    assert moved(instance, plan, 11 * HOUR - lunch.start_s) == set()
    assert moved(instance, plan, 12 * HOUR - lunch.start_s) == set()
    assert "break-outside-window" in moved(instance, plan, 12 * HOUR - lunch.start_s + 60)
    assert "break-outside-window" in moved(instance, plan, 11 * HOUR - lunch.start_s - 60)


def test_everybody_has_lunch_unless_asked_otherwise() -> None:
    instance, plan = timed(LOOSE, ("v1", "3", "site 1"), form="kim-home-by-noon")
    (tour,) = plan.rounds
    assert all(visit.act is not Act.BREAK for visit in tour.visits)
    assert moved(instance, plan, 12 * HOUR - tour.end_s) == set()
    assert moved(instance, plan, 12 * HOUR - tour.end_s + 1) == {"break-missing"}
    strict = posed("kim", LOOSE)
    assert moved(strict, plan, 12 * HOUR - tour.end_s) == {"break-missing"}
    assert strict.notes != instance.notes
    assert (strict.format, instance.format) == ("kim", "kim-home-by-noon")


def test_without_lunch_in_the_file_nobody_rests() -> None:
    assert codes(LOOSE.replace("3600 //", "0 //"), ("v1", "3", "site 1")) == set()
    assert posed("kim", LOOSE.replace("3600 //", "0 //")).parts[0].problem.vehicles[0].breaks == ()


@pytest.mark.parametrize("form", ["kim", "kim-home-by-noon"])
def test_a_real_plan_is_right_by_the_numbers_of_the_file_alone(data_dir: Path, form: str) -> None:
    file = data_dir / "benchmarks" / "waste_kim" / "102_stop.txt"
    instance = read_instance(file, form=form)
    problem = instance.parts[0].problem
    plan = solve(problem, engine="nearest", budget=Budget(iterations=1), seed=1).plan
    assert plan is not None
    assert check(problem, plan) == ()
    assert instance.parts[0].cost(plan) == pytest.approx(miles_of(file, plan, every_lunch=form == "kim"))


def miles_of(file: Path, plan: Plan, *, every_lunch: bool) -> float:
    """Return the miles of a plan that serves everything; every rule is asserted, in exact feet and with no reader."""
    lines = file.read_text(encoding="utf-8").splitlines()
    load, day, most, lunch_s, mph = (float(line.split()[0]) for line in lines[:5])
    rows = {words[0]: words for line in lines[6:] if (words := line.split())}
    opens, closes = (seconds(rows["0"][k]) for k in (3, 4))
    total, served = 0.0, []
    for tour in plan.rounds:
        here, now, held, gathered = rows["0"], tour.start_s, 0.0, 0.0
        work = [visit for visit in tour.visits if visit.act is not Act.BREAK]
        rests = [visit for visit in tour.visits if visit.act is Act.BREAK]
        assert opens <= tour.start_s <= tour.end_s <= closes
        for visit in work:
            there = rows[visit.id.removeprefix("site ")]
            now += feet(here, there) / 5280 * 3600 / mph + rest_between(rests, now, visit)
            assert now <= visit.start_s + 0.01
            assert seconds(there[3]) <= visit.start_s <= seconds(there[4])
            now, here, total = visit.start_s + float(there[5]), there, total + feet(here, there)
            held = 0.0 if there[7] == "2" else held + float(there[6])
            gathered += 0.0 if there[7] == "2" else float(there[6])
            assert held <= load
        stops = [visit.id for visit in work if rows[visit.id.removeprefix("site ")][7] == "1"]
        assert gathered <= day
        assert len(stops) <= most
        assert held == 0
        total += feet(here, rows["0"])
        assert now + feet(here, rows["0"]) / 5280 * 3600 / mph <= tour.end_s + 0.01
        assert len(rests) == (1 if every_lunch else tour.start_s <= 12 * HOUR < tour.end_s)
        assert all(11 * HOUR <= rest.start_s <= 12 * HOUR for rest in rests)
        assert all(rest.end_s - rest.start_s == lunch_s for rest in rests)
        served += stops
    assert sorted(served) == sorted(name for name, row in rows.items() if row[7] == "1")
    return total / 5280


def rest_between(rests: list[Visit], left_s: float, visit: Visit) -> float:
    """Return how much of the time between leaving one place and beginning at the next is lunch."""
    return sum(rest.end_s - rest.start_s for rest in rests if left_s - 0.01 <= rest.start_s < visit.start_s)


def feet(here: list[str], there: list[str]) -> float:
    """Return the Manhattan distance of two rows."""
    return abs(float(here[1]) - float(there[1])) + abs(float(here[2]) - float(there[2]))


def seconds(hhmm: str) -> float:
    """Return the seconds since midnight."""
    return HOUR * (int(hhmm) // 100) + 60.0 * (int(hhmm) % 100)
