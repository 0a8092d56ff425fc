"""Every page, for every role, seeing everything, one customer or none: nothing of anybody else is anywhere on it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from time import sleep
from typing import Any
from zipfile import ZipFile

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.customer.sight import EVERYTHING, Sight
from lib.errors import NotPermitted
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff import accounts
from lib.staff.permissions import Role, role_needed_for
from lib.store import batches, entries, events, outbox
from lib.store.batches import NewBatchItem
from lib.store.events import EventKind
from lib.store.outbox import NewWrite, WriteKind, WriteState
from lib.store.users import UserRow
from lib.ui.widgets.navigation import ALL_PAGES, PageEntry
from tests.pages.conftest import Open
from tests.pages.filled import Filled, filled, filled_desk, loaded, open_filled
from tests.pages.seeing import cells, said

__all__ = ["filled", "filled_desk", "open_filled"]

NOWHERE = "00000000-0000-4000-8000-000000000000"
ANY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")


@dataclass(frozen=True)
class Whose:
    """The customer that somebody sees, and one they do not."""

    known: WorkspaceSnapshot
    own: str
    other: str

    def users(self, customer: str) -> list[UserRow]:
        return [row for row in self.known.listed if row.customer == customer]

    def hidden_from(self, sight: Sight) -> set[str]:
        """What tells of a user or customer that `sight` does not see."""
        found: set[str] = set()
        for row in self.known.users:
            if not sight.sees(row.customer):
                words = (
                    row.user.id,
                    row.user.external_id,
                    row.customer,
                    *(each.email for each in row.user.connections),
                )
                found |= {
                    word.casefold() for word in words if word and not word.isalpha()
                }  # those are words of ours too
        return found


@pytest.fixture
def whose(filled_desk: Filled) -> Whose:
    known = loaded()
    for _ in range(100):
        if known.looked:
            break
        sleep(0.1)
        known = loaded()
    sizes = {row.customer: sum(1 for each in known.listed if each.customer == row.customer) for row in known.listed}
    own, other = sorted((name for name in sizes if name), key=lambda name: -sizes[name])[:2]
    for name, sight in (("acme", Sight(frozenset({own}))), ("nobodys", Sight(frozenset()))):
        for role in (Role.VIEWER, Role.EDITOR):
            accounts.add_with_hash(
                desk().store, f"{role}-{name}", role=role, display="Somebody", password_hash="-", sight=sight
            )
    return Whose(known, own, other)


def shown(app: AppTest) -> str:
    return "\n".join([said(app), *cells(app)]).casefold()


def told_of(app: AppTest, words: set[str]) -> list[str]:
    seen = shown(app)
    return sorted(word for word in words if word in seen)


PEOPLE = {
    "viewer": (Role.VIEWER, EVERYTHING),
    "editor": (Role.EDITOR, EVERYTHING),
    "admin": (Role.ADMIN, EVERYTHING),
    "viewer-acme": (Role.VIEWER, None),
    "editor-acme": (Role.EDITOR, None),
    "viewer-nobodys": (Role.VIEWER, Sight(frozenset())),
    "editor-nobodys": (Role.EDITOR, Sight(frozenset())),
}


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_a_page_is_shown_to_who_may_and_tells_of_nobody_they_do_not_see(
    open_filled: Open, whose: Whose, page: PageEntry
) -> None:
    for name, (role, sight) in PEOPLE.items():
        seen = sight or Sight(frozenset({whose.own}))
        app = open_filled(name, page.name)
        assert not app.exception, name
        refused = f"This page needs the role {role_needed_for(page.permission).title()}." in said(app)
        assert refused is (page.permission not in role.permissions), name
        assert told_of(app, whose.hidden_from(seen)) == [], name


def addresses(whose: Whose) -> Iterator[tuple[str, dict[str, str]]]:
    """Every way to name somebody in an address, on every page that reads it: X stands for what is named."""
    yield "users", {"user": "X", "section": "history"}
    yield "users", {"show": "overrides"}
    yield "coverage", {"person": "X"}
    yield "bots", {"person": "X"}


def customers() -> Iterator[tuple[str, dict[str, str]]]:
    for page in ("customers", "coverage", "bots", "users", "many"):
        yield page, {"customer": "X"}
    yield "customers", {"do": "assign"}


def same(page: str, query: dict[str, str], open_filled: Open, hidden: str, nothing: str) -> tuple[str, str]:
    """What is shown of something hidden and of something that is not there, ids and names taken out."""
    texts = []
    for word in (hidden, nothing):
        app = open_filled("editor-acme", page, **{key: word if value == "X" else value for key, value in query.items()})
        assert not app.exception
        texts.append(ANY.sub("ID", shown(app).replace(word.casefold(), "X")))
    return texts[0], texts[1]


def test_no_address_tells_that_somebody_unseen_exists(open_filled: Open, whose: Whose) -> None:
    somebody = whose.users(whose.other)[0].user
    for page, query in addresses(whose):
        hidden, nothing = same(page, query, open_filled, somebody.id, NOWHERE)
        assert hidden == nothing, (page, query)
    for page, query in customers():
        hidden, nothing = same(page, query, open_filled, whose.other, "nobody.example")
        assert hidden == nothing, (page, query)
    hidden, nothing = same("bots", {"bot": "X"}, open_filled, a_bot(whose.users(whose.other)), NOWHERE)
    assert hidden == nothing
    with desk().store.write() as connection:
        values = {"record_external": False}, {"record_external": True}
        items = [
            NewBatchItem(row.user.id, *values) for row in whose.users(whose.own)[:1] + whose.users(whose.other)[:1]
        ]
        beyond = batches.plan(connection, WriteKind.PREFERENCES, items, actor="admin", now=utc_now())
        within = batches.plan(connection, WriteKind.PREFERENCES, items[:1], actor="admin", now=utc_now())
    hidden, nothing = (shown(open_filled("editor-acme", "many", batch=number)) for number in (str(beyond), "99"))
    assert hidden == nothing
    assert "started by `admin`" in shown(open_filled("editor-acme", "many", batch=str(within)))


def a_bot(rows: list[UserRow]) -> str:
    """The id of a bot that was sent for one of these users alone."""
    ids = {row.user.id for row in rows}
    with desk().store.read() as connection:
        named = [stored for user_id in sorted(ids) for stored in entries.of_user(connection, user_id)]
        for bot_id in (stored.entry.bot_id for stored in named if stored.entry.bot_id):
            if {stored.user_id for stored in entries.of_bot(connection, bot_id)} <= ids:
                return bot_id
    raise AssertionError("no bot was sent for this customer alone")


def test_activity_tells_of_the_users_that_are_seen_and_of_ones_own_deeds(open_filled: Open, whose: Whose) -> None:
    own, other = whose.users(whose.own)[0].user, whose.users(whose.other)[0].user
    flags = {"record_external": True, "bot_name": None}
    with desk().store.write() as connection:
        numbers = {
            who: outbox.add(connection, NewWrite(WriteKind.PREFERENCES, who.id, flags, flags, "admin"), now=utc_now())
            for who in (own, other)
        }
        for seq in numbers.values():
            outbox.close(connection, seq, WriteState.APPLIED, now=utc_now())
        events.add(connection, EventKind.SIGNED_OUT, "admin", now=utc_now())
    app = open_filled("viewer-acme", "activity", period="all")
    assert own.label in shown(app)
    assert told_of(app, whose.hidden_from(Sight(frozenset({whose.own})))) == []
    assert "signed out" not in shown(app)
    assert "signed out" in shown(open_filled("viewer", "activity", period="all"))
    for asked in ({"person": other.id}, {"customer": whose.other}):
        assert told_of(open_filled("viewer-acme", "activity", period="all", **asked), {other.label}) == []
    hidden = shown(open_filled("viewer-acme", "activity", act=f"change-{numbers[other]}"))
    assert "there is no entry with this number." in hidden
    assert "there is no entry with this number." not in shown(
        open_filled("viewer-acme", "activity", act=f"change-{numbers[own]}")
    )


FILES: tuple[tuple[str, dict[str, str]], ...] = (
    ("customers", {}),
    ("customers", {"do": "assign"}),
    ("coverage", {}),
    ("coverage", {"rows": "funnel:held"}),
    ("bots", {}),
    ("bots", {"rows": "bots:recorded"}),
    ("activity", {"period": "all"}),
)

NAMES_OF_FILES = frozenset(
    {"customers", "customers in force", "coverage", "meetings", "where", "weeks", "bots", "mailboxes", "activity"}
)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What Streamlit would run at a click on a download, of every one that a page offered."""
    found: list[Callable[[], bytes]] = []
    real = MediaFileManager.add_deferred

    def add_deferred(self: MediaFileManager, data: Callable[[], bytes], *more: Any, **named: Any) -> str:
        found.append(data)
        return real(self, data, *more, **named)

    monkeypatch.setattr(MediaFileManager, "add_deferred", add_deferred)
    return found


