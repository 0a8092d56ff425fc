"""Entries get occurrences, the bots that they named once, and the rules that held when they were first seen."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("entry") as entry:
        entry.add_column(sa.Column("occurrence", sa.Integer, nullable=False, server_default="0"))
        entry.add_column(sa.Column("dragged_at", sa.BigInteger))
        entry.add_column(sa.Column("suspected", sa.Boolean, nullable=False, server_default=sa.false()))
        entry.add_column(sa.Column("last_shown_at", sa.BigInteger))
        entry.add_column(sa.Column("seen_override", sa.Boolean))
        entry.add_column(sa.Column("first_preferences", sa.BigInteger))
        entry.add_column(sa.Column("first_override", sa.Boolean))
        entry.add_column(sa.Column("first_answer", sa.Text))
        entry.add_column(sa.Column("by_rules", sa.Text))
        entry.create_foreign_key("fk_entry_first_preferences", "preferences", ["first_preferences"], ["pk"])
        entry.drop_constraint("uq_entry_id", type_="unique")
        entry.create_unique_constraint("uq_entry_id", ["id", "user", "occurrence"])
    dragged = sa.text("dragged_at IS NOT NULL")
    op.create_index("ix_entry_dragged", "entry", ["user"], sqlite_where=dragged, postgresql_where=dragged)
    op.create_table(
        "former_bot",
        sa.Column("entry", KEY, nullable=False, autoincrement=False),
        sa.Column("bot_id", sa.Text, nullable=False),
        sa.Column("last_named_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry", "bot_id", name="pk_former_bot"),
        sa.ForeignKeyConstraint(["entry"], ["entry.pk"], name="fk_former_bot_entry"),
    )
    op.create_index("ix_former_bot_bot_id", "former_bot", ["bot_id"])
    op.add_column("reading", sa.Column("odd", sa.Integer, nullable=False, server_default="0"))
    op.add_column("reading", sa.Column("held_back_at", sa.BigInteger))
    op.create_table(
        "counting",
        sa.Column("pk", KEY, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("months", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_counting"),
    )
    _remember_first_rules()


def _remember_first_rules() -> None:
    """Preferences and override as they were when each entry was first seen: before what was seen to change them since,
    else as they are now. What is judged by them is judged anew by the next pass."""
    op.execute(
        """
        UPDATE entry SET
          first_answer = own_answer,
          seen_override = CASE WHEN seen_at IS NULL THEN NULL ELSE override_should_record END,
          first_preferences = CASE
            WHEN EXISTS (SELECT 1 FROM observation o WHERE o."user" = entry."user"
                         AND o.kind = 'preferences_changed' AND o.at > entry.first_seen_at)
            THEN (SELECT o.before FROM observation o WHERE o."user" = entry."user"
                  AND o.kind = 'preferences_changed' AND o.at > entry.first_seen_at ORDER BY o.seq LIMIT 1)
            ELSE (SELECT u.preferences FROM calendar_user u WHERE u.pk = entry."user") END,
          first_override = CASE
            WHEN EXISTS (SELECT 1 FROM observation o WHERE o."user" = entry."user" AND o.entry_id = entry.id
                         AND o.kind = 'override_changed')
            THEN (SELECT o.override_before FROM observation o WHERE o."user" = entry."user" AND o.entry_id = entry.id
                  AND o.kind = 'override_changed' ORDER BY o.seq LIMIT 1)
            ELSE override_should_record END
        """
    )
