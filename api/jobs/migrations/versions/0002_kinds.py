"""Runs say what they plan: all there are plan rounds."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE run SET kind = 'rounds' WHERE kind = 'plan'")
