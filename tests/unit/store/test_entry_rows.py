"""Entries as rows and back."""

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Attendee, Entry, comparable_uid
from lib.store.columns import identity
from lib.store.entry_rows import columns_of, details_of, entry_of, hash_of, number_of, with_stored_ids
from tests.unit.recording.making import NOW, entry

ANNA = Attendee("anna@acme.example", "Anna", "accepted", is_organizer=True)
BEN, NOBODY = Attendee("ben@acme.example"), Attendee(None)
FULL = entry(
    id="e-1",
    will_record=True,
    title="Quarterly",
    override_should_record=False,
    will_record_reason="because",
    meeting_platform="zoom",
    calendar_platform="google",
    invites=("zoom", "meet"),
    bot_id="b-1",
    is_external=True,
    is_hosted_by_me=False,
    is_recurring=None,
    organizer_email="anna@acme.example",
    attendees=(ANNA, BEN),
    ical_uid="UID@acme",
    visibility="private",
)
OTHERWISE: dict[str, Any] = {
    "will_record": False,
    "start_time": NOW,
    "end_time": NOW,
    "title": None,
    "override_should_record": None,
    "will_record_reason": None,
    "meeting_platform": None,
    "calendar_platform": "microsoft",
    "invites": (),
    "bot_id": None,
    "is_external": None,
    "is_hosted_by_me": True,
    "is_recurring": True,
    "organizer_email": None,
    "attendees": (BEN,),
    "ical_uid": None,
    "visibility": None,
}


def kept(some: Entry) -> Entry:
    """The entry after it went through both tables."""
    details = details_of(some, NOW)
    people = orjson.loads(orjson.dumps(details["attendees"]))
    return entry_of(row(columns_of(some, None) | details | {"people": people}))


def row(columns: dict[str, Any]) -> Any:
    return SimpleNamespace(**columns)


@pytest.mark.parametrize("some", [FULL, replace(FULL, **OTHERWISE), replace(FULL, attendees=())])
def test_an_entry_comes_back_as_it_went_in(some: Entry) -> None:
    assert kept(some) == some


@pytest.mark.parametrize("people", [None, []])
def test_of_an_entry_whose_details_were_erased_the_rest_comes_back(people: list[Any] | None) -> None:
    erased = columns_of(FULL, None) | {"title": None, "organizer_email": None, "people": people}
    assert entry_of(row(erased)) == replace(FULL, title=None, organizer_email=None, attendees=())


def test_a_row_holds_the_answer_how_many_were_invited_and_the_number_that_frames_group_by() -> None:
    columns = columns_of(FULL, "accepted")
    assert (columns["own_answer"], columns["attendees"]) == ("accepted", 2)
    assert columns["uid"] == number_of(comparable_uid("uid@ACME"))
    assert not {"title", "organizer_email"} & columns.keys()
    assert details_of(FULL, NOW)["ends_at"] == NOW


def test_everything_that_is_kept_of_an_entry_counts_for_its_hash() -> None:
    hashes = {hash_of(replace(FULL, **{name: value}), "accepted") for name, value in OTHERWISE.items()}
    assert {field.name for field in fields(Entry)} - {"id"} == OTHERWISE.keys()
    assert len(hashes | {hash_of(FULL, "accepted"), hash_of(FULL, None)}) == len(OTHERWISE) + 2


@given(
    people=st.permutations(
        [ANNA, BEN, NOBODY, replace(ANNA, status=None), replace(ANNA, name=None), replace(ANNA, email=None)]
    )
)
def test_the_order_of_attendees_means_nothing(people: list[Attendee]) -> None:
    there = (ANNA, BEN, NOBODY, replace(ANNA, status=None), replace(ANNA, name=None), replace(ANNA, email=None))
    assert hash_of(replace(FULL, attendees=tuple(people)), None) == hash_of(replace(FULL, attendees=there), None)


@pytest.mark.parametrize("one", [ANNA, BEN])
def test_a_single_attendee_counts_as_well(one: Attendee) -> None:
    alone = hash_of(replace(FULL, attendees=(one,)), None)
    assert alone != hash_of(replace(FULL, attendees=()), None)
    assert alone != hash_of(replace(FULL, attendees=(replace(one, status="declined"),)), None)


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_name_is_zero_and_every_name_is_not(nothing: str | None) -> None:
    assert number_of(nothing) == 0
    assert len({number_of(str(number)) for number in range(1000)} - {0}) == 1000


def test_ids_too_long_to_be_indexed_are_shortened_in_the_entry_as_well() -> None:
    long = "i" * 300
    short = with_stored_ids(replace(FULL, id=long, bot_id="b" + long))
    assert (short.id, short.bot_id) == (identity(long), identity("b" + long))
    assert with_stored_ids(replace(FULL, bot_id=None)).bot_id is None
    assert with_stored_ids(FULL) == FULL
