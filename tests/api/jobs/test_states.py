"""The state machine under any sequence of events: only the documented transitions, and what is final stays."""

import io
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.jobs import reaper
from api.jobs import tables as t
from api.jobs.database import writing
from api.jobs.ledger import Attempt, Fenced, Ledger, Made
from api.jobs.port import FINAL, TRANSITIONS, NotCancellable, ProgressNote, Run
from api.jobs.store import Store
from tests.api.jobs.checker import BEGINS, ENDS
from tests.api.jobs.harness import fresh_database

ERROR = {"code": "limit-exceeded", "title": "Over the limit", "detail": "", "faults": []}
WRITES = ["note", "best", "finish", "fail", "cancelled", "crashed", "release"]
FINALS = {status.value for status in FINAL}


class RunMachine(RuleBasedStateMachine):
    """One run, two workers, a user, and leases that end whenever they like."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "runs.sqlite").write_bytes(fresh_database())
        self.store = Store(f"sqlite:///{self.folder / 'runs.sqlite'}", self.folder / "files")
        self.workers = [Ledger(self.store, worker=name, lease_s=60.0, strikes=6) for name in ("a", "b")]
        self.held: list[tuple[Ledger, Attempt]] = []

    @initialize()
    def accept(self) -> None:
        now = datetime.now(UTC)
        accepted = self.store.accept(key=None, scope="s", fingerprint="f", request={}, name="n", now=now)
        self.seen = accepted.run

    def run(self) -> Run:
        run = self.store.run(self.seen.id)
        assert run is not None
        return run

    @rule(which=st.sampled_from([0, 1]))
    def begin(self, which: int) -> None:
        attempt = self.workers[which].begin(self.seen.id)
        if attempt is not None:
            self.held.append((self.workers[which], attempt))

    @precondition(lambda self: self.held)
    @rule(what=st.sampled_from(["note", "best", "crashed", "release"]))
    def write(self, what: str) -> None:
        """The attempt that began last writes, whether it still owns the run or not."""
        with suppress(Fenced):
            self.do(what, *self.held[-1])

    @precondition(lambda self: self.held)
    @rule(what=st.sampled_from(["finish", "fail", "cancelled"]))
    def end(self, what: str) -> None:
        with suppress(Fenced):
            self.do(what, *self.held[-1])

    @precondition(lambda self: len(self.held) > 1)
    @rule(which=st.integers(0, 9), what=st.sampled_from(WRITES))
    def write_too_late(self, which: int, what: str) -> None:
        """An attempt that was lost to another wakes up and writes."""
        with pytest.raises(Fenced):
            self.do(what, *self.held[which % (len(self.held) - 1)])

    def do(self, what: str, ledger: Ledger, attempt: Attempt) -> None:
        stored = self.store.files.put(io.BytesIO(what.encode()))
        note = ProgressNote(stage="solve")
        made = Made(name="r", media_type="text/plain", title="R", stored=stored)
        {
            "note": lambda: ledger.note(attempt, note),
            "best": lambda: ledger.note(attempt, note, (stored, {"cost": 1.0})),
            "finish": lambda: ledger.finish(attempt, {}, [made]),
            "fail": lambda: ledger.fail(attempt, ERROR),
            "cancelled": lambda: ledger.cancelled(attempt),
            "crashed": lambda: ledger.crashed(attempt, "nothing"),
            "release": lambda: ledger.release(attempt),
        }[what]()

    @rule()
    def cancel(self) -> None:
        try:
            self.store.request_cancel(self.seen.id)
        except NotCancellable:
            assert self.run().status.final

    @rule(which=st.sampled_from([0, 1]))
    def lease_ends(self, which: int) -> None:
        with writing(self.store.engine) as connection:
            connection.execute(sa.update(t.run).where(t.run.c.token.is_not(None)).values(lease_us=0))
        reaper.reap(self.workers[which])

    @rule(which=st.sampled_from([0, 1]))
    def taken_over(self, which: int) -> None:
        self.lease_ends(which)
        self.begin(which)

    @invariant()
    def one_documented_step_and_a_history_that_fits(self) -> None:
        if not hasattr(self, "seen"):
            return
        before, now = self.seen, self.run()
        assert now.status is before.status or now.status in TRANSITIONS[before.status]
        if before.status.final:
            assert now == before
        events = self.store.events(now.id)
        kinds = [event.kind for event in events]
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        turns = [kind in BEGINS for kind in kinds if kind in (BEGINS | ENDS) - FINALS]
        assert turns == [k % 2 == 0 for k in range(len(turns))], kinds
        assert sum(turns) == now.attempts
        assert [kind for kind in kinds if kind in FINALS] == ([now.status.value] if now.status.final else [])
        self.seen = now

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


TestRunMachine = RunMachine.TestCase
TestRunMachine.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
