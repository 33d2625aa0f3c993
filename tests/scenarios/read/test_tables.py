"""The tables of a scenario as a whole, one thing broken at a time."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scenarios.model.work import PointKind
from scenarios.read.tables import named_days, read_tables
from scenarios.scenario import DemandRef, HubChoice, TableRef
from tests.scenarios.read.kit import (
    FACILITIES,
    ORGANIC,
    POINTS,
    RESIDUAL,
    VEHICLES,
    codes,
    faults,
    lay,
    read,
    scenario,
    the_fault,
    with_ref,
)

TWO = (RESIDUAL, ORGANIC)
HUB_SITES = "id,lat,lon\nh1,-1.2841,36.8233\n"
TODAY = "vehicle,visit\nt1,p1\nt1,p2\nt1,tip\n"


def changed(table: str, **cells: str) -> str:
    """Return a good table with cells of its first row replaced, or columns added."""
    head, first, *others = table.splitlines()
    row = {**dict(zip(head.split(","), first.split(","), strict=True)), **cells}
    rest = [line + "," * (len(row) - len(head.split(","))) for line in others]
    return "\n".join([",".join(row), ",".join(f'"{cell}"' for cell in row.values()), *rest]) + "\n"


def test_good_tables(tmp_path: Path) -> None:
    system, doubts = read(tmp_path)
    assert [p.id for p in system.points] == ["p1", "p2"]
    first = system.points[0]
    assert (first.lon, first.lat, first.kg_per_day, first.kind) == (36.8233, -1.2841, 40, PointKind.CONTAINER)
    assert str(first.origin) == "points.csv, row 2"
    assert first.own == {"id": "p1", "lat": "-1.2841", "lon": "36.8233", "stream": "residual", "kg_per_day": "40"}
    assert system.facilities[0].accepts == ("residual",)
    assert system.facilities[0].unload_s == 900
    assert system.vehicles[0].end_depot == "yard"
    assert system.vehicles[0].shift_start_s == 6 * 3600
    assert system.residents == ()
    assert set(codes(doubts)) == {"default-used"}
    assert "unload-landfill-s" in " ".join(fault.cause for fault in doubts)


def test_what_was_read_travels_between_processes(tmp_path: Path) -> None:
    system, _ = read(tmp_path)
    assert pickle.loads(pickle.dumps(system)) == system


def test_the_planners_headers_units_and_defaults(tmp_path: Path) -> None:
    plain = with_ref(
        scenario(),
        "points",
        columns={"id": "Bin No.", "kg_per_day": "Menge", "lat": "Breite"},
        units={"kg_per_day": "t/week", "service_s": "min"},
        defaults={"stream": "Residual Waste", "containers": 2, "optional": True, "service_s": 1.5},
    )
    table = "BIN NO;Breite;Länge;Longitude;Menge;Bemerkung;service s\n1;-1,28;x;36,82;0,7;näh;\n2;-1,29;;36,83;1,4;;2\n"
    a, b = read(tmp_path, plain, points=table)[0].points
    assert (a.id, a.lat, a.lon, a.stream) == ("1", -1.28, 36.82, "residual")
    assert a.kg_per_day == pytest.approx(100)
    assert (a.containers, a.optional, a.service_s, b.service_s) == (2, True, 90, 120)
    assert list(a.own) == ["BIN NO", "Breite", "Länge", "Longitude", "Menge", "Bemerkung", "service s"]
    assert a.own["Bemerkung"] == "näh"


def test_a_workbook_with_numbers_as_text_and_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Bins"
    page.append(("id", "lat", "lon", "kg_per_day", "open_s"))
    page.append((101, -1.284, "36,823", "1,234", 0.354))
    page.append((102, "-1,285", 36.824, 1.234, "8:30"))
    book.save(tmp_path / "bins.xlsx")
    plain = with_ref(scenario(), "points", file="bins.xlsx", sheet="Bins")
    system, _ = read(tmp_path, plain)
    assert [p.id for p in system.points] == ["101", "102"]
    assert [p.kg_per_day for p in system.points] == [1.234, 1.234]
    assert [p.lon for p in system.points] == [36.823, 36.824]
    assert [p.open_s for p in system.points] == [30_600, 30_600]
    assert str(system.points[1].origin) == "bins.xlsx, sheet Bins, row 3"
    assert system.points[0].own["id"] == "101"


def test_points_from_geojson(tmp_path: Path) -> None:
    plain = with_ref(scenario(), "points", file="points.geojson")
    (tmp_path / "points.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ID":"a","kg per day":7},'
        '"geometry":{"type":"Point","coordinates":[36.82,-1.28]}}]}'
    )
    (first,) = read(tmp_path, plain)[0].points
    assert (first.id, first.lon, first.lat, first.kg_per_day) == ("a", 36.82, -1.28, 7)
    assert first.own == {"ID": "a", "kg per day": "7"}
    assert first.origin.row == 1


def test_all_faults_of_all_tables_at_once(tmp_path: Path) -> None:
    found = faults(
        read,
        tmp_path,
        points="id,lat,lon,stream,kg_per_day\n,-1.28,36.82,residual,x\np1,95,190,residul,-3\np1,-1.28,36.82,,1\n",
        depots="id,lat,lon\nyard,,36.8\n",
        facilities="id,lat,lon,kind,accepts\np1,-1.28,36.84,landfill,glass\n",
        vehicles=changed(VEHICLES, start_depot="yrd", wage_per_hour="", profile="refuse truk", shift_end_s="5:00"),
    )
    told = {(fault.code, fault.place) for fault in found}
    assert told == {
        ("missing", "points.csv, row 2, column id"),
        ("not-a-number", "points.csv, row 2, column kg_per_day"),
        ("coordinates-range", "points.csv, row 3, column lat"),
        ("stream-unknown", "points.csv, row 3, column stream"),
        ("negative", "points.csv, row 3, column kg_per_day"),
        ("id-twice", "points.csv, row 3, column id"),
        ("id-twice", "points.csv, row 4, column id"),
        ("place-missing", "depots.csv, row 2, column lat"),
        ("stream-unknown", "facilities.csv, row 2, column accepts"),
        ("reference-unknown", "vehicles.csv, row 2, column start_depot"),
        ("missing", "vehicles.csv, row 2, column wage_per_hour"),
        ("not-a-choice", "vehicles.csv, row 2, column profile"),
    }


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"kg_per_day": "12 kg"}, "not-a-number", "units"),
        ({"kg_per_day": "-1"}, "negative", "0 or more"),
        ({"kg_per_day": "2000000"}, "out-of-range", "unit"),
        ({"kg_per_day": "1e999"}, "not-a-number", "number"),
        ({"kg_per_day": "NaN"}, "not-a-number", "number"),
        ({"kg_per_day": "#REF!"}, "cell-error", "formula"),
        ({"kg_per_day": ""}, "missing", "kilograms"),
        ({"containers": "1.5"}, "not-whole", "whole"),
        ({"containers": "0"}, "out-of-range", "check"),
        ({"open_s": "25:99"}, "not-a-time", "8:30"),
        ({"open_s": "8.5"}, "not-a-time", "8:30"),
        ({"open_s": "17:00", "close_s": "8:00"}, "hours-reversed", "swap"),
        ({"days": "mon, tusday"}, "not-a-day", "mon, tue"),
        ({"optional": "maybe"}, "not-yes-or-no", "yes or no"),
        ({"kind": "contaner"}, "not-a-choice", "container"),
        ({"stream": "residul"}, "stream-unknown", "residual"),
        ({"stream": "glass"}, "stream-unknown", "streams"),
        ({"lat": "36.8233", "lon": "-1.2841", "id": "x"}, None, ""),
        ({"lat": "-1.2841", "lon": "190"}, "coordinates-range", "decimal degrees"),
        ({"lat": "0", "lon": "0"}, "coordinates-zero", "coordinates"),
        ({"lat": "", "lon": "36.8"}, "place-missing", "fill"),
        ({"lat": "1°17'S"}, "not-a-number", "number"),
        ({"id": ""}, "missing", "fill"),
        ({"id": "x" * 600}, "too-long", "500"),
        ({"id": "a\u202eb"}, "not-text", "anew"),
        ({"id": "tip"}, "id-twice", "own id"),
        ({"id": "yard"}, "id-twice", "own id"),
        ({"id": "tip>"}, "id-twice", "leave out the >"),
        ({"id": "yard<"}, "id-twice", "leave out the >"),
        ({"id": "pier>"}, None, ""),
        ({"name": "<script>alert(1)</script>"}, None, ""),
        ({"name": "=1+1"}, None, ""),
        ({"people": "-5"}, "negative", "0"),
        ({"service_s": "0:05:00"}, None, ""),
        ({"buying_price_per_kg": "free"}, "not-a-number", "number"),
    ],
)
def test_one_cell_of_a_point(tmp_path: Path, cells: dict[str, str], code: str | None, words: str) -> None:
    table = changed(POINTS.splitlines()[0] + "\n" + POINTS.splitlines()[1] + "\n", **cells)
    if code is None:
        assert len(read(tmp_path, points=table)[0].points) == 1
        return
    fault = the_fault(read, tmp_path, points=table)
    assert fault.code == code
    assert words in fault.action
    assert "row 2" in fault.place


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"accepts": ""}, None),
        ({"accepts": "residual, glas"}, "stream-unknown"),
        ({"kind": ""}, "missing"),
        ({"kind": "Dump hill"}, "missing"),
        ({"kind": "Dump hill", "unload_s": "600"}, None),
        ({"kind": "Composting"}, None),
        ({"gate_fee_per_tonne": ""}, "price-missing"),
        ({"gate_fee_per_tonne": "", "fee_per_tip": "0"}, None),
        ({"gate_fee_per_tonne": "", "kind": "buyer"}, None),
        ({"gate_fee_per_tonne": "-5"}, "negative"),
        ({"unload_s": "90000"}, "out-of-range"),
        ({"open_s": "18:00", "close_s": "06:00"}, "hours-reversed"),
        ({"controlled": "basic"}, "not-yes-or-no"),
    ],
)
def test_one_cell_of_a_facility(tmp_path: Path, cells: dict[str, str], code: str | None) -> None:
    table = changed(FACILITIES, **cells)
    if code is None:
        assert read(tmp_path, facilities=table)[0].facilities[0].unload_s > 0
    else:
        assert the_fault(read, tmp_path, facilities=table).code == code


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"start_depot": ""}, None),
        ({"end_depot": "nowhere"}, "reference-unknown"),
        ({"streams": ""}, None),
        ({"streams": "plastic"}, "stream-unknown"),
        ({"wage_per_hour": ""}, "missing"),
        ({"cost_per_km": ""}, "missing"),
        ({"fixed_per_day": ""}, "missing"),
        ({"fixed_per_day": "0"}, None),
        ({"payload_kg": "0"}, "out-of-range"),
        ({"payload_kg": "seven"}, "not-a-number"),
        ({"shift_start_s": ""}, "missing"),
        ({"shift_end_s": "05:00"}, "hours-reversed"),
        ({"shift_start_s": "20:00", "shift_end_s": "28:00"}, None),
        ({"profile": "Refuse Truck"}, None),
        ({"profile": "helicopter"}, "not-a-choice"),
        ({"fuel": "kerosene"}, "not-a-choice"),
        ({"crew": "0"}, "out-of-range"),
        ({"max_hours": "0"}, "out-of-range"),
        ({"break_duration_s": "1800"}, "break-times"),
        ({"break_duration_s": "1800", "break_earliest_s": "9:00"}, "break-times"),
        ({"break_duration_s": "1800", "break_earliest_s": "9:00", "break_latest_s": "8:00"}, "break-times"),
        ({"break_duration_s": "0:30:00", "break_earliest_s": "9:00", "break_latest_s": "11:00"}, None),
        ({"break_duration_s": "0"}, None),
    ],
)
def test_one_cell_of_a_vehicle(tmp_path: Path, cells: dict[str, str], code: str | None) -> None:
    table = changed(VEHICLES, **cells)
    if code is None:
        (vehicle,) = read(tmp_path, vehicles=table)[0].vehicles
        assert vehicle.start_depot == "yard"
        assert vehicle.streams == ("residual",)
    else:
        assert the_fault(read, tmp_path, vehicles=table).code == code


def test_two_breaks_in_order(tmp_path: Path) -> None:
    times = {"break_duration_s": "900", "break_earliest_s": "8:00", "break_latest_s": "9:00", "break_paid": "no"}
    second = {"break2_duration_s": "1800", "break2_earliest_s": "11:00", "break2_latest_s": "12:00"}
    (vehicle,) = read(tmp_path, vehicles=changed(VEHICLES, **times, **second))[0].vehicles
    assert [(rest.duration_s, rest.paid) for rest in vehicle.breaks] == [(900, False), (1800, True)]
    overlapping = {**second, "break2_earliest_s": "9:10"}
    assert the_fault(read, tmp_path, vehicles=changed(VEHICLES, **times, **overlapping)).code == "break-times"


def test_a_payload_left_out_is_the_usual_one_and_said_once(tmp_path: Path) -> None:
    head, row = VEHICLES.splitlines()
    rows = [row.replace("7000", "").replace("t1", f"t{k}") for k in range(3)]
    system, doubts = read(tmp_path, vehicles="\n".join([head, *rows]) + "\n")
    assert {v.payload_kg for v in system.vehicles} == {7000}
    assert {v.volume_m3 for v in system.vehicles} == {15}
    told = [d for d in doubts if "payload" in d.cause]
    assert len(told) == 1
    assert "3 of 3 rows" in told[0].cause
    assert "Blantyre" in told[0].cause


@pytest.mark.parametrize(
    ("profile", "payload", "word"),
    [("refuse-truck", "7", "tonnes"), ("refuse-truck", "26000", "gross"), ("tricycle", "1500", "gross")],
)
def test_payloads_that_look_like_something_else(tmp_path: Path, profile: str, payload: str, word: str) -> None:
    _, doubts = read(tmp_path, vehicles=changed(VEHICLES, profile=profile, payload_kg=payload))
    (doubt,) = [d for d in doubts if d.code == "payload-doubtful"]
    assert word in doubt.cause
    _, doubts = read(tmp_path)
    assert "payload-doubtful" not in codes(doubts)


def test_times_at_points_left_out_are_said_once_with_their_sources(tmp_path: Path) -> None:
    _, doubts = read(tmp_path, points=changed(POINTS, service_s="90"))
    (told,) = [doubt for doubt in doubts if "service_s" in doubt.place]
    assert "1 of 2 rows" in told.cause
    assert "service-setup-s" in told.cause
    assert "service-per-container-s" in told.cause


@pytest.mark.parametrize(("cell", "seconds"), [("8.5", 30_600), ("8,5", 30_600), ("8:30", 30_600)])
def test_times_of_day_in_hours(tmp_path: Path, cell: str, seconds: float) -> None:
    plain = with_ref(scenario(), "points", units={"open_s": "h"})
    assert read(tmp_path, plain, points=changed(POINTS, open_s=cell))[0].points[0].open_s == seconds
    assert the_fault(read, tmp_path, plain, points=changed(POINTS, open_s="99")).code == "not-a-time"


def test_money_in_the_scenarios_currency_only(tmp_path: Path) -> None:
    plain = with_ref(scenario(), "vehicles", units={"wage_per_hour": "KES/min", "cost_per_km": "KES/mile"})
    (vehicle,) = read(tmp_path, plain)[0].vehicles
    assert vehicle.wage_per_hour == 30_000
    assert vehicle.cost_per_km == pytest.approx(230 / 1.609344)


@pytest.mark.parametrize(
    ("table", "mapping", "code", "word"),
    [
        ("id,lat,lon\np1,-1.28,36.82\n", {}, "column-missing", "kg_per_day"),
        ("id,lat,lon,kg\np1,-1.28,36.82,4\n", {}, "column-missing", "columns"),
        ("id,x,y,kg_per_day\np1,-1.28,36.82,4\n", {}, "column-missing", "lat"),
        ("id,lat,kg_per_day\np1,-1.28,4\n", {}, "column-missing", "lat"),
        (POINTS, {"kg_per_day": "kg per dya"}, "header-unknown", "kg_per_day"),
        ("id,ID ,lat,lon,kg_per_day\n1,2,-1.28,36.82,4\n", {}, "header-twice", "different"),
        ("id,a,a,lat,lon,kg_per_day\n1,2,3,-1.28,36.82,4\n", {"containers": "a"}, "header-twice", "different"),
        ("Bins,,,\n,,,\nid,lat,lon,kg_per_day\n1,-1.28,36.82,4\n", {}, "header-row", "header_row = 3"),
        ("Bins,,,\nNo,lat,lon,kg_per_day\n1,-1.28,36.82,4\n", {"id": "No"}, "header-row", "header_row = 2"),
    ],
)
def test_headers_that_are_not_found(tmp_path: Path, table: str, mapping: dict[str, str], code: str, word: str) -> None:
    found = faults(read, tmp_path, with_ref(scenario(), "points", columns=mapping), points=table)
    fault = next(fault for fault in found if fault.code == code)
    assert word in fault.action
    assert "points.csv" in fault.place


def test_headers_further_down_are_all_that_is_said_about_a_table(tmp_path: Path) -> None:
    table = "Bins of the town,,,,\n,,,,\nNo,Breite,Laenge,Menge,Tage\n1,-1.28,36.82,4,mon\n"
    mapping = {"id": "No", "lat": "Breite", "lon": "Laenge", "kg_per_day": "Menge", "days": "Tage"}
    found = faults(read, tmp_path, with_ref(scenario(), "points", columns=mapping), points=table)
    assert [(fault.code, fault.action) for fault in found] == [
        ("header-row", "the headers seem to be in row 3: say header_row = 3")
    ]


def test_two_columns_of_a_name_that_say_the_same_are_one(tmp_path: Path) -> None:
    table = "id,lat,lon,kg_per_day,Lat,Lon\n1,-1.2841,36.8233,4,-1.2841,36.8233\n"
    assert len(read(tmp_path, points=table)[0].points) == 1
    assert codes(faults(read, tmp_path, points=table.replace("4,-1.2841", "4,-1.2851"))) == ["header-twice"]


def test_a_column_that_only_carries_our_name_is_left_alone_when_the_scenario_says_so(tmp_path: Path) -> None:
    table = "id,lat,lon,kg_per_day,Kind\n1,-1.2841,36.8233,4,kiosk\n2,-1.2852,36.8241,5,kiosk\n"
    (fault,) = faults(read, tmp_path, points=table)
    assert (fault.code, fault.place) == ("not-a-choice", "points.csv, rows 2-3, column Kind")
    assert 'columns = {kind = ""}' in fault.action
    system, _ = read(tmp_path, with_ref(scenario(), "points", columns={"kind": ""}), points=table)
    assert {point.kind for point in system.points} == {PointKind.CONTAINER}
    assert system.points[0].own["Kind"] == "kiosk"


def test_a_required_column_that_is_left_alone_is_missing(tmp_path: Path) -> None:
    left = with_ref(scenario(), "vehicles", columns={"profile": ""})
    assert "column-missing" in codes(faults(read, tmp_path, left))


def test_a_table_without_places_is_told_once_and_a_likely_column_is_named(tmp_path: Path) -> None:
    (fault,) = faults(read, tmp_path, depots="id,Adresse\nyard,Moi Avenue\n")
    assert fault.code == "column-missing"
    assert 'columns = {address = "Adresse"}' in fault.action


def test_a_missing_column_is_told_once_not_for_every_row(tmp_path: Path) -> None:
    table = "id,lat,lon\n" + "".join(f"p{k},-1.28,36.82\n" for k in range(50))
    assert codes(faults(read, tmp_path, points=table)) == ["column-missing"]


def test_rows_without_a_column_of_ids_are_called_by_their_numbers(tmp_path: Path) -> None:
    system, doubts = read(tmp_path, points="nr,lat,lon,kg_per_day\na,-1.28,36.82,4\n\nb,-1.28,36.82,4\n")
    assert [point.id for point in system.points] == ["point-2", "point-4"]
    assert [point.name for point in system.points] == ["point-2", "point-4"]
    assert "ids-given" in codes(doubts)
    assert the_fault(read, tmp_path, points=changed(POINTS, id="")).code == "missing"


def test_doubled_headers_that_are_not_used_are_kept(tmp_path: Path) -> None:
    system, _ = read(tmp_path, points="id,lat,lon,kg_per_day,note,note\n1,-1.28,36.82,4,a,b\n")
    assert system.points[0].own["note"] == "a"
    assert system.points[0].own["note (2)"] == "b"


def test_a_decimal_mark_that_nothing_proves_is_reported_and_can_be_said(tmp_path: Path) -> None:
    table = 'id,lat,lon,kg_per_day\n1,-1.28,36.82,"1,234"\n2,-1.29,36.83,7\n'
    system, doubts = read(tmp_path, points=table)
    assert system.points[0].kg_per_day == 1234
    assert "decimal-ambiguous" in codes(doubts)
    system, doubts = read(tmp_path, with_ref(scenario(), "points", decimal="point"), points=table)
    assert "decimal-ambiguous" not in codes(doubts)
    table = 'id,lat,lon,kg_per_day\n1,"-1,28","36,82","1,234"\n'
    assert read(tmp_path, points=table)[0].points[0].kg_per_day == 1.234


def test_mixed_decimal_marks_are_told(tmp_path: Path) -> None:
    table = 'id,lat,lon,kg_per_day\n1,-1.28,36.82,1.5\n2,-1.28,36.82,2.5\n3,-1.28,36.82,"3,5"\n'
    fault = the_fault(read, tmp_path, points=table)
    assert (fault.code, fault.place) == ("decimal-mixed", "points.csv, row 4, column kg_per_day")


def test_weekdays_by_number_are_reported(tmp_path: Path) -> None:
    system, doubts = read(tmp_path, points=changed(POINTS, days="1, 4"))
    assert system.points[0].days == ("mon", "thu")
    assert "days-by-number" in codes(doubts)


def test_days_named_in_the_points(tmp_path: Path) -> None:
    system, _ = read(tmp_path, points=changed(POINTS, days="thu, mon"))
    assert named_days(system) == ("mon", "thu")
    assert named_days(read(tmp_path)[0]) == ()


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (TODAY.replace("p2", "p3"), "reference-unknown"),
        (TODAY.replace("t1", "t9"), "reference-unknown"),
        ("vehicle,visit,seq\nt1,p1,1\nt1,p2,1\n", "seq-twice"),
        ("vehicle,visit,seq\nt1,p1,1\nt1,p2,\n", "missing"),
        ("vehicle,visit,recorded_hours\nt1,p1,5\nt1,p2,6\n", "recorded-twice"),
        ("vehicle,visit,recorded_hours\nt1,p1,50\n", "out-of-range"),
        ("vehicle,visit\nt1,\n", "missing"),
        ("vehicle,day,visit\nt1,someday,p1\n", "not-a-day"),
    ],
)
def test_todays_rounds_that_do_not_fit(tmp_path: Path, table: str, code: str) -> None:
    assert {fault.code for fault in faults(read, tmp_path, today=table)} == {code}


def test_todays_rounds_by_visit_and_by_round(tmp_path: Path) -> None:
    long = "vehicle,day,seq,visit,recorded_hours,recorded_km\n"
    long += "t1,Mon,2,p2,,\nt1,Mon,1,p1,6.5,\nt1,Mon,3,tip,,41\nt1,thu,1,p1,,\n"
    mon, thu = read(tmp_path, today=long)[0].today
    assert mon.visits == ("p1", "p2", "tip")
    assert (mon.day, mon.recorded_hours, mon.recorded_km) == ("mon", 6.5, 41)
    assert (thu.day, thu.visits, thu.recorded_hours) == ("thu", ("p1",), None)
    wide = 'vehicle,day,visit,recorded_hours\nt1,"mon, thu","p1, p2, tip",6.5\n'
    mon, thu = read(tmp_path, today=wide)[0].today
    assert mon.visits == thu.visits == ("p1", "p2", "tip")
    assert (mon.day, thu.day, thu.recorded_hours) == ("mon", "thu", 6.5)
    (any_day,) = read(tmp_path, today=TODAY)[0].today
    assert any_day.day == ""


@pytest.mark.parametrize(
    ("hubs", "code"),
    [
        (None, None),
        (HubChoice(), None),
        (HubChoice(aim="cost"), "price-missing"),
        (HubChoice(budget_per_day=100.0), "price-missing"),
    ],
)
def test_costs_of_hubs_are_needed_when_they_decide(tmp_path: Path, hubs: HubChoice | None, code: str | None) -> None:
    plain = replace(with_ref(scenario(), "hub_sites"), hubs=hubs)
    if code is None:
        assert read(tmp_path, plain, hub_sites=HUB_SITES)[0].hub_sites[0].fixed_cost_per_day == 0
    else:
        assert {fault.code for fault in faults(read, tmp_path, plain, hub_sites=HUB_SITES)} == {code}


def test_a_hub_may_stand_where_a_point_has_its_name(tmp_path: Path) -> None:
    system, _ = read(tmp_path, hub_sites=HUB_SITES.replace("h1", "p1"))
    assert system.hub_sites[0].id == "p1"


@pytest.mark.parametrize(
    ("plain", "tables", "code"),
    [
        (scenario(streams=TWO), {}, "stream-unused"),
        (
            scenario(streams=TWO),
            {"points": POINTS.replace("residual,55", "organic,55"), "vehicles": VEHICLES.replace("all", "residual")},
            "stream-not-collected",
        ),
        (
            scenario(streams=TWO),
            {
                "points": POINTS.replace("residual,55", "organic,55"),
                "facilities": FACILITIES.replace("all", "residual"),
            },
            "stream-not-accepted",
        ),
        (scenario(days=("mon",)), {"points": changed(POINTS, days="tue")}, "day-not-planned"),
        (scenario(days=("mon",)), {"vehicles": changed(VEHICLES, days="tue")}, "day-not-planned"),
        (scenario(), {"points": changed(POINTS, kg_per_day="8000")}, "load-too-large"),
        (scenario(days=("mon",)), {"points": changed(POINTS, kg_per_day="1500")}, "load-too-large"),
    ],
)
def test_tables_that_hardly_fit_together_are_doubted(
    tmp_path: Path, plain: Any, tables: dict[str, str], code: str
) -> None:
    assert code in codes(read(tmp_path, plain, **tables)[1])
    assert code not in codes(read(tmp_path)[1])


def test_two_streams_must_be_named(tmp_path: Path) -> None:
    found = faults(read, tmp_path, scenario(streams=TWO), points="id,lat,lon,kg_per_day\n1,-1.28,36.82,4\n")
    assert codes(found) == ["column-missing"]
    system, _ = read(tmp_path, scenario(streams=TWO), points=changed(POINTS, stream="ORGANIC WASTE"))
    assert system.points[0].stream == "organic"


def test_amounts_are_not_asked_for_when_they_are_estimated(tmp_path: Path) -> None:
    plain = replace(scenario(), demand=DemandRef(from_="buildings", people=100))
    assert len(read(tmp_path, plain, points="id,lat,lon\n1,-1.28,36.82\n")[0].points) == 1
    tables = {name: ref for name, ref in plain.tables.items() if name != "points"}
    assert read(tmp_path, replace(plain, tables=tables))[0].points == ()


def test_files_of_every_table_that_are_missing_are_told_together(tmp_path: Path) -> None:
    found = faults(read_tables, scenario(), tmp_path, network=None, features=None)
    assert codes(found) == ["file-missing"] * 4


def test_limits(tmp_path: Path) -> None:
    head, row = VEHICLES.splitlines()
    many = "\n".join([head, *(row.replace("t1", f"t{k}", 1) for k in range(1001))]) + "\n"
    fault = the_fault(read, tmp_path, vehicles=many)
    assert fault.code == "too-many-rows"
    assert "1000" in fault.cause


def test_row_order_is_kept(tmp_path: Path) -> None:
    ids = [f"p{(k * 7919) % 1000}" for k in range(200)]
    table = "id,lat,lon,kg_per_day\n" + "".join(f"{id_},-1.28,36.82,1\n" for id_ in ids)
    assert [p.id for p in read(tmp_path, points=table)[0].points] == ids


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    lay(inside)
    (tmp_path / "points.csv").write_text(POINTS)
    plain = replace(scenario(), tables={**scenario().tables, "points": TableRef(file="../points.csv")})
    assert codes(faults(read_tables, plain, inside, network=None, features=None)) == ["path-outside"]


def test_messages_name_no_path_of_the_machine(tmp_path: Path) -> None:
    found = faults(read, tmp_path, points=b"\xff\xfea\x00b", depots="id\n", facilities=b"PK\x03\x04", vehicles=b"%PDF")
    assert len(found) == 4
    assert not [fault for fault in found if re.search(re.escape(str(tmp_path)), str(fault))]
