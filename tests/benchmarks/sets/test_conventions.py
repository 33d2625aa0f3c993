"""Costs worked out on paper, in the convention of each set, and what plans must keep to."""

from __future__ import annotations

import math

import pytest

from benchmarks.sets import pvrpif
from benchmarks.sets.run import without_first
from benchmarks.sets.source import Source
from optimiser.rounds.check import check
from optimiser.rounds.plan import Order
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import schedule
from tests.benchmarks.sets.small import (
    CARP,
    CORDEAU,
    CVRP,
    EXPLICIT,
    HFVRP,
    MCARP,
    MCARPTIF,
    MULTI_TRIP,
    PRIZES,
    PVRPIF,
    RWCP,
    SOLOMON,
    TEXTS,
    cost_of,
    posed,
)


def codes(problem: RoundsProblem, *orders: tuple) -> set[str]:
    """Return the rules that timed rounds break; tips as listed."""
    plan = schedule(problem, [Order(vehicle=v, visits=tuple(visits), tips="listed") for v, *visits in orders])
    return {violation.code for violation in check(problem, plan)}


def test_arcs_cost_their_work_and_the_ways_between() -> None:
    instance = posed("carp", CARP)
    there = 3 + 5 + 4 + 9
    assert cost_of(instance, ("v1", "(1,2)", "(3,4)")) == there
    back_first = 9 + 4 + 5 + 3
    assert cost_of(instance, ("v1", ("(3,4)", 1), ("(1,2)", 1))) == back_first
    assert cost_of(instance, ("v1", "(1,2)"), ("v2", "(3,4)")) == 3 + 3 + 8 + 4 + 9
    problem = instance.parts[0].problem
    assert "limit-exceeded" in codes(problem, ("v1", "(1,2)", "(3,4)"))
    assert codes(problem, ("v1", "(1,2)"), ("v2", "(3,4)")) == set()


def test_mixed_arcs_keep_their_direction_and_pay_for_each_round() -> None:
    instance = posed("mcarp", MCARP)
    modes = {stop.id: len(stop.modes) for stop in instance.parts[0].problem.stops}
    assert modes == {"(1,2)": 2, "(3,-4)": 1}
    assert cost_of(instance, ("v1", "(1,2)", "(3,-4)")) == 20 + 5 + 30 + 9 + 300
    assert cost_of(instance, ("v1", "(1,2)"), ("v2", "(3,-4)")) == 20 + 3 + (3 + 5 + 30 + 9) + 600


def test_a_cost_that_the_files_of_a_mirror_misspell_is_read() -> None:
    assert cost_of(posed("mcarp", MCARP.replace("trav_cost", "trave_cost")), ("v1", "(1,2)")) == 20 + 3 + 300


def test_facilities_cost_money_and_time_at_each_tip() -> None:
    instance = posed("mcarptif", MCARPTIF)
    assert cost_of(instance, ("v1", "(1,2)", "site 3", "(3,-4)", "site 1")) == 20 + 5 + 300 + 30 + 9 + 300
    problem = instance.parts[0].problem
    assert codes(problem, ("v1", "(1,2)", "(3,-4)", "site 1")) == set()
    assert "not-empty" in codes(problem, ("v1", "(1,2)", "(3,-4)"))
    short = posed("mcarptif", MCARPTIF.replace("MAX_TRIP : 1000", "MAX_TRIP : 363")).parts[0].problem
    assert "shift-end" in codes(short, ("v1", "(1,2)", "(3,-4)", "site 1"))  # 364 seconds
    exact = posed("mcarptif", MCARPTIF.replace("MAX_TRIP : 1000", "MAX_TRIP : 364")).parts[0].problem
    assert codes(exact, ("v1", "(1,2)", "(3,-4)", "site 1")) == set()


def test_two_links_between_the_same_nodes_are_two_stops() -> None:
    twice = CARP.replace("( 3, 4)   coste 4   demanda 2", "( 1, 2)   coste 1   demanda 1")
    instance = posed("carp", twice)
    assert [stop.id for stop in instance.parts[0].problem.stops] == ["(1,2)", "(1,2)#2"]
    assert cost_of(instance, ("v1", "(1,2)", ("(1,2)#2", 1))) == 4
    assert cost_of(instance, ("v1", "(1,2)")) == 3 + 1  # home by the cheaper one


