"""Versions of the bot config: numbered, never changed, sent as their last mark says; drafts are each person's own."""

import pytest

from lib.store import Store, bot_configs, staff
from lib.store.bot_configs import ConfigDraft, ConfigVersion
from lib.store.staff import StaffRow
from tests.contract.store.making import NOON, at

LONG = '{"a": "' + "x" * 999_000 + '"}'


@pytest.fixture(autouse=True)
def _staffed(store: Store) -> None:
    with store.write() as connection:
        for name in ("ada", "lee"):
            staff.add(connection, StaffRow(name, name, "admin", None, True, NOON, NOON, None))


def keep(store: Store, text: str, *, by: str = "ada", hours: float = 0, note: str = "") -> ConfigVersion:
    with store.write() as connection:
        return bot_configs.add(connection, text, note=note, by=by, now=at(hours))


def mark(store: Store, number: int, *, sent: bool = True, by: str = "ada", hours: float = 1) -> None:
    with store.write() as connection:
        bot_configs.mark(connection, number, sent=sent, by=by, now=at(hours))


def last_sent(store: Store) -> ConfigVersion | None:
    with store.read() as connection:
        return bot_configs.last_sent(connection)


def test_an_empty_store_has_neither_version_nor_draft(store: Store) -> None:
    with store.read() as connection:
        assert bot_configs.versions(connection) == ()
        assert bot_configs.newest(connection) is None
        assert bot_configs.last_sent(connection) is None
        assert bot_configs.find(connection, 1) is None
        assert bot_configs.text_of(connection, 1) is None
        assert bot_configs.draft(connection, "ada") is None


def test_versions_are_numbered_from_1_and_come_newest_first(store: Store) -> None:
    keep(store, "{}", note="the first")
    keep(store, '{"b": 1}', by="lee", hours=2)
    with store.read() as connection:
        assert bot_configs.versions(connection) == (
            ConfigVersion(2, "lee", at(2), ""),
            ConfigVersion(1, "ada", NOON, "the first"),
        )
        assert bot_configs.versions(connection, limit=1) == (bot_configs.newest(connection),)
        assert [bot_configs.text_of(connection, number) for number in (1, 2)] == ["{}", '{"b": 1}']


@pytest.mark.parametrize("text", [LONG, "// bell \x07, z\u0142oty, 会议, \U0001f399\n{}", "{}\n\n"])
def test_a_text_is_kept_to_the_letter(store: Store, text: str) -> None:
    keep(store, text)
    with store.read() as connection:
        assert bot_configs.text_of(connection, 1) == text


def test_a_version_is_sent_as_its_last_mark_says(store: Store) -> None:
    keep(store, "{}")
    assert last_sent(store) is None
    mark(store, 1, by="lee")
    assert last_sent(store) == ConfigVersion(1, "ada", NOON, "", "lee", at(1))
    mark(store, 1, sent=False, hours=2)
    assert last_sent(store) is None
    mark(store, 1, hours=3)
    assert last_sent(store) == ConfigVersion(1, "ada", NOON, "", "ada", at(3))


def test_the_one_in_force_is_the_one_that_was_marked_last_not_the_newest(store: Store) -> None:
    for text in ("{}", '{"b": 1}', '{"c": 1}'):
        keep(store, text)
    mark(store, 2, hours=1)
    mark(store, 1, hours=2)
    with store.read() as connection:
        sent = bot_configs.last_sent(connection)
        assert sent is not None
        assert sent.number == 1
        assert [version.sent_at for version in bot_configs.versions(connection)] == [None, at(1), at(2)]
    mark(store, 1, sent=False, hours=3)
    taken_back = last_sent(store)
    assert taken_back is not None
    assert taken_back.number == 2


def test_a_draft_is_its_authors_own_and_the_last_one_counts(store: Store) -> None:
    with store.write() as connection:
        bot_configs.keep_draft(connection, "ada", "{", basis=0, now=NOON)
        bot_configs.keep_draft(connection, "lee", "[", basis=3, now=NOON)
        bot_configs.keep_draft(connection, "ada", "{}", basis=2, now=at(1))
    with store.read() as connection:
        assert bot_configs.draft(connection, "ada") == ConfigDraft("{}", 2, at(1))
        assert bot_configs.draft(connection, "lee") == ConfigDraft("[", 3, NOON)
    with store.write() as connection:
        bot_configs.drop_draft(connection, "ada")
        bot_configs.drop_draft(connection, "ada")
    with store.read() as connection:
        assert bot_configs.draft(connection, "ada") is None
        assert bot_configs.draft(connection, "lee") is not None
