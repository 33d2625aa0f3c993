from dataclasses import replace

import pytest

from faults import SolverError
from scenarios.evidence.balance import balance
from tests.scenarios.evidence.on_paper import POINTS, case, day, point, problem, scenario, system


def rows(days=None, *, planned=None, **changes):
    brought = changes.pop("brought", {})
    found = balance(planned or scenario(), system(**changes), days if days is not None else (day(),), brought)
    return {row.stream: row for row in found}


def test_every_stream_closes_on_paper():
    residual, plastic = rows()["residual"], rows()["plastic"]
    assert (residual.generated_kg, residual.collected_kg, residual.left_kg) == (175, 150, 25)
    assert residual.unloaded_kg == {"tip": pytest.approx(150)}
    assert residual.left_reason == "no-room 25 kg"
    assert (plastic.generated_kg, plastic.collected_kg, plastic.left_kg, plastic.left_reason) == (30, 30, 0, "")


def test_what_people_bring_to_hubs_is_neither_collected_nor_left():
    brought = {"a": 0.25, "c": 1.0}
    loads = {name: kg * (1 - brought.get(name, 0.0)) for name, (_, kg) in POINTS.items()}
    stops = tuple(
        replace(stop, loads={POINTS[stop.id][0]: loads[stop.id]}) for stop in problem().stops if loads[stop.id]
    )
    lighter = replace(day(posed=problem(stops=stops)), loads_kg=loads)
    row = rows((lighter,), brought=brought)["residual"]
    assert (row.to_hubs_kg, row.collected_kg, row.left_kg) == (pytest.approx(50), pytest.approx(125), 0)


def test_a_day_without_a_plan_leaves_everything():
    row = rows((day(""),))["residual"]
    assert (row.collected_kg, row.left_kg, row.left_reason) == (0, 175, "no-plan 175 kg")


def test_a_point_with_no_collection_day_is_left_with_that_reason():
    monday = scenario(days=("mon",))
    points = tuple(point(name, kg_per_day=POINTS[name][1] / 7, days=("tue",) if name == "c" else ()) for name in POINTS)
    loads = {name: kg for name, (_, kg) in POINTS.items() if name != "c"}
    stops = tuple(stop for stop in problem().stops if stop.id != "c")
    week = replace(day(name="mon", posed=problem(stops=stops)), loads_kg=loads)
    row = rows((week,), planned=monday, points=points)["residual"]
    assert row.left_reason == "no-collection-day 25 kg"


def test_the_largest_reason_comes_first():
    stops = tuple(stop for stop in problem().stops if stop.id != "b")
    row = rows((day("v1: a p |", posed=problem(stops=stops)),))["residual"]
    assert row.left_reason == "no-plan 50 kg; no-room 25 kg"


def test_a_load_that_was_posed_wrongly_is_a_defect():
    wrong = replace(day(), loads_kg={name: kg * 1.01 for name, (_, kg) in POINTS.items()})
    with pytest.raises(SolverError, match="mass-balance"):
        rows((wrong,))


def test_what_is_collected_must_be_unloaded():
    honest = day()
    price = replace(honest.result.price, unloaded={"tip": {"residual": 150.0, "plastic": 20.0}})
    with pytest.raises(SolverError, match=r"collected is 30\.000 kg, its parts are 20\.000"):
        rows((replace(honest, result=replace(honest.result, price=price)),))


def test_the_case_on_paper_uses_it():
    assert [row.stream for row in case().balance] == ["residual", "plastic"]
