"""One user's calendar: one read for all who look, final bots read once, faults that cost nothing already known."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lib.domain import CalendarUser, Preferences
from lib.errors import (
    CalendarUserWithoutId,
    RecallError,
    RecallLimited,
    RecallUnreachable,
    RecallUnreadable,
    UnknownCalendarUser,
)
from lib.reading import Calendars, CalendarSnapshot
from lib.reading.calendars import CALENDARS_KEPT, FRESH_FOR, RETRY_AFTER
from lib.recall_api import Recall
from tests.contract.reading.conftest import MovableClock, NewUser, Until, at_the_same_time
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"
USER = "/api/v1/calendar/user/"
BOT = "/api/v1/bot/*"
A_SECOND = timedelta(seconds=1)
HOUR = 3600

Settle = Callable[[CalendarUser], CalendarSnapshot]


@pytest.fixture
def calendars(recall: Recall, clock: MovableClock) -> Iterator[Calendars]:
    calendars = Calendars(recall, clock)
    yield calendars
    calendars.close()


@pytest.fixture
def settled(calendars: Calendars, until: Until) -> Settle:
    """Ask for a user's calendar, wait until nothing is read any more, and answer what is known then."""

    def settle(user: CalendarUser) -> CalendarSnapshot:
        calendars.snapshot(user)
        until(lambda: not calendars.snapshot(user).is_reading)
        return calendars.snapshot(user)

    return settle


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
    assert set(known.bots) == {past["bot_id"]}
    assert (known.bots_wanted, known.bots_done, known.bots_unread) == (1, 1, 0)
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
    assert calendars.snapshot(one).is_reading
    assert calendars.snapshot(other).is_reading
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
    assert set(settled(user).bots) == {*final, in_call["bot_id"]}
    assert sorted(bots_asked(sandbox)) == sorted([*final, in_call["bot_id"]])
    sandbox.forget_asked()
    calendars.read_again(user)
    known = settled(user)
    assert bots_asked(sandbox) == [in_call["bot_id"]]
    assert set(known.bots) == {*final, in_call["bot_id"]}
    assert known.bots_done == known.bots_wanted == 4


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
    assert (during.bots_wanted, during.bots_done, during.bots_unread) == (3, 3, 1)
    assert len(during.bots) == 2
    assert isinstance(during.problem, RecallUnreachable)
    sandbox.forget_asked()
    calendars.read_again(user)
    after = settled(user)
    assert set(after.bots) == bots
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


def test_a_read_that_ends_at_once_never_seems_to_go_on(calendars: Calendars, until: Until) -> None:
    users = [CalendarUser(str(uuid4()), None) for _ in range(CALENDARS_KEPT // 2)]
    for user in users:
        calendars.snapshot(user)
    until(lambda: not any(calendars.snapshot(user).is_reading for user in users))
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
    recall: Recall, clock: MovableClock, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    user = new_user()
    sandbox.add_meeting(user.id, never_booked=True)
    calendars = Calendars(recall, clock, booking_pauses=(0, 0.05, 0.05))
    calendars.follow_bookings(user)
    until(lambda: not calendars.snapshot(user).is_reading)
    calendars.close()
    assert calendars.snapshot(user).bookings_open == 1
    assert calendars.snapshot(user).problem is None
    assert len(sandbox.asked("GET", MEETINGS)) == 3


def test_the_end_wakes_those_who_wait_for_bots(
    recall: Recall, clock: MovableClock, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    user = new_user()
    sandbox.add_meeting(user.id, never_booked=True)
    calendars = Calendars(recall, clock, booking_pauses=(0, 60))
    calendars.follow_bookings(user)
    until(lambda: calendars.snapshot(user).stage == "bookings")
    calendars.close()
    until(lambda: not any(thread.name.startswith("calendars") for thread in threading.enumerate()))
    assert len(sandbox.asked("GET", MEETINGS)) == 1


def test_calendars_looked_at_long_ago_are_forgotten_and_read_anew(
    calendars: Calendars, settled: Settle, sandbox: Sandbox, new_user: NewUser, until: Until
) -> None:
    first, last = new_user(), new_user()
    settled(first)
    others = [CalendarUser(str(uuid4()), None) for _ in range(CALENDARS_KEPT - 1)]  # they cost no request
    for user in others:
        calendars.snapshot(user)
    until(lambda: not any(calendars.snapshot(user).is_reading for user in others))
    settled(last)
    sandbox.forget_asked()
    settled(last)
    assert sandbox.asked("GET", MEETINGS) == []
    settled(first)
    assert len(sandbox.asked("GET", MEETINGS)) == 1


def _record_everything(recall: Recall, user: CalendarUser) -> None:
    recall.update_preferences(str(user.external_id), Preferences(record_external=True, record_internal=True))
