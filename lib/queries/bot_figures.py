"""The figures of the Bots page, each worked out once for everybody who looks at the same selection."""

from dataclasses import dataclass
from datetime import date

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
from lib.coverage.duplicates import DuplicateBots, duplicate_bots, shared_mailboxes
from lib.coverage.period import Bucket
from lib.queries.selection import Selection
from lib.recording.reason import Side

FIGURES = ("recorded", "in_part", "did_not_happen", "unsettled")
"""Figures by their names in the address; each `Side` is one too."""


@dataclass(frozen=True, slots=True)
class BotFigures:
    """The figures at the top of the page, why bots failed, and meetings with several bots."""

    outcomes: BotOutcomes
    failures: tuple[FailureCount, ...]
    duplicates: tuple[DuplicateBots, ...]
    """Ended and coming meetings with more than one bot, latest first."""


def bot_figures(selection: Selection) -> BotFigures:
    """The figures of a selection."""

    def work_out() -> BotFigures:
        bots, shared = _bots(selection), shared_mailboxes(row.user for row in selection.known.users)
        mailboxes = {user.id: mailbox.email for mailbox in shared for user in mailbox.users}
        return BotFigures(bot_outcomes(bots), failures(bots), duplicate_bots(selection.view, mailboxes))

    return selection.remembered("bot figures", work_out)


def bots_over_time(selection: Selection, bucket: Bucket) -> tuple[tuple[date, BotOutcomes], ...]:
    """The outcomes of bots in each bucket; a long period has wider buckets than `bucket`."""
    return selection.remembered(("bots", bucket), lambda: outcomes_over_time(_bots(selection), bucket, selection.zone))


def bots_by_platform(selection: Selection) -> tuple[tuple[str | None, BotOutcomes], ...]:
    """The outcomes of bots on each meeting platform."""
    return selection.remembered("bots by platform", lambda: outcomes_by_platform(_bots(selection)))


def rows_of_figure(selection: Selection, figure: str) -> MeetingRows:
    """The meetings behind a figure, by its name in the address; none for an unknown name."""
    bots = _bots(selection)
    if figure == "in_part":
        return bots.in_part
    if figure in set(Side):
        return bots.rows(on_side(bots, Side(figure)))
    return bots.rows(bots.counts(figure) if figure in FIGURES else bots.failed & False)


def rows_of_failure(selection: Selection, failure: FailureCount) -> MeetingRows:
    """The meetings whose bots failed for a reason on a side."""
    bots = _bots(selection)
    return bots.rows(for_reason(bots, failure.reason.key) & on_side(bots, failure.side))


def _bots(selection: Selection) -> BotMeetings:
    return bot_meetings(selection.view)
