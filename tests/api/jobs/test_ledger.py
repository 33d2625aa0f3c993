import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.jobs import reaper
from api.jobs import tables as t
from api.jobs.database import writing
from api.jobs.ledger import Attempt, Fenced, Ledger, Made, Standing
from api.jobs.port import Json, NotCancellable, ProgressNote, RunStatus
from api.jobs.settle import INCUMBENT
from api.jobs.store import Store
from tests.api.jobs.checker import judge

ERROR: Json = {"code": "limit-exceeded", "title": "Over the limit", "detail": "", "faults": []}
NOTE = ProgressNote(stage="solve mon", fraction=0.5, cost=90.0, gap=0.1, runtime_s=2.0)


def ledger(store: Store, worker: str = "a", *, strikes: int = 3) -> Ledger:
    return Ledger(store, worker=worker, lease_s=60.0, strikes=strikes)


def accept(store: Store) -> str:
    request = {"sample": "town"}
    now = datetime.now(UTC)
    return store.accept(key=None, scope="s", fingerprint="f", request=request, name="n", now=now).run.id


def begin(store: Store, who: Ledger) -> Attempt:
    attempt = who.begin(accept(store))
    assert attempt is not None
    return attempt


def lose(store: Store, attempt: Attempt) -> None:
    """Let the lease run out, as when the worker was not heard of."""
    with writing(store.engine) as connection:
        connection.execute(sa.update(t.run).where(t.run.c.token == attempt.token).values(lease_us=0))


def best(store: Store, text: bytes = b"{}") -> tuple:
    return store.files.put(io.BytesIO(text)), {"cost": 90.0}


def report(store: Store) -> Made:
    stored = store.files.put(io.BytesIO(b"<html>"))
    return Made(name="report.html", media_type="text/html", title="Report", stored=stored)


def kinds(store: Store, run_id: str) -> list[str]:
    return [event.kind for event in store.events(run_id)]


def test_a_run_that_goes_well(store: Store) -> None:
    who = ledger(store)
    attempt = begin(store, who)
    who.note(attempt, NOTE)
    running = store.run(attempt.run_id)
    assert running is not None
    assert (running.status, running.progress, running.attempts) == (RunStatus.RUNNING, NOTE, 1)
    who.finish(attempt, {"cost": 90.0}, [report(store)])
    run = store.run(attempt.run_id)
    assert run is not None
    assert (run.status, run.outcome, run.partial, run.error) == (RunStatus.SUCCEEDED, {"cost": 90.0}, False, None)
    assert run.started_at is not None
    assert run.finished_at is not None
    assert run.created_at <= run.started_at <= run.finished_at
    found = store.document(run.id, "report.html")
    assert found is not None
    assert found[0] == run.documents[0]
    assert found[1].read_bytes() == b"<html>"
    assert kinds(store, run.id) == ["accepted", "started", "progress", "succeeded"]
    assert judge(store, [run.id]) == []


def test_a_run_is_begun_by_one_of_many(store: Store) -> None:
    run_id = accept(store)
    together = threading.Barrier(8)

    def one(k: int) -> Attempt | None:
        together.wait()
        return ledger(store, f"w{k}").begin(run_id)

    with ThreadPoolExecutor(8) as pool:
        begun = [attempt for attempt in pool.map(one, range(8)) if attempt]
    assert len(begun) == 1
    assert kinds(store, run_id) == ["accepted", "started"]


def test_a_cancelled_or_finished_run_is_not_begun(store: Store) -> None:
    run_id = accept(store)
    store.request_cancel(run_id)
    assert ledger(store).begin(run_id) is None
    assert kinds(store, run_id) == ["accepted", "cancelled"]
    assert ledger(store).begin("nothing") is None


def test_a_failed_run_says_why(store: Store) -> None:
    who = ledger(store)
    attempt = begin(store, who)
    who.fail(attempt, ERROR)
    run = store.run(attempt.run_id)
    assert run is not None
    assert (run.status, run.error, run.partial, run.documents) == (RunStatus.FAILED, ERROR, False, ())
    with pytest.raises(NotCancellable):
        store.request_cancel(run.id)


