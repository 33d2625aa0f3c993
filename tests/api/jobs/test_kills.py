"""Real processes, real kill -9: no accepted run and no finished result is ever lost."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from api.jobs.port import RunStatus
from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home, kill


def submit_while_killing(home: Home, count: int, kills: int, seed: int) -> tuple[list[str], int]:
    """Submit runs through a process that is killed so often; acknowledged ids, and how many were only committed."""
    draw, acknowledged, committed = random.Random(seed), {}, 0
    marks = sorted(draw.sample(range(1, count), kills))
    while len(acknowledged) < count:
        first = len(acknowledged)
        arguments = [str(home.folder), f"s{seed}", str(first), str(count - first)]
        submitter = home.program("-m", "tests.api.jobs.submitter", *arguments, stdout=subprocess.PIPE)
        for line in _lines(submitter):
            acknowledged[line["k"]] = line["run"]
            committed += line["replayed"]
            if marks and len(acknowledged) == marks[0]:
                marks.pop(0)
                time.sleep(draw.uniform(0.0, 0.02))  # somewhere in the middle of the next one
                kill(submitter)
        assert submitter.wait() in (0, -signal.SIGKILL), home.logs()
    assert list(acknowledged) == list(range(count))
    return list(acknowledged.values()), committed


def _lines(process: subprocess.Popen[bytes]) -> Iterator[dict]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith(b"\n"):
            yield json.loads(line)


def assert_sound(home: Home, run_ids: list[str], *, attempts: int) -> None:
    """Check that all ended well, each once, nothing is broken and nobody is left over."""
    assert len(set(run_ids)) == len(run_ids)
    assert judge(home.store, run_ids) == []
    runs = [home.run(run_id) for run_id in run_ids]
    assert {run.status for run in runs} == {RunStatus.SUCCEEDED}
    assert max(run.attempts for run in runs) <= attempts
    with closing(sqlite3.connect(home.folder / "mzunguko.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT count(*) FROM run").fetchone()[0]
    assert rows == len(run_ids), "a key made two runs"


def test_killing_the_service_loses_no_acknowledged_run(home: Home) -> None:
    home.worker()
    run_ids, _ = submit_while_killing(home, count=12, kills=2, seed=1)
    home.wait_final(run_ids)
    assert_sound(home, run_ids, attempts=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_killing_the_service_loses_none_of_two_hundred(home: Home, seed: int) -> None:
    home.worker()
    run_ids, _ = submit_while_killing(home, count=200, kills=12, seed=seed)
    home.wait_final(run_ids)
    assert_sound(home, run_ids, attempts=1)


def test_killing_a_worker_with_runs_in_flight(home: Home) -> None:
    worker = home.worker()
    run_ids = [home.submit(seconds=0.3, grandchild=True, holds=1)]  # until its worker is killed, however slow we look
    run_ids += [home.submit(seconds=0.3, grandchild=True) for _ in range(4)]
    never_handed_over = home.accept(seconds=0.1)
    home.wait_begun(run_ids[0])
    kill(worker)
    home.wait(lambda: not home.left_over(), "the end of what the worker had started")
    home.worker()
    home.wait_final([*run_ids, never_handed_over])
    assert_sound(home, [*run_ids, never_handed_over], attempts=2)
    assert "worker-lost" in home.kinds(run_ids[0])


def test_killing_everything_at_once(home: Home) -> None:
    """Service, worker, guards and programs; the queue's own file is lost too."""
    worker = home.worker()
    arguments = ["-m", "tests.api.jobs.submitter", str(home.folder), "all", "0", "400"]
    service = home.program(*arguments, stdout=subprocess.PIPE)
    run_ids = []
    for line in _lines(service):
        run_ids.append(line["run"])
        if len(run_ids) == 12:
            for victim in [service.pid, worker.pid, *(process.pid for process in home.left_over())]:
                _kill(victim)
    for process in (service, worker):
        assert process.wait() == -signal.SIGKILL
    for path in home.folder.glob("queue.sqlite*"):
        path.unlink()
    committed = [run.id for run in home.store.runs(limit=500)[0]]
    assert set(run_ids) <= set(committed)
    home.worker()
    home.wait_final(committed)
    assert_sound(home, committed, attempts=2)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_stopping_a_worker_in_good_order_and_cancelling(home: Home) -> None:
    worker = home.worker(strikes=1, slots=1)
    run_id = home.submit(hangs=True)
    home.wait_begun(run_id)
    queued, dropped = home.submit(), home.submit()
    home.store.request_cancel(dropped)
    home.engine.cancel(dropped)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait() == 0, home.logs()
    assert home.left_over() == []
    assert home.kinds(run_id)[-1] == "released"
    home.worker(strikes=1, slots=1)
    home.wait_begun(run_id, attempt=2)
    home.store.request_cancel(run_id)
    home.wait_final([run_id, queued])
    assert judge(home.store, [run_id, queued, dropped]) == []
    assert home.kinds(dropped) == ["accepted", "cancelled"]
    assert home.notes(dropped) == [], "a run cancelled in the queue was started"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_workers_killed_again_and_again(home: Home, seed: int) -> None:
    draw = random.Random(seed)
    run_ids = [home.submit(seconds=draw.uniform(0.1, 1.0), news=3) for _ in range(30)]
    workers = [home.worker(strikes=30) for _ in range(2)]
    for _ in range(6):
        time.sleep(draw.uniform(1.0, 6.0))
        victim = draw.randrange(2)
        kill(workers[victim])
        workers[victim] = home.worker(strikes=30)
    home.wait_final(run_ids)
    assert_sound(home, run_ids, attempts=8)


