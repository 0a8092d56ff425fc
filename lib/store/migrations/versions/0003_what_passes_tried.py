"""Narrow rows name their bot by a number, and a pass keeps in its own row whom it has tried to read."""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 10_000


def upgrade() -> None:
    op.add_column("entry", sa.Column("bot", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("sync_pass", sa.Column("tried", sa.Text, nullable=False, server_default=""))
    op.add_column("sync_pass", sa.Column("problem", sa.Text))
    op.drop_column("reading", "pass")
    _number_the_bots()


def _number_the_bots() -> None:
    """64 bits of each `bot_id`, as lib.store.entry_rows makes them."""
    connection = op.get_bind()
    entry = sa.table("entry", sa.column("bot_id", sa.Text), sa.column("bot", sa.BigInteger))
    named = sa.update(entry).where(entry.c.bot_id == sa.bindparam("named")).values(bot=sa.bindparam("number"))
    ids = connection.scalars(sa.select(entry.c.bot_id).where(entry.c.bot_id.is_not(None)).distinct()).all()
    for first in range(0, len(ids), ROWS_AT_ONCE):
        some = ids[first : first + ROWS_AT_ONCE]
        connection.execute(named, [{"named": bot_id, "number": _number(bot_id)} for bot_id in some])


def _number(bot_id: str) -> int:
    return int.from_bytes(blake2b(bot_id.encode(), digest_size=8).digest(), signed=True) or 1
