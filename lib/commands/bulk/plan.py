"""Dry run of a change of many users' preferences, by what the store knows. Nothing is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4
from zoneinfo import ZoneInfo

from lib.clock import Clock, utc_now
from lib.customer.sight import Sight
from lib.domain import CalendarUser, Entry, Preferences
from lib.errors import InvalidChange
from lib.recording.forecast import forecast, forecast_end
from lib.recording.presets import preset_of
from lib.store import Store, entries, standards, users
from lib.store.standards import Standard
from lib.store.users import UserRow

MOST_USERS = 2000
"""The most users of one batch: with Recall's rate limits they take some seven minutes."""

Flags = Mapping[str, bool]


class SkipReason(StrEnum):
    """Why a user is left unchanged."""

    SAME = "Already set."
    OWN = "Has individual settings, which are kept."
    NO_ID = "Recall lists this user without an external id, so nothing can be set."
    GONE = "No longer in Recall's list."


@dataclass(frozen=True, slots=True)
class PlannedUser:
    """One user of a dry run. Gains and losses are meetings of the next 14 days, by our estimate."""

    user: CalendarUser
    customer: str | None
    old: Preferences | None
    """None: Recall names none, which is all off."""
    new: Preferences
    """With the bot's name as it is."""
    skipped: SkipReason | None = None
    """Why nothing is done; None where the user is changed."""
    gains: int = 0
    losses: int = 0


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """A dry run of a batch. Its `mark` is unique, so that confirming it twice is confirming it once."""

    flags: Flags
    keep: bool
    """Whether individual settings are kept."""
    lines: tuple[PlannedUser, ...]
    made_at: datetime
    mark: str

    @property
    def changing(self) -> tuple[PlannedUser, ...]:
        """The users who would be changed."""
        return tuple(line for line in self.lines if line.skipped is None)

    @property
    def gains(self) -> int:
        """Meetings that would be recorded and will not be as things are, counted once for each user."""
        return sum(line.gains for line in self.lines)

    @property
    def losses(self) -> int:
        """Meetings that would no longer be recorded, counted once for each user."""
        return sum(line.losses for line in self.lines)

    def count_skipped(self, why: SkipReason) -> int:
        """How many users are left unchanged for this reason."""
        return sum(1 for line in self.lines if line.skipped is why)


def plan_bulk(
    store: Store,
    user_ids: Collection[str],
    flags: Flags,
    sight: Sight,
    *,
    keep: bool,
    zone: ZoneInfo,
    clock: Clock = utc_now,
) -> BulkPlan:
    """The dry run for those of these users whom `sight` sees, in their order; the 14 days ahead are days of `zone`.

    Raises `InvalidChange` for too many users, or `StoreError`.
    """
    if len(user_ids) > MOST_USERS:
        raise InvalidChange(f"{len(user_ids):,} users are more than {MOST_USERS:,}. Choose fewer, one part at a time.")
    now = clock()
    until = forecast_end(now, zone)
    with store.read() as connection:
        rows = {row.user.id: row for row in users.everyone(connection) if sight.sees(row.customer)}
        known = standards.current(connection)
        calendars = entries.upcoming(connection, [i for i in user_ids if i in rows], after=now, before=until)
    chosen = [rows[user_id] for user_id in dict.fromkeys(user_ids) if user_id in rows]
    lines = plan_lines(chosen, flags, keep, known, calendars, now, until)
    return BulkPlan(dict(flags), keep, lines, now, uuid4().hex)


def plan_lines(
    rows: Sequence[UserRow],
    flags: Flags,
    keep: bool,
    known: Mapping[str, Standard],
    calendars: Mapping[str, Sequence[Entry]],
    now: datetime,
    until: datetime,
) -> tuple[PlannedUser, ...]:
    """The lines of a dry run. Pure. `known` are the standards by customer, `calendars` the entries by user id."""

    def line(row: UserRow) -> PlannedUser:
        old, standard = row.user.preferences, known.get(row.customer or "")
        new = Preferences(**flags, bot_name=old.bot_name if old else None)
        skipped = _skip_reason(row, new, keep, standard.flags if standard else None)
        if skipped is not None:
            return PlannedUser(row.user, row.customer, old, new, skipped)
        outlook = forecast(calendars.get(row.user.id, ()), row.user, now, until, new)
        gains, losses = sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook)
        return PlannedUser(row.user, row.customer, old, new, None, gains, losses)

    return tuple(map(line, rows))


def is_individual(preferences: Preferences | None, standard: Flags | None) -> bool:
    """Whether these were set for this one user: they are neither a preset nor the customer's standard."""
    return preferences is not None and preset_of(preferences) is None and preferences.flags != standard


def _skip_reason(row: UserRow, new: Preferences, keep: bool, standard: Flags | None) -> SkipReason | None:
    old = row.user.preferences
    if row.vanished_at is not None:
        return SkipReason.GONE
    if not row.user.external_id:
        return SkipReason.NO_ID
    if (old or Preferences()).flags == new.flags:
        return SkipReason.SAME
    return SkipReason.OWN if keep and is_individual(old, standard) else None
