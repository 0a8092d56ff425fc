"""Somebody may have Recall read a user's calendar again: once in a while, recorded, and told what came of it."""

import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lib.bootstrap import Desk
from lib.commands.calendar_refresh import PAUSE, RefreshState, ask_recall_to_read
from lib.domain import CalendarUser
from lib.errors import (
    CalendarRefreshedLately,
    CalendarUserWithoutId,
    NotPermitted,
    RecallCalendarLost,
    RecallRejected,
    UnknownCalendarUser,
)
from lib.queries import Calendars, UserDirectory, Workspace
from lib.settings import Settings
from lib.staff.accounts import StaffMember
from lib.store import Store, events, users
from lib.store.events import Event, EventKind
from lib.writes import WriteContext
from tests.contract.commands.conftest import VIEWER
from tests.running import Sandbox

REFRESH = "/api/v1/calendar/meetings/refresh/"


def told(store: Store) -> list[Event]:
    with store.read() as connection:
        found = events.numbered(connection, range(1, 50))
    return [event for event in found if event.kind in (EventKind.REFRESH_ASKED, EventKind.REFRESH_ENDED)]


def later(context: WriteContext, by: timedelta) -> WriteContext:
    now = context.now()
    return replace(context, clock=lambda: now + by)


def test_recall_is_asked_once_and_who_asked_and_what_came_of_it_are_recorded(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    outcome = ask_recall_to_read(context, editor, user)
    assert (outcome.state, outcome.problem) == (RefreshState.ACCEPTED, None)
    assert outcome.sentence.startswith("Recall has read the calendar again.")
    assert len(sandbox.asked("POST", REFRESH)) == 1
    asked, ended = told(context.store)
    assert (asked.kind, asked.actor, asked.user_id) == (EventKind.REFRESH_ASKED, "dana", user.id)
    assert (ended.kind, ended.actor, ended.user_id) == (EventKind.REFRESH_ENDED, "dana", user.id)
    assert ended.details == {"outcome": "accepted", "again_from": outcome.again_from.isoformat()}
    assert outcome.again_from == asked.at + PAUSE


def test_within_ten_minutes_nobody_asks_again_whoever_asked_first(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, admin: StaffMember, user: CalendarUser
) -> None:
    first = ask_recall_to_read(context, editor, user)
    with pytest.raises(CalendarRefreshedLately, match=f"{first.again_from:%H:%M} UTC") as refusal:
        ask_recall_to_read(later(context, PAUSE / 2), admin, user)
    assert refusal.value.again_from == first.again_from
    assert len(sandbox.asked("POST", REFRESH)) == 1
    assert ask_recall_to_read(later(context, PAUSE), admin, user).state is RefreshState.ACCEPTED


def test_of_two_who_ask_at_the_same_moment_one_does(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, admin: StaffMember, user: CalendarUser
) -> None:
    ended: list[object] = []

    def ask(member: StaffMember) -> None:
        try:
            ended.append(ask_recall_to_read(context, member, user).state)
        except CalendarRefreshedLately as refused:
            ended.append(type(refused))

    sandbox.break_calls(REFRESH, delay_ms=300, status=200, body=[])
    threads = [threading.Thread(target=ask, args=(member,)) for member in (editor, admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, ended)) == sorted(map(str, [RefreshState.ACCEPTED, CalendarRefreshedLately]))
    assert len(sandbox.asked("POST", REFRESH)) == 1


def test_a_process_that_died_in_the_middle_holds_nobody_up_for_longer(
    context: WriteContext, editor: StaffMember, user: CalendarUser
) -> None:
    with context.store.write() as connection:
        events.add(connection, EventKind.REFRESH_ASKED, editor.name, now=context.now(), user_id=user.id)
    with pytest.raises(CalendarRefreshedLately):
        ask_recall_to_read(context, editor, user)
    assert ask_recall_to_read(later(context, PAUSE), editor, user).state is RefreshState.ACCEPTED


def test_a_rate_limit_says_when_it_can_be_asked_again(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    sandbox.break_calls(REFRESH, retry_after="240", times=None)
    outcome = ask_recall_to_read(context, editor, user)
    assert outcome.state is RefreshState.RATE_LIMITED
    assert timedelta(seconds=230) < outcome.again_from - context.now() <= timedelta(seconds=240)
    assert f"{outcome.again_from:%H:%M} UTC" in outcome.sentence
    with pytest.raises(CalendarRefreshedLately):
        ask_recall_to_read(context, editor, user)
    assert datetime.fromisoformat(told(context.store)[-1].details["again_from"]) == outcome.again_from


def test_a_lost_calendar_is_said_as_such_and_seen_in_the_store(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    sandbox.control("POST", "settings/", {"lost_calendars_answer": 422})
    try:
        sandbox.control("POST", "connections/", {"user": user.id, "platform": "google", "connected": False})
        outcome = ask_recall_to_read(context, editor, user)
    finally:
        sandbox.control("POST", "settings/", {"lost_calendars_answer": "empty"})
    assert outcome.state is RefreshState.CALENDAR_LOST
    assert isinstance(outcome.problem, RecallCalendarLost)
    with context.store.read() as connection:
        row = users.find(connection, user.id)
    assert row is not None
    assert row.user.lost


def test_a_refusal_comes_with_recalls_words(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    sandbox.break_calls(REFRESH, status=400, body={"detail": "Not for this calendar."})
    outcome = ask_recall_to_read(context, editor, user)
    assert outcome.state is RefreshState.REFUSED
    assert isinstance(outcome.problem, RecallRejected)
    assert outcome.problem.fields == {"detail": ("Not for this calendar.",)}


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}, {"lose_answer": True}, {"truncate": True}])
def test_an_answer_that_does_not_come_is_not_asked_for_twice(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser, fault: dict[str, object]
) -> None:
    sandbox.break_calls(REFRESH, **fault)
    assert ask_recall_to_read(context, editor, user).state is RefreshState.NO_ANSWER
    assert len(sandbox.asked("POST", REFRESH)) == 1
    assert told(context.store)[-1].details["outcome"] == "no_answer"


def test_without_the_right_or_a_user_whom_recall_lists_nothing_is_sent(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    with pytest.raises(NotPermitted):
        ask_recall_to_read(context, VIEWER, user)
    with pytest.raises(CalendarUserWithoutId):
        ask_recall_to_read(context, editor, replace(user, external_id=None))
    with pytest.raises(UnknownCalendarUser):
        ask_recall_to_read(context, editor, replace(user, id="somebody-else"))
    assert sandbox.asked("POST", REFRESH) == []
    assert told(context.store) == []


def test_the_user_is_read_soon_after(
    context: WriteContext, sandbox: Sandbox, editor: StaffMember, user: CalendarUser
) -> None:
    store, recall = context.store, context.recall
    with (
        closing(Calendars(store, recall)) as calendars,
        closing(UserDirectory(store, recall)) as directory,
        closing(Workspace(store)) as workspace,
    ):
        desk = Desk(Settings(), store, recall, directory, calendars, workspace)
        assert desk.refresh_calendar(editor, user).state is RefreshState.ACCEPTED
        deadline = time.monotonic() + 30
        while not sandbox.asked("GET", "/api/v1/calendar/meetings/") and time.monotonic() < deadline:
            time.sleep(0.05)
    assert sandbox.asked("GET", "/api/v1/calendar/meetings/")