def test_a_better_plan_is_kept_and_shown_when_the_run_is_cancelled(store: Store) -> None:
    who = ledger(store)
    attempt = begin(store, who)
    who.note(attempt, NOTE, best(store, b"first"))
    who.note(attempt, NOTE, best(store, b"second"))
    asked = store.request_cancel(attempt.run_id)
    assert (asked.status, asked.cancel_requested) == (RunStatus.RUNNING, True)
    assert store.request_cancel(attempt.run_id) == asked
    assert who.standing(attempt) is Standing.CANCEL
    who.cancelled(attempt)
    run = store.run(attempt.run_id)
    assert run is not None
    assert (run.status, run.partial, run.outcome) == (RunStatus.CANCELLED, True, {"cost": 90.0})
    found = store.document(run.id, INCUMBENT)
    assert found is not None
    assert found[1].read_bytes() == b"second"
    assert judge(store, [run.id]) == []


def test_a_run_that_succeeds_shows_its_result_and_no_plan_on_the_way(store: Store) -> None:
    who = ledger(store)
    attempt = begin(store, who)
    who.note(attempt, NOTE, best(store))
    who.finish(attempt, {}, [report(store)])
    run = store.run(attempt.run_id)
    assert run is not None
    assert [document.name for document in run.documents] == ["report.html"]
    assert not run.partial


def test_a_crash_is_tried_again_from_the_best_plan_and_given_up_in_the_end(store: Store) -> None:
    who = ledger(store, strikes=2)
    attempt = begin(store, who)
    stored, summary = best(store)
    who.note(attempt, NOTE, (stored, summary))
    who.crashed(attempt, "its program ended with exit code 139")
    assert kinds(store, attempt.run_id)[-1] == "attempt-failed"
    again = who.begin(attempt.run_id)
    assert again is not None
    assert (again.number, again.incumbent) == (2, stored.sha256)
    who.crashed(again, "its program ended with exit code 139")
    run = store.run(attempt.run_id)
    assert run is not None
    assert (run.status, run.partial) == (RunStatus.FAILED, True)
    assert run.error is not None
    assert run.error["code"] == "poison"
    assert "139" in run.error["detail"]
    assert judge(store, [run.id]) == []


def test_a_lost_worker_loses_its_run_to_the_next_one(store: Store) -> None:
    old, new = ledger(store, "old"), ledger(store, "new")
    attempt = begin(store, old)
    assert reaper.reap(new) == 0
    lose(store, attempt)
    assert reaper.reap(new) == 1
    assert reaper.reap(new) == 0
    assert old.standing(attempt) is Standing.LOST
    again = new.begin(attempt.run_id)
    assert again is not None
    assert kinds(store, attempt.run_id) == ["accepted", "started", "worker-lost", "resumed"]
    new.finish(again, {}, [report(store)])
    assert judge(store, [attempt.run_id]) == []


WRITES: list[Callable[[Store, Ledger, Attempt], None]] = [
    lambda store, who, attempt: who.note(attempt, NOTE, best(store)),
    lambda store, who, attempt: who.finish(attempt, {"late": True}, [report(store)]),
    lambda _, who, attempt: who.fail(attempt, ERROR),
    lambda _, who, attempt: who.cancelled(attempt),
    lambda _, who, attempt: who.crashed(attempt, "nothing"),
    lambda _, who, attempt: who.release(attempt),
]


@pytest.mark.parametrize("ended", [False, True], ids=["taken over", "ended"])
@pytest.mark.parametrize("write", WRITES, ids=["note", "finish", "fail", "cancelled", "crashed", "release"])
def test_whoever_lost_a_run_writes_nothing(
    store: Store, write: Callable[[Store, Ledger, Attempt], None], *, ended: bool
) -> None:
    old, new = ledger(store, "old"), ledger(store, "new")
    attempt = begin(store, old)
    lose(store, attempt)
    reaper.reap(new)
    again = new.begin(attempt.run_id)
    assert again is not None
    if ended:
        new.finish(again, {"by": "new"}, [report(store)])
    before = store.run(attempt.run_id), store.events(attempt.run_id)
    with pytest.raises(Fenced):
        write(store, old, attempt)
    assert (store.run(attempt.run_id), store.events(attempt.run_id)) == before


def test_a_heartbeat_keeps_what_the_worker_holds_and_nothing_else(store: Store) -> None:
    who = ledger(store, "a")
    held, dropped = begin(store, who), begin(store, who)
    lose(store, held)
    lose(store, dropped)
    who.beat([held.token])
    assert reaper.reap(ledger(store, "b")) == 1
    assert who.standing(held) is Standing.GO_ON
    assert who.standing(dropped) is Standing.LOST


