"""One user's calendar: the store's, one read for all who look, faults that cost nothing already known."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from lib.domain import CalendarUser, Connection, Entry, Listing, Preferences
from lib.errors import (
    CalendarUserWithoutId,
    RecallCalendarLost,
    RecallCalendarUnclear,
    RecallError,
    RecallLimited,
    RecallSlow,
    RecallUnreachable,
    RecallUnreadable,
    StoreError,
    UnknownCalendarUser,
)
from lib.queries import Calendars, CalendarSnapshot
from lib.queries.calendars import CALENDARS_KEPT, FRESH_FOR, RETRY_AFTER
from lib.recall_api import Recall, open_recall
from lib.store import Store, meetings, users_list
from lib.store.diff import Window
from lib.sync import read_user
from tests.contract.conftest import AT_ONCE
from tests.contract.queries.conftest import MovableClock, NewUser, Until, at_the_same_time, broken
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"
USER = "/api/v1/calendar/user/"
BOT = "/api/v1/bot/*"
A_SECOND = timedelta(seconds=1)
HOUR = 3600

Settle = Callable[[CalendarUser], CalendarSnapshot]


@pytest.fixture
def new_user(new_user: NewUser, store: Store, clock: MovableClock) -> NewUser:
    """A user whom the store knows from the users list."""

    def new(**more: Any) -> CalendarUser:
        user = new_user(**more)
        keep(store, clock, user)
        return user

    return new


@pytest.fixture
def calendars(store: Store, recall: Recall, clock: MovableClock) -> Iterator[Calendars]:
    calendars = Calendars(store, recall, clock)
    yield calendars
    calendars.close()


@pytest.fixture
def settled(calendars: Calendars, until: Until) -> Settle:
    """Ask for a user's calendar, wait until nothing is read any more, and answer what is known then."""

    def settle(user: CalendarUser) -> CalendarSnapshot:
        calendars.snapshot(user)
        until(lambda: not calendars.snapshot(user).is_refreshing)
        return calendars.snapshot(user)

    return settle


def keep(store: Store, clock: MovableClock, *users: CalendarUser) -> None:
    with store.write() as connection:
        users_list.store(connection, users, read_at=clock(), complete=False)


def read_bots(known: CalendarSnapshot) -> set[str]:
    """Bots of which something is known."""
    return {bot_id for bot_id, row in known.bots.items() if row.bot}


def past_meeting(sandbox: Sandbox, user: CalendarUser, shape: str = "recorded") -> dict[str, Any]:
    """A meeting of yesterday whose bot came, and ended so."""
    meeting = sandbox.add_meeting(user.id, start_in_seconds=-24 * HOUR)
    sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": shape})
    assert meeting["bot_id"]
    return meeting


def bots_asked(sandbox: Sandbox) -> list[str]:
    return [asked["path"].split("/")[-2] for asked in sandbox.asked("GET") if asked["path"].startswith("/api/v1/bot/")]


