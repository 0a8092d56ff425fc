"""Reading rows: lenient where the contract says to guard, and one bad row costs that row."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Attendee, Connection, Entry, Preferences, UnreadableRow
from lib.recall_api.row_parser import ITEMS_KEPT, TEXT_KEPT, RowRead, as_instant, listing
from lib.recall_api.schemas import read_bot, read_entry, read_user, token_in
from tests.unit.recall_api.bodies import BOT, JSON_VALUES, MEETING, USER

T = TypeVar("T")

TOUCHED_BY = {
    "attendee_emails": ("attendees",),
    **dict.fromkeys(
        ("zoom_invite", "teams_invite", "meet_invite", "webex_invite", "goto_meeting_invite"), ("invites",)
    ),
}
"""Fields of an entry that other fields of Recall's are read into."""


def entry(**changes: Any) -> Entry:
    return value(read_entry(MEETING | changes))


def value(found: RowRead[T] | None) -> T:
    assert found is not None
    return found.value


@given(field=st.sampled_from([*MEETING, "new_invite", "consent", "x\ud800"]), value=JSON_VALUES)
def test_anything_in_place_of_any_field_of_a_meeting_costs_at_most_that_row(field: str, value: Any) -> None:
    rows = [MEETING | {"id": "before"}, MEETING | {field: value}, MEETING | {"id": "after"}]
    found = listing(rows, read_entry)
    assert len(found) + len(found.unreadable) == 3
    assert {"before", "after"} <= {row.id for row in found}
    for row in found:
        json.dumps(asdict(row), default=str, ensure_ascii=False).encode()


@given(field=st.sampled_from([f for f in MEETING if f not in ("id", "start_time", "will_record")]), value=JSON_VALUES)
def test_only_id_start_and_decision_can_cost_a_meeting(field: str, value: Any) -> None:
    found = read_entry(MEETING | {field: value})
    assert found is not None
    others = {f: getattr(found.value, f) for f in Entry.__slots__ if f not in TOUCHED_BY.get(field, (field,))}
    assert others == {f: getattr(entry(), f) for f in others}


@given(field=st.sampled_from([*USER, "new"]), value=JSON_VALUES)
def test_anything_in_place_of_any_field_of_a_user_costs_at_most_that_row(field: str, value: Any) -> None:
    found = listing([USER | {"id": "before"}, USER | {field: value}], read_user)
    assert len(found) + len(found.unreadable) == 2
    assert field == "id" or not found.unreadable


@given(field=st.sampled_from([*BOT, "new"]), value=JSON_VALUES)
def test_anything_in_place_of_any_field_of_a_bot_costs_at_most_that_row(field: str, value: Any) -> None:
    found = listing([BOT | {"id": "before"}, BOT | {field: value}], read_bot)
    assert len(found) + len(found.unreadable) == 2
    assert field == "id" or not found.unreadable


@given(rows=st.lists(JSON_VALUES, max_size=5))
def test_rows_that_are_no_objects_are_counted(rows: list[Any]) -> None:
    assert len(listing(rows, read_entry).unreadable) == len(rows)


def test_a_row_that_comes_twice_counts_once() -> None:
    found = listing([MEETING, MEETING | {"title": "later"}], read_entry)
    assert [row.title for row in found] == ["later"]


@given(field=st.sampled_from([f for f in MEETING if f != "id"]))
def test_null_and_absent_mean_the_same(field: str) -> None:
    absent = {name: value for name, value in MEETING.items() if name != field}
    assert value(read_entry(absent)) == entry(**{field: None})


def test_a_meeting_without_id_is_unreadable_and_one_without_decision_is_odd() -> None:
    assert read_entry(MEETING | {"id": None}) is None
    without = read_entry(MEETING | {"will_record": None})
    assert without is not None
    assert without.odd
    assert not without.value.will_record


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_time": 5},
        {"start_time": "tomorrow"},
        {"start_time": "2026-13-01T00:00:00Z"},
        {"will_record": "true"},
        {"will_record": 1},
        {"id": 5},
        {"id": ""},
    ],
)
def test_a_start_that_is_no_time_and_a_decision_that_is_none_make_the_row_unreadable(wrong: dict[str, Any]) -> None:
    assert read_entry(MEETING | wrong) is None


