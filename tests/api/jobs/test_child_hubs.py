"""Hub studies in the real working program, by the same way as rounds."""

import csv
import io
import json
import random
import tomllib
from pathlib import Path

import psutil
import pytest

from api.jobs.port import Json, Run, RunStatus
from api.jobs.settings import CHILD
from api.jobs.store import utc_now
from scenarios.samples import prepare_study
from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home
from tests.api.jobs.test_child import solve

DOCUMENTS = ["report.html", "sites.csv", "people.csv", "hubs.geojson", "hubs.xlsx", "summary.json"]


def uploads(home: Home, tables: dict[str, bytes]) -> dict[str, str]:
    return {name: home.store.upload(name, io.BytesIO(content), "text/csv").id for name, content in tables.items()}


def own(home: Home, folder: Path, **replaced: bytes) -> Json:
    """Ask for the sample as somebody would whose own study it is; tables may be replaced."""
    names = ("people.csv", "candidates.csv", "schools.geojson")
    tables = {name: (folder / name).read_bytes() for name in names}
    tables |= {f"{name}.csv": content for name, content in replaced.items()}
    study = tomllib.loads((folder / "hubs.toml").read_text("utf-8"))
    return {"kind": "hubs", "study": study, "files": uploads(home, tables), "seconds": 2.0, "seed": 3}


def large(home: Home) -> Json:
    """Ask for a study that nobody finishes within its minute."""
    draw = random.Random(1)
    town = list(csv.DictReader(io.StringIO((prepare_study("town-hubs") / "people.csv").read_text("utf-8"))))
    west, east = (pick(float(row["lon"]) for row in town) for pick in (min, max))
    south, north = (pick(float(row["lat"]) for row in town) for pick in (min, max))

    def place(k: int) -> str:
        return f"{k},{draw.uniform(south, north):.6f},{draw.uniform(west, east):.6f}"

    people = "id,lat,lon,people\n" + "".join(f"{place(k)},{draw.randint(1, 90)}\n" for k in range(1500))
    candidates = "id,lat,lon,name\n" + "".join(f"{place(k)},site {k}\n" for k in range(200))
    study = {
        "name": "Large",
        "country": "KE",
        "currency": "KES",
        "streets": {"town": "twelve-junctions"},
        "sites": {"at_most": 25, "reach_m": 450.0},
        "solve": {"seconds": 60.0},
    }
    files = uploads(home, {"people.csv": people.encode(), "candidates.csv": candidates.encode()})
    return {"kind": "hubs", "study": study, "files": files}


def accept(home: Home, request: Json) -> str:
    accepted = home.store.accept(key=None, scope="s", fingerprint="f", request=request, name="n", now=utc_now())
    home.engine.submit(accepted.run.id)
    return accepted.run.id


def content(home: Home, run: Run, name: str) -> bytes:
    found = home.store.document(run.id, name)
    assert found is not None
    return found[1].read_bytes()


def test_a_study_with_uploaded_tables_becomes_documents(home: Home, tmp_path: Path) -> None:
    run = solve(home, own(home, prepare_study("town-hubs", cache=tmp_path / "cache")))
    assert (run.kind, run.status, run.error, run.partial) == ("hubs", RunStatus.SUCCEEDED, None, False)
    assert [document.name for document in run.documents] == DOCUMENTS
    outcome = run.outcome
    assert outcome is not None
    assert (outcome["seed"], outcome["status"], outcome["sites_open"], outcome["currency"]) == (3, "optimal", 2, "KES")
    whole = json.loads(content(home, run, "summary.json"))
    assert outcome["sites"] == whole["sites"]
    assert outcome["totals"] == whole["totals"]
    report = content(home, run, "report.html").decode()
    assert outcome["lead"]
    assert all(sentence in report for sentence in (*outcome["lead"], outcome["certainty"]))
    rows = list(csv.DictReader(io.StringIO(content(home, run, "sites.csv").decode())))
    assert [row["id"] for row in rows] == [site["id"] for site in outcome["sites"]]
    news = [event.data for event in home.store.events(run.id) if event.kind == "progress"]
    assert [line["stage"] for line in news] == ["read", "travel", "hubs", "equity", "measure"]
    fractions = [line["fraction"] for line in news]
    assert fractions == sorted(set(fractions))


