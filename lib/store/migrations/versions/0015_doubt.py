"""What is doubted of Recall's answers: who is not listed, whose answer is empty, which ids two users are shown with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("calendar_user", sa.Column("unlisted_since", sa.BigInteger))
    op.add_column("version", sa.Column("bots_doubted_since", sa.BigInteger))
    op.add_column("reading", sa.Column("empty_at", sa.BigInteger))
    op.add_column("reading", sa.Column("accounts", sa.BigInteger))
    op.add_column("entry", sa.Column("start_before", sa.BigInteger))
    op.create_table(
        "contest",
        sa.Column("claimant", KEY, nullable=False, autoincrement=False),
        sa.Column("holder", KEY, nullable=False, autoincrement=False),
        sa.Column("found_at", sa.BigInteger, nullable=False),
        sa.Column("ids", sa.Text, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("checked_at", sa.BigInteger),
        sa.Column("owner", sa.Text),
        sa.Column("settled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("claimant", "holder", name="pk_contest"),
        sa.ForeignKeyConstraint(["claimant"], ["calendar_user.pk"], name="fk_contest_claimant"),
        sa.ForeignKeyConstraint(["holder"], ["calendar_user.pk"], name="fk_contest_holder"),
    )
    op.create_table(
        "taken_out",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_taken_out"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_taken_out_user"),
    )
    op.create_index("ix_taken_out_user", "taken_out", ["user", "entry_id"])
