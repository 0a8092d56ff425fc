"""Rows of calendar users as the store would have them."""

from dataclasses import replace

from lib.domain import Preferences
from lib.store.users import UserRow
from tests.unit.recording.making import NOW, user


def row(
    number: int = 1,
    preferences: Preferences | None = None,
    *,
    customer: str | None = "acme.example",
    vanished: bool = False,
    external_id: str | None = "ext",
) -> UserRow:
    """A listed user of acme.example unless told otherwise; without preferences where none are given."""
    somebody = replace(user(), id=f"user-{number}", external_id=external_id, preferences=preferences)
    return UserRow(
        key=number,
        user=somebody,
        customer=customer,
        team=None,
        domain_customer=customer,
        first_seen_at=NOW,
        last_seen_at=NOW,
        vanished_at=NOW if vanished else None,
        erased_at=None,
        read_at=NOW,
        unreadable=0,
        odd=0,
        failure=None,
        failed_at=None,
    )