def text_of(content: bytes) -> str:
    """All words of a CSV, or of a workbook."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig").casefold()
    with ZipFile(BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml")).casefold()


def test_no_file_has_anything_of_whom_one_does_not_see(
    open_filled: Open, whose: Whose, offered: list[Callable[[], bytes]]
) -> None:
    for page, query in FILES:
        open_filled("editor-acme", page, **query)
    hidden, seen = whose.hidden_from(Sight(frozenset({whose.own}))), whose.own.casefold()
    contents = [text_of(make()) for make in offered]
    assert [word for word in hidden if any(word in content for content in contents)] == []
    assert sum(seen in content for content in contents) >= 4
    with desk().store.read() as connection:
        told = events.numbered(connection, range(1, 500))
    made = {event.details["what"] for event in told if event.kind is events.EventKind.EXPORTED}
    assert made >= NAMES_OF_FILES


def test_a_page_that_was_drawn_before_hands_out_nothing_more_than_is_seen_now(
    open_filled: Open, whose: Whose, offered: list[Callable[[], bytes]]
) -> None:
    accounts.change(desk().store, "viewer-acme", sight=EVERYTHING)
    open_filled("viewer-acme", "customers")
    assert whose.other in text_of(offered[0]())
    accounts.change(desk().store, "viewer-acme", sight=Sight(frozenset({whose.own})))
    for make in offered:
        with pytest.raises(NotPermitted, match="You see 1 customer; this is for all of them"):
            make()
