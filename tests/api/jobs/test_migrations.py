import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from api.jobs.database import writing
from api.jobs.migrations import upgrade
from api.jobs.store import Store, utc_now
from api.jobs.tables import metadata
from tests.api.jobs.harness import ROOT

UPGRADE = """
import sys
from pathlib import Path
from api.jobs.store import Store, utc_now
sys.stdin.readline()
store = Store(f"sqlite:///{sys.argv[1]}/runs.sqlite", Path(sys.argv[1]))
store.upgrade()
store.close()
"""


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, metadata) == []


def test_every_constraint_of_the_code_is_in_the_database(store: Store) -> None:
    found = sa.inspect(store.engine)
    for table in metadata.sorted_tables:
        wanted = {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        assert wanted == {c["name"] for c in found.get_check_constraints(table.name)}


def test_processes_that_upgrade_at_once_all_succeed(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", UPGRADE, str(tmp_path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    ends = []
    for process in processes:  # all have loaded or are loading; the line lets them go together
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=120)
        ends.append((process.returncode, errors))
    assert ends == [(0, b"")] * 4


def test_an_upgrade_that_breaks_off_leaves_the_tables_as_they_were(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path)

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def _break_off(_c: object, _k: object, statement: str, *_: object) -> None:
        if "CREATE TABLE document" in statement:
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        upgrade(store.engine)
    sa.event.remove(store.engine, "before_cursor_execute", _break_off)
    assert sa.inspect(store.engine).get_table_names() == []
    upgrade(store.engine)
    assert "document" in sa.inspect(store.engine).get_table_names()
    store.close()


def test_runs_of_an_older_version_are_for_rounds(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path)
    upgrade(store.engine, "0001")
    accepted = store.accept(key=None, scope="s", fingerprint="f", request={"sample": "a"}, name="a", now=utc_now())
    with writing(store.engine) as connection:
        connection.execute(sa.text("UPDATE run SET kind = 'plan'"))
    upgrade(store.engine)
    run = store.run(accepted.run.id)
    assert run
    assert run.kind == "rounds"
    store.close()


def test_an_sqlite_file_is_in_wal_mode_and_keeps_what_it_acknowledged(store: Store) -> None:
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    with writing(store.engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