@pytest.mark.parametrize(
    ("wrong", "left"),
    [
        ({"title": 5}, {"title": None}),
        ({"title": ["x"]}, {"title": None}),
        ({"end_time": "soon"}, {"end_time": None}),
        ({"override_should_record": "false"}, {"override_should_record": None}),
        ({"is_external": "yes"}, {"is_external": None}),
        ({"bot_id": 7}, {"bot_id": None}),
        ({"ical_uid": 7}, {"ical_uid": None}),
        ({"zoom_invite": "https://zoom.example/j/1"}, {"zoom_invite": None}),
        ({"attendees": {}}, {"attendees": None}),
        ({"attendees": ["lee@partner.example"]}, {"attendees": None}),
        ({"attendees": [None, *MEETING["attendees"], 5]}, {}),
        (
            {"attendees": [{**MEETING["attendees"][0], "name": 5}]},
            {"attendees": [{**MEETING["attendees"][0], "name": None}]},
        ),
        ({"holo_invite": "https://holo.example"}, {}),
    ],
)
def test_another_odd_part_is_left_out_and_the_row_stays(wrong: dict[str, Any], left: dict[str, Any]) -> None:
    found = read_entry(MEETING | wrong)
    assert found is not None
    assert found.odd
    assert found.value == entry(**left)


def test_a_plain_row_is_not_odd() -> None:
    assert not any(read.odd for read in (read_entry(MEETING), read_user(USER), read_bot(BOT)) if read)


def test_an_unreadable_row_says_which_one_it_is_as_far_as_it_can() -> None:
    rows = [
        MEETING | {"will_record": "maybe"},
        MEETING | {"id": 7},
        {"id": 7, "start_time": "never"},
        "no row at all",
    ]
    named, by_uid, nameless, nothing = listing(rows, read_entry).unreadable
    assert named.id == MEETING["id"]
    assert (by_uid.id, by_uid.ical_uid, by_uid.start_time) == (None, MEETING["ical_uid"], entry().start_time)
    assert nameless == nothing == UnreadableRow()


@pytest.mark.parametrize(
    ("wrong", "recordings"),
    [
        ({"recordings": [{"started_at": "2026-11-20T15:00:00Z"}, *BOT["recordings"]]}, 1),
        ({"recordings": "none"}, 0),
        ({"status_changes": [None, *BOT["status_changes"]]}, 1),
        ({"status_changes": [{"created_at": "2026-11-20T15:00:00Z"}, *BOT["status_changes"]]}, 1),
        ({"calendar_meetings": [{"id": "a1", "calendar_user": "u1"}]}, 1),
    ],
)
def test_an_odd_part_of_a_bot_costs_that_part_alone(wrong: dict[str, Any], recordings: int) -> None:
    found = read_bot(BOT | wrong)
    assert found is not None
    assert found.odd
    assert len(found.value.recordings) == recordings
    assert found.value.status_changes == value(read_bot(BOT)).status_changes


def test_a_bot_of_an_older_api_names_its_recordings_in_another_way() -> None:
    older = {name: value for name, value in BOT.items() if name != "recordings"}
    step = {"code": "in_call_recording", "created_at": "2026-11-20T15:00:00Z", "recording_id": "r2"}
    told = {"recording": "r1", "video_url": "https://media.example/v.mp4", "status_changes": [step]}
    found = value(read_bot(older | told))
    assert [(r.id, r.has_media) for r in found.recordings] == [("r1", True), ("r2", False)]
    assert found.status_changes[0].recording_id == "r2"


@pytest.mark.parametrize(
    ("told", "keeps"),
    [
        ({}, True),
        ({"recording_config": None}, True),
        ({"recording_config": {}}, True),
        ({"recording_config": {"retention": {"type": "forever"}}}, True),
        ({"recording_config": {"retention": None}}, False),
    ],
)
def test_nothing_is_kept_where_retention_is_there_and_null(told: dict[str, Any], keeps: bool) -> None:
    assert value(read_bot(BOT | told)).keeps_media is keeps


