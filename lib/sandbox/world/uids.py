"""What events are called across mailboxes: in Google's form, or in Microsoft's, which may hold a date (contract N7)."""

from datetime import date

_MICROSOFT = "040000008200E00074C5B7101A82E008"
"""The sixteen bytes with which every uid of Microsoft's begins; the four after them are a date or zeros."""
_ANY_DATE = "0" * 8


def google(number: int) -> str:
    """The uid of an event, the same for all occurrences of a series."""
    return f"{number:013x}@google.com"


def microsoft(number: int) -> str:
    """The uid of an event, without the date of an occurrence."""
    return f"{_MICROSOFT}{_ANY_DATE}{number:016X}"


def dated(uid: str, on: date) -> str:
    """The uid of Microsoft's form as some mailboxes give it: with the occurrence's date. Others stay as they are."""
    undated = _MICROSOFT + _ANY_DATE
    if not uid.startswith(undated):
        return uid
    return f"{_MICROSOFT}{on.year:04X}{on.month:02X}{on.day:02X}{uid.removeprefix(undated)}"
