"""Calendars that were seen to go by a change of ours are found without going through all that was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    by_us = sa.text("cause IS NOT NULL AND platform IS NOT NULL")
    op.create_index(
        "ix_observation_calendar_by_us", "observation", ["user"], sqlite_where=by_us, postgresql_where=by_us
    )
