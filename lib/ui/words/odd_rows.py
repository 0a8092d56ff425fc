"""Odd rows in Recall's answers, in words: what could not be read, and what had odd parts that were left out. Pure."""

from collections.abc import Sequence

from lib.store.users import UserRow
from lib.ui.words.formats import count, plural

MEANING = (
    "A row that cannot be read counts in no figure, and what was known of its meeting stays. "
    "A row with odd parts counts; only those parts are left out."
)


def odd_words(unreadable: int, odd: int) -> str:
    """ "3 rows in Recall's answers could not be read, 5 had odd parts that were left out."; empty of none."""
    parts = []
    if unreadable:
        parts.append(f"{plural(unreadable, 'row')} in Recall's answers could not be read")
    if odd:
        whose = "" if unreadable else " in Recall's answers"
        number = count(odd) if unreadable else plural(odd, "row")
        parts.append(f"{number}{whose} had odd parts that were left out")
    return f"{', '.join(parts)}." if parts else ""


def odd_rows(users: Sequence[UserRow]) -> tuple[int, int]:
    """In these users' last answers: how many rows could not be read, and how many had parts left out."""
    return sum(row.unreadable for row in users), sum(row.odd for row in users)
