"""What the body of a bot says, of today's shape or of v1.10's (contract 9.2, 9.3, N12). Plain dicts, nothing of lib."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

from tests.contract.report.causes import BY_A_CALL, REASON_OF
from tests.contract.report.rows import moment_of

Json: TypeAlias = dict[str, Any]

_FOLLOWING = ("media_expired", "analysis_done", "analysis_failed")
_FINAL = ("done", "fatal", *_FOLLOWING)


def is_recorded(bot: Json) -> bool:
    """It came to record, or left a recording that began, whatever became of the media."""
    changes = changes_of(bot)
    reached = any(change.get("code") == "in_call_recording" or change.get("recording_id") for change in changes)
    kept = [recording for recording in _list(bot, "recordings") if _is_id(recording.get("id"))]
    began = any(moment_of(recording.get("started_at")) for recording in kept)
    return reached or began or bool(_is_id(bot.get("recording")) and bot.get("video_url"))


def is_final(bot: Json | None) -> bool:
    """Nothing more will come of it. One that could not be read is not."""
    changes = changes_of(bot) if bot else []
    return bool(changes) and changes[-1].get("code") in _FINAL


def met_nobody(bot: Json) -> bool:
    """By its last sub-code."""
    said = _sub_codes(bot)
    return bool(said) and REASON_OF.get(said[-1]) == "meeting_did_not_happen"


def causes_of(bot: Json) -> frozenset[str]:
    """What a final bot without a recording may name as the reason: one where its last sub-code decides."""
    said = _sub_codes(bot)
    reason = REASON_OF.get(said[-1], "unclassified") if said else ""
    return frozenset({reason}) if reason else BY_A_CALL


def joined_at(bot: Json) -> datetime | None:
    """When it first set out to join."""
    times = (moment_of(c.get("created_at")) for c in changes_of(bot) if c.get("code") == "joining_call")
    return min((moment for moment in times if moment), default=None)


def has_joined_for(bot: Json, start: datetime, others: list[datetime]) -> bool:
    """Whether it joined, and for this start rather than for one of the others."""
    joined = joined_at(bot)
    return joined is not None and all(abs(joined - start) < abs(joined - other) for other in others)


def starts_named(bot: Json, entry: str) -> Iterator[datetime]:
    """The starts at which its `calendar_meetings` name this entry."""
    for named in _list(bot, "calendar_meetings"):
        if named.get("id") == entry and (start := moment_of(named.get("start_time"))):
            yield start


def place_of(bot: Json, entry: str) -> datetime | None:
    """Where in time it belongs: its first `joining_call`, else its `join_at`, else what its `calendar_meetings` say."""
    return joined_at(bot) or moment_of(bot.get("join_at")) or next(starts_named(bot, entry), None)


def changes_of(bot: Json) -> list[Json]:
    """Its status changes in time order; as they came where one has no time."""
    changes = _list(bot, "status_changes")
    times = [moment_of(change.get("created_at")) for change in changes]
    if not all(times):
        return changes
    in_order = sorted(zip((t for t in times if t), range(len(changes)), changes, strict=True))
    return [change for _, _, change in in_order]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _list(bot: Json, name: str) -> list[Json]:
    return [each for each in bot.get(name) or [] if isinstance(each, dict)]


def _sub_codes(bot: Json) -> list[str]:
    return [change["sub_code"] for change in changes_of(bot) if change.get("sub_code")]
