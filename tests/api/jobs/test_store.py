import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.jobs import tables as t
from api.jobs.database import writing
from api.jobs.port import (
    Accepted,
    BadCursor,
    KeyInProgress,
    KeyMismatch,
    RunStatus,
    TooLarge,
    UnknownRun,
    UnknownUpload,
)
from api.jobs.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOCAL = "local"


def accept(
    store: Store, key: str | None = "k", *, body: str = "a", scope: str = LOCAL, now: datetime = NOON
) -> Accepted:
    request = {"sample": body}
    return store.accept(key=key, scope=scope, fingerprint=f"hash of {body}", request=request, name=body, now=now)


def rows(store: Store, table: sa.Table) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_an_accepted_run_is_queued_and_says_what_was_asked(store: Store) -> None:
    run = accept(store).run
    assert (run.status, run.request, run.name, run.kind) == (RunStatus.QUEUED, {"sample": "a"}, "a", "rounds")
    assert run.created_at == NOON
    assert store.run(run.id) == run
    assert [event.kind for event in store.events(run.id)] == ["accepted"]


def test_the_same_key_and_request_is_the_same_run(store: Store) -> None:
    first, second = accept(store), accept(store)
    assert (first.replayed, second.replayed) == (False, True)
    assert second.run == first.run
    assert rows(store, t.run) == 1


def test_the_same_key_with_another_request_is_refused_and_makes_nothing(store: Store) -> None:
    accept(store)
    with pytest.raises(KeyMismatch):
        accept(store, body="b")
    assert rows(store, t.run) == 1


def test_the_same_key_of_another_account_or_route_is_another_run(store: Store) -> None:
    assert accept(store).run.id != accept(store, scope="somebody else").run.id


def test_without_a_key_every_request_is_a_run(store: Store) -> None:
    assert accept(store, None).run.id != accept(store, None).run.id


def test_a_key_is_remembered_for_its_time_across_a_restart_and_not_longer(store: Store, tmp_path: Path) -> None:
    first = accept(store).run
    again = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path / "files")
    again.upgrade()
    almost = NOON + timedelta(hours=24) - timedelta(microseconds=1)
    assert accept(again, now=almost).run == first
    later = accept(again, now=NOON + timedelta(hours=24))
    assert (later.replayed, later.run.id != first.id) == (False, True)
    assert accept(again, body="a", now=NOON + timedelta(hours=47)).run == later.run
    again.close()


