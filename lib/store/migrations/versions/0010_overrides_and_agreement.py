"""An index of entries that are set by hand, and how far our estimate and Recall's decision agreed after each save."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_index(
        "ix_entry_by_hand",
        "entry",
        ["start_at"],
        sqlite_where=sa.text("override_should_record IS NOT NULL"),
        postgresql_where=sa.text("override_should_record IS NOT NULL"),
    )
    op.create_table(
        "agreement",
        sa.Column("change", KEY, autoincrement=False, nullable=False),
        sa.Column("agreed", sa.Integer, nullable=False),
        sa.Column("judged", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["change"], ["change.seq"], name="fk_agreement_change"),
        sa.PrimaryKeyConstraint("change", name="pk_agreement"),
    )
