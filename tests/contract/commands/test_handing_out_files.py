"""A file is handed out to who may have it at that moment, and told of; else there is no file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from lib.commands.exports import MOST_FILES, MOST_ROWS, cut, hand_out
from lib.customer.sight import EVERYTHING, Sight
from lib.errors import NotPermitted, TooManyExports
from lib.export import Format, Table
from lib.staff import accounts
from lib.store import Store, events
from lib.store.events import Event, EventKind, Export
from tests.contract.commands.conftest import EDITOR, VIEWER

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TABLE = Table(("User", "Missed"), [("anna@acme.example", 3), ("ben@acme.example", 0)])


def file(store: Store, format: Format = Format.CSV) -> bytes:
    asked = {"period": "7", "customer": "acme.example"}
    return hand_out(store, VIEWER.name, lambda: TABLE, "meetings", format, EVERYTHING, filters=asked, clock=lambda: NOW)


def told(store: Store, most: int = 50) -> tuple[Event, ...]:
    with store.read() as connection:
        found = events.numbered(connection, range(1, most))
    return tuple(event for event in found if event.kind in (EventKind.EXPORTED, EventKind.EXPORT_REFUSED))


@pytest.mark.parametrize(("format", "begins"), [(Format.CSV, b"\xef\xbb\xbf"), (Format.XLSX, b"PK")])
def test_a_file_is_told_of_with_its_filter_and_its_rows(store: Store, format: Format, begins: bytes) -> None:
    assert file(store, format).startswith(begins)
    [event] = told(store)
    assert (event.kind, event.actor, event.at) == (EventKind.EXPORTED, VIEWER.name, NOW)
    filters = {"period": "7", "customer": "acme.example"}
    assert event.details == {"what": "meetings", "rows": 2, "format": format.value, "filters": filters}


def test_what_stands_in_the_file_is_not_told(store: Store) -> None:
    file(store)
    assert "anna" not in str(told(store))


def test_whoever_was_disabled_after_the_page_was_drawn_gets_no_file(store: Store) -> None:
    accounts.disable(store, VIEWER.name)
    with pytest.raises(NotPermitted):
        file(store)
    assert told(store) == ()


def test_after_many_files_in_an_hour_the_next_is_refused_told_of_and_given_later(store: Store) -> None:
    with store.write() as connection:
        for minute in range(MOST_FILES):
            handed = Export("meetings", 2, "csv", {})
            events.exported(connection, VIEWER.name, handed, now=NOW - timedelta(minutes=minute))
        events.exported(connection, EDITOR.name, Export("users", 1, "csv", {}), now=NOW)
    with pytest.raises(TooManyExports, match="60 files within an hour"):
        file(store)
    with store.read() as connection:
        last = events.numbered(connection, range(MOST_FILES + 2, 100))
    assert [(event.kind, event.actor, event.details) for event in last] == [
        (EventKind.EXPORT_REFUSED, VIEWER.name, {"what": "meetings"})
    ]
    hand_out(store, EDITOR.name, lambda: TABLE, "users", Format.CSV, EVERYTHING, filters={}, clock=lambda: NOW)
    later = NOW + timedelta(minutes=2)
    hand_out(store, VIEWER.name, lambda: TABLE, "users", Format.CSV, EVERYTHING, filters={}, clock=lambda: later)


def test_of_files_that_are_made_at_once_no_more_are_handed_out_than_one_may_have(store: Store) -> None:
    """Two tabs ask for the last one: both are let begin, and whoever is ready first has it."""
    with store.write() as connection:
        for _ in range(MOST_FILES - 1):
            events.exported(connection, VIEWER.name, Export("meetings", 2, "csv", {}), now=NOW)
    both_have_begun = Barrier(2, timeout=10)

    def made() -> Table:
        both_have_begun.wait()
        return TABLE

    def take() -> bytes:
        what = (VIEWER.name, made, "meetings", Format.CSV, EVERYTHING)
        return hand_out(store, *what, filters={}, clock=lambda: NOW)

    with ThreadPoolExecutor() as tabs:
        ends = [tabs.submit(take).exception for _ in range(2)]
        refusals = [refusal for end in ends if (refusal := end(10))]
    assert [type(refusal) for refusal in refusals] == [TooManyExports]
    kinds = [event.kind for event in told(store, MOST_FILES + 10)]
    assert (kinds.count(EventKind.EXPORTED), kinds.count(EventKind.EXPORT_REFUSED)) == (MOST_FILES, 1)


@pytest.mark.parametrize("how", ["disabled", "sees less"])
def test_whoever_may_not_have_a_file_any_more_when_it_is_ready_gets_none(store: Store, how: str) -> None:
    def made() -> Table:
        if how == "disabled":
            accounts.disable(store, VIEWER.name)
        else:
            accounts.change(store, VIEWER.name, sight=Sight(frozenset({"acme.example"})))
        return TABLE

    with pytest.raises(NotPermitted):
        hand_out(store, VIEWER.name, made, "meetings", Format.CSV, EVERYTHING, filters={}, clock=lambda: NOW)
    assert told(store) == ()


def test_a_file_of_too_many_rows_is_cut_and_says_so_in_its_last_line(store: Store) -> None:
    table = Table(("User", "Missed"), [(f"user {n}", n) for n in range(MOST_ROWS + 7)])
    made = hand_out(store, VIEWER.name, lambda: table, "users", Format.CSV, EVERYTHING, filters={}, clock=lambda: NOW)
    lines = made.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + MOST_ROWS + 1
    assert "Only the first 50,000 of 50,007 rows are in this file." in lines[-1]
    assert told(store)[0].details["rows"] == MOST_ROWS


def test_a_file_of_as_many_rows_as_one_may_have_is_whole(store: Store) -> None:
    table = Table(("User",), [("x",)] * MOST_ROWS)
    assert cut(table) is table


@pytest.mark.parametrize("name", ["eve", "", "vera "])
def test_nobody_without_an_account_gets_a_file_and_none_is_made(store: Store, name: str) -> None:
    def never() -> Table:
        raise AssertionError("the table was made for nobody")

    with pytest.raises(NotPermitted):
        hand_out(store, name, never, "meetings", Format.CSV, EVERYTHING, filters={}, clock=lambda: NOW)
