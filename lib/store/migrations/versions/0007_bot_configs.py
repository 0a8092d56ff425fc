"""Versions of the workspace's bot config, which of them were handed to Recall, and what staff have typed so far."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "bot_config",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_bot_config_staff"),
        sa.PrimaryKeyConstraint("pk", name="pk_bot_config"),
    )
    op.create_table(
        "bot_config_mark",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("sent", sa.Boolean, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["bot_config.pk"], name="fk_bot_config_mark_version"),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_bot_config_mark_staff"),
        sa.PrimaryKeyConstraint("pk", name="pk_bot_config_mark"),
    )
    op.create_index("ix_bot_config_mark_version", "bot_config_mark", ["version"])
    op.create_table(
        "bot_config_draft",
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("basis", KEY, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_bot_config_draft_staff"),
        sa.PrimaryKeyConstraint("staff", name="pk_bot_config_draft"),
    )
