"""The whole workspace: users, entries, bots, what was seen to change, passes, leases and budgets."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "bot",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("sub_code", sa.Text),
        sa.Column("platform", sa.Text),
        sa.Column("join_at", sa.BigInteger),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("read_at", sa.BigInteger),
        sa.Column("tried_at", sa.BigInteger),
        sa.Column("failure", sa.Text),
        sa.Column("hash", sa.BigInteger),
        sa.Column("ver", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bot"),
    )
    op.create_index(
        "ix_bot_tried_at", "bot", ["tried_at"], sqlite_where=sa.text("NOT final"), postgresql_where=sa.text("NOT final")
    )
    op.create_table(
        "budget",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=False),
        sa.Column("closed_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_budget"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("renewed_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "preferences",
        sa.Column("pk", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_preferences"),
    )
    op.create_table(
        "spending",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("budget", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_spending"),
    )
    op.create_index("ix_spending_budget_at", "spending", ["budget", "at"])
    op.create_table(
        "sync_pass",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("resumed", sa.Integer, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_sync_pass"),
    )
    op.create_table(
        "sync_request",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.Text),
        sa.Column("taken_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("pk", name="pk_sync_request"),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("users_listed_at", sa.BigInteger),
        sa.Column("erased_before", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
    )
    op.create_table(
        "calendar_user",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("connections", sa.Text, nullable=False),
        sa.Column("preferences", sa.BigInteger),
        sa.Column("customer", sa.Text),
        sa.Column("hash", sa.BigInteger, nullable=False),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("vanished_at", sa.BigInteger),
        sa.Column("last_seen_at", sa.BigInteger),
        sa.Column("erased_at", sa.BigInteger),
        sa.Column("ver", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_calendar_user"),
        sa.ForeignKeyConstraint(["preferences"], ["preferences.pk"], name="fk_calendar_user_preferences"),
        sa.UniqueConstraint("id", name="uq_calendar_user_id"),
    )
    op.create_table(
        "entry",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("ical_uid", sa.Text),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.Column("start_at", sa.BigInteger),
        sa.Column("end_at", sa.BigInteger),
        sa.Column("will_record", sa.Boolean, nullable=False),
        sa.Column("will_record_reason", sa.Text),
        sa.Column("override_should_record", sa.Boolean),
        sa.Column("meeting_platform", sa.Text),
        sa.Column("calendar_platform", sa.Text),
        sa.Column("invites", sa.Text, nullable=False),
        sa.Column("bot_id", sa.Text),
        sa.Column("is_external", sa.Boolean),
        sa.Column("is_hosted_by_me", sa.Boolean),
        sa.Column("is_recurring", sa.Boolean),
        sa.Column("visibility", sa.Text),
        sa.Column("own_answer", sa.Text),
        sa.Column("attendees", sa.Integer, nullable=False),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("removed_at", sa.BigInteger),
        sa.Column("removed_connected", sa.Boolean),
        sa.Column("seen_at", sa.BigInteger),
        sa.Column("seen_will_record", sa.Boolean),
        sa.Column("seen_preferences", sa.BigInteger),
        sa.Column("judged_as_of", sa.BigInteger),
        sa.Column("flags", sa.SmallInteger),
        sa.Column("outcome", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("next_reason", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("raw", sa.Text),
        sa.Column("confidence", sa.Text),
        sa.Column("hash", sa.BigInteger, nullable=False),
        sa.Column("ver", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_entry"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_entry_user"),
        sa.ForeignKeyConstraint(["seen_preferences"], ["preferences.pk"], name="fk_entry_seen_preferences"),
        sa.UniqueConstraint("id", "user", name="uq_entry_id"),
    )
    op.create_index(
        "ix_entry_bot_id",
        "entry",
        ["bot_id"],
        sqlite_where=sa.text("bot_id IS NOT NULL"),
        postgresql_where=sa.text("bot_id IS NOT NULL"),
    )
    op.create_index("ix_entry_user_start_at", "entry", ["user", "start_at"])
    op.create_index("ix_entry_ver", "entry", ["ver"])
    op.create_table(
        "observation",
        sa.Column("seq", KEY, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("platform", sa.Text),
        sa.Column("before", sa.BigInteger),
        sa.Column("after", sa.BigInteger),
        sa.PrimaryKeyConstraint("seq", name="pk_observation"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_observation_user"),
        sa.ForeignKeyConstraint(["before"], ["preferences.pk"], name="fk_observation_before"),
        sa.ForeignKeyConstraint(["after"], ["preferences.pk"], name="fk_observation_after"),
    )
    op.create_index("ix_observation_at", "observation", ["at"])
    op.create_index("ix_observation_user", "observation", ["user"])
    op.create_table(
        "reading",
        sa.Column("user", KEY, nullable=False, autoincrement=False),
        sa.Column("read_at", sa.BigInteger),
        sa.Column("unreadable", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("failed_at", sa.BigInteger),
        sa.Column("pass", KEY),
        sa.Column("judge_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("user", name="pk_reading"),
        sa.ForeignKeyConstraint(["user"], ["calendar_user.pk"], name="fk_reading_user"),
    )
    op.create_table(
        "entry_details",
        sa.Column("entry", KEY, nullable=False, autoincrement=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("organizer_email", sa.Text),
        sa.Column("attendees", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_entry_details"),
        sa.ForeignKeyConstraint(["entry"], ["entry.pk"], name="fk_entry_details_entry"),
    )
    op.create_index("ix_entry_details_ends_at", "entry_details", ["ends_at"])
    op.execute("INSERT INTO version (id, version, epoch) VALUES (1, 0, 0)")
