"""The run tables. Times are microseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from api.jobs.port import RunStatus

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_FINAL = "status IN ('succeeded', 'failed', 'cancelled')"
_STATUSES = ", ".join(f"'{status.value}'" for status in RunStatus)

run = Table(
    "run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("name", String(500), nullable=False),
    Column("request", JSON, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("started_us", BigInteger),
    Column("finished_us", BigInteger),
    Column("progress", JSON(none_as_null=True)),
    Column("outcome", JSON(none_as_null=True)),
    Column("error", JSON(none_as_null=True)),
    Column("partial", Boolean, nullable=False, default=False),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),  # how often begun
    Column("strikes", Integer, nullable=False, default=0),  # how often an attempt was lost or crashed
    Column("submission", Integer, nullable=False, default=0),  # which hand-over to the engine counts
    Column("event_seq", Integer, nullable=False, default=0),
    Column("worker", String(32)),  # owner of the attempt in work,
    Column("token", String(32)),  # its fencing token,
    Column("lease_us", BigInteger),  # and until when it is believed to live
    CheckConstraint(f"status IN ({_STATUSES})", name="status"),
    CheckConstraint("(status = 'running') = (token IS NOT NULL)", name="owned_while_running"),
    CheckConstraint(
        f"({_FINAL}) = (finished_us IS NOT NULL)",
        name="finished_when_final",
    ),
    CheckConstraint("(status = 'failed') = (error IS NOT NULL)", name="error_when_failed"),
    Index("ix_run_created_us_id", "created_us", "id"),
    Index("ix_run_status_created_us_id", "status", "created_us", "id"),
)

run_event = Table(
    "run_event",
    metadata,
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("data", JSON, nullable=False),
)

artifact = Table(
    "artifact",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("created_us", BigInteger, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("title", String(500), nullable=False),
    Column("sha256", ForeignKey("artifact.sha256"), nullable=False),
)

incumbent = Table(
    "incumbent",
    metadata,
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", ForeignKey("artifact.sha256"), nullable=False),
    Column("summary", JSON, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
)

upload = Table(
    "upload",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("sha256", ForeignKey("artifact.sha256"), nullable=False),
    Column("created_us", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", String(255), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("created_us", BigInteger, nullable=False),
)

worker = Table(
    "worker",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("slots", Integer, nullable=False),
    Column("version", String(64), nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("stopped_us", BigInteger),
)

leader = Table(
    "leader",
    metadata,
    Column("role", String(32), primary_key=True),
    Column("worker", String(32), nullable=False),
    Column("until_us", BigInteger, nullable=False),
)