def test_the_sample_is_the_same_study(home: Home, tmp_path: Path) -> None:
    mine = solve(home, own(home, prepare_study("town-hubs", cache=tmp_path / "cache")))
    sample = solve(home, {"kind": "hubs", "sample": "town-hubs", "seconds": 2.0, "seed": 3})
    assert sample.status is RunStatus.SUCCEEDED
    assert sample.outcome is not None
    assert mine.outcome is not None
    assert sample.outcome["sites"] == mine.outcome["sites"]


def test_everything_wrong_with_the_tables_is_in_the_error(home: Home, tmp_path: Path) -> None:
    folder = prepare_study("town-hubs", cache=tmp_path / "cache")
    people = (folder / "people.csv").read_text("utf-8").splitlines()
    broken = "\n".join([*people, people[1], "X9,somewhere,36.8,many,,"]).encode()
    run = solve(home, own(home, folder, people=broken))
    assert (run.status, run.outcome) == (RunStatus.FAILED, None)
    assert run.error is not None
    assert run.error["code"] == "invalid-input"
    assert {"id-twice", "not-a-number"} <= {fault["code"] for fault in run.error["faults"]}
    assert all(fault["place"].startswith("people.csv") and fault["action"] for fault in run.error["faults"])
    assert str(home.folder) not in json.dumps(run.error)


@pytest.mark.parametrize("name", ["../../mzunguko.sqlite", "schools.geojson"])
def test_a_file_that_was_not_given_is_never_looked_for(home: Home, tmp_path: Path, name: str) -> None:
    request = own(home, prepare_study("town-hubs", cache=tmp_path / "cache"))
    request["study"]["exclusions"][0]["file"] = name
    del request["files"]["schools.geojson"]
    run = solve(home, request)
    assert run.error is not None
    assert [(fault["code"], fault["place"]) for fault in run.error["faults"]] == [
        ("file-missing", "exclusions.1.file"),
    ]


def test_a_study_in_work_is_cancelled(home: Home) -> None:
    worker = home.worker(command=CHILD, slots=1)
    run_id = accept(home, large(home))
    home.wait(lambda: (note := home.run(run_id).progress) and note.stage == "hubs", "the solve")
    home.store.request_cancel(run_id)
    home.wait_final([run_id])
    run = home.run(run_id)
    assert (run.status, run.documents, run.outcome) == (RunStatus.CANCELLED, (), None)
    told = [kind for kind in home.kinds(run_id) if kind != "progress"]  # the study may tell some more until it ends
    assert told[-2:] == ["cancel-requested", "cancelled"]
    assert judge(home.store, [run_id]) == []
    home.wait(lambda: not _programs(worker.pid), "the end of the program")


def test_a_study_whose_program_is_killed_is_begun_again(home: Home) -> None:
    worker = home.worker(command=CHILD, slots=1)
    run_id = accept(home, {"kind": "hubs", "sample": "town-hubs", "seconds": 2.0})
    home.wait(lambda: home.run(run_id).attempts and _programs(worker.pid), "the program")
    for program in _programs(worker.pid):
        program.kill()
    home.wait_final([run_id])
    run = home.run(run_id)
    assert (run.status, run.attempts) == (RunStatus.SUCCEEDED, 2)
    assert {"attempt-failed", "resumed"} <= set(home.kinds(run_id))
    assert [document.name for document in run.documents] == DOCUMENTS
    assert judge(home.store, [run_id]) == []


def _programs(worker: int) -> list[psutil.Process]:
    return [program for guard in psutil.Process(worker).children() for program in guard.children()]