@pytest.mark.slow
def test_one_of_three_workers_killed_and_not_started_again(home: Home) -> None:
    workers = [home.worker(slots=1) for _ in range(3)]
    run_ids = [home.submit(seconds=1.0, news=4) for _ in range(9)]
    home.wait(lambda: sum(home.run(run_id).status is RunStatus.RUNNING for run_id in run_ids) == 3)
    home.wait_begun(run_ids[0])
    kill(workers[1])
    home.wait_final(run_ids)
    assert_sound(home, run_ids, attempts=2)
    lost = [run_id for run_id in run_ids if "worker-lost" in home.kinds(run_id)]
    assert len(lost) == 1
    kinds = home.kinds(lost[0])
    assert kinds[kinds.index("worker-lost") + 1] == "resumed"


@pytest.mark.slow
def test_a_run_that_kills_its_worker_every_time_is_given_up(home: Home) -> None:
    worker = home.worker()
    poison, others = home.submit(kills_worker=99), [home.submit(seconds=0.1) for _ in range(3)]
    while not home.run(poison).status.final:
        if worker.poll() is not None:
            worker = home.worker()
        time.sleep(0.1)
    home.wait_final(others)
    run = home.run(poison)
    assert (run.status, run.attempts) == (RunStatus.FAILED, 3)
    assert run.error is not None
    assert run.error["code"] == "poison"
    assert {home.run(run_id).status for run_id in others} == {RunStatus.SUCCEEDED}
    assert judge(home.store, [poison, *others]) == []


@pytest.mark.slow
def test_a_worker_that_slept_beyond_its_lease_discards_its_work(home: Home) -> None:
    sleeper = home.worker(slots=1)
    run_id = home.submit(hangs=True)
    home.wait_begun(run_id)
    sleeper.send_signal(signal.SIGSTOP)
    home.worker(slots=1)
    home.wait_begun(run_id, attempt=2)
    assert len({note["pid"] for note in home.notes(run_id)}) == 2
    sleeper.send_signal(signal.SIGCONT)
    first = home.notes(run_id)[0]["pid"]
    home.wait(lambda: first not in {process.pid for process in home.left_over()}, "the first program's end")
    assert home.run(run_id).status is RunStatus.RUNNING
    assert sleeper.poll() is None
    home.store.request_cancel(run_id)
    home.wait_final([run_id])
    assert judge(home.store, [run_id]) == []
    assert home.kinds(run_id).count("cancelled") == 1
