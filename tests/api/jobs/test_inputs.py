import io
import json
from pathlib import Path

import pytest

from api.jobs.inputs import lay_out
from api.jobs.store import Store
from faults import InputError

STREETS = {"town": "twelve-junctions"}


def given(store: Store, name: str, content: bytes = b"id\n1\n") -> dict[str, str]:
    return {name: store.upload(name, io.BytesIO(content), "text/csv").id}


def test_a_scenario_lies_beside_its_tables(store: Store, tmp_path: Path) -> None:
    scenario = {"name": "Vi\u0161egrad", "streets": STREETS, "tables": {"points": {"file": "po ints.csv"}}}
    lay_out({"scenario": scenario, "files": given(store, "po ints.csv", b"id\n7\n")}, tmp_path, store)
    assert json.loads((tmp_path / "scenario.json").read_text("utf-8")) == scenario
    assert (tmp_path / "po ints.csv").read_bytes() == b"id\n7\n"


def test_a_sample_brings_its_own_files(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    lay_out({"sample": "town"}, folder, store)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../points.csv", "/etc/passwd", "a/b.csv", "C:\\x.csv", "C:x", "..", ".", "", "a\0b", "a\nb", "scenario.json"],
)
def test_a_name_that_is_not_a_plain_file_name_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    scenario = {"streets": STREETS, "tables": {"points": {"file": name}}}
    folder = tmp_path / "inputs"
    folder.mkdir()
    with pytest.raises(InputError) as refused:
        lay_out({"scenario": scenario, "files": {name: given(store, "a.csv")["a.csv"]}}, folder, store)
    assert [fault.code for fault in refused.value.faults] == ["file-name"]
    assert list(folder.iterdir()) == []


def test_no_file_of_the_machine_is_reached_through_a_scenario(store: Store, tmp_path: Path) -> None:
    scenario = {
        "streets": {"file": "/etc/hostname", "boundary": "b.geojson"},
        "tables": {"points": {"file": "../../mzunguko.sqlite"}, "depots": {"file": "d.csv"}, "today": None},
    }
    with pytest.raises(InputError) as refused:
        lay_out({"scenario": scenario, "files": given(store, "d.csv")}, tmp_path, store)
    assert {(fault.code, fault.place) for fault in refused.value.faults} == {
        ("file-missing", "streets.file"),
        ("file-missing", "streets.boundary"),
        ("file-missing", "tables.points.file"),
    }


def test_an_upload_that_is_gone_is_said(store: Store, tmp_path: Path) -> None:
    scenario = {"streets": STREETS, "tables": {"points": {"file": "p.csv"}}}
    with pytest.raises(InputError) as refused:
        lay_out({"scenario": scenario, "files": {"p.csv": "0" * 32}}, tmp_path, store)
    assert [fault.code for fault in refused.value.faults] == ["upload-unknown"]
