"""What is found in a preset: against the documented options, with the line where it stands and what is allowed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.bot_config import Finding, Level, as_json, check
from lib.bot_config.checks import MOST_FINDINGS, option_faults
from lib.bot_config.findings import DOCUMENTED, path_words
from lib.bot_config.literals import LINE_END
from lib.bot_config.option_types import wrong_word
from lib.bot_config.recording_options import MEDIA_EVENTS, RTMP_EVENT, WEBHOOK_EVENTS
from tests.unit.bot_config.test_parser import PIECES, PRESETS, SMALL

FULL: dict[str, Any] = {
    "recording_config": {
        "transcript": {
            "provider": {
                "recallai_streaming": {
                    "language_code": "en",
                    "mode": "prioritize_low_latency",
                    "spelling": [],
                    "key_terms": ["Acme"],
                    "filter_profanity": True,
                }
            },
            "diarization": {"use_separate_streams_when_available": True},
            "metadata": {"a": None},
        },
        "realtime_endpoints": [
            {"type": "webhook", "url": "https://hooks.acme.com/in", "events": list(WEBHOOK_EVENTS)},
            {"type": "websocket", "url": "wss://hooks.acme.com/in", "events": [*WEBHOOK_EVENTS, *MEDIA_EVENTS]},
            {"type": "rtmp", "url": "rtmps://hooks.acme.com", "events": [RTMP_EVENT]},
        ],
        "retention": {"type": "timed", "hours": 1},
        "video_mixed_layout": "gallery_view_v2",
        "video_mixed_participant_video_when_screenshare": "hide",
        "start_recording_on": "participant_speak",
        "include_bot_in_recording": {"audio": True},
        "video_mixed_mp4": {},
        "participant_events": {},
        "meeting_metadata": None,
        "audio_mixed_mp3": None,
        "audio_mixed_raw": {},
        "audio_separate_mp3": {},
        "audio_separate_raw": {},
        "video_separate_mp4": {},
        "video_separate_png": {},
        "video_separate_h264": {},
        "video_mixed_flv": {},
        "metadata": {"source": "calendar"},
    },
    "automatic_leave": {
        "waiting_room_timeout": 121,
        "noone_joined_timeout": 121,
        "everyone_left_timeout": {"timeout": 1, "activate_after": None},
        "in_call_not_recording_timeout": 1,
        "in_call_recording_timeout": 3600,
        "recording_permission_denied_timeout": 1,
        "silence_detection": {"timeout": 10, "activate_after": 1},
        "bot_detection": {
            "using_participant_events": {"timeout": 10, "activate_after": 1},
            "using_participant_names": {"matches": ["bot"], "timeout": 1, "activate_after": 1},
        },
    },
    "chat": {
        "on_bot_join": {"send_to": "everyone_except_host", "message": "x" * 4096, "pin": True},
        "on_participant_join": {"message": "Hello", "exclude_host": True},
    },
    "variant": {"zoom": "native", "google_meet": "web_gpu", "microsoft_teams": "web_4_core", "webex": "web"},
    "automatic_video_output": {
        "in_call_recording": {"kind": "jpeg", "b64_data": "/9j/4AAQ"},
        "in_call_not_recording": {"kind": "jpeg", "b64_data": "/9j/4AAQ"},
    },
    "automatic_audio_output": {"in_call_recording": {}},
    "output_media": {},
    "breakout_room": {"mode": "join_specific_room", "room_id": "1"},
    "zoom": {"join_token_url": "https://acme.com/t", "zak_url": "https://acme.com/z", "user_email": "a@acme.com"},
    "google_meet": {"google_login_group_id": "g"},
    "metadata": {"environment": "live"},
}
"""Every documented option, at its limits."""


def changed(path: str, value: Any) -> str:
    """`FULL` with another value at a path such as "chat.on_bot_join.pin" or "a.0.b", as text."""
    preset = json.loads(json.dumps(FULL))
    place: Any = preset
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return as_json(preset)


def found(text: str, *levels: Level) -> list[Finding]:
    return [finding for finding in check(text).findings if finding.level in (levels or tuple(Level))]


def grave(text: str) -> list[tuple[Level, str]]:
    return [(each.level, path_words(each.path)) for each in found(text, Level.ERROR, Level.WARNING)]


def test_every_documented_option_at_its_limits_is_accepted() -> None:
    assert grave(as_json(FULL)) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("recording_config", [], "Must be an object"),
        ("recording_config.transcript", {}, '"provider" is missing'),
        ("recording_config.transcript.provider", {}, "It has none"),
        ("recording_config.transcript.provider", {"meeting_captions": {}, "rev_streaming": {}}, "It has 2"),
        ("recording_config.transcript.provider", "deepgram_streaming", "exactly one transcript provider"),
        ("recording_config.transcript.provider.recallai_streaming.mode", "fast", "prioritize_low_latency"),
        ("recording_config.transcript.provider.recallai_streaming.key_terms", "Acme", "list of words"),
        ("recording_config.transcript.provider.recallai_streaming.filter_profanity", "true", "without quotation marks"),
        ("recording_config.transcript.metadata", {"a": 1}, "Must be text or null"),
        ("recording_config.realtime_endpoints", {}, "list of endpoints"),
        ("recording_config.realtime_endpoints.0.type", ..., '"type" is missing'),
        ("recording_config.realtime_endpoints.0.type", "email", '"webhook", "websocket" or "rtmp"'),
        ("recording_config.realtime_endpoints.0.type", "desktop_sdk_callback", "desktop SDK"),
        ("recording_config.realtime_endpoints.0.url", ..., '"url" is missing'),
        ("recording_config.realtime_endpoints.0.url", "hooks.acme.com", "https:// or http://"),
        ("recording_config.realtime_endpoints.0.url", "wss://hooks.acme.com", "https:// or http://"),
        ("recording_config.realtime_endpoints.0.url", "https://", "names no host"),
        ("recording_config.realtime_endpoints.0.url", "https://[half", "Must be an address"),
        ("recording_config.realtime_endpoints.1.url", "https://hooks.acme.com", "wss:// or ws://"),
        ("recording_config.realtime_endpoints.2.url", "https://hooks.acme.com", "rtmps:// or rtmp://"),
        ("recording_config.realtime_endpoints.0.events", ["transcript.dat"], 'Did you mean "transcript.data"?'),
        ("recording_config.realtime_endpoints.0.events", ["audio_mixed_raw.data"], '"websocket" alone'),
        ("recording_config.realtime_endpoints.0.events", [RTMP_EVENT], '"rtmp" alone'),
        ("recording_config.realtime_endpoints.2.events", ["transcript.data"], 'does not come by "rtmp"'),
        ("recording_config.retention", {"type": "weekly"}, '"timed" or "forever"'),
        ("recording_config.retention", None, "never stores a recording of any meeting"),
        ("recording_config.retention", {}, '"timed" or "forever"'),
        ("recording_config.retention", {"type": "timed"}, '"hours" is missing'),
        ("recording_config.retention.hours", 0, "hours, 1 or more"),
        ("recording_config.retention.hours", 1.5, "whole number of hours"),
        ("recording_config.automatic_leave", {"everyone_left_timeout": 2}, "to the top level, beside recording_config"),
        ("recording_config.realtime_endpoints.0.events", ["bot.status_change"], "Recall refuses it"),
        (
            "recording_config.realtime_endpoints.1.events",
            ["bot.done"],
            "webhooks set up in Recall's dashboard",
        ),
        ("recording_config.realtime_endpoints.2.events", ["recording.done"], "Recall refuses it"),
        ("recording_config.video_mixed_layout", "gallery", 'Did you mean "gallery_view"?'),
        ("recording_config.video_mixed_participant_video_when_screenshare", "cover", '"hide", "beside" or "overlap"'),
        ("recording_config.start_recording_on", None, '"call_join"'),
        ("recording_config.video_mixed_mp4", True, "{} has all defaults"),
        ("automatic_leave.waiting_room_timeout", 29, "30 or more (1200 unless given). It is 29."),
        ("automatic_leave.noone_joined_timeout", "600", "whole number of seconds"),
        (
            "automatic_leave.everyone_left_timeout",
            2,
            'ignores a bare number and takes its default. Write {"timeout": 2}',
        ),
        ("recording_mode", "gallery_view", "recording_config.video_mixed_layout"),
        ("recording_mode_options", {}, "recording_config.start_recording_on"),
        ("transcription_options", {"provider": "deepgram"}, "recording_config.transcript.provider"),
        ("recording_config.transcription_options", {}, "recording_config.transcript.provider"),
        ("real_time_transcription", {}, "recording_config.realtime_endpoints"),
        ("real_time_media", {}, "recording_config.realtime_endpoints"),
        ("automatic_leave.everyone_left_timeout.timeout", 0, "1 or more (2 unless given)"),
        ("automatic_leave.in_call_not_recording_timeout", 0, "3600 unless given"),
        ("automatic_leave.in_call_recording_timeout", -1, "no limit unless given"),
        ("automatic_leave.recording_permission_denied_timeout", True, "30 unless given"),
        ("automatic_leave.silence_detection.timeout", 9, "10 or more (3600 unless given)"),
        ("automatic_leave.silence_detection.activate_after", 0, "1 or more (1200 unless given)"),
        ("automatic_leave.bot_detection.using_participant_events.timeout", 9, "10 or more (600 unless given)"),
        ("automatic_leave.bot_detection.using_participant_names.matches", ..., '"matches" is missing'),
        ("automatic_leave.bot_detection.using_participant_names.timeout", ..., '"timeout" is missing'),
        ("automatic_leave.bot_detection.using_participant_names.timeout", 0, "1 or more"),
        ("automatic_leave.bot_detection.using_participant_names.activate_after", 0, "1 or more"),
        ("chat.on_bot_join.send_to", "all", '"everyone_except_host"'),
        ("chat.on_bot_join.message", "x" * 4097, "at most 4,096 letters long. It has 4,097."),
        ("chat.on_participant_join.exclude_host", 1, "true or false"),
        ("variant.google_meet", "native", '"web", "web_4_core" or "web_gpu"'),
        ("automatic_video_output.in_call_recording.kind", "png", '"jpeg"'),
        ("automatic_video_output.in_call_recording.b64_data", ..., '"b64_data" is missing'),
        ("breakout_room.room_id", ..., '"room_id" is missing'),
        ("breakout_room.mode", "stay", '"auto_accept_all_invites"'),
        ("metadata", {"a": {"b": 1}}, "Must be text or null"),
        ("bot_name", "x" * 101, "at most 100 letters"),
    ],
)
def test_what_is_against_an_option_is_an_error_that_says_what_is_allowed(path: str, value: Any, words: str) -> None:
    errors = found(changed(path, value), Level.ERROR)
    assert [each for each in errors if words in each.sentence], errors
    assert all(path_words(each.path).startswith(path.split(".")[0]) for each in errors)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("meeting_url", "https://zoom.us/j/1", "one call"),
        ("join_at", "2026-11-22T15:00:00Z", "2 minutes before"),
        ("bot_name", "Acme Notes", "overrides"),
        ("status_changes", [], "answers about one bot"),
        ("recording_cfg", {}, 'Did you mean "recording_config"?'),
        ("retention", {"type": "forever"}, 'belongs into "recording_config"'),
        ("include_bot_in_recording", {"audio": True}, 'belongs into "recording_config"'),
        ("recording_config.chat", {}, "belongs at the top level"),
        ("chat.metadata", {}, 'into "recording_config.transcript" or "recording_config" or at the top level'),
        ("recording_cfg", {}, DOCUMENTED),
        ("video_url", "https://acme.com", "answers about one bot"),
        ("recording_config.transcript", None, "no meeting gets a transcript"),
        ("recording_config.transcript.provider.recallai_streaming.language_code", "de", "English alone"),
        ("recording_config.start_recording_on", "manual", "record nothing"),
        ("recording_config.video_mixed_mp4", None, "nothing to watch"),
        ("recording_config.video_mixed_layout", "speaker_view", "gallery_view_v2"),
        ("recording_config.audio_mixed_raw", None, "Never comes unless"),
        ("recording_config.video_mixed_flv", ..., "Never comes unless"),
        ("recording_config.participant_events", None, "Never comes"),
        ("recording_config.realtime_endpoints.0.events", [], "nothing is ever sent"),
        ("recording_config.realtime_endpoints.0.events", ["transcript.data"] * 2, "in this list already"),
        ("recording_config.realtime_endpoints.0.url", "http://hooks.acme.com/in", "not encrypted"),
        ("recording_config.realtime_endpoints.0.url", "https://localhost:8000/in", "own machine"),
        ("recording_config.realtime_endpoints.1.url", "wss://127.0.0.1/in", "own machine"),
        ("recording_config.realtime_endpoints.0.url", "https://192.168.1.20/in", "private network"),
        ("recording_config.realtime_endpoints.0.url", "https://build-server/in", "private network"),
        ("recording_config.realtime_endpoints.0.url", "https://hooks.acme.example/in", "example's"),
        ("output_media", {"camera": {"config": {"url": "http://localhost:3000"}}}, "own machine"),
        ("automatic_leave.waiting_room_timeout", 120, "before the meeting"),
        ("automatic_leave.noone_joined_timeout", 30, "before the meeting"),
        ("automatic_leave.in_call_recording_timeout", 1800, "after 30 min"),
        ("automatic_leave.in_call_recording_timeout", 60, "after 1 min"),
        ("automatic_leave.in_call_recording_timeout", 59, "after 59 s"),
        ("automatic_leave.in_call_recording_timeout", 1, "after 1 s"),
        ("chat.on_bot_join.message", ..., "nothing is said"),
        ("chat.on_participant_join.message", " ", "is empty"),
        ("automatic_video_output.in_call_recording.b64_data", "data:image/jpeg;base64,/9j/", "no JPEG"),
    ],
)
def test_what_does_nothing_or_harms_is_a_warning(path: str, value: Any, words: str) -> None:
    text = changed(path, value)
    assert found(text, Level.ERROR) == []
    warnings = found(text, Level.WARNING)
    assert [each for each in warnings if words in each.sentence], warnings


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("recording_config.retention", ..., "not set, so recordings are kept for ever"),
        ("recording_config.retention", ..., "billed from day 8: about $0.05 for each hour of media per 30 days"),
        ("recording_config.retention", {"type": "forever"}, "kept for ever. Storage is billed from day 8"),
        ("recording_config.retention.hours", 336, "deleted after 14 days (336 hours). Storage is billed"),
        ("recording_config.transcript.provider", {"grok_streaming": {}}, "credentials"),
        ("recording_config.transcript.provider", {"meeting_captions": {}}, "never on Webex"),
        ("recording_config.transcript.provider", {"deepgram_streaming": {}}, "credentials"),
        ("recording_config.realtime_endpoints.0.url", "https://hooks.acme.com/?token=1", "secret"),
        ("automatic_leave.waiting_room_timeout", 1801, "Google Meet after 600 and Teams after 1800"),
        ("automatic_leave.in_call_recording_timeout", 5400, "after 1.5 h"),
        ("automatic_leave.in_call_recording_timeout", 4000, "after 1.1 h"),
        ("automatic_leave.in_call_recording_timeout", 30 * 86400, "after 720 h"),
        ("variant.zoom", "web_gpu", "costs more"),
        ("metadata", {"a": "b"}, "same for every bot"),
        ("output_media", {"camera": {"kind": "webpage"}}, "Every bot of every customer shows or says this"),
        ("chat.on_bot_join.pin", True, "can pin a message"),
    ],
)
def test_what_is_good_to_know_is_a_note(path: str, value: Any, words: str) -> None:
    assert grave(changed(path, value)) == []
    notes = found(changed(path, value), Level.NOTE)
    assert [each for each in notes if words in each.sentence], notes


@pytest.mark.parametrize(("known", "names_all"), [(6, True), (7, False)])
def test_up_to_six_words_are_all_named_beside_the_nearest_and_of_more_it_alone(known: int, names_all: bool) -> None:
    names = ("speaker", "gallery", "audio", "grid", "tile", "screen", "side")
    words = tuple(f"{name}_layout" for name in names[:known])
    sentence = wrong_word("speakr_layout", words, {})
    assert 'Did you mean "speaker_layout"?' in sentence
    assert ("screen_layout" in sentence) is names_all


def test_every_variant_but_web_is_said_to_cost_more() -> None:
    costly = [path_words(each.path) for each in found(as_json(FULL), Level.NOTE) if "costs more" in each.sentence]
    assert costly == ["variant.zoom", "variant.google_meet", "variant.microsoft_teams"]


def test_a_time_to_wait_that_is_not_allowed_at_all_is_not_warned_of_besides() -> None:
    path = "automatic_leave.waiting_room_timeout"
    assert grave(changed(path, 29)) == [(Level.ERROR, path)]


def test_a_picture_may_be_as_long_as_recall_takes_it() -> None:
    for letters, errors in ((1_835_008, 0), (1_835_009, 1)):
        picture = {"kind": "jpeg", "b64_data": "/9j/".ljust(letters, "A")}
        preset = {"automatic_video_output": {"in_call_recording": picture}}
        assert len(option_faults(preset)) == errors


def test_null_retention_is_the_one_error_of_its_preset_and_says_what_is_lost() -> None:
    [error] = found(changed("recording_config.retention", None), Level.ERROR)
    assert path_words(error.path) == "recording_config.retention"
    assert "Only realtime endpoints get anything" in error.sentence
    [error] = found("{ recording_config: { retention: null } }", Level.ERROR)
    assert "all of it is lost" in error.sentence


@pytest.mark.parametrize("preset", ["{}", "{ recording_config: null }", "{ recording_config: {} }"])
def test_where_no_retention_is_set_nothing_is_said_of_null(preset: str) -> None:
    assert found(preset, Level.ERROR) == []
    assert [each for each in found(preset, Level.NOTE) if "kept for ever" in each.sentence]


@pytest.mark.parametrize("hours", [1, 168])
def test_what_is_deleted_within_the_free_days_costs_nothing(hours: int) -> None:
    [sentence] = [
        each.sentence
        for each in found(changed("recording_config.retention.hours", hours), Level.NOTE)
        if path_words(each.path) == "recording_config.retention.hours"
    ]
    assert "deleted after" in sentence
    assert "billed" not in sentence


def test_findings_name_the_line_of_their_key_or_of_what_lacks_it() -> None:
    text = """{
      // the preset
      recording_config: {
        retention: {
          type: "timed",
          hours: 0,
        },
        transcript: {
        },
        realtime_endpoints: [
          {
            type: "webhook", url: "https://hooks.acme.com",
            events: [
              "transcript.data",
              "transcript.date",
            ]
          }
        ]
      },
      join_at: null,
    }"""
    assert [(each.line, path_words(each.path)) for each in found(text, Level.ERROR, Level.WARNING)] == [
        (6, "recording_config.retention.hours"),
        (8, "recording_config.transcript"),
        (15, "recording_config.realtime_endpoints[0].events[1]"),
        (20, "join_at"),
    ]


@settings(max_examples=40)
@given(PRESETS, st.integers(0, 3))
def test_every_top_key_that_is_not_known_is_found_on_its_own_line(preset: dict[str, Any], blank: int) -> None:
    odd = {f"?{key}": value for key, value in preset.items()}
    text = "\n" * blank + as_json(odd)
    places = {each.path[0]: each.line for each in found(text) if "is not an option here" in each.sentence}
    assert set(places) == set(odd)
    for key, line in places.items():
        assert LINE_END.split(text)[line - 1].startswith(f"  {json.dumps(key, ensure_ascii=False)}: ")


@given(PIECES)
def test_any_text_has_findings_within_it_and_no_exception(text: str) -> None:
    checked = check(text)
    last = len(LINE_END.split(text))
    assert all(1 <= each.line <= last and each.sentence for each in checked.findings)
    assert checked.value is not None or checked.of(Level.ERROR) == 1


def _bent(draw: Any, value: Any) -> Any:
    """The documented options with anything put in place of some of them."""
    if draw(st.integers(0, 9)) == 0:
        return draw(SMALL | st.lists(SMALL, max_size=2) | st.dictionaries(st.text(max_size=5), SMALL, max_size=2))
    if isinstance(value, dict):
        return {key: _bent(draw, inner) for key, inner in value.items()}
    return [_bent(draw, inner) for inner in value[:3]] if isinstance(value, list) else value


@settings(max_examples=40)
@given(st.data())
def test_whatever_stands_in_place_of_an_option_it_is_told_and_nothing_breaks(data: st.DataObject) -> None:
    preset = {key: _bent(data.draw, value) for key, value in FULL.items()}
    text = as_json(preset)
    checked = check(text)
    assert checked.value is not None
    assert as_json(checked.value) == text
    assert all(1 <= each.line <= len(LINE_END.split(text)) for each in checked.findings)


def test_more_than_anybody_reads_is_cut_and_says_so() -> None:
    checked = check(as_json({f"key_{number}": number for number in range(15_000)}))
    assert checked.is_cut
    assert len(checked.findings) == MOST_FINDINGS


def test_as_many_findings_as_are_shown_are_not_called_cut() -> None:
    keys = MOST_FINDINGS - len(check("{}").findings)
    for more, is_cut in ((0, False), (1, True)):
        checked = check(as_json({f"key_{number}": number for number in range(keys + more)}))
        assert (len(checked.findings), checked.is_cut) == (MOST_FINDINGS, is_cut)


def test_what_is_missing_is_told_at_the_line_of_the_nearest_that_is_there() -> None:
    [warning] = found('{\n  "recording_config": {}\n}', Level.WARNING)
    assert (warning.line, path_words(warning.path)) == (2, "recording_config.transcript")


def test_a_doubled_key_is_an_error_on_its_second_line() -> None:
    errors = found('{\n  "metadata": {},\n  "metadata": {}\n}', Level.ERROR)
    assert [(each.line, each.path) for each in errors] == [(3, ("metadata",))]
