"""What the Bots page counts, each worked out once for everybody who looks at the same period and scope."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lib.coverage.bot_outcomes import (
    BotMeetings,
    BotOutcomes,
    FailureCount,
    bot_meetings,
    bot_outcomes,
    failures,
    for_reason,
    on_side,
    outcomes_by_platform,
    outcomes_over_time,
)
from lib.coverage.drilldown import MeetingRows
from lib.coverage.duplicates import DuplicateBots, SharedMailbox, duplicate_bots, shared_mailboxes
from lib.coverage.period import Bucket
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.reason import Side
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import Opened
from lib.ui.widgets.page_head import Shown, users_in

T = TypeVar("T")
FIGURES = ("recorded", "in_part", "did_not_happen", "unsettled")
"""Figures that are open as `?rows=bots:recorded`; so are the sides, by their names, and "twice"."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures on top, and why bots failed."""

    became: BotOutcomes
    failures: tuple[FailureCount, ...]
    twice: tuple[DuplicateBots, ...]
    """Meetings with more than one bot, whatever part, latest first."""


def counted(shown: Shown) -> Counted:
    """The numbers of the period and the scope that are chosen."""
    return _once(shown, "bots", lambda: _counted(shown))


def over_time(shown: Shown, bucket: Bucket) -> tuple[tuple[date, BotOutcomes], ...]:
    """What became of the bots, bucket by bucket."""
    return _once(shown, ("bots", bucket), lambda: outcomes_over_time(_bots(shown), bucket, report_zone()))


def by_platform(shown: Shown) -> tuple[tuple[str | None, BotOutcomes], ...]:
    """What became of the bots on each meeting platform."""
    return _once(shown, "bots by platform", lambda: outcomes_by_platform(_bots(shown)))


def opened_figure(shown: Shown, what: str) -> Opened:
    """The rows behind a figure, by its name in the address; nothing is behind a word that is none."""
    if what == "twice":
        keys = tuple(key for each in counted(shown).twice for key in each.keys[: each.bots])
        return Opened(keys[:MOST_KEYS], len(counted(shown).twice), len(keys))
    return _once(shown, ("behind bots", what), lambda: Opened.of(_behind(_bots(shown), what)))


def opened_failure(shown: Shown, failure: FailureCount) -> Opened:
    """The meetings whose bots failed for a reason on a side."""

    def work_out() -> Opened:
        bots = _bots(shown)
        return Opened.of(bots.rows(for_reason(bots, failure.reason.key) & on_side(bots, failure.side)))

    return _once(shown, ("behind bots for", failure.reason.key, failure.side), work_out)


def opened_twice(shown: Shown, key: str) -> Opened:
    """The bots of one meeting with more than one, named by its first entry's key."""
    found = next((each for each in counted(shown).twice if str(each.keys[0]) == key), None)
    return Opened(found.keys[: found.bots], 1, len(found.keys)) if found else Opened((), 0, 0)


def mailboxes_shared(shown: Shown) -> tuple[SharedMailbox, ...]:
    """Mailboxes that several of the users in view have connected."""
    users = users_in(shown.known, shown.choice.scope)
    return _once(shown, "mailboxes", lambda: shared_mailboxes(row.user for row in users))


MOST_KEYS = 500


def _counted(shown: Shown) -> Counted:
    bots = _bots(shown)
    view = view_of(shown.known, shown.choice.scope, shown.choice.period)
    return Counted(bot_outcomes(bots), failures(bots), duplicate_bots(view, _mailboxes(shown.known)))


def _mailboxes(known: WorkspaceSnapshot) -> dict[str, str]:
    """Recall's id of a user -> the mailbox that it shares with another."""
    shared = shared_mailboxes(row.user for row in known.users)
    return {user.id: mailbox.email for mailbox in shared for user in mailbox.users}


def _behind(bots: BotMeetings, what: str) -> MeetingRows:
    if what == "in_part":
        return bots.in_part
    if what in set(Side):
        return bots.rows(on_side(bots, Side(what)))
    return bots.rows(bots.counts(what) if what in FIGURES else bots.failed & False)


def _bots(shown: Shown) -> BotMeetings:
    return bot_meetings(view_of(shown.known, shown.choice.scope, shown.choice.period))


def _once(shown: Shown, name: object, work_out: Callable[[], T]) -> T:
    return remembered(shown.known, (name, shown.choice.scope, shown.choice.period), work_out)
