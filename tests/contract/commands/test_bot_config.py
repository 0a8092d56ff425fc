"""Versions of the bot config are kept and marked by who may, on what they have seen, and once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.commands.bot_config import LONGEST_NOTE, keep_draft, keep_version, mark_sent
from lib.errors import BotConfigChanged, BotConfigUnreadable, NotPermitted
from lib.queries.audit_log import audit_entries
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, bot_configs, migrate, open_store
from lib.store.audit_log import AuditFilter, AuditTopic
from lib.ui.activity.words import change_words
from tests.contract.store.making import NOON, at

TEXT = "{ recording_config: {}, } // as Recall writes them"
OTHER = '{"automatic_leave": {}}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    opened = open_store(url, recall_base_url="http://127.0.0.1")
    yield opened
    opened.close()


@pytest.fixture
def staff(store: Store) -> dict[Role, StaffMember]:
    added = {"vera": Role.VIEWER, "dana": Role.EDITOR, "ada": Role.ADMIN, "lee": Role.ADMIN}
    for name, role in added.items():
        accounts.add_with_hash(store, name, role=role, display=name.title(), password_hash="-")
    return {role: StaffMember(name, name.title(), role) for name, role in added.items() if name != "lee"}


@pytest.fixture
def admin(staff: dict[Role, StaffMember]) -> StaffMember:
    return staff[Role.ADMIN]


@pytest.fixture
def lee(staff: dict[Role, StaffMember]) -> StaffMember:
    return StaffMember("lee", "Lee", Role.ADMIN)


def kept(store: Store) -> tuple[int, int, int]:
    """How many versions, marks and drafts there are."""
    with store.read() as connection:
        versions = bot_configs.versions(connection)
        drafts = [name for name in ("vera", "dana", "ada", "lee") if bot_configs.draft(connection, name)]
        return len(versions), sum(1 for version in versions if version.sent_at), len(drafts)


def test_a_version_is_kept_as_typed_under_the_name_of_its_author(store: Store, admin: StaffMember) -> None:
    keep_draft(store, admin, TEXT, basis=0)
    version = keep_version(store, admin, TEXT, note="  two\nlines ", basis=0, clock=lambda: NOON)
    assert (version.number, version.by, version.at, version.note) == (1, "ada", NOON, "two lines")
    assert kept(store) == (1, 0, 0), "the draft became the version"
    with store.read() as connection:
        assert bot_configs.text_of(connection, 1) == TEXT


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_who_may_not_changes_nothing(
    store: Store, staff: dict[Role, StaffMember], admin: StaffMember, role: Role
) -> None:
    keep_version(store, admin, TEXT, note="", basis=0)
    for command in (
        lambda: keep_version(store, staff[role], OTHER, note="", basis=1),
        lambda: mark_sent(store, staff[role], 1),
        lambda: keep_draft(store, staff[role], OTHER, basis=1),
    ):
        with pytest.raises(NotPermitted, match="admin"):
            command()
    assert kept(store) == (1, 0, 0)


def test_a_role_taken_away_a_moment_ago_counts(store: Store, admin: StaffMember) -> None:
    keep_version(store, admin, TEXT, note="", basis=0)
    accounts.change(store, "ada", role=Role.EDITOR)
    for command in (
        lambda: keep_version(store, admin, OTHER, note="", basis=1),
        lambda: mark_sent(store, admin, 1),
        lambda: keep_draft(store, admin, OTHER, basis=1),
    ):
        with pytest.raises(NotPermitted):
            command()
    assert kept(store) == (1, 0, 0)


def test_a_second_click_keeps_and_marks_nothing_twice(store: Store, admin: StaffMember, lee: StaffMember) -> None:
    first = keep_version(store, admin, TEXT, note="why", basis=0, clock=lambda: NOON)
    assert keep_version(store, admin, TEXT, note="why", basis=0, clock=lambda: at(1)) == first
    marked = mark_sent(store, admin, 1, clock=lambda: at(2))
    assert mark_sent(store, lee, 1, clock=lambda: at(3)) == marked
    assert (marked.sent_by, marked.sent_at) == ("ada", at(2))
    assert kept(store) == (1, 1, 0)


def test_of_two_people_the_second_must_look_again(store: Store, admin: StaffMember, lee: StaffMember) -> None:
    keep_version(store, admin, TEXT, note="", basis=0)
    keep_draft(store, lee, OTHER, basis=0)
    with pytest.raises(BotConfigChanged):
        keep_version(store, lee, OTHER, note="", basis=0)
    assert kept(store) == (1, 0, 1), "the draft of the second is still there"
    keep_version(store, lee, OTHER, note="", basis=1)
    assert kept(store) == (2, 0, 0)


def test_an_earlier_text_can_become_a_version_again(store: Store, admin: StaffMember) -> None:
    for basis, text in enumerate((TEXT, OTHER, TEXT)):
        keep_version(store, admin, text, note="", basis=basis)
    assert kept(store) == (3, 0, 0)


def test_what_cannot_be_read_is_no_version_but_may_be_a_draft(store: Store, admin: StaffMember) -> None:
    with pytest.raises(BotConfigUnreadable) as problem:
        keep_version(store, admin, "{\n  oops", note="", basis=0)
    assert problem.value.line == 2
    assert keep_draft(store, admin, "{\n  oops", basis=0)
    assert kept(store) == (0, 0, 1)


def test_a_text_of_1_mb_is_told_apart_and_not_kept(store: Store, admin: StaffMember) -> None:
    huge = '{"a": "' + "x" * 1_000_000 + '"}'
    assert keep_draft(store, admin, huge, basis=0) is False
    with pytest.raises(BotConfigUnreadable, match=r"1\.0 MB"):
        keep_version(store, admin, huge, note="", basis=0)
    assert kept(store) == (0, 0, 0)


def test_a_mark_can_be_taken_back_and_set_again(store: Store, admin: StaffMember) -> None:
    keep_version(store, admin, TEXT, note="", basis=0)
    mark_sent(store, admin, 1)
    assert mark_sent(store, admin, 1, sent=False).sent_at is None
    assert mark_sent(store, admin, 1, sent=False).sent_at is None
    assert mark_sent(store, admin, 1, clock=lambda: at(5)).sent_at == at(5)


def test_activity_tells_what_was_done_once_each_and_nothing_of_what_was_not(
    store: Store, admin: StaffMember, lee: StaffMember
) -> None:
    for _ in range(2):
        keep_version(store, admin, TEXT, note="", basis=0)
        mark_sent(store, lee, 1)
    mark_sent(store, admin, 1, sent=False)
    with pytest.raises(BotConfigChanged):
        keep_version(store, admin, OTHER, note="", basis=0)
    entries = audit_entries(store, AuditFilter(topic=AuditTopic.BOT_CONFIG), admin, limit=10).entries
    assert [(entry.actor, change_words(entry)) for entry in entries] == [
        ("ada", "Version 1 marked as not sent"),
        ("lee", "Version 1 sent to Recall"),
        ("ada", "Version 1 saved"),
    ]


def test_a_version_that_is_not_there_cannot_be_marked(store: Store, admin: StaffMember) -> None:
    with pytest.raises(BotConfigChanged):
        mark_sent(store, admin, 7)


def test_a_long_note_is_cut(store: Store, admin: StaffMember) -> None:
    version = keep_version(store, admin, TEXT, note="x" * 5000, basis=0)
    assert version.note == "x" * LONGEST_NOTE
