"""One attempt with a real program behind its real guard, without the queue."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psutil
import pytest

from api.jobs.attempt import Desk, work
from api.jobs.database import writing
from api.jobs.ledger import Attempt, Ledger
from api.jobs.port import RunStatus
from api.jobs.settle import INCUMBENT
from api.jobs.store import Store
from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home

FAULT = {"code": "row-lat", "place": "points.csv row 3", "cause": "c", "action": "a", "pointer": ""}


def desk(home: Home, **given: Any) -> Desk:
    ledger = Ledger(home.store, worker="w", lease_s=60.0, strikes=2)
    return Desk(store=home.store, ledger=ledger, settings=home.settings(**given), closing=threading.Event())


def begin(home: Home, at: Desk, **burn: Any) -> Attempt:
    attempt = at.ledger.begin(home.accept(**burn))
    assert attempt is not None
    return attempt


@contextmanager
def working(at: Desk, attempt: Attempt) -> Iterator[None]:
    """Work in a thread of its own; at the end, wait for it."""
    thread = threading.Thread(target=work, args=(at, attempt))
    thread.start()
    yield
    thread.join(120)
    assert not thread.is_alive()


def test_news_plans_and_documents_are_kept(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at, news=3, text="gr\u00fc\u00df")
    work(at, attempt)
    run = home.run(attempt.run_id)
    assert (run.status, run.outcome) == (RunStatus.SUCCEEDED, {"text": "gr\u00fc\u00df"})
    assert run.progress is not None
    assert (run.progress.stage, run.progress.fraction, run.progress.cost) == ("burn", 1.0, 97.0)
    found = home.store.document(run.id, "report.txt")
    assert found is not None
    assert found[1].read_text() == "gr\u00fc\u00df"
    assert home.kinds(run.id) == ["accepted", "started", "incumbent", "incumbent", "incumbent", "succeeded"]
    assert list((home.folder / "work").iterdir()) == []


@pytest.mark.parametrize("victim", ["program", "guard"])
def test_a_killed_program_is_one_failed_attempt_and_the_next_begins_from_its_plan(home: Home, victim: str) -> None:
    at = desk(home)
    attempt = begin(home, at, hangs=True, grandchild=True)
    with working(at, attempt):
        pid = home.wait_begun(attempt.run_id)["pid"]
        os.kill(pid if victim == "program" else psutil.Process(pid).ppid(), signal.SIGKILL)
    assert home.left_over() == []
    run = home.run(attempt.run_id)
    assert (run.status, run.documents) == (RunStatus.QUEUED, ())
    assert home.kinds(run.id)[-1] == "attempt-failed"
    again = at.ledger.begin(run.id)
    assert again is not None
    work(at, replace(again, request={"burn": {}}))
    assert home.run(run.id).status is RunStatus.SUCCEEDED
    assert [note["inherited"] for note in home.notes(run.id)] == [None, {"k": 1}]


def test_a_program_that_always_breaks_off_is_given_up(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at, crashes=9)
    work(at, attempt)
    again = at.ledger.begin(attempt.run_id)
    assert again is not None
    work(at, again)
    run = home.run(attempt.run_id)
    assert (run.status, run.attempts, run.partial) == (RunStatus.FAILED, 2, True)
    assert run.error is not None
    assert run.error["code"] == "poison"
    assert at.ledger.begin(run.id) is None
    assert judge(home.store, [run.id]) == []


def test_input_that_cannot_be_used_is_not_tried_again(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at, faults=[FAULT])
    work(at, attempt)
    run = home.run(attempt.run_id)
    assert (run.status, run.attempts) == (RunStatus.FAILED, 1)
    assert run.error is not None
    assert run.error["faults"] == [FAULT]


def test_a_scenario_that_names_a_file_of_the_machine_fails_before_anything_starts(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at)
    request = {"scenario": {"streets": {"file": "/etc/hostname"}}, "files": {}, "burn": {}}
    work(at, replace(attempt, request=request))
    run = home.run(attempt.run_id)
    assert run.error is not None
    assert [fault["code"] for fault in run.error["faults"]] == ["file-missing"]
    assert home.notes(run.id) == []


def test_cancelling_ends_the_whole_group_and_keeps_the_best_plan(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at, hangs=True, grandchild=True, news=2)
    with working(at, attempt):
        home.wait_begun(attempt.run_id)
        home.wait(lambda: len(home.left_over()) == 3, "guard, program and its child")
        home.store.request_cancel(attempt.run_id)
    assert home.left_over() == []
    run = home.run(attempt.run_id)
    assert (run.status, run.partial) == (RunStatus.CANCELLED, True)
    assert [document.name for document in run.documents] == [INCUMBENT]
    assert judge(home.store, [run.id]) == []


@pytest.mark.parametrize(
    ("burn", "limit"),
    [({"hangs": True}, {"timeout_s": 1.0}), ({"hangs": True, "megabytes": 300}, {"memory_mb": 200.0})],
    ids=["time", "memory"],
)
def test_over_a_limit_the_run_ends_and_keeps_its_best_plan(
    home: Home, burn: dict[str, Any], limit: dict[str, Any]
) -> None:
    at = desk(home, **limit)
    attempt = begin(home, at, **burn)
    work(at, attempt)
    run = home.run(attempt.run_id)
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert run.error["code"] == "limit-exceeded"
    assert home.left_over() == []


def test_whoever_lost_its_run_stops_its_program_and_throws_its_work_away(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at, hangs=True)
    with working(at, attempt):
        home.wait_begun(attempt.run_id)
        at.ledger.crashed(attempt, "taken away")
        again = Ledger(home.store, worker="other", lease_s=60.0, strikes=9).begin(attempt.run_id)
        assert again is not None
    assert home.left_over() == []
    assert home.run(attempt.run_id).status is RunStatus.RUNNING
    assert home.kinds(attempt.run_id)[-1] == "resumed"


def test_shutting_down_gives_the_run_back(home: Home) -> None:
    at = desk(home)
    attempt = begin(home, at, hangs=True)
    with working(at, attempt):
        home.wait_begun(attempt.run_id)
        at.closing.set()
    assert home.left_over() == []
    assert home.run(attempt.run_id).status is RunStatus.QUEUED
    assert home.kinds(attempt.run_id)[-1] == "released"


CHATTER = """
import sys, json
task = json.loads(sys.stdin.readline())
print("HiGHS 1.13 (c) hello")
print("[1, 2]")
print("x" * 3_000_000)
print(json.dumps({"kind": "done", "outcome": {"fine": True}}))
"""


def test_what_libraries_print_does_no_harm(home: Home) -> None:
    at = desk(home, command=(sys.executable, "-I", "-S", "-c", CHATTER))
    attempt = begin(home, at)
    work(at, attempt)
    assert home.run(attempt.run_id).outcome == {"fine": True}


@pytest.mark.parametrize(
    "command", [("/no/such/program",), (sys.executable, "-c", "raise SystemExit(3)"), (sys.executable, "-c", "")]
)
def test_a_program_that_says_nothing_is_a_failed_attempt(home: Home, command: tuple[str, ...]) -> None:
    at = desk(home, command=command)
    attempt = begin(home, at)
    work(at, attempt)
    assert home.run(attempt.run_id).status is RunStatus.QUEUED
    assert home.kinds(attempt.run_id)[-1] == "attempt-failed"


def test_a_document_that_is_not_there_is_a_failed_attempt(home: Home) -> None:
    told = {"kind": "done", "outcome": {}, "documents": [{"name": "r.txt", "media_type": "text/plain", "title": "R"}]}
    program = f"import json; input(); print(json.dumps({told!r}))"
    at = desk(home, command=(sys.executable, "-I", "-c", program))
    attempt = begin(home, at)
    work(at, attempt)
    assert home.run(attempt.run_id).status is RunStatus.QUEUED
    assert "could not be" in home.store.events(attempt.run_id)[-1].data["reason"]


def test_a_database_that_is_away_for_a_while_costs_news_and_not_the_run(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    hasty = Store(str(home.store.engine.url), home.store.files.folder, busy_s=0.05)
    ledger = Ledger(hasty, worker="w", lease_s=60.0, strikes=2)
    settings = home.settings(lease_s=0.4)
    at = Desk(store=hasty, ledger=ledger, settings=settings, closing=threading.Event())
    attempt = begin(home, at, news=2)
    with working(at, attempt), writing(home.store.engine):
        home.wait(lambda: "trying again" in caplog.text, "the attempt to record the end")
    run = home.run(attempt.run_id)
    assert run.status is RunStatus.SUCCEEDED
    assert any(note["ended"] for note in home.notes(run.id))
    assert judge(home.store, [run.id]) == []
    hasty.close()
