"""What was asked of Recall, by whom and why, before and after, and how it ended; many users at once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("undoes", KEY),
        sa.ForeignKeyConstraint(["actor"], ["staff.name"], name="fk_batch_actor"),
        sa.ForeignKeyConstraint(["undoes"], ["batch.pk"], name="fk_batch_undoes"),
        sa.PrimaryKeyConstraint("pk", name="pk_batch"),
    )
    op.create_table(
        "change",
        sa.Column("seq", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("entry_id", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("batch", KEY),
        sa.Column("undoes", KEY),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_change_user"),
        sa.ForeignKeyConstraint(["actor"], ["staff.name"], name="fk_change_actor"),
        sa.ForeignKeyConstraint(["batch"], ["batch.pk"], name="fk_change_batch"),
        sa.ForeignKeyConstraint(["undoes"], ["change.seq"], name="fk_change_undoes"),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )
    op.create_index("ix_change_user", "change", ["user"])
    op.create_index("ix_change_batch", "change", ["batch"])
    op.create_index("ix_change_undoes", "change", ["undoes"])
    is_open = sa.text("closed_at IS NULL")
    op.create_index("ix_change_open", "change", ["seq"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "batch_item",
        sa.Column("batch", KEY, nullable=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("change", KEY),
        sa.Column("problem", sa.Text),
        sa.ForeignKeyConstraint(["batch"], ["batch.pk"], name="fk_batch_item_batch"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_batch_item_user"),
        sa.ForeignKeyConstraint(["change"], ["change.seq"], name="fk_batch_item_change"),
        sa.PrimaryKeyConstraint("batch", "user", name="pk_batch_item"),
    )
