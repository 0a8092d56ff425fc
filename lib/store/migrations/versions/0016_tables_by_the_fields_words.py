"""Tables are called by what a row of them is: the last visit, the last read, a recount, an entry set aside.

Each is made anew and filled from the one before, so that its keys and indexes are called after it, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "last_visit",
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("previous_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("staff", name="pk_last_visit"),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_last_visit_staff"),
    )
    _move("looked", "last_visit", {"staff": "staff", "at": "at", "before": "previous_at"})
    op.create_table(
        "last_read",
        sa.Column("user", KEY, nullable=False, autoincrement=False),
        sa.Column("read_at", sa.BigInteger),
        sa.Column("unreadable", sa.Integer, nullable=False),
        sa.Column("odd", sa.Integer, nullable=False, server_default="0"),
        sa.Column("held_back_since", sa.BigInteger),
        sa.Column("failure", sa.Text),
        sa.Column("failed_at", sa.BigInteger),
        sa.Column("judge_at", sa.BigInteger),
        sa.Column("slow", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("empty_since", sa.BigInteger),
        sa.Column("accounts", sa.BigInteger),
        sa.PrimaryKeyConstraint("user", name="pk_last_read"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_last_read_user"),
    )
    same = ("user", "read_at", "unreadable", "odd", "failure", "failed_at", "judge_at", "slow", "accounts")
    since = {"held_back_at": "held_back_since", "empty_at": "empty_since"}
    _move("reading", "last_read", {name: name for name in same} | since)
    op.create_table(
        "recount",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("months", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_recount"),
    )
    _move("counting", "recount", {name: name for name in ("pk", "at", "months")})
    op.create_table(
        "set_aside",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_set_aside"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_set_aside_user"),
    )
    op.create_index("ix_set_aside_user", "set_aside", ["user", "entry_id"])
    _move("taken_out", "set_aside", {name: name for name in ("pk", "user", "entry_id", "at", "body")})


def _move(before: str, now: str, columns: dict[str, str]) -> None:
    """Fill the table `now` from `before`, column by column, and drop `before`."""
    old = sa.table(before, *map(sa.column, columns))
    new = sa.table(now, *map(sa.column, columns.values()))
    op.execute(sa.insert(new).from_select(list(columns.values()), sa.select(*(old.c[name] for name in columns))))
    op.drop_table(before)