def test_a_whole_meeting_is_read() -> None:
    assert entry() == Entry(
        id="a0000000-0000-4000-8000-000000000001",
        will_record=True,
        start_time=datetime(2026, 11, 24, 15, tzinfo=UTC),
        end_time=datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
        title="Weekly sync",
        override_should_record=None,
        will_record_reason="a reason",
        meeting_platform="microsoft_teams",
        calendar_platform="microsoft",
        invites=("teams",),
        bot_id="b0000000-0000-4000-8000-000000000001",
        is_external=True,
        is_hosted_by_me=False,
        is_recurring=True,
        organizer_email="lee@partner.example",
        attendees=(
            Attendee("lee@partner.example", "Lee", "accepted", True),
            Attendee("dana@acme.example", None, "tentative", False),
        ),
        ical_uid="040000008200",
        visibility=None,
    )


def test_nothing_of_a_description_is_kept() -> None:
    assert "invitation" not in repr(entry())


@pytest.mark.parametrize("override", [True, False, None])
def test_an_override_is_one_of_three(override: bool | None) -> None:
    assert entry(override_should_record=override).override_should_record is override


def test_words_not_yet_known_are_kept() -> None:
    found = entry(
        meeting_platform="zoom_rtms_v9",
        calendar_platform="proton",
        visibility="team_only",
        attendees=[{"email": "a@b.example", "status": "proposed_new_time", "rsvp_comment": "?"}],
    )
    assert (found.meeting_platform, found.calendar_platform, found.visibility) == (
        "zoom_rtms_v9",
        "proton",
        "team_only",
    )
    assert found.attendees[0].status == "proposed_new_time"


@pytest.mark.parametrize(
    ("invites", "names"),
    [
        ({"teams_invite": None}, ()),
        ({"teams_invite": {}}, ()),
        ({"teams_invite": {"meeting_id": None, "tenant_id": ""}}, ()),
        (
            {"teams_invite": None, "zoom_invite": {"meeting_id": "1"}, "meet_invite": {"meeting_id": "a"}},
            ("zoom", "meet"),
        ),
        ({"teams_invite": None, "slack_invite": {"huddle": "x"}}, ("slack",)),
        ({"teams_invite": None, "slack_invite": "x"}, ()),
    ],
)
def test_an_invite_counts_when_it_holds_something(invites: dict[str, Any], names: tuple[str, ...]) -> None:
    assert entry(**invites).invites == names


