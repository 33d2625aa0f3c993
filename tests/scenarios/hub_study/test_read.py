from pathlib import Path

import pytest

from faults import InputError
from scenarios.hub_study.run import take_in
from scenarios.hub_study.schema import load


def faults(folder: Path) -> dict[str, str]:
    study, file = load(folder)
    with pytest.raises(InputError) as caught:
        take_in(study, file.parent)
    return {fault.place: fault.code for fault in caught.value.faults}


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_sample_is_read_whole(folder: Path) -> None:
    study, file = load(folder)
    given, _, doubts = take_in(study, file.parent)
    assert (len(given.people), len(given.candidates), len(given.areas)) == (18, 5, 1)
    assert sum(row.people for row in given.people) == 2350
    assert given.areas[0].name == "school South Lane"
    assert not doubts


def test_faults_of_both_tables_and_the_areas_are_told_together(folder: Path) -> None:
    change(folder, "people.csv", ",130,", ",many,")
    change(folder, "people.csv", "P02,", "P01,")
    change(folder, "candidates.csv", "existing", "existing,mandatory,excluded")
    change(folder, "candidates.csv", "900,no", "900,no,yes,market day")
    (folder / "schools.geojson").write_text("{}", encoding="utf-8")
    assert faults(folder) == {
        "people.csv, row 2, column people": "not-a-number",
        "people.csv, row 3, column id": "id-twice",
        "candidates.csv, row 2, column mandatory": "site-contradiction",
        "schools.geojson": "geojson",
    }


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "people.csv").unlink()
    assert faults(folder) == {"tables.people.file": "file-missing"}


def test_fairness_names_groups_that_are_there(folder: Path) -> None:
    text = '[fairness]\nwithin = [{ group = "flat", share = 0.5, metres = 200 }]\n\n[solve]'
    change(folder, "hubs.toml", "[solve]", text)
    assert faults(folder) == {"fairness.within.1.group": "group-unknown"}


def test_room_in_kg_needs_the_kg_of_the_people(folder: Path) -> None:
    change(folder, "candidates.csv", "existing", "existing,capacity_kg_per_day")
    change(folder, "candidates.csv", "900,no", "900,no,50")
    assert faults(folder) == {"people.csv, column kg_per_day": "missing"}


def test_more_may_not_have_to_be_open_than_may(folder: Path) -> None:
    change(folder, "candidates.csv", "existing", "mandatory")
    text = (folder / "candidates.csv").read_text(encoding="utf-8")
    (folder / "candidates.csv").write_text(text.replace(",no", ",yes"), encoding="utf-8")
    assert faults(folder) == {"sites.at_most": "site-contradiction"}
