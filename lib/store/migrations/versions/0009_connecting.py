"""Links by which calendars are connected, and calendar users that were asked for on purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "connect_link",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("nonce_hash", sa.Text, nullable=False),
        sa.Column("was_connected", sa.Boolean, nullable=False),
        sa.Column("account_before", sa.Text),
        sa.Column("returned_at", sa.BigInteger),
        sa.Column("returned_ok", sa.Boolean),
        sa.Column("connected_at", sa.BigInteger),
        sa.Column("account", sa.Text),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_connect_link_user"),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_connect_link_staff"),
        sa.PrimaryKeyConstraint("pk", name="pk_connect_link"),
        sa.UniqueConstraint("nonce_hash", name="uq_connect_link_nonce_hash"),
    )
    op.create_index("ix_connect_link_user", "connect_link", ["user"])
    op.create_index(
        "ix_connect_link_open",
        "connect_link",
        ["expires_at"],
        sqlite_where=sa.text("connected_at IS NULL"),
        postgresql_where=sa.text("connected_at IS NULL"),
    )
    op.create_table(
        "new_user",
        sa.Column("pk", KEY, autoincrement=False, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("user", KEY),
        sa.ForeignKeyConstraint(["staff"], ["staff.name"], name="fk_new_user_staff"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_new_user_user"),
        sa.PrimaryKeyConstraint("pk", name="pk_new_user"),
    )
    op.create_index("ix_new_user_user", "new_user", ["user"])