def test_addresses_stand_in_for_attendees_that_are_not_given() -> None:
    found = entry(attendees=None)
    assert found.attendees == (Attendee("lee@partner.example"), Attendee("dana@acme.example"))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-24T15:00:00Z", datetime(2026, 11, 24, 15, tzinfo=UTC)),
        ("2026-11-24T16:00:00.123456+01:00", datetime(2026, 11, 24, 15, 0, 0, 123456, tzinfo=UTC)),
        ("2026-11-24T15:00:00", datetime(2026, 11, 24, 15, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24 15:00:00.1234567Z", datetime(2026, 11, 24, 15, 0, 0, 123456, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_a_time_of_any_legal_form_becomes_utc(text: str | None, time: datetime | None) -> None:
    assert as_instant(text) == time


@given(time=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), minutes=st.integers(-1439, 1439))  # noqa: DTZ001
def test_a_time_with_any_offset_is_the_same_instant(time: datetime, minutes: int) -> None:
    there = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert as_instant(there.isoformat()) == there


def test_half_characters_and_endless_text_do_no_harm() -> None:
    body = json.loads('{"title": "a\\ud83d b \\u0000 \\ud83d\\ude00"}')
    assert entry(**body).title == "a\ufffd b \x00 😀"
    assert entry(title="x" * 1_000_000).title == "x" * TEXT_KEPT


def test_of_an_endless_list_within_a_row_the_beginning_is_kept_and_the_row_is_odd() -> None:
    everybody = [{"email": f"u{n}@acme.example"} for n in range(ITEMS_KEPT + 1)]
    read = read_entry(MEETING | {"attendees": everybody})
    assert read is not None
    assert read.odd
    assert [each.email for each in read.value.attendees] == [each["email"] for each in everybody[:ITEMS_KEPT]]
    assert len(everybody) == ITEMS_KEPT + 1
    whole = read_entry(MEETING | {"attendees": everybody[:ITEMS_KEPT]})
    assert whole is not None
    assert not whole.odd


def test_an_identity_is_never_mended() -> None:
    assert value(read_user(USER | {"external_id": "a\ud800"})).external_id is None
    long = "x" * 5000
    found = value(read_user(USER | {"external_id": long}))
    assert found.external_id == long


def test_a_whole_user_is_read() -> None:
    found = value(read_user(USER))
    assert found is not None
    assert found.connections == (Connection("google", True, "dana@acme.example"),)
    assert found.preferences == Preferences(record_external=True, record_internal=True, bot_name="Notes")


@pytest.mark.parametrize("empty", [None, ""])
def test_a_user_may_lack_everything_but_its_id(empty: str | None) -> None:
    found = value(read_user({"id": "u", "external_id": empty, "connections": None, "preferences": None}))
    assert found is not None
    assert (found.external_id, found.connections, found.preferences) == (None, (), None)
    assert value(read_user({"id": "u"})) == found


def test_a_connection_may_be_half_known() -> None:
    found = value(
        read_user(USER | {"connections": [{"platform": "microsoft"}, {"connected": None, "email": None, "new": 1}]})
    )
    assert found is not None
    assert found.connections == (Connection("microsoft", False), Connection("", False))


def test_a_whole_bot_is_read_with_its_life_in_order() -> None:
    found = value(read_bot(BOT))
    assert found is not None
    assert [change.code for change in found.status_changes] == ["joining_call", "in_call_recording"]
    assert (found.recordings[0].status, found.recordings[0].completed_at) == ("done", None)
    assert (found.entries[0].entry_id, found.entries[0].user_id) == ("a1", "u1")
    assert (found.platform, found.bot_name) == ("google_meet", "Notes")
    assert found.join_at == datetime(2026, 11, 24, 14, 58, tzinfo=UTC)


def test_a_bot_of_the_future_is_read() -> None:
    read = read_bot(
        {
            "id": "b",
            "meeting_url": None,
            "status_changes": [{"code": "consent_requested", "sub_code": "consent_v2"}],
            "recordings": [{"id": "e9", "status": None, "media_shortcuts": None}],
            "calendar_meetings": [{"id": "a1", "calendar_user": None}],
        }
    )
    found = value(read)
    assert (found.status_changes[0].sub_code, found.status_changes[0].created_at) == ("consent_v2", None)
    assert (found.entries[0].user_id, found.recordings[0].status, found.platform) == (None, None, None)


@given(JSON_VALUES)
def test_no_answer_makes_reading_a_token_raise(body: Any) -> None:
    found = token_in(body)
    assert found is None or found.get_secret_value().isascii()


def test_a_token_is_hidden_as_soon_as_it_is_read() -> None:
    found = token_in({"token": "eyJ.abc-_~"})
    assert found is not None
    assert "eyJ" not in repr(found)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://zoom.us.evil.example/j/1",
        "https://zoom.us@evil.example/j/1",
        "https://xn--zom-0ra.us/j/1",
        "//evil.example",
        "https://teams.microsoft.com/l/meetup-join/1",
    ],
)
def test_no_link_of_a_meeting_is_kept_so_that_none_can_be_shown(link: str) -> None:
    """Of a link its platform alone is known; the description, where others stand, is left at Recall."""
    linked = {"meeting_url": link, "zoom_invite": {"meeting_id": link}, "description": f"<a href='{link}'>Join</a>"}
    entry = value(read_entry(MEETING | linked | {"location": link, "labels": [link]}))
    assert link not in repr(entry)
    assert "zoom" in entry.invites