def test_turns_cost_by_their_kind() -> None:
    instance = posed("rwcp", RWCP)
    served = 30 + 20.5 + 300
    ahead = 6 + 0 + 11  # from the depot, straight on into (2,3), left into (3,4)
    assert cost_of(instance, ("v1", "(2,3)", "(3,4)", "site 5")) == pytest.approx(served + ahead + 5 + 8 + 100)
    # the other way round: (3,4), the whole way about to (3,2): 4-5-1-2-3, a U-turn, 2-1, nothing but (5,1) leads home
    problem = instance.parts[0].problem
    assert {stop.id: dict(stop.loads) for stop in problem.stops}["(2,3)"] == {"volume": 4, "weight": 3}
    assert codes(problem, ("v1", "(2,3)", "(3,4)", "site 5")) == set()
    small_ = posed("rwcp", RWCP.replace("CAPACITY\t10\t20", "CAPACITY\t10\t3.5")).parts[0].problem
    assert "limit-exceeded" in codes(small_, ("v1", "(2,3)", "(3,4)", "site 5"))
    assert len(problem.vehicles) == 1


def test_x_distances_are_rounded_to_the_nearest() -> None:
    instance = posed("vrplib", CVRP)
    assert cost_of(instance, ("v1", "2", "1"), ("v2", "3")) == (1 + 4 + 5) + 12  # sqrt(2), sqrt(13), 5
    assert codes(instance.parts[0].problem, ("v1", "2", "1"), ("v2", "3")) == set()
    up = posed("vrplib", CVRP.replace("EUC_2D", "CEIL_2D"))
    assert cost_of(up, ("v1", "2", "1"), ("v2", "3")) == (2 + 4 + 5) + 12


def test_listed_distances_are_taken_as_they_are() -> None:
    instance = posed("vrplib", EXPLICIT)
    assert cost_of(instance, ("v1", "1", "2")) == 4 + 6 + 5
    full = EXPLICIT.replace("LOWER_ROW", "FULL_MATRIX").replace("\n4\n5 6\n", "\n0 4 5 4\n0 7 5 6 0\n")
    assert cost_of(posed("vrplib", full), ("v1", "1", "2")) == 4 + 7 + 5


def test_a_limit_on_distance_counts_service() -> None:
    limited = CVRP.replace("CAPACITY", "DISTANCE : 12\nSERVICE_TIME : 1\nCAPACITY")
    problem = posed("vrplib", limited).parts[0].problem
    assert codes(problem, ("v1", "2"), ("v2", "1")) == set()
    assert "shift-too-long" in codes(problem, ("v1", "2", "3"))  # 1 + 5 + 6 and two services


def test_mixed_fleets_are_exact_in_hundredths_of_the_file() -> None:
    instance = posed("vrplib", HFVRP)
    ways = math.sqrt(2) + math.sqrt(13) + 5
    assert cost_of(instance, ("v1", "2", "1"), ("v2", "3")) == pytest.approx(1 + ways + 3 + 2.5 * 12)


def test_trips_set_out_after_the_release_and_count_tenths() -> None:
    instance = posed("vrplib", MULTI_TRIP)
    assert cost_of(instance, ("v1", "1", "3", "reload", "2")) == 50 + 36 + 60 + 14 + 14
    stop = next(stop for stop in instance.parts[0].problem.stops if stop.id == "2")
    assert stop.release_s == 200
    assert stop.modes[0].service_s == 90


def test_prizes_are_missed_tenfold() -> None:
    instance = posed("vrplib", PRIZES)
    assert cost_of(instance, ("v1", "1", "3")) == 50 + 36 + 60 + 80
    assert cost_of(instance) == 240


def test_solomon_has_two_conventions() -> None:
    truncated, exact = posed("solomon", SOLOMON), posed("solomon", SOLOMON, "vehicles")
    assert cost_of(truncated, ("v1", "1", "2")) == pytest.approx(1.4 + 3.6 + 5.0)
    assert cost_of(exact, ("v1", "1", "2")) == pytest.approx(math.sqrt(2) + math.sqrt(13) + 5)
    assert len(truncated.parts[0].problem.vehicles) == 2
    tight = SOLOMON.replace("20         60 ", "0          15 ").replace("20        60", " 0        15")
    assert tight != SOLOMON
    for objective, broken in (("distance", set()), ("vehicles", {"window-missed"})):  # 1.4 + 10 + 3.6, and 15.02
        assert codes(posed("solomon", tight, objective).parts[0].problem, ("v1", "1", "2")) == broken


