"""The real working program: the whole way from an accepted scenario with its tables to stored documents."""

import io
import json
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import psutil
import pytest

from api.jobs.attempt import Desk, work
from api.jobs.ledger import Ledger
from api.jobs.port import Json, Run, RunStatus
from api.jobs.settings import CHILD
from api.jobs.store import utc_now
from scenarios.samples import prepare
from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home


def solve(home: Home, request: Json, **settings: Any) -> Run:
    """Accept a run and work on it here, with the program that production starts."""
    ledger = Ledger(home.store, worker="w", lease_s=600.0, strikes=1)
    desk = Desk(
        store=home.store,
        ledger=ledger,
        settings=home.settings(**{"command": CHILD} | settings),
        closing=threading.Event(),
    )
    accepted = home.store.accept(key=None, scope="s", fingerprint="f", request=request, name="n", now=utc_now())
    attempt = ledger.begin(accepted.run.id)
    assert attempt is not None
    work(desk, attempt)
    assert judge(home.store, [accepted.run.id]) == []
    return home.run(accepted.run.id)


def uploaded(home: Home, folder: Path) -> Json:
    """Give a scenario file as a client would: the scenario as JSON, its tables as uploads."""
    scenario = tomllib.loads((folder / "scenario.toml").read_text("utf-8"))
    names = [table["file"] for table in scenario["tables"].values()]
    files = {name: home.store.upload(name, io.BytesIO((folder / name).read_bytes()), "text/csv").id for name in names}
    return {"scenario": scenario, "files": files, "seconds": 1.0, "seed": 3}


def test_a_scenario_with_uploaded_tables_becomes_documents(home: Home, tmp_path: Path) -> None:
    folder = prepare("town", cache=tmp_path / "cache").parent
    run = solve(home, uploaded(home, folder))
    assert (run.status, run.error, run.partial) == (RunStatus.SUCCEEDED, None, False)
    assert run.outcome is not None
    assert (run.outcome["seed"], [day["violations"] for day in run.outcome["days"]]) == (3, [0, 0])
    assert run.outcome["figures"]
    names = [document.name for document in run.documents]
    assert names[0] == "report.html"
    found = home.store.document(run.id, "report.html")
    assert found is not None
    assert b"OpenStreetMap" in found[1].read_bytes() or b"Twelve Junctions" in found[1].read_bytes()
    kinds = home.kinds(run.id)
    assert kinds[:2] == ["accepted", "started"]
    assert "incumbent" in kinds
    fractions = [e.data["fraction"] for e in home.store.events(run.id) if e.kind in {"progress", "incumbent"}]
    known = [fraction for fraction in fractions if fraction is not None]
    assert known == sorted(known)


@pytest.mark.slow
def test_a_solve_killed_half_way_ends_no_worse_than_its_best_plan(home: Home) -> None:
    worker = home.worker(command=CHILD, slots=1)
    request = {"sample": "town", "seconds": 6.0}
    run_id = home.store.accept(key=None, scope="s", fingerprint="f", request=request, name="n", now=utc_now()).run.id
    home.engine.submit(run_id)
    home.wait(lambda: "incumbent" in home.kinds(run_id))
    (guard,) = psutil.Process(worker.pid).children()
    (program,) = guard.children()
    program.kill()
    home.wait_final([run_id])
    run = home.run(run_id)
    assert (run.status, run.attempts) == (RunStatus.SUCCEEDED, 2)
    assert "attempt-failed" in home.kinds(run_id)
    first = next(event for event in home.store.events(run_id) if event.kind == "incumbent")
    assert run.outcome is not None
    assert run.outcome["days"][0]["cost"] <= first.data["cost"] + 1e-6
    assert judge(home.store, [run_id]) == []


def test_what_is_wrong_with_a_scenario_comes_back_as_faults(home: Home) -> None:
    run = solve(home, {"scenario": {"name": "x", "country": "KE", "colour": "green"}})
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert run.error["code"] == "invalid-input"
    assert any("colour" in fault["place"] + fault["cause"] for fault in run.error["faults"])
    for fault in run.error["faults"]:
        assert str(home.folder) not in json.dumps(fault), "a path of the server is shown"


DEFECT = """
from api.jobs import child
def broken(task, teller):
    print("particulars")
    return {}["secret"]
child._work = broken
raise SystemExit(child.main())
"""


def test_a_defect_is_said_without_its_particulars(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    run = solve(home, {"sample": "town"}, command=(sys.executable, "-c", DEFECT))
    assert (run.status, run.attempts) == (RunStatus.FAILED, 1)
    assert run.error is not None
    assert (run.error["code"], run.error["faults"]) == ("internal", [])
    assert "secret" not in json.dumps(run.error)
    assert "KeyError: 'secret'" in caplog.text


def test_the_program_needs_neither_the_web_nor_the_queue_nor_a_database() -> None:
    program = "import sys, api.jobs.child; print([m for m in ('flask', 'dbos', 'sqlalchemy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
