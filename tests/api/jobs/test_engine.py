"""The engine and its plumbing in this process, and how a program that holds one ends."""

import base64
import json
import logging
import pickle
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from api.jobs import reaper
from api.jobs.engine import Engine
from api.jobs.ledger import Ledger
from api.jobs.plumbing import Listener, Plumbing
from api.jobs.port import RunStatus
from api.jobs.settings import JOB_SCHEMA, JobSettings
from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home

PROGRAM = """
import sys, threading, time
from pathlib import Path
from api.jobs.engine import Engine
from api.jobs.settings import JobSettings
from api.jobs.store import Store
home = Path(sys.argv[1])
store = Store(f"sqlite:///{home / 'mzunguko.sqlite'}", home / "files")
engine = Engine(store, JobSettings(home=home, slots=1, lease_s=2.0, poll_s=0.1, command=tuple(sys.argv[3:])))
engine.start()
while store.events(sys.argv[2])[-1].kind != "incumbent":
    time.sleep(0.05)
"""


@pytest.fixture
def plumbing(home: Home) -> Iterator[Plumbing]:
    made = Plumbing(f"sqlite:///{home.folder / 'queue.sqlite'}", version=JOB_SCHEMA)
    yield made
    made.close()


def ledger(home: Home, *, lease_s: float = 60.0) -> Ledger:
    return Ledger(home.store, worker="w", lease_s=lease_s, strikes=3)


def test_a_run_goes_through_an_engine_twice_in_one_process(home: Home) -> None:
    for _ in range(2):
        engine = Engine(home.store, home.settings())
        engine.start()
        run_id = home.accept()
        engine.submit(run_id)
        home.wait_final([run_id])
        assert engine.health()["workers"] == 1
        engine.stop()
        engine.stop()  # once is enough, twice does no harm
        assert home.run(run_id).status is RunStatus.SUCCEEDED
        assert engine.health()["workers"] == 0


def test_a_program_ends_without_waiting_for_its_solves(home: Home) -> None:
    run_id = home.submit(hangs=True)
    program = home.program("-c", PROGRAM, str(home.folder), run_id, *home.command)
    try:
        assert program.wait(60) == 0, home.logs()
    except subprocess.TimeoutExpired:
        pytest.fail(f"the program waits for its solve:\n{home.logs()}")
    assert home.kinds(run_id)[-1] == "released"
    assert home.left_over() == []


