"""Every command there is, found by looking for them, for every role and whatever is seen: it is done, or refused.

A command that has no row here fails the first test.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

import lib.commands
from lib.commands import (
    bot_config,
    bulk,
    calendar_refresh,
    connect_links,
    connections,
    customers,
    doubts,
    exports,
    overrides,
    preferences,
    private_titles,
    standards,
    undo,
)
from lib.commands import staff as staff_commands
from lib.customer.csv_file import read_customers
from lib.customer.sight import EVERYTHING, Sight
from lib.domain import CalendarUser, Entry
from lib.errors import DeskError, InvalidChange, NotPermitted
from lib.export import Format, Table
from lib.settings import Settings
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role
from lib.store import outbox
from lib.store.outbox import NewWrite, WriteKind, WriteState
from lib.writes import WriteContext
from tests.contract.commands.conftest import ADMIN, EDITOR, SHOWN, AddMeeting, Record
from tests.proving import proven
from tests.running import Sandbox

WANTED = replace(SHOWN, record_internal=True)
CSV = read_customers(b"user,customer\nsomebody@acme.example,Acme\n")
OWN = Sight(frozenset({"acme.example"}))
OTHER, NONE = Sight(frozenset({"globex.example"})), Sight(frozenset())
SIGHTS = {"everything": EVERYTHING, "own": OWN, "other": OTHER, "none": NONE}
NOT_BY_ITSELF = {
    "lib.commands.bulk.runner.run": "goes through carry_out for each user, which looks at the right and the sight",
}


class About(StrEnum):
    """What a command reaches, and so what its giver must see."""

    USER = "a user"
    CUSTOMER = "a customer"
    ALL = "the whole workspace"
    NOBODY = "no user"


@dataclass(frozen=True)
class World:
    """A user of acme.example with a meeting, a change made of it before, and a change of many."""

    context: WriteContext
    user: CalendarUser
    entry: Entry
    change: int
    batch: int


@dataclass(frozen=True)
class Row:
    """What a command needs, and how it is given."""

    permission: Permission
    about: About
    do: Callable[[World, StaffMember], object]


def plan(world: World) -> bulk.BulkPlan:
    zone = ZoneInfo("UTC")
    return bulk.plan_bulk(world.context.store, [world.user.id], WANTED.flags, EVERYTHING, keep=False, zone=zone)


def settings() -> Settings:
    return Settings(_env_file=None, google_oauth_client_id="an-id")


def handed_out(world: World, member: StaffMember, sight: Sight) -> bytes:
    table, what = Table(("A",), [("b",)]), Format.CSV
    return exports.hand_out(world.context.store, member.name, lambda: table, "meetings", what, sight, filters={})


def drawn(world: World, member: StaffMember) -> StaffMember:
    """Who came by a session that began now, as a page knew them that was drawn before they were limited."""
    return replace(proven(world.context.store, member), sight=EVERYTHING)


P, A = Permission, About
ROWS: dict[str, Row] = {
    "bot_config.keep_version": Row(
        P.BOT_CONFIG_WRITE, A.NOBODY, lambda w, m: bot_config.keep_version(w.context.store, m, "{}", note="", basis=0)
    ),
    "bot_config.mark_sent": Row(P.BOT_CONFIG_WRITE, A.NOBODY, lambda w, m: bot_config.mark_sent(w.context.store, m, 1)),
    "bot_config.keep_draft": Row(
        P.BOT_CONFIG_WRITE, A.NOBODY, lambda w, m: bot_config.keep_draft(w.context.store, m, "{", basis=0)
    ),
    "connections.disconnect": Row(
        P.CONNECTIONS_WRITE,
        A.USER,
        lambda w, m: connections.disconnect(w.context, m, w.user, "google", w.user.label),
    ),
    "calendar_refresh.ask_recall_to_read": Row(
        P.CALENDARS_REFRESH, A.USER, lambda w, m: calendar_refresh.ask_recall_to_read(w.context, m, w.user)
    ),
    "connections.delete_user": Row(
        P.USERS_DELETE,
        A.USER,
        lambda w, m: connections.delete_user(w.context, m, w.user, w.user.label),
    ),
    "customers.preview": Row(P.CUSTOMERS_WRITE, A.ALL, lambda w, m: customers.preview(w.context.store, m, CSV)),
    "customers.apply_customers": Row(
        P.CUSTOMERS_WRITE,
        A.ALL,
        lambda w, m: customers.apply_customers(w.context.store, m, CSV, customers.preview(w.context.store, ADMIN, CSV)),
    ),
    "doubts.believe_list": Row(P.SYSTEM_MANAGE, A.NOBODY, lambda w, m: doubts.believe_list(w.context.store, m)),
    "doubts.find_shared_entries": Row(
        P.SYSTEM_MANAGE, A.NOBODY, lambda w, m: doubts.find_shared_entries(w.context.store, m)
    ),
    "exports.hand_out": Row(P.EXPORT_READ, A.ALL, lambda w, m: handed_out(w, m, EVERYTHING)),
    "connect_links.make_link": Row(
        P.CONNECTIONS_WRITE,
        A.USER,
        lambda w, m: connect_links.make_link(w.context, settings(), m, w.user, "google"),
    ),
    "connect_links.make_new_user": Row(
        P.CONNECTIONS_WRITE,
        A.ALL,
        lambda w, m: connect_links.make_new_user(w.context, m, f"new-{m.name}", f"new-{m.name}"),
    ),
    "bulk.control.begin": Row(P.PREFERENCES_WRITE, A.USER, lambda w, m: bulk.begin(w.context, m, plan(w))),
    "bulk.control.stop": Row(P.PREFERENCES_WRITE, A.USER, lambda w, m: bulk.stop(w.context, m, w.batch)),
    "bulk.control.resume": Row(P.PREFERENCES_WRITE, A.USER, lambda w, m: bulk.resume(w.context, m, w.batch)),
    "bulk.control.retry": Row(P.PREFERENCES_WRITE, A.USER, lambda w, m: bulk.retry(w.context, m, w.batch)),
    "bulk.control.undo": Row(P.PREFERENCES_WRITE, A.USER, lambda w, m: bulk.undo(w.context, m, w.batch)),
    "overrides.set_overrides": Row(
        P.OVERRIDES_WRITE,
        A.USER,
        lambda w, m: overrides.set_overrides(w.context, m, w.user, [w.entry], True),
    ),
    "preferences.save_preferences": Row(
        P.PREFERENCES_WRITE,
        A.USER,
        lambda w, m: preferences.save_preferences(w.context, m, w.user, SHOWN, WANTED),
    ),
    "private_titles.reveal": Row(
        P.TITLES_REVEAL, A.USER, lambda w, m: private_titles.reveal(w.context.store, m.name, w.user.id, w.entry.id)
    ),
    "standards.set_standard": Row(
        P.PREFERENCES_WRITE,
        A.CUSTOMER,
        lambda w, m: standards.set_standard(w.context.store, m, "acme.example", WANTED.flags),
    ),
    "staff.add_staff": Row(
        P.STAFF_MANAGE,
        A.NOBODY,
        lambda w, m: staff_commands.add_staff(
            w.context.store,
            m,
            "newcomer",
            role=Role.VIEWER,
            display="New",
            password="a good password",
            sight=EVERYTHING,
        ),
    ),
    "staff.set_role": Row(
        P.STAFF_MANAGE, A.NOBODY, lambda w, m: staff_commands.set_role(w.context.store, m, "vera", Role.EDITOR)
    ),
    "staff.set_password": Row(
        P.STAFF_MANAGE,
        A.NOBODY,
        lambda w, m: staff_commands.set_password(w.context.store, m, "vera", "a good password"),
    ),
    "staff.limit_sight": Row(
        P.STAFF_MANAGE, A.NOBODY, lambda w, m: staff_commands.limit_sight(w.context.store, m, "vera", OWN)
    ),
    "staff.disable_staff": Row(
        P.STAFF_MANAGE, A.NOBODY, lambda w, m: staff_commands.disable_staff(w.context.store, m, "vera")
    ),
    "staff.enable_staff": Row(
        P.STAFF_MANAGE, A.NOBODY, lambda w, m: staff_commands.enable_staff(w.context.store, m, "vera")
    ),
    "staff.end_sessions": Row(
        P.STAFF_MANAGE, A.NOBODY, lambda w, m: staff_commands.end_sessions(w.context.store, m, "vera")
    ),
    "undo.undo": Row(P.PREFERENCES_WRITE, A.USER, lambda w, m: undo.undo(w.context, m, [w.change])),
}


def commands() -> Iterator[str]:
    """What takes somebody who asks, and something to do it with."""
    for found in pkgutil.walk_packages(lib.commands.__path__, "lib.commands."):
        for name, function in inspect.getmembers(importlib.import_module(found.name), inspect.isfunction):
            takes = set(inspect.signature(function).parameters)
            is_ours = function.__module__ == found.name and not name.startswith("_")
            if is_ours and takes & {"member", "actor"} and takes & {"store", "context"}:
                yield f"{found.name}.{name}"


def test_every_command_stands_in_the_table() -> None:
    assert set(commands()) == {f"lib.commands.{name}" for name in ROWS} | set(NOT_BY_ITSELF)


def may(role: Role, sight: Sight, row: Row) -> bool:
    if row.permission not in role.permissions:
        return False
    seen = EVERYTHING if role is Role.ADMIN else sight
    needed = {A.USER: OWN, A.CUSTOMER: OWN, A.ALL: EVERYTHING, A.NOBODY: Sight(frozenset())}[row.about]
    return seen.covers(needed)


@pytest.fixture
def world(context: WriteContext, user: CalendarUser, add_meeting: AddMeeting) -> World:
    entry = add_meeting()
    before, after = ({**each.flags, "bot_name": each.bot_name} for each in (WANTED, SHOWN))
    with context.store.write() as connection:
        seq = outbox.add(
            connection, NewWrite(WriteKind.PREFERENCES, user.id, before, after, ADMIN.name), now=context.now()
        )
        outbox.close(connection, seq, WriteState.APPLIED, now=context.now())
    made = World(context, user, entry, seq, 0)
    return replace(made, batch=bulk.begin(context, proven(context.store, ADMIN), plan(made)))


def everybody(context: WriteContext) -> dict[tuple[Role, str], StaffMember]:
    """One of each role for each sight. What their session said when the page was drawn was everything."""
    for role in Role:
        for sight in SIGHTS:
            accounts.add_with_hash(
                context.store, f"{role}-{sight}", role=role, display="X", password_hash="-", sight=SIGHTS[sight]
            )
    return {(role, sight): StaffMember(f"{role}-{sight}", "X", role) for role in Role for sight in SIGHTS}


def is_refused(do: Callable[[], object]) -> bool:
    """A change that is not seen is refused as one that is not there."""
    try:
        do()
    except NotPermitted:
        return True
    except InvalidChange as problem:
        return "in the record" in str(problem)
    except DeskError:
        return False  # it was past the rights
    return False


@pytest.mark.parametrize("name", ROWS)
def test_a_command_is_done_for_who_may_and_sees_and_for_nobody_else(
    world: World, sandbox: Sandbox, record: Record, name: str
) -> None:
    row, people = ROWS[name], everybody(world.context)
    before, asked = record(), sandbox.asked()
    refused = [who for who in people if not may(who[0], SIGHTS[who[1]], row)]
    for who in refused:
        assert is_refused(lambda who=who: row.do(world, drawn(world, people[who]))), who  # type: ignore[misc]
    assert (record(), sandbox.asked()) == (before, asked)
    limited = [who for who in people if who not in refused and who[1] in ("own", "none")]
    for who in [*limited[:1], *([] if limited else [(Role.ADMIN, "everything")])]:
        assert not is_refused(lambda who=who: row.do(world, drawn(world, people[who]))), who  # type: ignore[misc]


def test_a_file_made_of_more_than_is_seen_by_now_is_not_handed_out(world: World) -> None:
    accounts.change(world.context.store, "dana", sight=OWN)
    assert handed_out(world, EDITOR, OWN)
    accounts.change(world.context.store, "dana", sight=OTHER)
    with pytest.raises(NotPermitted, match=r"You see 1 customer; this is for more than these\."):
        handed_out(world, EDITOR, OWN)


def test_every_permission_belongs_to_a_page_or_a_command() -> None:
    """So that none is granted that nothing asks for."""
    from lib.ui.widgets.navigation import ALL_PAGES

    asked = {row.permission for row in ROWS.values()} | {page.permission for page in ALL_PAGES}
    assert set(Permission) - asked == set()