def test_a_cancel_that_its_worker_did_not_live_to_see_is_carried_out(store: Store) -> None:
    who = ledger(store)
    attempt = begin(store, who)
    who.note(attempt, NOTE, best(store))
    store.request_cancel(attempt.run_id)
    lose(store, attempt)
    reaper.reap(ledger(store, "b"))
    run = store.run(attempt.run_id)
    assert run is not None
    assert (run.status, run.partial, run.attempts) == (RunStatus.CANCELLED, True, 1)
    assert kinds(store, run.id)[-2:] == ["worker-lost", "cancelled"]


def test_shutting_down_gives_a_run_back_without_a_strike(store: Store) -> None:
    who = ledger(store, strikes=1)
    run_id = begin(store, who).run_id
    for attempts in (1, 2, 3):
        with store.engine.connect() as connection:
            token = connection.execute(sa.select(t.run.c.token).where(t.run.c.id == run_id)).scalar_one()
        who.release(Attempt(run_id=run_id, token=token, number=attempts, request={}, incumbent=None))
        assert who.begin(run_id) is not None
    run = store.run(run_id)
    assert run is not None
    assert (run.status, run.attempts) == (RunStatus.RUNNING, 4)


def test_one_worker_leads_until_its_lease_ends(store: Store) -> None:
    a, b = ledger(store, "a"), ledger(store, "b")
    assert [reaper.leads(a), reaper.leads(b), reaper.leads(a)] == [True, False, True]
    with writing(store.engine) as connection:
        connection.execute(sa.update(t.leader).values(until_us=0))
    assert [reaper.leads(b), reaper.leads(a)] == [True, False]
    b.retire()
    assert reaper.leads(a)


def test_two_reapers_at_once_count_a_loss_once(store: Store) -> None:
    who = ledger(store)
    attempts = [begin(store, who) for _ in range(6)]
    for attempt in attempts:
        lose(store, attempt)
    together = threading.Barrier(4)

    def reap(k: int) -> int:
        together.wait()
        return reaper.reap(ledger(store, f"r{k}"))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(reap, range(4))) == 6
    for attempt in attempts:
        assert kinds(store, attempt.run_id) == ["accepted", "started", "worker-lost"]


def race(store: Store, tries: int) -> dict[str, int]:
    """Cancel and completion at the same moment, so many times; how often each came first."""
    who, ends, runs = ledger(store), {"succeeded": 0, "cancelled": 0}, []
    made = report(store)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(tries):
            attempt = begin(store, who)
            runs.append(attempt.run_id)
            together = threading.Barrier(2)

            def finish(attempt: Attempt = attempt, together: threading.Barrier = together) -> None:
                together.wait()
                if who.standing(attempt) is Standing.CANCEL:
                    who.cancelled(attempt)
                else:
                    who.finish(attempt, {}, [made])

            def cancel(run_id: str = attempt.run_id, together: threading.Barrier = together) -> None:
                together.wait()
                with suppress(NotCancellable):
                    store.request_cancel(run_id)

            for done in [pool.submit(finish), pool.submit(cancel)]:
                done.result()
            run = store.run(attempt.run_id)
            assert run is not None
            ends[run.status.value] += 1
    assert judge(store, runs) == []
    return ends


def test_cancel_racing_with_completion_gives_one_end(store: Store) -> None:
    assert sum(race(store, 40).values()) == 40


@pytest.mark.slow
def test_cancel_racing_with_completion_a_thousand_times(store: Store) -> None:
    ends = race(store, 1000)
    assert min(ends.values()) > 0, "the race was always won by the same side"


def test_a_store_of_many_threads_never_shows_a_locked_database(store: Store, tmp_path: Path) -> None:
    def live(k: int) -> str:
        own = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path / "files")
        who = ledger(own, f"w{k}")
        for _ in range(5):
            attempt = begin(own, who)
            who.note(attempt, NOTE, best(own))
            own.runs(limit=5)
            who.finish(attempt, {}, [report(own)])
        own.close()
        return attempt.run_id

    with ThreadPoolExecutor(8) as pool:
        assert judge(store, list(pool.map(live, range(8)))) == []