def test_a_queue_that_is_away_costs_no_accepted_run(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(home.store, home.settings(queue_url=f"sqlite:///{home.folder}"))  # a folder is no database
    run_id = home.accept()
    with caplog.at_level(logging.WARNING):
        engine.submit(run_id)
    assert "could not be handed over" in caplog.text
    assert home.run(run_id).status is RunStatus.QUEUED
    assert engine.health()["queued"] == 1
    engine.stop()


def test_health_counts_what_waits_and_what_runs(home: Home) -> None:
    empty = home.engine.health()
    assert (empty["workers"], empty["queued"], empty["running"], empty["heartbeat_age_s"]) == (0, 0, 0, None)
    who = ledger(home)
    who.enlist(host="h", pid=1, slots=1, version=JOB_SCHEMA)
    home.accept()
    assert who.begin(home.accept()) is not None
    full = home.engine.health()
    assert (full["workers"], full["queued"], full["running"]) == (1, 1, 1)
    assert full["oldest_queued_s"] >= 0.0
    who.retire()
    assert home.engine.health()["workers"] == 0


def test_the_sweep_hands_over_what_nobody_carries_and_that_once(home: Home, plumbing: Plumbing) -> None:
    run_id, cancelled = home.accept(), home.accept()
    home.store.request_cancel(cancelled)
    assert [reaper.sweep(ledger(home), plumbing) for _ in range(2)] == [1, 0]
    seen = plumbing.known([reaper.name(run_id, 0), reaper.name(cancelled, 0)])
    assert {key: one.waiting for key, one in seen.items()} == {reaper.name(run_id, 0): True}


def test_the_sweep_takes_up_what_was_dropped_from_the_queue(home: Home, plumbing: Plumbing) -> None:
    key = reaper.name(home.submit(), 0)
    plumbing.cancel(key)
    assert plumbing.known([key])[key].stopped
    assert reaper.sweep(ledger(home), plumbing) == 1
    assert plumbing.known([key])[key].waiting


def test_what_an_older_version_queued_is_handed_over_anew(home: Home, plumbing: Plumbing) -> None:
    older = Plumbing(plumbing.url, version="0")
    run_id = home.accept()
    older.hand_over(reaper.name(run_id, 0), run_id)
    older.close()
    assert [reaper.sweep(ledger(home), plumbing) for _ in range(2)] == [1, 0]
    seen = plumbing.known([reaper.name(run_id, 0), reaper.name(run_id, 1)])
    assert [seen[reaper.name(run_id, k)].waiting for k in (0, 1)] == [False, True]


def test_a_hand_over_that_stays_stuck_with_a_live_worker_is_taken_back(home: Home, plumbing: Plumbing) -> None:
    calls, let_go = [], threading.Event()

    def stuck(run_id: str) -> None:
        calls.append(run_id)
        let_go.wait(60)

    who, impatient = ledger(home), ledger(home, lease_s=1.0)
    who.enlist(host="h", pid=1, slots=1, version=JOB_SCHEMA)
    run_id = home.submit()
    listener = Listener(stuck)
    listener.start(plumbing.url, version=JOB_SCHEMA, executor="w", slots=2, poll_s=0.05)
    try:
        home.wait(lambda: calls)
        assert reaper.sweep(who, plumbing) == 0
        time.sleep(3.2)  # beyond three of the impatient leases; the heartbeat that follows is fresh for one of them
        who.beat([])
        assert reaper.sweep(impatient, plumbing) == 1
        home.wait(lambda: calls == [run_id, run_id])
        let_go.set()
        home.wait(lambda: plumbing.known([reaper.name(run_id, 1)])[reaper.name(run_id, 1)].over)
    finally:
        let_go.set()
        listener.stop()


def test_one_process_takes_runs_once(home: Home, plumbing: Plumbing) -> None:
    listener = Listener(lambda _: None)
    listener.start(plumbing.url, version=JOB_SCHEMA, executor="w", slots=1, poll_s=0.1)
    try:
        with pytest.raises(RuntimeError, match="already"):
            Listener(lambda _: None).start(plumbing.url, version=JOB_SCHEMA, executor="x", slots=1, poll_s=0.1)
    finally:
        listener.stop()


def test_what_is_stored_for_the_queue_is_json(home: Home) -> None:
    run_id = home.submit()
    with closing(sqlite3.connect(home.folder / "queue.sqlite")) as connection:
        query = "SELECT i.inputs, s.serialization FROM workflow_status s JOIN workflow_input i USING (workflow_uuid)"
        rows = connection.execute(query)
        ((inputs, kind),) = rows.fetchall()
    assert (kind, json.loads(inputs)["positionalArgs"]) == ("portable_json", [run_id])


def test_a_payload_that_would_run_code_is_not_taken(home: Home) -> None:
    class Touch:
        def __reduce__(self) -> tuple:
            return (open, (str(home.folder / "touched"), "w"))

    run_id = home.submit()
    evil = base64.b64encode(pickle.dumps({"args": (Touch(),), "kwargs": {}})).decode()
    with closing(sqlite3.connect(home.folder / "queue.sqlite")) as connection, connection:
        connection.execute("UPDATE workflow_input SET inputs = ?", (evil,))
        connection.execute("UPDATE workflow_status SET serialization = 'py_pickle'")
    home.worker(lease_s=1.5)
    home.wait_final([run_id])  # the hand-over fails, the sweep makes another one
    assert not (home.folder / "touched").exists()
    assert judge(home.store, [run_id]) == []


@pytest.mark.parametrize("wrong", [{"slots": 0}, {"lease_s": 0.5, "poll_s": 0.2}, {"memory_mb": -1.0}])
def test_settings_that_cannot_work_are_refused(home: Home, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above zero|four polls"):
        JobSettings(home=home.folder, **wrong)  # type: ignore[arg-type]
