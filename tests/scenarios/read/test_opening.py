from __future__ import annotations

from pathlib import Path

from scenarios.read.opening import has_addresses
from scenarios.scenario import TableRef
from tests.scenarios.read.kit import lay, scenario, with_ref


def test_tables_with_addresses_are_known_before_they_are_read(tmp_path: Path) -> None:
    lay(tmp_path)
    assert not has_addresses(scenario(), tmp_path)
    lay(tmp_path, depots="id,Strasse\nyard,Moi Avenue\n")
    assert not has_addresses(scenario(), tmp_path)
    assert has_addresses(with_ref(scenario(), "depots", columns={"street": "Strasse"}), tmp_path)


def test_tables_that_cannot_be_opened_and_zones_count_as_having_none(tmp_path: Path) -> None:
    lay(tmp_path)
    plain = with_ref(scenario(), "points", file="nowhere.csv")
    assert not has_addresses(plain, tmp_path)
    lay(tmp_path, zones="id,address\na,b\n")
    assert not has_addresses(scenario(tables={"zones": TableRef(file="zones.csv")}), tmp_path)
