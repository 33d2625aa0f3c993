from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork
from tests.scenarios.read.kit import codes, faults, read, the_fault

HEAD = "id,lat,lon,kg_per_day\n"


def nairobi() -> StreetNetwork:
    return replace(twelve_junctions(), box=(36.80, -1.31, 36.85, -1.26))


def test_swapped_coordinates_are_told_by_the_streets(tmp_path: Path) -> None:
    fault = the_fault(read, tmp_path, points=HEAD + "a,36.82,-1.28,1\nb,-1.29,36.83,1\n", network=nairobi())
    assert fault.code == "coordinates-swapped"
    assert "row 2" in fault.place
    assert "look swapped" in fault.cause


def test_when_all_of_them_are_the_columns_are_told(tmp_path: Path) -> None:
    fault = the_fault(read, tmp_path, points=HEAD + "a,36.82,-1.28,1\nb,36.83,-1.29,1\n", network=nairobi())
    assert (fault.code, fault.place) == ("coordinates-swapped", "points.csv")
    assert 'columns = {lat = "lon", lon = "lat"}' in fault.action


def test_swapped_coordinates_are_told_by_the_majority_without_streets(tmp_path: Path) -> None:
    rows = "".join(f"p{k},-1.28,36.82,1\n" for k in range(5))
    assert the_fault(read, tmp_path, points=HEAD + rows + "x,36.82,-1.28,1\n").code == "coordinates-swapped"


def test_swapped_coordinates_beyond_the_pole_need_nobody_else(tmp_path: Path) -> None:
    assert the_fault(read, tmp_path, points=HEAD + "a,106.82,-6.2,1\n").code == "coordinates-swapped"


@pytest.mark.parametrize(("lat", "lon"), [("91", "181"), ("-95", "200"), ("1e308", "5"), ("5", "-181"), ("123", "123")])
def test_nowhere_on_earth(tmp_path: Path, lat: str, lon: str) -> None:
    assert the_fault(read, tmp_path, points=f"{HEAD}a,{lat},{lon},1\n").code == "coordinates-range"


def test_places_outside_the_streets_are_doubted_together(tmp_path: Path) -> None:
    rows = "".join(f"p{k},-1.40,36.9{k},1\n" for k in range(8)) + "in,-1.28,36.82,1\n"
    system, doubts = read(tmp_path, points=HEAD + rows, network=nairobi())
    (doubt,) = [doubt for doubt in doubts if doubt.code == "outside-streets"]
    assert "8 places" in doubt.cause
    assert "row 2, 3, 4, 5, 6 ..." in doubt.cause
    assert len(system.points) == 9


def test_zero_zero_is_a_place_only_where_the_streets_are_there(tmp_path: Path) -> None:
    near = {"points": HEAD + "a,0,0,1\n", "depots": "id,lat,lon\nyard,0,0.001\n"}
    near["facilities"] = "id,lat,lon,kind,gate_fee_per_tonne\ntip,0,0.002,landfill,0\n"
    assert len(read(tmp_path, **near, network=twelve_junctions())[0].points) == 1
    assert codes(faults(read, tmp_path, points=HEAD + "a,0,0,1\n", network=nairobi())) == ["coordinates-zero"]


def test_half_a_place_is_none(tmp_path: Path) -> None:
    fault = the_fault(read, tmp_path, points=HEAD + "a,-1.28,,1\n")
    assert fault.code == "place-missing"
    assert fault.place.endswith("column lon")
    assert "longitude missing" in fault.cause


def test_a_table_of_which_nothing_is_on_the_map_is_refused_once(tmp_path: Path) -> None:
    away = HEAD + "a,-34.89,-56.18,1\nb,-34.90,-56.19,1\n"
    fault = the_fault(read, tmp_path, points=away, network=nairobi())
    assert (fault.code, fault.place) == ("wrong-map", "points.csv")
    assert "latitude -34.89" in fault.cause
    _, doubts = read(tmp_path, points=away + "c,-1.2841,36.8233,1\n", network=nairobi())
    assert "outside-streets" in codes(doubts)


def test_an_id_of_another_table_is_said_with_that_table(tmp_path: Path) -> None:
    fault = the_fault(read, tmp_path, points=HEAD + "yard,-1.2841,36.8233,1\n")
    assert fault.cause == "'yard' is also the id in depots.csv, row 2, of the depots"