def test_the_first_answer_comes_at_once_and_says_what_is_being_read(
    calendars: Calendars, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    user = new_user()
    sandbox.break_calls(MEETINGS, delay_ms=300)
    first = calendars.snapshot(user)
    assert first.as_of is None
    assert first.stage == "meetings"
    until(lambda: calendars.snapshot(user).as_of is not None)


def test_what_is_known_is_the_user_the_meetings_and_the_bots_of_those_that_began(
    settled: Settle, sandbox: Sandbox, new_user: NewUser, clock: MovableClock
) -> None:
    user = new_user()
    past, coming = past_meeting(sandbox, user), sandbox.add_meeting(user.id, start_in_seconds=HOUR)
    known = settled(user)
    assert {entry.id for entry in known.entries} == {past["id"], coming["id"]}
    assert set(known.bots) == {past["bot_id"], coming["bot_id"]}
    assert read_bots(known) == {past["bot_id"]}
    assert (known.bots_complete, known.bots_unread) == (True, 0)
    assert known.user.preferences is not None
    assert known.user.preferences.record_external
    assert known.as_of == clock()
    assert known.problem is None


def test_a_page_that_asks_twice_causes_one_read(settled: Settle, sandbox: Sandbox, new_user: NewUser) -> None:
    user = new_user()
    for _ in range(5):
        settled(user)
    assert len(sandbox.asked("GET", MEETINGS)) == 1
    assert len(sandbox.asked("GET", USER)) == 1


def test_people_who_look_at_one_user_together_share_one_read(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    sandbox.break_calls(MEETINGS, delay_ms=200)
    at_the_same_time(lambda: calendars.snapshot(user), 16)
    settled(user)
    assert len(sandbox.asked("GET", MEETINGS)) == 1


def test_two_users_are_read_side_by_side_and_never_mixed_up(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    one, other = new_user(), new_user()
    hers, his = (sandbox.add_meeting(user.id, title=user.external_id) for user in (one, other))
    sandbox.break_calls(MEETINGS, delay_ms=200, times=2)
    calendars.snapshot(one)
    calendars.snapshot(other)
    assert calendars.snapshot(one).is_refreshing
    assert calendars.snapshot(other).is_refreshing
    assert [entry.id for entry in settled(one).entries] == [hers["id"]]
    assert [entry.id for entry in settled(other).entries] == [his["id"]]


def test_a_calendar_serves_for_five_minutes_and_is_then_read_again(
    settled: Settle, sandbox: Sandbox, new_user: NewUser, clock: MovableClock
) -> None:
    user = new_user()
    settled(user)
    sandbox.add_meeting(user.id)
    clock.advance(FRESH_FOR - A_SECOND)
    assert settled(user).entries == ()
    clock.advance(A_SECOND)
    known = settled(user)
    assert len(known.entries) == 1
    assert known.as_of == clock()


def test_a_final_bot_is_never_read_again_and_one_in_a_call_is(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    final = [past_meeting(sandbox, user, shape)["bot_id"] for shape in ("recorded", "not_admitted", "fatal")]
    in_call = sandbox.add_meeting(user.id, start_in_seconds=-300, length_minutes=120)
    sandbox.control("POST", "outcomes/", {"meeting": in_call["id"], "shape": "recorded"})
    assert read_bots(settled(user)) == {*final, in_call["bot_id"]}
    assert sorted(bots_asked(sandbox)) == sorted([*final, in_call["bot_id"]])
    sandbox.forget_asked()
    calendars.read_again(user)
    known = settled(user)
    assert bots_asked(sandbox) == [in_call["bot_id"]]
    assert read_bots(known) == {*final, in_call["bot_id"]}


@pytest.mark.parametrize("path", [USER, MEETINGS])
@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"status": 503}, RecallUnreachable),
        ({"drop": True}, RecallUnreachable),
        ({"truncate": True}, RecallUnreadable),
        ({"html200": True}, RecallUnreadable),
    ],
)
def test_a_fault_keeps_the_former_meetings_and_the_next_read_heals(
    settled: Settle,
    sandbox: Sandbox,
    new_user: NewUser,
    clock: MovableClock,
    path: str,
    how: dict[str, Any],
    problem: type[RecallError],
) -> None:
    user = new_user()
    sandbox.add_meeting(user.id)
    before = settled(user)
    sandbox.break_calls(path, **how)
    clock.advance(FRESH_FOR)
    during = settled(user)
    assert isinstance(during.problem, problem)
    assert (during.entries, during.as_of) == (before.entries, before.as_of)
    assert during.version > before.version
    clock.advance(RETRY_AFTER)
    after = settled(user)
    assert after.problem is None
    assert after.entries == before.entries
    assert after.as_of == clock()


def test_a_calendar_that_could_not_be_read_is_not_asked_for_at_every_look(
    settled: Settle, sandbox: Sandbox, new_user: NewUser, clock: MovableClock
) -> None:
    user = new_user()
    sandbox.break_calls(USER, status=503, times=None)
    for _ in range(20):
        settled(user)
    clock.advance(RETRY_AFTER - A_SECOND)
    known = settled(user)
    assert known.as_of is None
    assert isinstance(known.problem, RecallUnreachable)
    assert len(sandbox.asked("GET", USER)) == 1


