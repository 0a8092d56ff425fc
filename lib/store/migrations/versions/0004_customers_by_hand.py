"""Whose user it is and whose customer, by an uploaded CSV; which files were applied; when each staff member looked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("user", KEY, autoincrement=False, nullable=False),
        sa.Column("customer", sa.Text),
        sa.Column("team", sa.Text),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_assignment_user"),
        sa.PrimaryKeyConstraint("user", name="pk_assignment"),
    )
    op.create_table(
        "customer_owner",
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_customer_owner_staff"),
        sa.PrimaryKeyConstraint("customer", name="pk_customer_owner"),
    )
    op.create_table(
        "applied_file",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_applied_file_staff"),
        sa.PrimaryKeyConstraint("pk", name="pk_applied_file"),
    )
    op.create_table(
        "looked",
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("before", sa.BigInteger),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_looked_staff"),
        sa.PrimaryKeyConstraint("staff", name="pk_looked"),
    )
