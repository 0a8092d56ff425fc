"""What frames load: every entry in a few columns, what changed since, and when to begin again."""

from datetime import timedelta

import pytest

from lib.store import Store, contests, frame_rows, privacy, users, verdicts, version
from lib.store.columns import instant_of
from lib.store.entry_rows import number_of
from lib.store.frame_rows import FRAME_COLUMNS
from lib.store.verdicts import StoredVerdict
from lib.store.version import StoreVersion
from tests.contract.store.making import NOON, at, entry, kept, known, listed, read, user


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


def load(store: Store, since: int = -1, batch: int = 20_000) -> tuple[int, list[dict[str, object]]]:
    """The version, and the rows that are newer than `since`, by key: PostgreSQL promises no order."""
    with store.read() as connection:
        now = version.current(connection).version
        rows = [row for rows in frame_rows.entries_since(connection, since, batch=batch) for row in rows]
    by_key = sorted(rows, key=lambda row: row[FRAME_COLUMNS.index("pk")])
    return now, [dict(zip(FRAME_COLUMNS, row, strict=True)) for row in by_key]


def test_a_narrow_row_is_plain_numbers_and_words(store: Store) -> None:
    read(store, [entry(starts=1, is_hosted_by_me=False, is_recurring=None)])
    (stored,) = kept(store).values()
    with store.write() as connection:
        verdict = StoredVerdict("fixable", 5, "not_accepted", owner="user", by_rules="host_excluded_by_non_host_rule")
        verdicts.write(connection, "id-ada", {stored.key: verdict}, as_of=NOON)
    ((_, (row,)),) = [load(store)]
    uid, bot = row.pop("uid"), row.pop("bot")
    assert isinstance(uid, int)
    assert uid != 0
    assert bot == 0
    assert row == {
        "pk": stored.key,
        "user": known(store).key,
        "start_at": (at(1) - instant_of(0)) // timedelta(microseconds=1),
        "end_at": (at(2) - instant_of(0)) // timedelta(microseconds=1),
        "meeting_platform": "zoom",
        "calendar_platform": "google",
        "is_external": 1,
        "is_hosted_by_me": 0,
        "is_recurring": None,
        "flags": 5,
        "outcome": "fixable",
        "reason": "not_accepted",
        "owner": "user",
        "by_rules": "host_excluded_by_non_host_rule",
        "removed_at": None,
        "removed_connected": None,
    }
    assert {type(value) for value in row.values()} == {int, str, type(None)}


def test_forms_of_one_events_uid_are_one_number(store: Store) -> None:
    head, tail = "040000008200E00074C5B7101A82E008", "10B1D36A2C94DC01000000000000000010000000AB"
    forms = [f"{head}07EA0B02{tail}", f"{head}00000000{tail}", f"{head}07EA0B02{tail}".lower()]
    read(store, [entry(f"e{n}", ical_uid=uid) for n, uid in enumerate((*forms, "U@x.example", "u@X.example"))])
    numbers = [row["uid"] for row in sorted(load(store)[1], key=lambda row: str(row["pk"]))]
    assert [len(set(numbers[:3])), len(set(numbers[3:])), len(set(numbers))] == [1, 1, 2]


def test_entries_of_one_event_share_its_number_and_those_without_have_none(store: Store) -> None:
    read(
        store, [entry("a", ical_uid="u"), entry("b", ical_uid="u"), entry("c", ical_uid="v"), entry("d", ical_uid=None)]
    )
    a, b, c, d = (row["uid"] for row in sorted(load(store)[1], key=lambda row: str(row["pk"])))
    assert a == b != c
    assert d == 0


def test_a_row_carries_the_number_of_the_bot_that_it_was_judged_by(store: Store) -> None:
    read(store, [entry("a", bot_id="bot-1"), entry("b", bot_id=None)])
    by_id = kept(store)
    with store.write() as connection:
        judgements = {by_id["a"].key: StoredVerdict("recorded", 0, bot=number_of("bot-1"))}
        judgements |= {by_id["b"].key: StoredVerdict("recorded", 0)}
        verdicts.write(connection, "id-ada", judgements, as_of=NOON)
    assert [row["bot"] for row in load(store)[1]] == [number_of("bot-1"), 0]


def test_a_delta_holds_what_changed_and_what_was_removed_and_nothing_else(store: Store) -> None:
    read(store, [entry("a"), entry("b"), entry("c")])
    before, rows = load(store)
    read(store, [entry("a"), entry("b", title="New")], now=at(0.5))
    after, changed = load(store, before)
    (_, retitled, removed) = (row["pk"] for row in rows)
    assert {row["pk"]: row["removed_at"] is None for row in changed} == {retitled: True, removed: False}
    assert load(store, after) == (after, [])


def test_rows_come_in_portions_and_all_of_them(store: Store) -> None:
    read(store, [entry(f"e{n}") for n in range(25)])
    with store.read() as connection:
        assert [len(rows) for rows in frame_rows.entries_since(connection, batch=10)] == [10, 10, 5]


def test_the_rows_belong_to_the_version_that_was_asked_first(store: Store) -> None:
    read(store, [entry("a")])
    with store.read() as connection:
        now = version.current(connection)
        read(store, [entry("a"), entry("b")], now=at(0.1))
        assert sum(map(len, frame_rows.entries_since(connection))) == 1
        assert version.current(connection) == now
    assert len(load(store, now.version)[1]) == 1


def test_deleting_rows_begins_an_epoch_and_nothing_else_does(store: Store) -> None:
    read(store, [entry("old", starts=-20), entry("new")])
    with store.write() as connection:
        privacy.erase_personal(connection, at(-10))
        [ada] = users.everyone(connection)
        assert contests.set_entries_aside(connection, ada.key, ["never there"], at=at(0)) == 0
        assert version.current(connection).epoch == 0
        before = version.current(connection)
        assert contests.set_entries_aside(connection, ada.key, ["old"], at=at(0)) == 1
        assert version.current(connection) == StoreVersion(before.version + 1, 1)
    assert set(kept(store)) == {"new"}


def test_a_store_without_entries_loads_nothing(store: Store) -> None:
    with store.read() as connection:
        assert list(frame_rows.entries_since(connection)) == []
        assert len(users.everyone(connection)) == 1
