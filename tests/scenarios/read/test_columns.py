from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from scenarios.model.fleet import FleetVehicle
from scenarios.model.sites import Depot, Facility, HubSite
from scenarios.model.work import CollectionPoint, PointKind
from scenarios.read.columns import FACILITY_KINDS, TABLES, column, row_of_docs
from scenarios.read.fleet import PLAUSIBLE_KG, USUAL_FUEL
from scenarios.read.units import UNITS, known
from scenarios.scenario import Table

DOCS = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_stands_in_the_docs_as_it_is_declared(table: Table) -> None:
    for declared in TABLES[table]:
        assert f"{row_of_docs(declared)}\n" in DOCS


def test_the_docs_have_no_column_that_is_not_there() -> None:
    rows = [line for line in DOCS.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(columns) for columns in TABLES.values())


def test_every_unit_stands_in_the_docs() -> None:
    for unit in UNITS:
        assert f"| {unit} | {', '.join(known(unit, 'money'))} |\n" in DOCS


@pytest.mark.parametrize(
    ("table", "noun", "elsewhere"),
    [
        ("points", CollectionPoint, set()),
        ("depots", Depot, set()),
        ("facilities", Facility, set()),
        ("hub_sites", HubSite, set()),
        ("vehicles", FleetVehicle, {"breaks", "pause"}),
    ],
)
def test_every_field_of_a_noun_has_a_column(table: Table, noun: type, elsewhere: set[str]) -> None:
    fields = set(noun.__dataclass_fields__) - {"own", "origin"} - elsewhere  # type: ignore[attr-defined]
    assert fields <= {declared.name for declared in TABLES[table]}


def test_choices_are_what_the_rest_knows() -> None:
    profile = column("vehicles", "profile")
    kind = column("points", "kind")
    assert profile is not None
    assert kind is not None
    assert set(profile.choices) == set(PLAUSIBLE_KG) == set(USUAL_FUEL)
    assert set(kind.choices) == set(PointKind)
    assert column("points", "nothing") is None
    assert set(TABLES) == set(get_args(Table))


def test_facility_kinds_have_a_default_time() -> None:
    from scenarios.data.defaults import DEFAULTS

    assert {f"unload-{kind}-s" for kind in FACILITY_KINDS} <= set(DEFAULTS)


def test_profiles_are_those_of_the_streets() -> None:
    from network.profiles import PROFILES

    assert set(PLAUSIBLE_KG) == set(PROFILES)
