"""The one module that knows which database is underneath: SQLite (WAL) or PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUSY_S = 30.0  # how long a writer waits for its turn
_MIGRATION_LOCK = 0x6D7A756E67756B6F  # "mzunguko"


class database_now(GenericFunction[int]):  # noqa: N801 - reads as the SQL function it is
    """Microseconds since 1970 by the database's own clock: leases never depend on a worker's clock."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _now_sqlite(*_: Any, **__: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"


@compiles(database_now, "postgresql")
def _now_postgresql(*_: Any, **__: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


def to_us(moment: datetime) -> int:
    """Microseconds since 1970; the moment must carry a zone."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """Moment in UTC."""
    return EPOCH + timedelta(microseconds=us)


to_json = partial(json.dumps, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def connect(url: str, *, busy_s: float = BUSY_S) -> sa.Engine:
    """Open the database; on SQLite a write transaction takes its turn at its beginning."""
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite":
        patience = {"options": f"-c lock_timeout={round(busy_s * 1000)}"}
        return sa.create_engine(made, connect_args=patience, pool_pre_ping=True, json_serializer=to_json)
    own = {"timeout": busy_s, "check_same_thread": False}
    engine = sa.create_engine(made, connect_args=own, json_serializer=to_json)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # an acknowledged run survives a power cut

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction that writes."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def waited_too_long(error: sa.exc.DBAPIError) -> bool:
    """Whether a statement gave up waiting for another transaction."""
    text = str(error.orig)
    return "database is locked" in text or "lock timeout" in text


def lock_for_migration(connection: sa.Connection) -> None:
    """One process migrates, the others wait. On SQLite the write transaction itself is that lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))


def use_wal(url: str | sa.URL) -> None:
    """Let readers and the writer of an SQLite file not block each other; the file itself remembers."""
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite" or made.database is None:
        return
    Path(made.database).parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(made.database, timeout=BUSY_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
