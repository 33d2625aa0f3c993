from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from network.features import Addresses, Buildings, MapFeatures, Points, read_features
from network.geometry import METRES_PER_DEGREE
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork, TagColumn
from scenarios.read.address import CANDIDATES, AddressBook, address_book, comparable, find
from tests.scenarios.read.kit import faults, read, scenario, with_ref

HOUSES = (
    ("South Lane", "12", 60, 5),
    ("South Lane", "14", 80, 5),
    ("South Lane", "20", 150, 5),
    ("Market Street", "7a", 40, 105),
    ("Market Street", "9;11", 60, 105),
    ("North Road", "1", 10, 255),
    ("North Road", "1", 460, 255),
    ("Hidden Yard", "3", 300, 60),
)


def column(values: list[str]) -> TagColumn:
    names = ("", *dict.fromkeys(value for value in values if value))
    return TagColumn(codes=np.array([names.index(value) for value in values], np.int32), values=names)


def features(houses: tuple[tuple[str, str, float, float], ...] = HOUSES) -> MapFeatures:
    none, empty = np.zeros(0), column([])
    points = Points(id=(), lon=none, lat=none, kind=(), name=empty, tags=())
    street, number, x, y = (list(part) for part in zip(*houses, strict=True))
    return MapFeatures(
        buildings=Buildings(
            id=(), lon=none, lat=none, area_m2=none, levels=none, flats=none,
            kind=empty, use=empty, name=empty, street=empty, housenumber=empty,
        ),
        addresses=Addresses(
            id=tuple(f"node/{k}" for k in range(len(houses))),
            lon=np.array(x) / METRES_PER_DEGREE,
            lat=np.array(y) / METRES_PER_DEGREE,
            street=column(street),
            housenumber=column(number),
            name=column([""] * len(houses)),
            postcode=column(["00100" if x < 400 else "" for x in x]),
            city=column(["Twelve Junctions" if x < 400 else "" for x in x]),
        ),
        amenities=points,
        places=points,
        source="test",
        date="",
        licence="",
        attribution="",
        left_out={},
    )  # fmt: skip


def renamed(network: StreetNetwork, names: dict[str, str]) -> StreetNetwork:
    values = tuple(names.get(value, value) for value in network.name.values)
    return replace(network, name=replace(network.name, values=values))


@pytest.fixture(scope="module")
def book() -> AddressBook:
    return address_book(twelve_junctions(), features())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moi Avenue", "MOI AVE."),
        ("Tom Mboya Street", "tom  mboya st"),
        ("Hauptstraße", "Hauptstr."),
        ("Haupt Straße", "hauptstrasse"),
        ("Avenida São João", "Av. Sao Joao"),
        ("Rua Dr. Flores", "R. Dr Flores"),
        ("Calle 5 de Mayo", "c/ 5 de mayo"),
        ("King's Road", "Kings Rd"),
        ("Rue de l'Église", "rue de l\u2019eglise"),
    ],
)
def test_spellings_of_one_street(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("Moi Avenue", "Moi Road"), ("South Lane", "North Lane"), ("A 1", "A 2")])
def test_different_streets_stay_different(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    ("street", "number", "label"),
    [
        ("South Lane", "12", "South Lane 12"),
        ("South Lane 12", "", "South Lane 12"),
        ("12 South Lane", "", "South Lane 12"),
        ("12, South Lane", "", "South Lane 12"),
        ("SOUTH LN. 12", "", "South Lane 12"),
        ("South Lane 12, 00100 Nairobi", "", "South Lane 12"),
        ("South Lane, 12", "", "South Lane 12"),
        ("South Lane no. 12", "", "South Lane 12"),
        ("Market St 7 A", "", "Market Street 7a"),
        ("Market Street 11", "", "Market Street 11"),
        ("Hidden Yard 3", "", "Hidden Yard 3"),
    ],
)
def test_a_full_match_is_a_house(book: AddressBook, street: str, number: str, label: str) -> None:
    match = find(book, street=street, number=number)
    assert match.how == "house"
    assert match.spots[0].label == label


def test_a_street_without_number_is_its_middle(book: AddressBook) -> None:
    match = find(book, street="Market Street", number="")
    assert match.how == "street"
    (spot,) = match.spots
    assert spot.lat * METRES_PER_DEGREE == pytest.approx(100, abs=0.01)
    assert 200 < spot.lon * METRES_PER_DEGREE < 500
    assert spot.length_m == pytest.approx(700)


@pytest.mark.parametrize(
    ("written", "first", "word"),
    [
        ("South Lane 13", "South Lane 12", "no number 13"),
        ("South Lane 99", "South Lane 20", "no number 99"),
        ("Suoth Lane 12", "South Lane 12", "names like it"),
        ("South Laine", "South Lane", "names like it"),
        ("North Road 1", "North Road 1", "several houses"),
        ("Hidden Yard", "Hidden Yard 3", "house number"),
        ("Third Avenue 5", "Third Avenue", "no number 5"),
    ],
)
def test_anything_less_is_a_question_with_candidates(book: AddressBook, written: str, first: str, word: str) -> None:
    match = find(book, street=written, number="")
    assert match.how == "doubtful"
    assert match.spots[0].label == first
    assert word in match.reason
    assert len(match.spots) <= CANDIDATES


def test_nothing_like_it(book: AddressBook) -> None:
    match = find(book, street="Quetzalcoatl Plaza", number="4")
    assert match == replace(match, how="doubtful", spots=())


