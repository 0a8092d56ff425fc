"""What pages may have of a private meeting: that it is there, when, and what becomes of it."""

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib.domain import Attendee, CalendarUser, Connection, Entry, Preferences, own_answer
from lib.queries.private_meetings import PRIVATE_MEETING, mask
from lib.recording.decision import trace
from lib.store.entries import StoredEntry
from tests.unit.storing import NOW, stored_entry

ROOT = Path(__file__).parents[3]
SECRET = "Redundancies in spring"
OWN = (Connection("google", True, "Ada@acme.com"),)
PAST_THE_MASK = {"of_user", "with_id", "find", "of_bot", "active_overrides", "entry_details"}
"""What answers titles as they are."""


def stored(visibility: str | None, *, erased: bool = False, **facts: Any) -> StoredEntry:
    people = (Attendee("ada@acme.com", "Ada", "accepted"), Attendee("bob@else.com", "Bob", "declined", True))
    known = {
        "title": SECRET,
        "organizer_email": "bob@else.com",
        "attendees": people,
        "meeting_platform": "zoom",
    } | facts
    entry = Entry("e", True, NOW, NOW.replace(hour=13), visibility=visibility, **known)
    return stored_entry(entry, erased=erased, own_answer="accepted")


@pytest.mark.parametrize("word", ["private", "confidential", "Private", " CONFIDENTIAL "])
def test_a_private_meeting_names_nobody_and_nothing(word: str) -> None:
    entry = mask(stored(word), OWN).entry
    assert entry.title == PRIVATE_MEETING
    assert entry.organizer_email is None
    assert SECRET not in repr(entry)
    assert "bob" not in repr(entry).lower()
    assert (entry.start_time, entry.will_record, entry.meeting_platform) == (NOW, True, "zoom")


@pytest.mark.parametrize("word", [None, "", "default", "public", "normal", "personal", "team_only"])
def test_every_other_meeting_is_as_it_was_read(word: str | None) -> None:
    assert mask(stored(word), OWN) == stored(word)


def test_whether_a_private_meeting_has_a_title_is_not_told() -> None:
    assert mask(stored("private", title=None)).entry.title == PRIVATE_MEETING


def test_one_that_was_erased_stays_erased() -> None:
    gone = stored("private", erased=True, title=None, organizer_email=None, attendees=())
    assert mask(gone, OWN) == gone


def test_the_rules_come_to_the_same_with_and_without_the_mask() -> None:
    user = CalendarUser("u", "ext", OWN, Preferences(record_external=True, record_confirmed=True))
    for answer in ("accepted", "declined", None):
        people = (Attendee("ada@acme.com", "Ada", answer), Attendee("bob@else.com"))
        found = stored("private", is_external=True, attendees=people)
        assert trace(mask(found, OWN).entry, user, NOW) == trace(found.entry, user, NOW)
        assert own_answer(mask(found, OWN).entry, frozenset({"ada@acme.com"})) == answer


def test_the_mask_changes_nothing_but_the_entry() -> None:
    found = stored("private")
    assert replace(mask(found), entry=found.entry) == found


def test_no_page_reads_titles_past_the_mask() -> None:
    """Pages have entries from `lib.queries`, which masks them; of `lib.store` they may name the types alone."""
    files = [
        *(ROOT / "lib" / "ui").rglob("*.py"),
        *(ROOT / "lib" / "report").rglob("*.py"),
        *(ROOT / "pages").glob("*"),
    ]
    named = {f"{file.relative_to(ROOT)}: {name}" for file in files if file.suffix == ".py" for name in _taken(file)}
    assert named == set()


def _taken(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lib.store"):
            names = {alias.name for alias in node.names}
            from_entries = node.module in ("lib.store.entries", "lib.store.active_overrides", "lib.store.tables")
            found |= names & PAST_THE_MASK if from_entries else names & {"entries", "active_overrides", "tables"}
    return found
