"""Which customers a staff member sees, when a session was last proven, sign-ins by a provider, and locks on guessing."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff") as staff:
        # "1", not true(): for an expression SQLite would have to drop the table, to which sessions point.
        staff.add_column(sa.Column("sees_all", sa.Boolean, nullable=False, server_default="1"))
        staff.add_column(sa.Column("subject", sa.Text))
    op.create_table(
        "staff_customer",
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_staff_customer_staff"),
        sa.PrimaryKeyConstraint("staff", "customer", name="pk_staff_customer"),
    )
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("verified_at", sa.DateTime(timezone=True)))
    op.create_table(
        "sign_in_lock",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.PrimaryKeyConstraint("account", "address", name="pk_sign_in_lock"),
    )
    op.create_index("ix_sign_in_lock_first_at", "sign_in_lock", ["first_at"])
