"""Faults of the table of sites and of the choice, with their places; and how a year's rent becomes money of a day."""

from pathlib import Path

import pytest

from faults import InputError
from scenarios.codesign_study.pose import calendar_days, refuse, with_candidates
from scenarios.codesign_study.run import run_codesign
from scenarios.intake import take_in
from scenarios.run import run, validate
from tests.scenarios.codesign_study.changed import only, site, told


def faults(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        run_codesign(folder, seconds=1)
    return [(fault.code, fault.place) for fault in caught.value.faults]


def test_the_sample_has_no_faults(folder: Path) -> None:
    assert {doubt.code for doubt in validate(folder / "codesign.toml")} == {"default-used"}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("w2,Yard,0.001,0.0001,garage,1,,,,,,,,", "not-a-choice", "role"),
        ("w2,Yard,0.001,0.0001,depot,,,compactor: 1,,,,,,", "missing", "fixed_cost_per_day"),
        ("w2,Yard,0.001,0.0001,depot,1,,compactor,,,,,,", "site-vehicles", "vehicles"),
        ('w2,Yard,0.001,0.0001,depot,1,,"tricycle: 1, tricycle: 2",,,,,,', "site-vehicles", "vehicles"),
        ("w2,Yard,0.001,0.0001,depot,1,,lorry: 2,,,,,,", "reference-unknown", "vehicles"),
        ("w2,Yard,0.001,0.0001,unload,1,,tricycle: 2,,,,,,5", "site-contradiction", "vehicles"),
        ("w2,Yard,0.001,0.0001,depot,1,,compactor: 1,,yes,no room,,,", "site-contradiction", "mandatory"),
        ("w2,Yard,0.001,0.0001,unload,1,,,,,,transfer,60,", "price-missing", "gate_fee_per_tonne"),
        ("quarry,Yard,0.001,0.0001,depot,1,,compactor: 1,,,,,,", "id-twice", "id"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_place(folder: Path, row: str, code: str, column: str) -> None:
    site(folder, "w2", row)
    (found,) = faults(folder)
    assert found[0] == code
    assert found[1].startswith("sites.csv, row 9")
    assert found[1].endswith(f"column {column}")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"[codesign]": '[codesign]\nday = "mon"'}, ("codesign-day", "codesign.day")),
        ({"illustration =": 'days = ["mon", "thu"]\nillustration ='}, ("codesign-day", "codesign.day")),
        ({"[codesign]": "[codesign]\nat_most = 0"}, ("out-of-range", "codesign.at_most")),
        ({"seconds = 20": "seconds = 0"}, ("out-of-range", "codesign.seconds")),
        (
            {'[tables.sites]\nfile = "sites.csv"': '[tables.depots]\nfile = "sites.csv"'},
            ("table-missing", "tables.sites"),
        ),
    ],
)
def test_a_choice_that_cannot_be_is_refused(folder: Path, change: dict[str, str], found: tuple[str, str]) -> None:
    for old, new in change.items():
        told(folder, old, new)
    assert found in faults(folder)


def test_sites_that_have_to_be_open_keep_to_the_limits(folder: Path) -> None:
    table = folder / "sites.csv"
    table.write_text(table.read_text("utf-8").replace("tricycle: 3,,,", "tricycle: 3,,yes,"), "utf-8")
    told(folder, "[codesign]", "[codesign]\nat_most = 1\nbudget_per_day = 5")
    assert faults(folder) == [("sites-limit", "codesign.at_most"), ("sites-limit", "codesign.budget_per_day")]


def test_no_site_may_open_or_none_has_a_vehicle(folder: Path) -> None:
    table = folder / "vehicles.csv"
    whole = table.read_text("utf-8")
    only(folder, "school")
    table.write_text(whole.replace("truck,west", "truck,school").replace("tricycle,south", "tricycle,school"), "utf-8")
    assert ("no-candidates", "tables.sites") in faults(folder)
    only(folder)
    site(folder, "west", "west,Yard,0.001079,-0.000036,depot,1,,,,,,,,")
    site(folder, "south", "south,Shed,-0.000036,0.002518,depot,1,,,,,,,,")
    table.write_text(whole.replace("truck,west", "truck,south"), "utf-8")
    assert [code for code, _ in faults(folder)] == ["site-without-vehicles"]


def test_a_vehicle_fixed_to_points_needs_a_site_that_has_to_be_open(folder: Path) -> None:
    told(folder, "[solve]", '[[locks]]\nvehicle = "compactor"\npoints = ["R01"]\n\n[solve]')
    table = folder / "sites.csv"
    table.write_text(table.read_text("utf-8").replace("compactor: 1,yes", ",yes"), "utf-8")
    assert faults(folder) == [("lock-on-candidate", "locks.1")]


def test_rounds_alone_refuse_candidates(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(folder / "codesign.toml", seconds=1)
    assert [fault.code for fault in caught.value.faults] == ["sites-undecided"]


def test_a_year_of_rent_becomes_money_of_the_calendar_days_a_round_stands_for(folder: Path) -> None:
    given = take_in(folder / "codesign.toml")
    west = next(one for one in given.system.sites if one.id == "west")
    assert west.fixed_cost_per_day == pytest.approx(20_000 / 365.25)
    assert calendar_days(given.scenario) == 1.0
    told(folder, "illustration =", "days_since_last = 3.0\nillustration =")
    assert calendar_days(take_in(folder / "codesign.toml").scenario) == 3.0
    told(folder, "illustration =", 'days = ["mon", "thu"]\nillustration =')
    told(folder, "[codesign]", '[codesign]\nday = "thu"')
    assert calendar_days(take_in(folder / "codesign.toml").scenario) == 3.5


def test_vehicles_are_based_at_each_site_as_its_row_says(folder: Path) -> None:
    given = take_in(folder / "codesign.toml")
    refuse(given.system, given.scenario)
    whole = with_candidates(given.system)
    at = [vehicle.start_depot for vehicle in whole.vehicles]
    assert {name: at.count(name) for name in at} == {"west": 1, "south": 3, "north": 3, "east": 4}
    assert {vehicle.profile for vehicle in whole.vehicles if vehicle.start_depot == "west"} == {"refuse-truck"}
    some = with_candidates(given.system, {"east"})
    assert {vehicle.start_depot for vehicle in some.vehicles} == {"east"}
    assert [depot.id for depot in some.depots] == ["east"]


def test_a_site_that_is_both_has_two_places_and_one_limit(folder: Path) -> None:
    site(folder, "east", "east,Both,0.001349,0.006259,both,21000,1600,tricycle: 4,,,,transfer,240,150")
    given = take_in(folder / "codesign.toml")
    east = next(one for one in given.system.sites if one.id == "east")
    assert east.depot is not None
    assert east.facility is not None
    assert (east.depot.id, east.facility.id) == ("east", "east: unloading")
    assert east.facility.cap_kg_per_day == 1600