def test_fifty_at_once_with_one_key_are_one_run(store: Store) -> None:
    together = threading.Barrier(50)

    def one(_: int) -> Accepted:
        together.wait()
        return accept(store)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert len({answer.run.id for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert rows(store, t.run) == 1


def test_who_has_to_wait_too_long_for_a_key_is_told_to_ask_again(store: Store, tmp_path: Path) -> None:
    hasty = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path / "files", busy_s=0.05)
    with writing(store.engine), pytest.raises(KeyInProgress):
        accept(hasty)
    assert not accept(hasty).replayed
    hasty.close()


def test_pages_neither_skip_nor_repeat_while_runs_come_and_go(store: Store) -> None:
    there = [accept(store, None, now=NOON + timedelta(seconds=k // 5)).run for k in range(40)]  # five share a time
    gone = {run.id for run in there[::7]}
    page, cursor = store.runs(limit=6)
    seen = [run.id for run in page]
    with writing(store.engine) as connection:
        connection.execute(sa.delete(t.run).where(t.run.c.id.in_(gone)))
    while cursor is not None:
        accept(store, None, now=NOON + timedelta(hours=1))
        page, cursor = store.runs(limit=6, after=cursor)
        seen += [run.id for run in page]
    assert len(seen) == len(set(seen))
    newest_first = sorted(there, key=lambda run: (run.created_at, run.id), reverse=True)
    assert [run_id for run_id in seen if run_id not in gone] == [r.id for r in newest_first if r.id not in gone]


def test_pages_of_one_status(store: Store) -> None:
    runs = [accept(store, None, now=NOON + timedelta(seconds=k)).run.id for k in range(5)]
    store.request_cancel(runs[1])
    assert [run.id for run in store.runs(status=RunStatus.CANCELLED)[0]] == [runs[1]]
    page, cursor = store.runs(limit=4, status=RunStatus.QUEUED)
    assert ([run.id for run in page], cursor) == ([runs[4], runs[3], runs[2], runs[0]], None)


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "MTIzLmFiYy4wMDAwMDAwMA", "...."])
def test_a_cursor_we_did_not_make_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(BadCursor):
        store.runs(after=cursor)


def test_an_altered_cursor_is_refused(store: Store) -> None:
    for _ in range(3):
        accept(store, None)
    cursor = store.runs(limit=1)[1]
    assert cursor is not None
    for k in range(0, len(cursor), 7):
        with pytest.raises(BadCursor):
            store.runs(after=cursor[:k] + ("A" if cursor[k] != "A" else "B") + cursor[k + 1 :])


def test_a_queued_run_is_cancelled_at_once_and_stays_so(store: Store) -> None:
    run_id = accept(store).run.id
    cancelled = store.request_cancel(run_id)
    assert cancelled.status is RunStatus.CANCELLED
    assert cancelled.finished_at is not None
    assert store.request_cancel(run_id) == cancelled
    assert [event.kind for event in store.events(run_id)] == ["accepted", "cancelled"]


def test_events_continue_exactly_after_a_number(store: Store) -> None:
    run_id = accept(store).run.id
    store.request_cancel(run_id)
    assert [event.seq for event in store.events(run_id)] == [1, 2]
    assert [event.seq for event in store.events(run_id, 1)] == [2]
    assert store.events(run_id, 2) == []


def test_what_is_not_there(store: Store) -> None:
    assert store.run("nothing") is None
    assert store.events("nothing") == []
    assert store.document("nothing", "report.html") is None
    with pytest.raises(UnknownRun):
        store.request_cancel("nothing")
    with pytest.raises(UnknownUpload):
        store.upload_info("nothing")
    with pytest.raises(UnknownUpload):
        store.open_upload("nothing")


def test_uploads_keep_their_names_and_share_their_content(store: Store) -> None:
    one = store.upload("points.csv", io.BytesIO(b"id,lat\n1,2\n"), "text/csv")
    two = store.upload("again.csv", io.BytesIO(b"id,lat\n1,2\n"), "text/csv")
    assert (one.name, two.name, one.size, one.sha256) == ("points.csv", "again.csv", 11, two.sha256)
    assert one.id != two.id
    with store.open_upload(two.id) as content:
        assert content.read() == b"id,lat\n1,2\n"
    assert len([path for path in store.files.folder.rglob("*") if path.is_file()]) == 1


def test_an_upload_beyond_the_limit_leaves_nothing(store: Store) -> None:
    with pytest.raises(TooLarge):
        store.upload("big.csv", io.BytesIO(b"x" * 101), "text/csv", limit=100)
    assert store.upload("fits.csv", io.BytesIO(b"x" * 100), "text/csv", limit=100).size == 100
    assert rows(store, t.upload) == 1
    assert len([path for path in store.files.folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"status": "running"},  # without an owner
        {"status": "succeeded"},  # without a time
        {"status": "failed", "finished_us": 1},  # without an error
        {"status": "lost"},
    ],
)
def test_the_tables_themselves_refuse_an_impossible_run(store: Store, values: dict[str, object]) -> None:
    run_id = accept(store).run.id
    with pytest.raises(sa.exc.IntegrityError), writing(store.engine) as connection:
        connection.execute(sa.update(t.run).where(t.run.c.id == run_id).values(**values))
    assert store.run(run_id) is not None


def test_numbers_that_json_does_not_have_are_refused(store: Store) -> None:
    with pytest.raises((sa.exc.StatementError, ValueError)):
        store.accept(key=None, scope=LOCAL, fingerprint="f", request={"seconds": float("nan")}, name="n", now=NOON)
    assert rows(store, t.run) == 0
