"""What a customer's users are to have recorded, as staff set it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "standard",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("flags", sa.Text),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_standard_staff"),
        sa.PrimaryKeyConstraint("pk", name="pk_standard"),
    )
