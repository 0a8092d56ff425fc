"""Staff accounts, their sessions, and which Recall the store belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("k", sa.Text, nullable=False),
        sa.Column("v", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("k", name="pk_meta"),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("display", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name="pk_staff"),
    )
    op.create_table(
        "session",
        sa.Column("id_hash", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_why", sa.Text),
        sa.PrimaryKeyConstraint("id_hash", name="pk_session"),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_session_staff"),
    )
    op.create_index("ix_session_staff", "session", ["staff"])
    op.create_table(
        "ticket",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("hash", name="pk_ticket"),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_ticket_staff"),
    )
