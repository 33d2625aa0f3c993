"""The steps that bring the run tables to this version's shape (Alembic)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.jobs.database import lock_for_migration, use_wal, writing


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Apply what is missing, in one transaction; whoever comes second waits and finds nothing to do."""
    from alembic import command
    from alembic.config import Config

    use_wal(engine.url)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with writing(engine) as connection:
        lock_for_migration(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
