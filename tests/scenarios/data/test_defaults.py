import csv
import json
import re
import statistics
from importlib.resources import files

import pytest

from scenarios.data.defaults import (
    COUNTRIES,
    DEFAULTS,
    EVERYWHERE,
    INCOME_GROUPS,
    Country,
    Default,
    DefaultStatus,
    cite,
    lookup,
)

UNITS = {
    "kg/person/day",
    "kg/m3",
    "m3",
    "m",
    "km/h",
    "s",
    "kg",
    "l/100 km",
    "kWh/100 km",
    "kg/l",
    "kg/kg",
    "person",
    "1",
}
UNITS |= {"g/kWh", "W"}
ALL = [default for rows in DEFAULTS.values() for default in rows.values()]


def default(**changes) -> Default:
    fields = {
        "name": "walking-speed",
        "country": "KE",
        "value": 5.0,
        "unit": "km/h",
        "low": 3.0,
        "high": 5.5,
        "source": "a survey",
        "year": 2025,
        "status": DefaultStatus.VERIFIED,
    }
    return Default(**(fields | changes))


def test_every_row_has_unit_source_status_and_a_range_around_its_value():
    assert len(ALL) > 400
    for row in ALL:
        assert row.unit in UNITS, row
        assert row.low <= row.value <= row.high, row
        assert len(row.source) > 8, row
        assert row.year is None or 1990 <= row.year <= 2026, row


def test_every_row_stands_for_a_known_country_a_group_or_everywhere():
    known = {*COUNTRIES, *INCOME_GROUPS, EVERYWHERE, "KP"}
    others = {row.country for row in ALL} - known
    # electricity statistics know some territories that have no income group of their own
    assert {row.name for row in ALL if row.country in others} <= {"grid-intensity"}
    assert all(re.fullmatch("[A-Z]{2}", country) for country in others)


def test_the_same_unit_holds_for_all_rows_of_a_name():
    for rows in DEFAULTS.values():
        assert len({row.unit for row in rows.values()}) == 1


def test_there_is_no_default_wage_or_price():
    for row in ALL:
        assert not re.search("wage|price|cost|fee|salary|rent", row.name)
        assert not re.search("KES|USD|EUR|US\\$", row.unit)


def test_a_country_comes_before_its_income_group_and_that_before_everywhere():
    assert lookup("kg-per-person-day", "KE").value == 0.70
    assert lookup("loose-density", "TZ").country == "LIC"
    assert lookup("loose-density", "FI").value == 115
    assert lookup("walking-speed", "FI").country == EVERYWHERE
    assert lookup("diesel-co2-per-litre", "KE").value == 2.68
    assert lookup("grid-intensity", "KE").value == 70.5


def test_lookup_takes_lower_case_and_countries_it_does_not_know():
    assert lookup("kg-per-person-day", "ke") is lookup("kg-per-person-day", "KE")
    assert lookup("kg-per-person-day", "ZZ").country == EVERYWHERE


def test_an_unknown_name_is_an_error_that_lists_the_known_ones():
    with pytest.raises(KeyError, match=r"wage-per-hour.*walking-speed"):
        lookup("wage-per-hour", "KE")


def test_a_default_says_itself_in_one_line():
    assert cite(default()) == "walking-speed 5 km/h (3-5.5), Kenya: a survey, 2025 [verified]"
    assert cite(default(country="LMC", year=None)).startswith("walking-speed 5 km/h (3-5.5), lower middle income:")


@pytest.mark.parametrize("changes", [{"low": 6.0}, {"high": 4.0}, {"low": -1.0}, {"unit": ""}, {"source": ""}])
def test_a_row_that_contradicts_itself_is_refused(changes):
    with pytest.raises(ValueError, match="walking-speed"):
        default(**changes)


def test_countries_have_unique_codes_and_a_group():
    assert len(COUNTRIES) >= 217
    assert len({country.alpha3 for country in COUNTRIES.values()}) == len(COUNTRIES)
    assert COUNTRIES["KE"] == Country(alpha2="KE", alpha3="KEN", name="Kenya", income_group="LMC", drives="left")
    with pytest.raises(ValueError, match="XX"):
        Country(alpha2="XX", alpha3="XXX", name="Nowhere", income_group="rich", drives="left")
    with pytest.raises(ValueError, match="neither left nor right"):
        Country(alpha2="XX", alpha3="XXX", name="Nowhere", income_group="LMC", drives="middle")
    sides = {code: COUNTRIES[code].drives for code in ("GB", "JP", "ZA", "BD", "DE", "US", "ET", "CL")}
    assert sides == {"GB": "left", "JP": "left", "ZA": "left", "BD": "left"} | dict.fromkeys(
        ("DE", "US", "ET", "CL"), "right"
    )


def _table(name):
    return list(csv.DictReader(files("scenarios.data").joinpath(name).read_text(encoding="utf-8").splitlines()))


def test_income_groups_are_those_of_the_world_bank_table(data_dir):
    path = data_dir / "reference-data/what-a-waste/country_level_data.csv"
    with path.open(encoding="utf-8", newline="") as text:
        groups = {row["iso3c"]: row["income_id"] for row in csv.DictReader(text)}
    for country in COUNTRIES.values():
        island = "CHI" if country.alpha3 in {"GGY", "JEY"} else country.alpha3
        assert country.income_group == groups[island], country


def test_national_generation_is_what_its_source_says(data_dir):
    path = data_dir / "reference-data/what-a-waste/country_level_data.csv"
    with path.open(encoding="utf-8", newline="") as text:
        world_bank = {row["iso3c"]: row for row in csv.DictReader(text)}
    checked = 0
    for row in _table("national.csv"):
        if row["name"] == "kg-per-person-day" and row["source"].startswith("World Bank"):
            nation = world_bank[COUNTRIES[row["country"]].alpha3]
            tonnes = float(nation["total_msw_total_msw_generated_tons_year"])
            people = float(nation["population_population_number_of_people"])
            assert float(row["value"]) == pytest.approx(tonnes * 1000 / people / 365, rel=0.01), row
            checked += 1
    assert checked > 180


def test_city_surveys_are_what_their_source_says(data_dir):
    rates = {}
    path = data_dir / "reference-data/un-habitat-wact/wact_city_data_2022_long.csv"
    with path.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            if row["parameter"] == "MSW generation rate (kg/cap/day)":
                rates[row["city"]] = float(row["value"])
    checked = 0
    for row in _table("national.csv"):
        if row["source"].startswith("UN-Habitat"):
            cities = row["source"].split(": ")[1].removeprefix("median of ").split(", ")
            value = statistics.median(rates[city] for city in cities)
            assert float(row["value"]) == pytest.approx(value, rel=0.01), row
            checked += 1
    assert checked > 15


def test_grid_intensity_is_what_its_source_says(data_dir):
    path = data_dir / "reference-data/grid-intensity/global_energy_mix.json"
    mix = json.loads(path.read_text(encoding="utf-8"))
    for alpha2, country in COUNTRIES.items():
        if alpha2 in DEFAULTS["grid-intensity"]:
            stated = mix[country.alpha3]["carbon_intensity"]
            assert DEFAULTS["grid-intensity"][alpha2].value == pytest.approx(stated, rel=0.01), country