def test_depots_have_their_own_vehicles_and_limits() -> None:
    instance = posed("cordeau", CORDEAU)
    assert cost_of(instance, ("d1 v1", "1"), ("d2 v1", "2")) == pytest.approx(10 + 2)
    problem = instance.parts[0].problem
    assert codes(problem, ("d1 v1", "1"), ("d2 v1", "2")) == set()
    assert "shift-end" in codes(problem, ("d1 v1", "2"), ("d2 v1", "1"))  # 2 * sqrt(101) and one of service


def test_days_are_even_and_the_costs_minutes_of_driving() -> None:
    instance = posed("pvrpif", PVRPIF)
    assert [sorted(stop.id for stop in part.problem.stops) for part in instance.parts] == [["1", "2"], ["2", "3"]]
    assert cost_of(instance, ("v1", "2", "4", "1", "4")) == 2 + 3 + 9 + 8 + 8
    problem = instance.parts[0].problem
    assert codes(problem, ("v1", "2", "4", "1", "4")) == set()
    assert "limit-exceeded" in codes(problem, ("v1", "2", "1", "4"))
    assert "shift-end" in codes(
        posed("pvrpif", PVRPIF.replace('"maxDuration": 60', '"maxDuration": 34')).parts[0].problem,
        ("v1", "2", "4", "1", "4"),
    )  # 30 minutes of driving, 5 of work


def test_spaced_days_cover_what_is_asked() -> None:
    rows = [{"id": 1, "frequency": 2.0, "demand": 1.0}, {"id": 2, "frequency": 3.0, "demand": 5.0}]
    rows += [{"id": 3, "frequency": 6.0, "demand": 1.0}, {"id": 4, "frequency": 1.0, "demand": 1.0}]
    days = pvrpif.own_days(rows, 6)
    assert days == {"2": (0, 2, 4), "3": (0, 1, 2, 3, 4, 5), "1": (0, 3), "4": (1,)}


def test_days_of_the_solution_beside_the_file_are_kept_unless_told_otherwise(tmp_path) -> None:
    file = tmp_path / "tiny.geojson"
    file.write_text(PVRPIF, encoding="utf-8")
    schemes = "\n".join(f"Scheme({k}): options: [] assigned: {days}" for k, days in ((1, [1]), (2, [0, 1]), (3, [1])))
    (tmp_path / "report_tiny_feasible.txt").write_text(f"Solution for tiny with cost 1\n{schemes}\n", encoding="utf-8")
    source = Source(name="tiny", text=PVRPIF, path=file)
    kept, own = pvrpif.read(source, "distance"), pvrpif.read(source, "distance", own=True)
    assert [len(part.problem.stops) for part in kept.parts] == [1, 3]
    assert [len(part.problem.stops) for part in own.parts] == [2, 2]
    assert (kept.format, own.format) == ("pvrpif", "pvrpif-own-days")


@pytest.mark.parametrize(
    ("form", "objective"),
    [("kim", "vehicles"), ("kim", "distance"), ("carp", "vehicles"), ("mcarp", "distance"), ("mcarptif", "vehicles"),
     ("rwcp", "distance"), ("vrplib", "vehicles"), ("solomon", "distance"), ("solomon", "vehicles"),
     ("cordeau", "distance")],
)  # fmt: skip
def test_the_price_is_the_cost_in_another_unit(form: str, objective: str) -> None:
    """What engines minimise is what the set counts, and fewer vehicles outweigh any distance where they come first."""
    instance = posed(form, TEXTS[form], objective)
    (part,) = instance.parts
    problem = part.problem
    sites = [site.id for site in problem.tip_sites]
    alone = [(vehicle.id, stop.id, *sites[-1:]) for vehicle, stop in zip(problem.vehicles, problem.stops, strict=False)]
    if len(problem.vehicles) == 1:
        alone = [("v1", *(stop.id for stop in problem.stops), *sites)]
    plan = schedule(problem, [Order(vehicle=v, visits=tuple(visits), tips="listed") for v, *visits in alone])
    net = price(problem, plan).net
    cost = part.cost(plan)
    assert cost == pytest.approx(part.unit * (net - part.per_round * len(plan.rounds)) + part.offset, abs=1e-3)
    assert (part.per_round > cost) == (objective == "vehicles")
    bare = without_first(part)
    assert price(bare, plan).net == pytest.approx(net - part.per_round * len(plan.rounds))
