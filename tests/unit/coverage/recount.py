"""The numbers once more: plain loops, from the sentences that define them. No code is shared with what is checked."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from lib.domain import Bot, Entry
from lib.recording.reasons import REASON_KEYS
from tests.unit.coverage.worlds import Row

Meeting = list[Row]

NOBODY_MET = {
    "timeout_exceeded_noone_joined",
    "timeout_exceeded_only_bots_detected_using_participant_events",
}
"""Of the sub-codes that occur in our worlds."""
NOT_RECORDABLE = {"no_meeting_link", "all_day_or_no_times"}


def recount(rows: Iterable[Row], from_: datetime, to: datetime, as_of: datetime) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {name: Counter() for name in ("upcoming", "in_progress", "ended", "missed")}
    for meeting in _meetings(rows):
        start = meeting[0].entry.start_time
        if start is None:
            found["missed"]["without_start"] += 1
        elif from_ <= start < to:
            _count(meeting, start, as_of, found)
    return found


def _meetings(rows: Iterable[Row]) -> list[Meeting]:
    meetings: list[Meeting] = []
    for row in rows:
        for meeting in meetings:
            if _is_same(row, meeting[0]):
                meeting.append(row)
                break
        else:
            meetings.append([row])
    return meetings


def _is_same(one: Row, other: Row) -> bool:
    if not one.entry.ical_uid or one.entry.start_time is None:
        return False
    if one.entry.ical_uid != other.entry.ical_uid or one.entry.start_time != other.entry.start_time:
        return False
    return one.user == other.user if one.customer is None else one.customer == other.customer


def _count(meeting: Meeting, start: datetime, as_of: datetime, found: dict[str, Counter[str]]) -> None:
    end = max(row.entry.end_time or start for row in meeting)
    part = "upcoming" if start > as_of else "in_progress" if end > as_of else "ended"
    tally = found[part]
    tally["meetings"] += 1
    tally["entries"] += len(meeting)
    if not any(_recordable(row, as_of) for row in meeting):
        return
    tally["recordable"] += 1
    booked = any(row.entry.bot_id for row in meeting)
    recorded = any(_recorded(row) for row in meeting)
    if part == "upcoming":
        will_record = any(row.entry.will_record for row in meeting)
        tally["will_record"] += will_record
        tally["booked"] += booked
        tally["both"] += will_record and booked
        _miss(meeting, part, not booked, found)
    elif part == "in_progress":
        tally["booked"] += booked
        tally["recording"] += recorded
    elif not recorded and any(row.entry.bot_id and not _is_final(row.bot) for row in meeting):
        tally["unsettled"] += 1
    elif not recorded and booked and all(_met_nobody(row.bot) for row in meeting if row.entry.bot_id):
        tally["did_not_happen"] += 1
    else:
        tally["held"] += 1
        tally["recorded"] += recorded
        tally["partial"] += any(row.verdict.partial for row in meeting)
        tally["empty"] += any(row.verdict.empty for row in meeting)
        tally["in_part"] += any(row.verdict.partial or row.verdict.empty for row in meeting)
        tally["asked"] += booked or any(row.seen is not None and row.seen.will_record for row in meeting)
        _miss(meeting, part, not recorded, found)


def _miss(meeting: Meeting, part: str, missed: bool, found: dict[str, Counter[str]]) -> None:
    if missed:
        found["missed"][f"{part} {_furthest(meeting)}"] += 1


def _furthest(meeting: Meeting) -> str:
    """What makes an entry not recordable stopped it before anything else could."""
    reasons = {row.verdict.reason.key for row in meeting if row.verdict.reason}
    return max(reasons, key=lambda key: (key not in NOT_RECORDABLE, REASON_KEYS.index(key)))


def _recordable(row: Row, as_of: datetime) -> bool:
    some = row.entry
    is_coming = some.start_time is not None and some.start_time > as_of
    wanted = some.will_record if is_coming else row.seen is not None and row.seen.will_record
    return bool(some.bot_id) or wanted or _looks_recordable(some)


def _looks_recordable(some: Entry) -> bool:
    has_link = some.invites or some.meeting_platform not in (None, "", "unknown")
    if not has_link or some.start_time is None or some.end_time is None:
        return False
    length = some.end_time - some.start_time
    over = length % timedelta(hours=24)
    return length < timedelta(hours=23) or timedelta(hours=1) < over < timedelta(hours=23)


def _recorded(row: Row) -> bool:
    if not row.entry.bot_id or row.bot is None:
        return False
    reached = any(change.code == "in_call_recording" for change in row.bot.status_changes)
    return reached or any(recording.started_at for recording in row.bot.recordings)


def _is_final(bot: Bot | None) -> bool:
    if bot is None or not bot.status_changes:
        return False
    return bot.status_changes[-1].code in {"done", "fatal", "media_expired", "analysis_done", "analysis_failed"}


def _met_nobody(bot: Bot | None) -> bool:
    sub_codes = [change.sub_code for change in bot.status_changes if change.sub_code] if bot else []
    return bool(sub_codes) and sub_codes[-1] in NOBODY_MET
