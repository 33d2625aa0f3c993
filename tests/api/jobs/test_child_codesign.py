"""Co-design studies in the real working program: to the end with every document, wrong, and cancelled."""

import json
import tomllib
from pathlib import Path

import pytest

from api.jobs.port import Json, RunStatus
from api.jobs.settings import CHILD
from scenarios.samples import prepare_codesign
from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home
from tests.api.jobs.test_child import solve
from tests.api.jobs.test_child_hubs import accept, content, uploads

TABLES = ("points.csv", "facilities.csv", "vehicles.csv", "sites.csv")


def own(home: Home, folder: Path, *, seconds: float = 6.0, **replaced: bytes) -> Json:
    """Ask for the sample as somebody would whose own study it is; tables may be replaced."""
    tables = {name: (folder / name).read_bytes() for name in TABLES}
    tables |= {f"{name}.csv": table for name, table in replaced.items()}
    study = tomllib.loads((folder / "codesign.toml").read_text("utf-8"))
    return {"kind": "codesign", "study": study, "files": uploads(home, tables), "seconds": seconds, "seed": 3}


def test_a_study_with_uploaded_tables_becomes_documents_that_can_be_fetched(home: Home, tmp_path: Path) -> None:
    run = solve(home, own(home, prepare_codesign("town-codesign", cache=tmp_path / "cache")))
    assert (run.kind, run.status, run.error) == ("codesign", RunStatus.SUCCEEDED, None)
    assert run.outcome is not None
    names = [document.name for document in run.documents]
    assert names[0] == "report.html"
    assert {"summary.json", "sites.csv", "sets.csv", "codesign.geojson", "codesign.xlsx"} <= set(names)
    assert all(content(home, run, name) for name in names)
    whole = json.loads(content(home, run, "summary.json"))
    assert whole["together"]["open"] == run.outcome["together"]["open"]
    together = whole["together"]
    assert together["total"] == pytest.approx(together["sites_cost"] + together["rounds_cost"])
    report = content(home, run, "report.html").decode()
    assert whole["lead"]
    assert all(sentence in report for sentence in whole["lead"])


def test_everything_wrong_with_the_table_of_sites_is_in_the_error(home: Home, tmp_path: Path) -> None:
    folder = prepare_codesign("town-codesign", cache=tmp_path / "cache")
    lines = (folder / "sites.csv").read_text("utf-8").splitlines()
    run = solve(home, own(home, folder, sites="\n".join([*lines, lines[1]]).encode()))
    assert (run.status, run.outcome) == (RunStatus.FAILED, None)
    assert run.error is not None
    assert "id-twice" in {fault["code"] for fault in run.error["faults"]}
    assert str(home.folder) not in json.dumps(run.error)


def test_a_study_in_work_is_cancelled(home: Home, tmp_path: Path) -> None:
    home.worker(command=CHILD, slots=1)
    asked = own(home, prepare_codesign("town-codesign", cache=tmp_path / "cache"), seconds=60.0)
    run_id = accept(home, asked)
    home.wait(lambda: home.run(run_id).progress is not None, "the study's first word")
    home.store.request_cancel(run_id)
    home.wait_final([run_id])
    run = home.run(run_id)
    assert (run.status, run.documents, run.outcome) == (RunStatus.CANCELLED, (), None)
    assert judge(home.store, [run_id]) == []
