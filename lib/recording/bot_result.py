"""What became of one bot, from its status changes and recordings (contract 9.3; design: recorded, final)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lib.domain import Bot, Recording, StatusChange
from lib.recording.reason import Confidence, Owner, Reason
from lib.recording.reasons import reason_of
from lib.recording.subcodes import CUT_SHORT, SubCode, sub_code

FINAL = frozenset({"done", "fatal", "media_expired", "analysis_done", "analysis_failed"})
"""Last statuses after which nothing changes any more: the end itself, or one that only follows it."""

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FailureCause:
    """Why a final bot recorded nothing. `raw` is Recall's sub-code as it came, where one decided."""

    reason: Reason
    owner: Owner
    raw: str | None = None
    confidence: Confidence = Confidence.OBSERVED


@dataclass(frozen=True, slots=True)
class BotResult:
    """What became of a bot."""

    recorded: bool
    """It reached `in_call_recording`, or has a recording that started or, in API v1.10, of which there is a video or a
    status that names it. Partial and empty recordings count."""
    partial: bool
    """It recorded, and left by a limit, a removal or a crash."""
    empty: bool
    """It recorded and is final, and nothing usable was kept, though media was to be."""
    final: bool
    """Nothing changes any more."""
    expired: bool
    """The file was kept for its time and is gone."""
    sub_code: str | None
    """The last sub-code, as Recall wrote it."""
    cause: FailureCause | None
    """Why it recorded nothing; None while it is not final, and when it recorded."""


def bot_result(bot: Bot) -> BotResult:
    """Read a bot. Unsorted statuses, unknown codes and missing times are all borne."""
    changes = in_time_order(bot.status_changes)
    codes = [change.code for change in changes]
    sub_codes = [change.sub_code for change in changes if change.sub_code]
    reached = "in_call_recording" in codes or any(change.recording_id for change in changes)
    recorded = reached or any(map(_has_begun, bot.recordings))
    final = bool(codes) and codes[-1] in FINAL
    expired = "media_expired" in codes
    return BotResult(
        recorded=recorded,
        partial=recorded and ("fatal" in codes or bool(sub_codes and sub_codes[-1] in CUT_SHORT)),
        empty=recorded and final and not expired and _is_empty(bot),
        final=final,
        expired=recorded and expired,
        sub_code=sub_codes[-1] if sub_codes else None,
        cause=None if recorded or not final else _cause(codes, sub_codes),
    )


def in_time_order(changes: Iterable[StatusChange]) -> tuple[StatusChange, ...]:
    """Status changes by `created_at`. One without a time stays behind the one it came after."""
    timed, latest = [], _BEFORE_ALL
    for change in changes:
        latest = change.created_at or latest
        timed.append((latest, change))
    return tuple(change for _, change in sorted(timed, key=lambda pair: pair[0]))


def has_joined(bot: Bot) -> bool:
    """Whether it was on its way to the call, or further. That it ended says nothing: it may never have set out."""
    return any(change.code != "ready" and change.code not in FINAL for change in bot.status_changes)


def joined_at(bot: Bot) -> datetime | None:
    """When it first set out for the call (aware); None when it did not, or nobody said when."""
    return min((c.created_at for c in bot.status_changes if c.code == "joining_call" and c.created_at), default=None)


def _has_begun(recording: Recording) -> bool:
    return recording.started_at is not None or recording.has_media


def _is_empty(bot: Bot) -> bool:
    """Nothing usable among its recordings; without any, where media is kept at all (contract 8.1)."""
    if not bot.recordings:
        return bot.keeps_media
    return not any(map(_is_usable, bot.recordings))


def _is_usable(recording: Recording) -> bool:
    if recording.status == "failed":
        return False
    if recording.started_at is None or recording.completed_at is None:
        return True
    return recording.completed_at > recording.started_at


def _cause(codes: list[str], sub_codes: list[str]) -> FailureCause:
    if (telling := _telling(sub_codes)) is not None:
        return FailureCause(telling.reason, telling.owner, telling.code)
    reason = reason_of(_furthest(codes, ended_normally=bool(sub_codes)))
    return FailureCause(reason, reason.owner, sub_codes[-1] if sub_codes else None, Confidence.DERIVED)


def _telling(sub_codes: list[str]) -> SubCode | None:
    """The latest sub-code that explains the absence. Only the very last may say that nobody met (design, section 2)."""
    for position, code in enumerate(reversed(sub_codes)):
        placed = sub_code(code)
        says_nobody_met = placed.reason.key == "meeting_did_not_happen"
        if not placed.is_normal_end and (position == 0 or not says_nobody_met):
            return placed
    return None


def _furthest(codes: list[str], *, ended_normally: bool) -> str:
    """The reason that the furthest status suggests, where no sub-code tells."""
    if "recording_permission_denied" in codes:
        return "recording_permission_denied"
    if "in_call_not_recording" in codes:
        return "ended_before_recording"
    if "in_waiting_room" in codes:
        return "waiting_room_not_admitted"
    return "ended_before_recording" if ended_normally else "unclassified"
