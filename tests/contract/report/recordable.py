"""Whether an entry looks as if a bot could record it. What says so by evidence is not asked here."""

from datetime import timedelta
from typing import Any, TypeAlias

from tests.contract.report.rows import instant

Json: TypeAlias = dict[str, Any]

DAY = timedelta(hours=24)


def looks_recordable(shown: Json) -> bool:
    """Has a link, and is not whole-day, by the midnights of whatever zone."""
    start, end = instant(shown.get("start_time")), instant(shown.get("end_time"))
    return _has_link(shown) and start is not None and end is not None and not _is_whole_day(end - start)


def why_not_recordable(shown: Json) -> str:
    """The first of the two that it fails."""
    return "all_day_or_no_times" if _has_link(shown) else "no_meeting_link"


def _has_link(shown: Json) -> bool:
    """An invite that holds anything, or a platform that is one."""
    invites = [value for name, value in shown.items() if name.endswith("_invite")]
    is_invited = any(i and any(v not in (None, "") for v in i.values()) for i in invites)
    return is_invited or shown.get("meeting_platform") not in (None, "", "unknown")


def _is_whole_day(length: timedelta) -> bool:
    beside = length % DAY
    return length >= timedelta(hours=23) and min(beside, DAY - beside) <= timedelta(hours=1)
