"""A file is handed out to who may have it at that moment, and told of; else there is no file."""

from datetime import UTC, datetime

import pytest

from lib.changes.exports import Format, hand_out
from lib.customer.sight import EVERYTHING
from lib.errors import NotPermitted
from lib.export import Table
from lib.staff import accounts
from lib.store import Store, events
from lib.store.events import Event, Kind
from tests.contract.changes.conftest import VIEWER

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TABLE = Table(("User", "Missed"), [("anna@acme.example", 3), ("ben@acme.example", 0)])


def file(store: Store, format: Format = Format.CSV) -> bytes:
    asked = {"period": "7", "customer": "acme.example"}
    return hand_out(store, VIEWER.name, lambda: TABLE, "meetings", format, EVERYTHING, filters=asked, clock=lambda: NOW)


def told(store: Store) -> tuple[Event, ...]:
    with store.read() as connection:
        return events.numbered(connection, range(1, 50))


@pytest.mark.parametrize(("format", "begins"), [(Format.CSV, b"\xef\xbb\xbf"), (Format.XLSX, b"PK")])
def test_a_file_is_told_of_with_its_filter_and_its_rows(store: Store, format: Format, begins: bytes) -> None:
    assert file(store, format).startswith(begins)
    [event] = told(store)
    assert (event.kind, event.actor, event.at) == (Kind.EXPORTED, VIEWER.name, NOW)
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
