"""One bot's life as people read it: steps, phases and how long each lasted."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Bot, StatusChange
from lib.recording.timeline import Phase, PhaseSpan, phases_of, steps_of, waiting_time
from tests.unit.recording.making import NOW, bot, bots

MINUTE = timedelta(minutes=1)
NOBODY_OPENED = bot("joining_call", "in_waiting_room", "call_ended:timeout_exceeded_waiting_room", "done")


def dated(*steps: tuple[str, float | None]) -> Bot:
    """A bot whose statuses came so many minutes after NOW; None: Recall names no time."""
    return Bot("bot-1", tuple(StatusChange(c, None if at is None else NOW + at * MINUTE) for c, at in steps))


def phases(of: Bot, until: datetime | None = None) -> list[tuple[Phase, float | None]]:
    """Each phase and its minutes."""
    return [(s.phase, s.lasted / MINUTE if s.lasted is not None else None) for s in phases_of(of, until)]


def test_a_bot_that_nobody_admitted_joined_waited_and_ended() -> None:
    assert phases(NOBODY_OPENED) == [(Phase.JOINING, 1), (Phase.WAITING_ROOM, 1), (Phase.ENDED, None)]


def test_statuses_that_mean_the_same_are_one_phase() -> None:
    steps = ("in_call_not_recording", "recording_permission_allowed", "in_call_recording", "call_ended", "done")
    assert phases(bot(*steps)) == [(Phase.IN_CALL, 2), (Phase.RECORDING, 1), (Phase.ENDED, None)]


def test_a_phase_that_a_bot_comes_back_to_stands_there_twice() -> None:
    some = bot("in_call_recording", "in_call_not_recording", "in_call_recording", "done")
    assert [phase for phase, _ in phases(some)] == [Phase.RECORDING, Phase.IN_CALL, Phase.RECORDING, Phase.ENDED]


def test_statuses_are_read_in_time_order_however_they_came() -> None:
    some = dated(("done", 9), ("joining_call", 0), ("in_call_recording", 2))
    assert phases(some) == [(Phase.JOINING, 2), (Phase.RECORDING, 7), (Phase.ENDED, None)]


def test_each_step_lasts_until_the_next_and_the_last_has_no_length() -> None:
    steps = steps_of(dated(("joining_call", 0), ("in_call_recording", 2), ("call_ended", None), ("done", 9)))
    assert [step.at for step in steps] == [NOW, NOW + 2 * MINUTE, None, NOW + 9 * MINUTE]
    assert [step.lasted for step in steps] == [2 * MINUTE, None, None, None]


def test_a_code_not_known_to_us_is_a_step_as_it_came_and_no_phase() -> None:
    some = dated(("in_call_recording", 0), ("zoom_teleported", 3), ("call_ended", 5))
    assert [(s.code, s.phase) for s in steps_of(some)][1] == ("zoom_teleported", None)
    assert phases(some) == [(Phase.RECORDING, 5), (Phase.ENDED, None)]


def test_a_breakout_room_does_not_end_the_recording() -> None:
    some = dated(("in_call_recording", 0), ("breakout_room_entered", 3), ("breakout_room_left", 8), ("done", 10))
    assert phases(some) == [(Phase.RECORDING, 10), (Phase.ENDED, None)]


def test_a_phase_without_a_time_has_no_length_and_gives_none_to_the_one_before() -> None:
    some = dated(("joining_call", 0), ("in_waiting_room", None), ("call_ended", 20))
    assert phases(some) == [(Phase.JOINING, None), (Phase.WAITING_ROOM, None), (Phase.ENDED, None)]
    assert waiting_time(some) is None


def test_a_bot_that_still_records_has_recorded_until_it_was_read() -> None:
    some = dated(("joining_call", 0), ("in_call_recording", 2))
    assert phases(some, NOW + 30 * MINUTE) == [(Phase.JOINING, 2), (Phase.RECORDING, 28)]
    assert phases(some) == [(Phase.JOINING, 2), (Phase.RECORDING, None)]


def test_an_end_does_not_last_however_late_the_bot_was_read() -> None:
    assert phases(dated(("done", 0)), NOW + 30 * MINUTE) == [(Phase.ENDED, None)]
    some = dated(("joining_call", 0), ("done", 5))
    assert phases(some, NOW + 30 * MINUTE) == [(Phase.JOINING, 5), (Phase.ENDED, None)]


def test_a_status_that_is_newer_than_the_read_has_no_length() -> None:
    assert phases(dated(("in_call_recording", 5)), NOW) == [(Phase.RECORDING, None)]


def test_a_bot_without_a_status_has_no_life_yet() -> None:
    assert (steps_of(bot()), phases_of(bot()), waiting_time(bot())) == ((), (), None)


def test_all_times_in_the_waiting_room_count_as_waiting() -> None:
    some = dated(("in_waiting_room", 0), ("in_call_not_recording", 3), ("in_waiting_room", 5), ("call_ended", 9))
    assert waiting_time(some) == 7 * MINUTE


def test_a_bot_that_did_not_wait_has_no_waiting_time() -> None:
    assert waiting_time(bot("joining_call", "in_call_recording", "done")) is None


@given(bots)
def test_every_status_is_a_step_with_its_own_words(some: Bot) -> None:
    kept = sorted((s.code, str(s.at), s.sub_code or "") for s in steps_of(some))
    assert kept == sorted((c.code, str(c.created_at), c.sub_code or "") for c in some.status_changes)


@given(bots, st.none() | st.just(NOW))
def test_no_phase_lasts_less_than_nothing_and_none_follows_itself(some: Bot, until: datetime | None) -> None:
    life = phases_of(some, until)
    assert all(s.lasted is None or s.lasted >= timedelta() for s in life)
    assert all(one.phase is not next_.phase for one, next_ in pairwise(life))


@given(bots)
def test_phases_whose_times_are_known_fill_a_life_without_gap(some: Bot) -> None:
    life = phases_of(some)
    if life and all(s.began for s in life):
        lengths = sum((s.lasted or timedelta() for s in life), timedelta())
        assert lengths == _last_began(life) - _first_began(life)


def _first_began(life: tuple[PhaseSpan, ...]) -> datetime:
    assert life[0].began
    return life[0].began


def _last_began(life: tuple[PhaseSpan, ...]) -> datetime:
    assert life[-1].began
    return life[-1].began
