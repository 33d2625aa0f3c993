"""Solver processes: kept, bounded, replaced when they die, take too long or fall over, ended with the pool."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.config import Limits
from api.interop.refusal import Refusal
from api.interop.vroom import pool as pools
from api.interop.vroom.pool import BusyError, CrashError, LateError, Pool
from api.interop.vroom.read import read
from api.interop.vroom.streets import filled
from api.interop.vroom.task import Task, portfolio

WAIT_S = 120.0


def task(**options: object) -> Task:
    body = {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
        "jobs": [{"id": 1, "location_index": 1}],
        "matrices": {"car": {"durations": [[0, 10], [20, 0]]}},
        "options": options,
    }
    return Task(request=filled(read(body, Limits()), None))


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(processes=2, waiting=1)
    made.start()
    yield made
    made.close()


def processes(pool: Pool) -> list[int]:
    return [worker.process.pid or 0 for worker in pool._all]


def test_an_answer_comes_from_a_process_that_stays(pool: Pool) -> None:
    (first,) = pool.ask([task()], seconds=WAIT_S)
    before = processes(pool)
    (second,) = pool.ask([task()], seconds=WAIT_S)
    assert first.body["summary"]["cost"] == second.body["summary"]["cost"] == 30
    assert processes(pool) == before
    assert len(before) == 2


def test_idle_processes_try_too(pool: Pool) -> None:
    one = task()
    assert len(pool.ask([one, replace(one, seed=2)], seconds=WAIT_S)) == 2
    assert len(pool.ask([one, replace(one, seed=2), replace(one, seed=3)], seconds=WAIT_S)) == 2


def test_a_second_try_that_takes_too_long_is_not_waited_for(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.ask([task(), task()], seconds=WAIT_S)
    before = processes(pool)
    monkeypatch.setattr(pools, "GRACE_S", 0.0)
    long = task()
    long = replace(long, request=replace(long.request, tasks=long.request.tasks * 60))  # plans for two seconds
    assert len(pool.ask([task(), long], seconds=WAIT_S)) == 1
    assert len(set(before) & set(processes(pool))) == 1


def test_a_request_at_fault_is_refused_and_the_process_stays(pool: Pool) -> None:
    late = task(c=True)
    van = late.request.vans[0]
    steps = (
        read(
            {
                "vehicles": [{"id": 1, "start_index": 0, "steps": [{"type": "job", "id": 1, "service_at": 3}]}],
                "jobs": [{"id": 1, "location_index": 1}],
                "matrices": {"car": {"durations": [[0, 10], [20, 0]]}},
            },
            Limits(),
        )
        .vans[0]
        .steps
    )
    before = processes(pool)
    with pytest.raises(Refusal, match="Infeasible route for vehicle 1"):
        pool.ask([replace(late, request=replace(late.request, vans=(replace(van, steps=steps),)))], seconds=WAIT_S)
    assert processes(pool) == before


def test_a_process_that_dies_is_replaced(pool: Pool) -> None:
    before = processes(pool)
    for worker in list(pool._all):
        os.kill(worker.process.pid or 0, signal.SIGKILL)
        worker.process.join()
    with pytest.raises(CrashError):
        pool.ask([task()], seconds=WAIT_S)
    with pytest.raises(CrashError):
        pool.ask([task()], seconds=WAIT_S)
    assert pool.ask([task()], seconds=WAIT_S)
    assert not set(before) & set(processes(pool))


def test_a_program_that_falls_over_is_told_and_replaced(pool: Pool) -> None:
    before = processes(pool)
    broken = replace(task(), engine="no such engine")
    with pytest.raises(CrashError, match="no such engine"):
        pool.ask([broken], seconds=WAIT_S)
    assert len(set(before) & set(processes(pool))) == 1


def test_a_process_that_takes_too_long_is_ended(pool: Pool) -> None:
    pool.ask([task(), task()], seconds=WAIT_S)
    before = processes(pool)
    with pytest.raises(LateError):
        pool.ask([task()], seconds=0.001)
    assert len(set(before) & set(processes(pool))) == 1


def test_a_process_that_has_worked_enough_is_replaced(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "REQUESTS", 1)
    before = processes(pool)
    assert pool.ask([task()], seconds=WAIT_S)
    assert len(set(before) & set(processes(pool))) == 1


def test_only_so_many_may_wait() -> None:
    small = Pool(processes=1, waiting=0)
    taken = threading.Event()
    real = small._heard

    def slow(worker, deadline):
        taken.set()
        refused.wait(WAIT_S)
        return real(worker, deadline)

    refused = threading.Event()
    small._heard = slow  # type: ignore[method-assign]
    asking = threading.Thread(target=small.ask, args=([task()],), kwargs={"seconds": WAIT_S})
    asking.start()
    assert taken.wait(WAIT_S)
    with pytest.raises(BusyError):
        small.ask([task()], seconds=WAIT_S)
    refused.set()
    asking.join()
    small.close()


def test_a_closed_pool_leaves_no_process() -> None:
    made = Pool(processes=1, waiting=0)
    made.ask([task()], seconds=WAIT_S)
    (worker,) = made._all
    pid = worker.process.pid
    assert pid
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_small_requests_and_plans_are_tried_once() -> None:
    assert len(portfolio(task().request, loading_ms=0)) == 1
    many = task()
    many = replace(many, request=replace(many.request, tasks=many.request.tasks * 30))
    assert len(portfolio(many.request, loading_ms=0)) == 2
    assert len(portfolio(replace(many.request, options=replace(many.request.options, plan=True)), loading_ms=0)) == 1
