"""What happened that is no write to Recall; overrides seen to change, and which change of ours an observation shows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("seq", KEY, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text),
        sa.Column("user", KEY),
        sa.Column("details", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["staff.name"], name="fk_event_actor"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_event_user"),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_event_user", "event", ["user"])
    op.add_column("observation", sa.Column("entry_id", sa.Text))
    op.add_column("observation", sa.Column("override_before", sa.Boolean))
    op.add_column("observation", sa.Column("override_after", sa.Boolean))
    op.add_column("observation", sa.Column("cause", KEY))
