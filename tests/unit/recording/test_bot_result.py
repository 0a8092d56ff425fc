"""What became of a bot: recorded, in part, empty, final, and why not (contract 9.3)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from lib.domain import Bot, Recording
from lib.recording.bot_result import bot_result, has_joined, joined_at
from lib.recording.reason import Confidence
from tests.unit.recording.making import NOW, bot, bots, recording

JOINED = ("joining_call", "in_call_not_recording")
RECORDED = (*JOINED, "in_call_recording")


def _cause(*steps: str) -> str | None:
    cause = bot_result(bot(*steps)).cause
    return cause.reason.key if cause else None


def test_a_bot_that_reached_recording_has_recorded_whatever_came_after() -> None:
    assert bot_result(bot(*RECORDED, "call_ended:bot_kicked_from_call", "fatal:bot_errored")).recorded


def test_a_recording_that_started_counts_without_the_status() -> None:
    assert bot_result(bot("joining_call", "done", recordings=(recording(),))).recorded


def test_a_recording_that_never_started_does_not_count() -> None:
    never = replace(recording(), started_at=None)
    assert not bot_result(bot("joining_call", "done", recordings=(never,))).recorded


def test_done_alone_is_not_success() -> None:
    assert not bot_result(bot("in_waiting_room", "call_ended:timeout_exceeded_waiting_room", "done")).recorded


@pytest.mark.parametrize("last", ["done", "fatal", "media_expired", "analysis_done", "analysis_failed"])
def test_a_bot_is_final_after_its_end_or_what_only_follows_it(last: str) -> None:
    assert bot_result(bot("joining_call", last)).final


@pytest.mark.parametrize("last", ["joining_call", "in_call_recording", "call_ended", "recording_done", "teleported"])
def test_a_bot_is_not_final_after_any_other_status(last: str) -> None:
    fate = bot_result(bot("joining_call", last))
    assert (fate.final, fate.cause) == (False, None)


def test_a_bot_without_any_status_is_not_final() -> None:
    assert not bot_result(bot()).final


def test_the_last_status_is_the_latest_and_not_the_one_listed_last() -> None:
    told = bot(*JOINED, "call_ended:call_ended_by_host", "done")
    assert bot_result(replace(told, status_changes=told.status_changes[::-1])) == bot_result(told)


def test_a_status_without_a_time_stays_behind_the_one_it_came_after() -> None:
    *before, last = bot("joining_call", "call_ended:timeout_exceeded_waiting_room", "done").status_changes
    assert bot_result(Bot("bot-1", (*before, replace(last, created_at=None)))).final


@pytest.mark.parametrize(
    "end",
    [
        "call_ended:call_ended_by_platform_max_length",
        "call_ended:timeout_exceeded_in_call_recording",
        "call_ended:timeout_exceeded_max_duration",
        "call_ended:bot_kicked_from_call",
        "fatal:bot_errored",
    ],
)
def test_a_recording_cut_short_is_only_part(end: str) -> None:
    assert bot_result(bot(*RECORDED, end, recordings=(recording(),))).partial


def test_a_recording_is_cut_short_by_how_it_ended_and_not_by_what_came_before() -> None:
    denied, kicked = "recording_permission_denied:zoom_local_recording_disabled", "call_ended:bot_kicked_from_call"
    assert bot_result(bot(*JOINED, denied, "in_call_recording", kicked, "done")).partial
    assert not bot_result(bot(*RECORDED, kicked, "in_call_recording", "call_ended:call_ended_by_host", "done")).partial


@pytest.mark.parametrize("end", ["call_ended_by_host", "timeout_exceeded_everyone_left", "bot_received_leave_call"])
def test_a_recording_that_ends_with_the_call_is_whole(end: str) -> None:
    fate = bot_result(bot(*RECORDED, f"call_ended:{end}", "done", recordings=(recording(),)))
    assert (fate.partial, fate.empty) == (False, False)


def test_a_recording_of_which_nothing_was_kept_is_empty() -> None:
    end = (*RECORDED, "call_ended:call_ended_by_host", "done")
    assert bot_result(bot(*end)).empty
    assert bot_result(bot(*end, recordings=(recording(minutes=0),))).empty
    assert bot_result(bot(*end, recordings=(recording(status="failed"),))).empty
    assert not bot_result(bot(*end, recordings=(recording(minutes=0), recording()))).empty


def test_a_recording_whose_length_is_not_known_is_not_called_empty() -> None:
    assert not bot_result(bot(*RECORDED, "done", recordings=(recording(minutes=None),))).empty


def test_a_recording_that_names_no_start_is_not_called_empty() -> None:
    nameless = Recording("rec-1", "done")
    assert not bot_result(bot(*RECORDED, "done", recordings=(nameless,))).empty
    assert bot_result(bot(*RECORDED, "done", recordings=(replace(nameless, status="failed"),))).empty


def test_no_media_is_no_sign_of_failure_where_none_is_kept() -> None:
    ended = (*RECORDED, "call_ended:call_ended_by_host", "done")
    fate = bot_result(replace(bot(*ended), keeps_media=False))
    assert (fate.recorded, fate.empty) == (True, False)
    assert bot_result(replace(bot(*ended, recordings=(recording(minutes=0),)), keeps_media=False)).empty


def test_an_older_api_tells_a_recording_by_its_video_or_by_a_status_that_names_it() -> None:
    joined = bot("joining_call", "in_call_not_recording", "done")
    assert not bot_result(replace(joined, recordings=(Recording("rec-1"),))).recorded
    assert bot_result(replace(joined, recordings=(Recording("rec-1", has_media=True),))).recorded
    *before, last = joined.status_changes
    named = replace(joined, status_changes=(*before, replace(last, recording_id="rec-1")))
    assert bot_result(replace(named, recordings=(Recording("rec-1"),))) == replace(bot_result(named), empty=False)
    assert bot_result(named).recorded


def test_a_bot_set_out_when_it_first_joined_and_not_when_it_was_made() -> None:
    steps = bot("ready", "joining_call", "in_waiting_room", "joining_call")
    assert joined_at(steps) == steps.status_changes[1].created_at
    assert joined_at(bot("ready")) is None
    assert not has_joined(bot("ready"))
    assert not has_joined(bot("fatal:bot_errored"))
    assert has_joined(bot("in_waiting_room", "fatal:bot_errored"))


def test_a_recording_is_not_called_empty_before_its_bot_is_final() -> None:
    assert not bot_result(bot(*RECORDED)).empty


def test_an_expired_file_is_expired_and_not_empty() -> None:
    fate = bot_result(bot(*RECORDED, "done", "media_expired"))
    assert (fate.expired, fate.empty) == (True, False)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (("in_waiting_room", "call_ended:timeout_exceeded_waiting_room", "done"), "waiting_room_not_admitted"),
        (("fatal:meeting_password_incorrect",), "bad_link_or_password"),
        (("in_call_not_recording", "call_ended:timeout_exceeded_noone_joined", "done"), "meeting_did_not_happen"),
        (("fatal:zoom_brand_new",), "unclassified"),
        (("fatal",), "unclassified"),
    ],
)
def test_the_last_sub_code_tells_why_nothing_was_recorded(steps: tuple[str, ...], reason: str) -> None:
    assert _cause("joining_call", *steps) == reason


def test_behind_a_normal_end_an_earlier_sub_code_tells_why() -> None:
    denied = "recording_permission_denied:zoom_local_recording_disabled"
    assert _cause(*JOINED, denied, "call_ended:call_ended_by_host", "done") == "recording_permission_denied"


def test_only_the_very_last_sub_code_may_say_that_nobody_met() -> None:
    assert _cause(*JOINED, "call_ended:meeting_not_started", "call_ended:call_ended_by_host", "done") == (
        "ended_before_recording"
    )


@pytest.mark.parametrize(
    ("furthest", "reason"),
    [
        ("in_waiting_room", "waiting_room_not_admitted"),
        ("in_call_not_recording", "ended_before_recording"),
        ("recording_permission_denied", "recording_permission_denied"),
    ],
)
def test_without_a_telling_sub_code_the_furthest_status_suggests_the_reason(furthest: str, reason: str) -> None:
    cause = bot_result(bot("joining_call", furthest, "call_ended:call_ended_by_host", "done")).cause
    assert cause is not None
    assert (cause.reason.key, cause.confidence) == (reason, Confidence.DERIVED)
    assert (cause.owner, cause.raw) == (cause.reason.owner, "call_ended_by_host")


@given(bots)
def test_whatever_recall_sends_a_final_bot_has_recorded_or_has_a_cause(some: Bot) -> None:
    fate = bot_result(some)
    assert (fate.cause is not None) == (fate.final and not fate.recorded)
    assert fate.recorded or not (fate.partial or fate.empty or fate.expired)


@given(bots)
def test_the_order_in_which_statuses_are_listed_does_not_matter(some: Bot) -> None:
    timed = tuple(
        replace(change, created_at=NOW + timedelta(minutes=i)) for i, change in enumerate(some.status_changes)
    )
    assert bot_result(replace(some, status_changes=timed)) == bot_result(replace(some, status_changes=timed[::-1]))