def test_two_streets_of_one_name_far_apart_are_a_question() -> None:
    town = renamed(twelve_junctions(), {"Fourth Avenue": "First Avenue"})
    match = find(address_book(town, None), street="First Avenue", number="")
    assert match.how == "doubtful"
    assert [round(spot.length_m) for spot in match.spots] == [250, 100]
    near = renamed(twelve_junctions(), {"Second Avenue": "First Avenue"})
    assert find(address_book(near, None), street="First Avenue", number="").how == "street"


def test_two_entrances_of_one_house_are_one() -> None:
    found = address_book(twelve_junctions(), features((("South Lane", "12", 60, 5), ("South Lane", "12", 70, 9))))
    assert find(found, street="South Lane", number="12").how == "house"


def test_hostile_text_is_quick(book: AddressBook) -> None:
    for text in ("1 " * 250, "a, " * 160, "1-" * 250, "- / - " * 80):
        assert find(book, street=text, number="").how == "doubtful"


def test_rows_with_addresses_instead_of_coordinates(tmp_path: Path) -> None:
    table = "id,lat,lon,address,kg_per_day\na,,,South Lane 12,1\nb,,,Market Street,1\nc,0.0005,0.001,,1\n"
    tables = {"points": table, "depots": "id,lat,lon,street,housenumber\nyard,,,South Lane,20\n"}
    tables["facilities"] = "id,lat,lon,kind,gate_fee_per_tonne\ntip,0.001,0.001,landfill,1\n"
    system, doubts = read(tmp_path, scenario(), network=twelve_junctions(), features=features(), **tables)
    assert system.points[0].lon * METRES_PER_DEGREE == pytest.approx(60)
    assert system.depots[0].lon * METRES_PER_DEGREE == pytest.approx(150)
    told = {(doubt.code, doubt.place): doubt.cause for doubt in doubts if doubt.code.startswith("matched")}
    assert "row 3 at Market Street, 700 m long" in told["matched-by-street", "points.csv"]
    assert "row 2 at South Lane 12" in told["matched-by-address", "points.csv"]
    assert "row 2 at South Lane 20" in told["matched-by-address", "depots.csv"]


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("First Avenue 5", "doubtful"),
        ("First Avenue 5, Elsewhere", "doubtful"),
        ("First Avenue 5, Twelve Junctions", "house"),
        ("First Avenue 5, 00100 Town", "house"),
    ],
)
def test_a_house_in_one_of_two_streets_of_a_name_needs_its_town(written: str, how: str) -> None:
    two = renamed(twelve_junctions(), {"Fourth Avenue": "First Avenue"})
    match = find(address_book(two, features((("First Avenue", "5", 5, 150),))), street=written, number="")
    assert match.how == how
    assert len(match.spots) == (3 if how == "doubtful" else 1)


def test_of_houses_in_two_towns_the_one_in_the_town_written_is_taken() -> None:
    book = address_book(twelve_junctions(), features((("North Road", "1", 10, 255), ("North Road", "1", 460, 255))))
    match = find(book, street="North Road 1, 00100 Twelve Junctions", number="")
    assert (match.how, round(match.spots[0].lon * METRES_PER_DEGREE)) == ("house", 10)


def test_doubtful_rows_are_listed_with_candidates_to_copy(tmp_path: Path) -> None:
    table = "id,lat,lon,address,kg_per_day\na,,,South Lane 13,1\nb,,,Nowhere at all 5,1\nc,,,,1\n"
    tables = {"points": table, "depots": "id,lat,lon\nyard,0,0\n"}
    tables["facilities"] = "id,lat,lon,kind,gate_fee_per_tonne\ntip,0.001,0.001,landfill,1\n"
    one, two, three = faults(read, tmp_path, scenario(), network=twelve_junctions(), features=features(), **tables)
    assert one.code == two.code == "address-doubtful"
    assert "South Lane 12 (lat 0.000045, lon 0.000540)" in one.action
    assert two.place == "points.csv, row 3, column address"
    assert three.code == "place-missing"


def test_a_table_of_addresses_alone_is_told_where_to_write_coordinates(tmp_path: Path) -> None:
    tables = {"points": "id,Where,kg_per_day\na,Nowhere at all 5,1\nb,,1\n", "depots": "id,lat,lon\nyard,0,0\n"}
    tables["facilities"] = "id,lat,lon,kind,gate_fee_per_tonne\ntip,0.001,0.001,landfill,1\n"
    plain = with_ref(scenario(), "points", columns={"address": "Where"})
    one, two = faults(read, tmp_path, plain, network=twelve_junctions(), features=features(), **tables)
    assert (one.code, two.code) == ("address-doubtful", "place-missing")
    assert one.action.startswith("add columns lat and lon")
    assert two.place == "points.csv, row 3, column Where"


def test_addresses_need_a_map(tmp_path: Path) -> None:
    (fault,) = faults(read, tmp_path, points="id,address,kg_per_day\na,South Lane 12,1\n")
    assert "without a street map" in fault.cause


@pytest.mark.slow
def test_every_address_of_a_real_town_is_found_again(data_dir: Path) -> None:
    path = data_dir / "osm" / "monaco.osm.pbf"
    found = read_features(path)
    real = address_book(read_osm(path), found)
    street, number = found.addresses.street.strings(), found.addresses.housenumber.strings()
    asked = [k for k in range(len(street)) if street[k] and number[k].isdigit()]
    assert len(asked) > 50
    matches = [find(real, street=f"{number[k]} {street[k]}", number="") for k in asked]
    wrong = 0
    for k, match in zip(asked, matches, strict=True):
        near = [abs(s.lon - found.addresses.lon[k]) + abs(s.lat - found.addresses.lat[k]) < 0.001 for s in match.spots]
        wrong += not any(near)
    assert wrong == 0
    assert sum(match.how == "house" for match in matches) > 0.8 * len(asked)
