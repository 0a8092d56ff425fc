"""Whose meetings took Recall long to list: they are read last."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # "0", not false(): for an expression SQLite would have to make the table anew.
    op.add_column("reading", sa.Column("slow", sa.Boolean, nullable=False, server_default="0"))
