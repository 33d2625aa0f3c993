from pathlib import Path

import pytest

from faults import InputError
from scenarios.hub_study.schema import dump, load, parse

TOWN = {"name": "T", "country": "KE", "currency": "KES", "streets": {"town": "twelve-junctions"}}


def codes(data: dict[str, object]) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        parse(data)
    return {fault.place: fault.code for fault in caught.value.faults}


def test_a_study_comes_back_as_it_was_written(folder: Path) -> None:
    study, file = load(folder)
    assert parse(dump(study)) == study
    assert file == folder / "hubs.toml"
    assert load(file) == (study, file)


def test_all_faults_are_told_at_once() -> None:
    found = codes(
        {
            **TOWN,
            "currency": "shilling",
            "sites": {"at_most": 0, "reach_m": -5.0},
            "fairness": {"within": [{"share": 2.0, "metres": 100.0}]},
            "exclusions": [{"name": " ", "file": "../out.geojson"}],
            "tables": {"vehicles": {"file": "v.csv"}},
        }
    )
    assert found["currency"] == "currency-unknown"
    assert found["sites.at_most"] == found["sites.reach_m"] == found["fairness.within.1"] == "out-of-range"
    assert found["exclusions.1.name"] == "missing"
    assert found["exclusions.1.file"] == "path-outside"
    assert found["tables.vehicles"] == "unknown-key"


def test_something_must_limit_the_sites() -> None:
    assert codes(TOWN) == {"sites": "sites-limit-missing"}
    assert parse({**TOWN, "sites": {"aim": "cover"}}).sites.at_most is None


def test_a_wrong_key_is_named_with_the_likely_one() -> None:
    with pytest.raises(InputError) as caught:
        parse({**TOWN, "sites": {"at_mots": 2}})
    assert [(fault.code, fault.action) for fault in caught.value.faults] == [("unknown-key", "did you mean at_most?")]


def test_without_a_file_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load(tmp_path)
