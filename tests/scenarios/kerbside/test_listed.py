"""A planner's list of kerbside streets: by name, way, piece and house number; and every row that cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from faults import InputError
from network.features import Addresses, Buildings, MapFeatures, Points
from network.streets import StreetNetwork
from scenarios.kerbside.collect import Kerbside, kerbside
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.kerbside import Side
from scenarios.model.system import WasteSystem
from scenarios.scenario import Scenario, TableRef
from tests.network.drawing import column, degrees
from tests.scenarios.kerbside.drawn import by_name, town, vehicle
from tests.scenarios.kerbside.test_estimate import SCENARIO

HEADER = "street,side,stream,kg_per_day,people,households,bins,from_house,to_house\n"
NONE = np.zeros(0)
HOUSES = [(20.0, 215.0, "1"), (60.0, 215.0, "3"), (100.0, 185.0, "4 a"), (160.0, 215.0, "9")]
SYSTEM = WasteSystem(streams=SCENARIO.streams, points=(), residents=(), depots=(), facilities=(), vehicles=(vehicle(),))


def features() -> MapFeatures:
    lon, lat = degrees([x for x, _, _ in HOUSES], [y for _, y, _ in HOUSES])
    none = column([])
    points = Points(id=(), lon=NONE, lat=NONE, kind=(), name=none, tags=())
    return MapFeatures(
        buildings=Buildings(
            id=(), lon=NONE, lat=NONE, area_m2=NONE, levels=NONE, flats=NONE,
            kind=none, use=none, name=none, street=none, housenumber=none,
        ),
        addresses=Addresses(
            id=tuple(str(k) for k in range(len(HOUSES))), lon=lon, lat=lat,
            street=column(["North Street"] * len(HOUSES)), housenumber=column([n for _, _, n in HOUSES]),
            name=column([""] * len(HOUSES)), postcode=column([""] * len(HOUSES)), city=column([""] * len(HOUSES)),
        ),
        amenities=points, places=points, source="drawn", date="", licence="", attribution="", left_out={},
    )  # fmt: skip


def read(folder: Path, *rows: str, network: StreetNetwork | None = None) -> Kerbside:
    (folder / "kerbside.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    scenario: Scenario = replace(
        SCENARIO, kerbside=KerbsideRef(from_="list"), tables={"kerbside": TableRef(file="kerbside.csv")}
    )
    return kerbside(scenario, folder, SYSTEM, network=network or town(), features=features(), zones=None)


def test_a_row_without_a_side_is_half_and_half(tmp_path: Path) -> None:
    found = by_name(read(tmp_path, "north street,,,40,,10,,,").streets)
    assert {name: street.total_kg_per_day for name, street in found.items()} == pytest.approx(
        {"North Street left": 20.0, "North Street right": 20.0}
    )
    street = found["North Street left"]
    assert (street.households, street.doors, street.estimated) == (pytest.approx(5.0), pytest.approx(5.0), False)
    assert street.origin.row == 2


def test_sides_ways_and_pieces(tmp_path: Path) -> None:
    network = town()
    west, north = int(network.way_id[3]), int(network.way_id[2])
    a, d = network.junction_id[0], network.junction_id[3]
    found = read(tmp_path, f"{north},left,,10,,,,,", f"{west}:{a}-{d},both,,20,,,,,", "West Street,right,,0.5,,,,,")
    told = {name: round(street.total_kg_per_day, 6) for name, street in by_name(found.streets).items()}
    assert told == {"North Street left": 10.0, "West Street both": 20.5}  # once at once, always at once


def test_kilograms_from_people_are_an_estimate_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, "North Street,left,,,30,,,,")
    (street,) = found.streets
    assert street.estimated
    assert street.people == pytest.approx(30.0)
    assert [doubt.code for doubt in found.doubts] == ["default-used"]


def test_bins_stand_in_for_doors(tmp_path: Path) -> None:
    (street,) = read(tmp_path, "North Street,left,,40,,10,4,,").streets
    assert (street.bins, street.doors, street.households) == pytest.approx((4.0, 0.0, 10.0))


def test_house_numbers_take_the_houses_between_them(tmp_path: Path) -> None:
    found = by_name(read(tmp_path, "North Street,,,30,,,,1,4").streets)
    assert {name: street.total_kg_per_day for name, street in found.items()} == pytest.approx(
        {"North Street left": 10.0, "North Street right": 20.0}
    )


def test_people_live_on_the_streets_they_put_out_at(tmp_path: Path) -> None:
    found = read(tmp_path, "North Street,,,30,60,,,,", "West Street,left,,30,20,,,,")
    assert sum(people.people for people in found.residents) == pytest.approx(80.0)
    assert {people.kerbside for people in found.residents} == {street.id for street in found.streets}
    assert found.taken is None


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ("Nort Street,,,40,,,,,", "kerbside-street-unknown", "North Street"),
        ("99999,,,40,,,,,", "kerbside-street-unknown", "99999"),
        ("North Street,,,40,,,,200,300", "kerbside-houses", "200 to 300"),
        ("North Street,,,,,,,,", "missing", "no amount"),
        ("North Street,middle,,40,,,,,", "not-a-choice", "middle"),
    ],
)
def test_a_row_that_cannot_be_is_named(tmp_path: Path, row: str, code: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, "West Street,,,40,,,,,", row)
    (fault,) = raised.value.faults
    assert fault.code == code
    assert "row 3" in fault.place
    assert said in f"{fault.cause} {fault.action}"


def test_everything_listed_is_there(tmp_path: Path) -> None:
    rows = ["Gate Street,,,11,,,,,", "Wide Street,both,,13,,,,,", "Cul-de-sac,left,,17,,,,,", "South Street,,,19,,,,,"]
    found = read(tmp_path, *rows)
    assert sum(street.total_kg_per_day for street in found.streets) == pytest.approx(60.0, rel=1e-12)
    assert {street.side for street in found.streets if street.name == "Wide Street"} == {Side.LEFT, Side.RIGHT}
