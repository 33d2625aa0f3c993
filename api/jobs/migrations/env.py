"""How Alembic reaches the database: always through a connection that is handed in."""

from alembic import context

from api.jobs.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
