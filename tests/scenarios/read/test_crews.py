"""Overtime, split shifts, rests, compartments and fleets of a kind, as planners write them in the table of vehicles."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.model.fleet import Compartment
from tests.scenarios.read.kit import ORGANIC, RESIDUAL, faults, read, scenario

HEAD = (
    "id,profile,start_depot,streams,payload_kg,shift_start_s,shift_end_s,wage_per_hour,fixed_per_day,cost_per_km,{}\n"
)
ROW = "t1,refuse-truck,yard,all,7000,06:00,14:00,500,6000,230,{}\n"
TWO = scenario(streams=(RESIDUAL, ORGANIC))


def table(columns: str, cells: str) -> str:
    return HEAD.format(columns) + ROW.format(cells)


def test_a_fleet_of_a_kind_is_numbered(tmp_path: Path) -> None:
    system, _ = read(tmp_path, vehicles=table("count,overtime_hours,overtime_per_hour", "3,1.5,750"))
    assert [vehicle.id for vehicle in system.vehicles] == ["t1-1", "t1-2", "t1-3"]
    assert {(v.overtime_hours, v.overtime_per_hour) for v in system.vehicles} == {(1.5, 250.0)}


def test_compartments_and_compaction_are_lists_of_streams_with_numbers(tmp_path: Path) -> None:
    cells = '"Residual waste 3000; organic 1500","organic 2.5, residual 2"'
    system, _ = read(tmp_path, TWO, vehicles=table("compartments,compaction", cells))
    (truck,) = system.vehicles
    assert truck.compartments == (
        Compartment(stream="residual", at_most_kg=3000),
        Compartment(stream="organic", at_most_kg=1500),
    )
    assert truck.compaction == {"organic": 2.5, "residual": 2.0}


def test_compartments_without_streams_are_open_and_one_compaction_is_for_all(tmp_path: Path) -> None:
    system, _ = read(tmp_path, TWO, vehicles=table("compartments,compaction", '"3000, 1500",3'))
    assert [part.stream for part in system.vehicles[0].compartments] == [None, None]
    assert system.vehicles[0].compaction == {"residual": 3.0, "organic": 3.0}


def test_a_split_shift_and_a_rest_are_read(tmp_path: Path) -> None:
    columns, cells = (
        "pause_from_s,pause_until_s,rest_after_hours,rest_s,skills,unloads_at",
        "10:00,11:30,4.5,2700,keys,tip",
    )
    system, _ = read(tmp_path, vehicles=table(columns, cells))
    (truck,) = system.vehicles
    assert truck.pause == (36_000.0, 41_400.0)
    assert (truck.rest_after_hours, truck.rest_s) == (4.5, 2700.0)
    assert (truck.skills, truck.unloads_at) == (("keys",), ("tip",))


@pytest.mark.parametrize(
    ("columns", "cells", "code"),
    [
        ("overtime_hours", "2", "missing"),
        ("pause_from_s", "10:00", "missing"),
        ("rest_s", "1800", "missing"),
        ("pause_from_s,pause_until_s", "11:00,10:00", "hours-reversed"),
        ("pause_from_s,pause_until_s", "11:00,15:00", "hours-reversed"),
        ("compartments", "paper 300", "stream-unknown"),
        ("compartments", '"residual 300, 500"', "compartments"),
        ("compartments", '"1,2,3,4,5"', "compartments"),
        ("compartments", "residual much", "not-a-number"),
        ("unloads_at", "nowhere", "reference-unknown"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, columns: str, cells: str, code: str) -> None:
    found = faults(read, tmp_path, TWO, vehicles=table(columns, cells))
    assert [fault.code for fault in found] == [code]


def test_numbers_that_another_vehicle_has_are_refused(tmp_path: Path) -> None:
    head, row = HEAD.format("count"), ROW.format("2")
    found = faults(read, tmp_path, vehicles=head + row.replace("t1", "t1-2", 1).replace(",2\n", ",1\n") + row)
    assert [fault.code for fault in found] == ["id-twice"]


def test_cheap_overtime_is_doubted(tmp_path: Path) -> None:
    _, doubts = read(tmp_path, vehicles=table("overtime_hours,overtime_per_hour", "2,250"))
    assert "overtime-cheap" in [doubt.code for doubt in doubts]


POINT_HEAD = "id,lat,lon,stream,kg_per_day,{}\n"
POINT_ROW = "p1,-1.2841,36.8233,residual,40,{}\n"


def test_points_say_second_spans_skills_prizes_and_company(tmp_path: Path) -> None:
    columns = "open_s,close_s,open2_s,close2_s,needs,vehicles,group,apart,usual_vehicle,prize,priority,kind"
    cells = '06:00,09:00,14:00,16:00,"keys, lift",t1,a,b,t1,12,2,skip'
    system, _ = read(tmp_path, points=POINT_HEAD.format(columns) + POINT_ROW.format(cells))
    (point,) = system.points
    assert (point.open2_s, point.close2_s) == (50_400.0, 57_600.0)
    assert (point.needs, point.vehicles, point.group, point.apart) == (("keys", "lift"), ("t1",), "a", "b")
    assert (point.usual_vehicle, point.prize, point.priority, point.optional) == ("t1", 12.0, 2.0, True)


@pytest.mark.parametrize(
    ("columns", "cells", "code"),
    [
        ("open2_s,close2_s", "14:00,16:00", "missing"),
        ("open_s,close_s,open2_s,close2_s", "06:00,09:00,08:00,16:00", "hours-reversed"),
        ("vehicles", "t9", "reference-unknown"),
        ("usual_vehicle", "t9", "reference-unknown"),
    ],
)
def test_points_that_cannot_be_meant_are_refused(tmp_path: Path, columns: str, cells: str, code: str) -> None:
    table_ = POINT_HEAD.format(columns) + POINT_ROW.format(cells)
    assert [fault.code for fault in faults(read, tmp_path, points=table_)] == [code]
