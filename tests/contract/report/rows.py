"""One answer of Recall's about a user's meetings, row by row: what stays, what is odd about it, what cannot be read.

Typed from section 3.12 of the contract and from "Odd rows" of the design. Plain dicts, and nothing of lib.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

_MICROSOFT = "040000008200e00074c5b7101a82e008"
_HEXADECIMAL = set("0123456789abcdef")
_DATE = slice(32, 40)
"""Bytes 17 to 20 of a uid in Microsoft's form, as hexadecimal digits."""


@dataclass(frozen=True)
class Unreadable:
    """A row of which nothing is known but, maybe, which one it is: by its id, else by its uid and start."""

    id: str | None = None
    uid: str | None = None
    start: datetime | None = None

    @property
    def says_which(self) -> bool:
        """There is anything of these."""
        return any((self.id, self.uid, self.start))

    def may_be(self, row: Json) -> bool:
        """Whether it says nothing against being this one."""
        if self.id:
            return bool(self.id == row["id"])
        uid, start = _uid(row), moment_of(row.get("start_time"))
        return self.says_which and self.uid in (None, uid) and self.start in (None, start)


@dataclass
class Answer:
    """The rows that stay, by id and without their odd parts; those that cannot be read; how many are odd."""

    rows: dict[str, Json] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    odd: int = 0

    @property
    def is_whole(self) -> bool:
        """Every row in it says which one it is."""
        return all(row.says_which for row in self.unreadable)

    def exempts(self, row: Json) -> bool:
        """Whether one that cannot be read may be this one, so that it cannot be said to be missing."""
        return any(each.may_be(row) for each in self.unreadable)


def read_answer(raw: Iterable[Any]) -> Answer:
    """Sort the rows of one answer."""
    answer = Answer()
    for row in raw:
        if not isinstance(row, dict):
            answer.unreadable.append(Unreadable())
        elif not _is_readable(row):
            answer.unreadable.append(Unreadable(_id(row), _uid(row), moment_of(row.get("start_time"))))
        else:
            kept = {name: value for name, value in row.items() if _fits(name, value)}
            kept["attendees"] = [a for a in kept.get("attendees") or [] if isinstance(a, dict)]
            answer.odd += not _is_plain(row)
            answer.rows[row["id"]] = kept
    return answer


def instant(text: str | None) -> datetime | None:
    """An ISO 8601 time; without an offset it is UTC. Raises `ValueError` or `OverflowError` for what is no time."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moment_of(value: Any) -> datetime | None:
    """A time; None for anything that is none."""
    return instant(value) if value is not None and _is_time(value) else None


def identity(uid: str) -> str:
    """An `ical_uid` as meetings are told apart by it: without case, in Microsoft's form without the date."""
    folded = uid.lower()
    is_dated = len(folded) >= _DATE.stop and folded.startswith(_MICROSOFT) and not set(folded) - _HEXADECIMAL
    return f"{_MICROSOFT}00000000{folded[_DATE.stop :]}" if is_dated else folded


def call_of(row: Json) -> tuple[str, datetime] | None:
    """What entries of one meeting share; None where the uid or the start is missing."""
    uid, moment = _uid(row), moment_of(row.get("start_time"))
    return (uid, moment) if uid and moment else None


def _is_readable(row: Json) -> bool:
    return _id(row) is not None and _is_time(row.get("start_time")) and _is_flag(row.get("will_record"))


def _id(row: Json) -> str | None:
    id_ = row.get("id")
    return id_ if isinstance(id_, str) and id_ else None


def _uid(row: Json) -> str | None:
    uid = row.get("ical_uid")
    return identity(uid) if isinstance(uid, str) and uid else None


def _is_plain(row: Json) -> bool:
    """Nothing of it is odd, though all may be null that the contract says to guard; `will_record` may not."""
    judged = isinstance(row.get("will_record"), bool)
    return judged and all(_fits(name, value) for name, value in row.items()) and _are_plain(row.get("attendees") or [])


def _are_plain(attendees: list[Any]) -> bool:
    texts = ("email", "name", "status")
    return all(
        isinstance(a, dict) and all(_is_text(a.get(t)) for t in texts) and _is_flag(a.get("is_organizer"))
        for a in attendees
    )


def _fits(name: str, value: Any) -> bool:
    if name.endswith("_invite"):
        return value is None or isinstance(value, dict)
    return _KINDS.get(name, _is_anything)(value)


def _is_time(value: Any) -> bool:
    if value is None:
        return True
    try:
        instant(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return isinstance(value, str)


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, list)


def _are_texts(value: Any) -> bool:
    return _is_list(value) and all(isinstance(each, str) for each in value or [])


def _is_anything(_: Any) -> bool:
    return True


_KINDS: dict[str, Callable[[Any], bool]] = (
    dict.fromkeys(("title", "will_record_reason", "meeting_platform", "calendar_platform", "bot_id"), _is_text)
    | dict.fromkeys(("ical_uid", "organizer_email", "visibility"), _is_text)
    | dict.fromkeys(("override_should_record", "is_external", "is_hosted_by_me", "is_recurring"), _is_flag)
    | {"end_time": _is_time, "attendees": _is_list, "attendee_emails": _are_texts}
)