def test_an_hour_that_recall_asks_for_is_told_and_kept(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    sandbox.break_calls(USER, retry_after=3600)
    assert isinstance(settled(user).problem, RecallLimited)
    calendars.read_again(user)
    assert isinstance(settled(user).problem, RecallLimited)
    assert len(sandbox.asked("GET", USER)) == 1


def test_a_bot_that_cannot_be_read_costs_that_bot_and_heals(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    bots = {past_meeting(sandbox, user)["bot_id"] for _ in range(3)}
    sandbox.break_calls(BOT, status=500)
    during = settled(user)
    assert (during.bots_complete, during.bots_unread) == (True, 1)
    assert len(read_bots(during)) == 2
    assert isinstance(during.problem, RecallUnreachable)
    sandbox.forget_asked()
    calendars.read_again(user)
    after = settled(user)
    assert read_bots(after) == bots
    assert (after.bots_unread, after.problem) == (0, None)
    assert len(bots_asked(sandbox)) == 1


def test_meetings_that_cannot_be_read_are_counted(settled: Settle, sandbox: Sandbox, new_user: NewUser) -> None:
    user = new_user()
    good = sandbox.add_meeting(user.id)
    sandbox.break_calls(MEETINGS, status=200, body=[good, 17, {"title": "without an id"}])
    known = settled(user)
    assert [entry.id for entry in known.entries] == [good["id"]]
    assert known.unreadable == 2


def test_a_user_without_external_id_is_told_so_and_nothing_is_sent(
    settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    known = settled(new_user(external_id=None))
    assert isinstance(known.problem, CalendarUserWithoutId)
    assert sandbox.asked() == []


def test_a_read_that_ends_at_once_never_seems_to_go_on(
    calendars: Calendars, store: Store, clock: MovableClock, until: Until
) -> None:
    users = [CalendarUser(str(uuid4()), None) for _ in range(CALENDARS_KEPT // 2)]
    keep(store, clock, *users)
    for user in users:
        calendars.snapshot(user)
    until(lambda: not any(calendars.snapshot(user).is_refreshing for user in users))
    assert all(isinstance(calendars.snapshot(user).problem, CalendarUserWithoutId) for user in users)


def test_a_user_deleted_meanwhile_is_named_as_such_and_not_created_again(
    calendars: Calendars, settled: Settle, recall: Recall, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    settled(user)
    assert user.external_id
    recall.delete_user(user.external_id)
    calendars.read_again(user)
    assert isinstance(settled(user).problem, UnknownCalendarUser)
    assert user.external_id not in {listed.external_id for listed in recall.list_users()}


def test_after_a_change_the_calendar_is_read_until_the_bots_match(
    calendars: Calendars, settled: Settle, recall: Recall, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user(preferences={})
    for hour in (1, 2, 3):
        sandbox.add_meeting(user.id, start_in_seconds=hour * HOUR)
    assert not any(entry.bot_id for entry in settled(user).entries)
    sandbox.control("POST", "settings/", {"booking_lag_seconds": 1})
    _record_everything(recall, user)
    sandbox.forget_asked()
    calendars.follow_bookings(user)
    known = settled(user)
    assert all(entry.bot_id for entry in known.entries)
    assert known.bookings_open == 0
    assert len(sandbox.asked("GET", MEETINGS)) == 2  # once too early, and once more after the pause


def test_a_change_is_followed_even_while_an_older_read_is_under_way(
    calendars: Calendars, settled: Settle, recall: Recall, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user(preferences={})
    sandbox.add_meeting(user.id)
    sandbox.break_calls(MEETINGS, delay_ms=600)
    calendars.snapshot(user)
    _record_everything(recall, user)
    calendars.follow_bookings(user)
    known = settled(user)
    assert known.user.preferences is not None
    assert known.user.preferences.record_external
    assert all(entry.bot_id for entry in known.entries)


def test_bots_that_never_come_are_waited_for_a_few_times_and_no_longer(
    store: Store, recall: Recall, clock: MovableClock, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    user = new_user()
    sandbox.add_meeting(user.id, never_booked=True)
    calendars = Calendars(store, recall, clock, booking_pauses=(0, 0.05, 0.05))
    calendars.follow_bookings(user)
    until(lambda: not calendars.snapshot(user).is_refreshing)
    calendars.close()
    assert calendars.snapshot(user).bookings_open == 1
    assert calendars.snapshot(user).problem is None
    assert len(sandbox.asked("GET", MEETINGS)) == 3


def test_the_end_wakes_those_who_wait_for_bots(
    store: Store, recall: Recall, clock: MovableClock, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    user = new_user()
    sandbox.add_meeting(user.id, never_booked=True)
    calendars = Calendars(store, recall, clock, booking_pauses=(0, 60))
    calendars.follow_bookings(user)
    until(lambda: calendars.snapshot(user).stage == "bookings")
    calendars.close()
    until(lambda: not any(thread.name.startswith("calendars") for thread in threading.enumerate()))
    assert len(sandbox.asked("GET", MEETINGS)) == 1


def test_calendars_looked_at_long_ago_leave_the_memory_and_come_from_the_store(
    settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    meeting = sandbox.add_meeting(user.id)
    before = settled(user)
    others = [CalendarUser(str(uuid4()), None) for _ in range(CALENDARS_KEPT)]  # they cost no request
    for other in others:
        settled(other)
    sandbox.forget_asked()
    after = settled(user)
    assert [entry.id for entry in after.entries] == [meeting["id"]]
    assert after.as_of == before.as_of
    assert after.version != before.version  # what was worked out from the former one is not taken for it
    assert sandbox.asked() == []


def test_what_another_process_has_read_is_shown_at_once_and_not_read_again(
    calendars: Calendars, store: Store, recall: Recall, clock: MovableClock, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    meeting = past_meeting(sandbox, user)
    read_user(store, recall, user.id, clock=clock)
    sandbox.forget_asked()
    known = calendars.snapshot(user)
    assert [entry.id for entry in known.entries] == [meeting["id"]]
    assert read_bots(known) == {meeting["bot_id"]}
    assert (known.as_of, known.stage) == (clock(), "")
    assert sandbox.asked() == []


def test_a_calendar_that_did_not_change_is_not_drawn_again_for_what_happens_to_others(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser
) -> None:
    user, other = new_user(), new_user()
    sandbox.add_meeting(user.id)
    sandbox.add_meeting(other.id)
    before = settled(user)
    settled(other)
    assert calendars.snapshot(user).version == before.version


def test_a_meeting_that_was_cancelled_is_gone_and_one_that_vanished_later_stays(
    calendars: Calendars, settled: Settle, store: Store, recall: Recall, clock: MovableClock, new_user: NewUser
) -> None:
    user = new_user()
    soon = Entry("soon", True, clock() + timedelta(hours=1), clock() + timedelta(hours=2), invites=("zoom",))
    later = Entry("later", True, clock() + timedelta(hours=5), clock() + timedelta(hours=6), invites=("zoom",))
    everything = Window(clock() - timedelta(days=60), clock() + timedelta(days=31))
    connected = replace(user, connections=(Connection("google", True, "a@acme.example"),))
    with store.write() as connection:
        users_list.store(connection, [connected], read_at=clock(), complete=False)
        meetings.store(connection, user.id, Listing((soon, later)), window=everything, read_at=clock(), now=clock())
    clock.advance(timedelta(hours=3))  # the one has begun, the other has not
    calendars.read_again(user)  # and Recall has neither
    known = settled(user)
    assert [stored.entry.id for stored in known.kept] == ["soon"]
    assert known.kept[0].seen_will_record is True
    assert known.entries == ()


def test_a_store_in_trouble_is_told_and_what_is_known_stays(
    calendars: Calendars, settled: Settle, store_url: str, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    sandbox.add_meeting(user.id)
    before = settled(user)
    with broken(store_url):
        during = calendars.snapshot(user)
        assert isinstance(during.problem, StoreError)
        assert during.entries == before.entries
    after = calendars.snapshot(user)
    assert (after.problem, after.entries) == (None, before.entries)


@pytest.fixture
def patient(sandbox: Sandbox, store: Store, clock: MovableClock) -> Iterator[Calendars]:
    """Waits for a slow calendar, and says after a moment that it does."""
    patience = replace(AT_ONCE, total_seconds=0.6, read_seconds=0.6, slow_seconds=3.0)
    with open_recall(sandbox.url, SecretStr(sandbox.key), retry_policy=patience) as recall:
        calendars = Calendars(store, recall, clock, slow_after=0.3)
        yield calendars
        calendars.close()


def test_while_recall_is_slow_what_was_read_before_stands_and_the_read_goes_on_to_its_end(
    patient: Calendars, sandbox: Sandbox, new_user: NewUser, clock: MovableClock, until: Until
) -> None:
    user = new_user()
    before = sandbox.add_meeting(user.id)
    patient.snapshot(user)
    until(lambda: not patient.snapshot(user).is_refreshing)
    since = sandbox.add_meeting(user.id)
    clock.advance(FRESH_FOR)
    sandbox.break_calls(MEETINGS, delay_ms=1500)  # more than any other call may take
    first = patient.snapshot(user)
    assert (first.stage, first.is_slow) == ("meetings", False)
    until(lambda: patient.snapshot(user).is_slow)
    during = patient.snapshot(user)
    assert (during.stage, [entry.id for entry in during.entries]) == ("meetings", [before["id"]])
    assert during.version != first.version
    until(lambda: not patient.snapshot(user).is_refreshing)
    after = patient.snapshot(user)
    assert (after.problem, after.is_slow) == (None, False)
    assert {entry.id for entry in after.entries} == {before["id"], since["id"]}
    assert after.version != during.version


def test_one_that_is_too_slow_is_told_and_not_asked_for_again_every_half_minute(
    patient: Calendars, sandbox: Sandbox, new_user: NewUser, clock: MovableClock, until: Until
) -> None:
    user = new_user()
    sandbox.break_calls(MEETINGS, delay_ms=5000)
    patient.snapshot(user)
    until(lambda: not patient.snapshot(user).is_refreshing)
    known = patient.snapshot(user)
    assert (type(known.problem), known.is_slow) == (RecallSlow, False)
    clock.advance(FRESH_FOR - A_SECOND)
    assert not patient.snapshot(user).is_refreshing
    clock.advance(A_SECOND)
    assert patient.snapshot(user).is_refreshing
    until(lambda: patient.snapshot(user).as_of is not None)


def test_slow_calendars_keep_nobody_from_reading_another_one(
    patient: Calendars, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    slow, other = [new_user() for _ in range(4)], new_user()
    sandbox.break_calls(MEETINGS, delay_ms=2500, times=len(slow))
    for user in slow:
        patient.snapshot(user)
    until(lambda: len(sandbox.asked("GET", MEETINGS)) == len(slow))
    patient.snapshot(other)
    until(lambda: patient.snapshot(other).as_of is not None)
    assert all(patient.snapshot(user).is_refreshing for user in slow)


def test_a_lost_calendar_is_told_with_what_was_known_of_it(
    settled: Settle, calendars: Calendars, sandbox: Sandbox, new_user: NewUser
) -> None:
    user = new_user()
    meeting = sandbox.add_meeting(user.id)
    settled(user)
    sandbox.break_calls(MEETINGS, status=422, body={"detail": "Unprocessable."})
    calendars.read_again(user)
    unclear = settled(user)
    assert isinstance(unclear.problem, RecallCalendarUnclear)
    sandbox.break_calls(MEETINGS, status=422, body={"detail": "Unprocessable."})
    sandbox.control("POST", "connections/", {"user": user.external_id, "platform": "google", "connected": False})
    calendars.read_again(user)
    lost = settled(user)
    assert isinstance(lost.problem, RecallCalendarLost)
    assert [calendar.platform for calendar in lost.user.lost] == ["google"]
    assert [entry.id for entry in lost.entries] == [meeting["id"]]


def _record_everything(recall: Recall, user: CalendarUser) -> None:
    recall.update_preferences(str(user.external_id), Preferences(record_external=True, record_internal=True))
