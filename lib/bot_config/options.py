"""The options of Create Bot that a preset may hold, with their types, limits and defaults (contract 8)."""

from lib.bot_config.finding import Level
from lib.bot_config.groups import ByWord, Group, OneKey
from lib.bot_config.rules import (
    Address,
    Anything,
    Contents,
    Flag,
    Items,
    Labels,
    NotHere,
    OneOf,
    OrNull,
    Rule,
    Whole,
    Words,
)

MOST_BOT_NAME = 100
MOST_MESSAGE = 4096
MOST_PICTURE = 1_835_008
THIRD_PARTY = (
    "assembly_ai_v3_streaming",
    "assembly_ai_async_chunked",
    "deepgram_streaming",
    "gladia_v2_streaming",
    "rev_streaming",
    "aws_transcribe_streaming",
    "speechmatics_streaming",
    "elevenlabs_streaming",
    "grok_streaming",
)
"""Transcript providers that need credentials of their own in Recall's dashboard."""

WEBHOOK_EVENTS = (
    *(
        f"participant_events.{event}"
        for event in (
            *("join", "leave", "update", "speech_on", "speech_off", "webcam_on", "webcam_off"),
            *("screenshare_on", "screenshare_off", "chat_message"),
        )
    ),
    *(f"transcript.{event}" for event in ("data", "partial_data", "provider_data")),
)
MEDIA_EVENTS = (
    "audio_mixed_raw.data",
    "audio_separate_raw.data",
    "video_separate_png.data",
    "video_separate_h264.data",
)
RTMP_EVENT = "video_mixed_flv.data"

_STATUS_EVENTS = (
    *(
        f"bot.{event}"
        for event in (
            *("status_change", "joining_call", "in_waiting_room", "in_call_not_recording", "in_call_recording"),
            *("recording_permission_allowed", "recording_permission_denied", "call_ended", "done", "fatal"),
        )
    ),
    *(f"recording.{event}" for event in ("processing", "done", "failed", "deleted")),
)
_NOT_REALTIME = {
    event: f'"{event}" is no realtime event, and Recall refuses it here. It arrives through the webhooks set up in '
    "Recall's dashboard. Take it out."
    for event in _STATUS_EVENTS
}
_ELSEWHERE = {
    **_NOT_REALTIME,
    **{event: f'"{event}" comes by "websocket" alone. Change the type, or take it out.' for event in MEDIA_EVENTS},
    RTMP_EVENT: f'"{RTMP_EVENT}" comes by "rtmp" alone. Change the type, or take it out.',
}
_WRONG_FOR_RTMP = _NOT_REALTIME | {
    event: f'"{event}" does not come by "rtmp". Change the type, or take it out.'
    for event in (*WEBHOOK_EVENTS, *MEDIA_EVENTS)
}


def _endpoint(schemes: tuple[str, str], events: tuple[str, ...], elsewhere: dict[str, str]) -> Group:
    shared: dict[str, Rule] = {
        "type": Anything(),  # known by now
        "url": Address(schemes),
        "events": Items(OneOf(events, {word: why for word, why in elsewhere.items() if word not in events}), "events"),
    }
    return Group(shared, required=("url", "events"))


_REALTIME_ENDPOINT = ByWord(
    "type",
    {
        "webhook": _endpoint(("http", "https"), WEBHOOK_EVENTS, _ELSEWHERE),
        "websocket": _endpoint(("ws", "wss"), (*WEBHOOK_EVENTS, *MEDIA_EVENTS), _ELSEWHERE),
        "rtmp": _endpoint(("rtmp", "rtmps"), (RTMP_EVENT,), _WRONG_FOR_RTMP),
    },
    {"desktop_sdk_callback": '"desktop_sdk_callback" is for the desktop SDK, not for bots.'},
)

_TRANSCRIPT = Group(
    {
        "provider": OneKey(
            {
                "recallai_streaming": Group(
                    {
                        "language_code": Words(),
                        "mode": OneOf(("prioritize_accuracy", "prioritize_low_latency")),
                        "spelling": Anything(),
                        "key_terms": Items(Words(), "words"),
                        "filter_profanity": Flag(),
                    }
                ),
                "meeting_captions": Contents(),
                **dict.fromkeys(THIRD_PARTY, Contents()),
            },
            "transcript provider",
        ),
        "diarization": OrNull(Group({"use_separate_streams_when_available": Flag()})),
        "metadata": OrNull(Labels()),
    },
    required=("provider",),
)

SWITCHED_ON = ("video_mixed_mp4", "participant_events", "meeting_metadata")
"""Made unless null stands there."""
SWITCHED_OFF = (
    "audio_mixed_mp3",
    "audio_mixed_raw",
    "audio_separate_mp3",
    "audio_separate_raw",
    "video_separate_mp4",
    "video_separate_png",
    "video_separate_h264",
    "video_mixed_flv",
)
"""Made only where an object stands there."""

_RECORDING_CONFIG = Group(
    {
        "transcript": OrNull(_TRANSCRIPT),
        "realtime_endpoints": OrNull(Items(_REALTIME_ENDPOINT, "endpoints")),
        "retention": OrNull(
            ByWord(
                "type",
                {
                    "timed": Group({"type": Anything(), "hours": Whole(1, "hours")}, required=("hours",)),
                    "forever": Group({"type": Anything()}),
                },
            )
        ),
        "video_mixed_layout": OneOf(("speaker_view", "gallery_view", "gallery_view_v2", "audio_only")),
        "video_mixed_participant_video_when_screenshare": OneOf(("hide", "beside", "overlap")),
        "start_recording_on": OneOf(("call_join", "participant_join", "participant_speak", "manual")),
        "include_bot_in_recording": Group({"audio": Flag()}),
        **{medium: OrNull(Contents()) for medium in (*SWITCHED_ON, *SWITCHED_OFF)},
        "metadata": OrNull(Labels()),
        "automatic_leave": NotHere(
            "Recall accepts automatic_leave here but ignores it, and bots leave by the defaults. "
            "Move it to the top level, beside recording_config.",
            Level.ERROR,
        ),
    }
)


def _after(timeout: int, activate: int) -> dict[str, Rule]:
    return {"timeout": Whole(10, default=str(timeout)), "activate_after": Whole(1, default=str(activate))}


_AUTOMATIC_LEAVE = Group(
    {
        "waiting_room_timeout": Whole(30, default="1200"),
        "noone_joined_timeout": Whole(30, default="1200"),
        "everyone_left_timeout": Group(
            {"timeout": Whole(1, default="2"), "activate_after": OrNull(Whole(0))},
            otherwise=' Recall ignores a bare number and takes its default. Write {"timeout": 2} with your seconds.',
        ),
        "in_call_not_recording_timeout": Whole(1, default="3600"),
        "in_call_recording_timeout": OrNull(Whole(1, default="no limit")),
        "recording_permission_denied_timeout": Whole(1, default="30"),
        "silence_detection": Group(_after(3600, 1200)),
        "bot_detection": Group(
            {
                "using_participant_events": OrNull(Group(_after(600, 1200))),
                "using_participant_names": OrNull(
                    Group(
                        {"matches": Items(Words(), "parts of names"), "timeout": Whole(1), "activate_after": Whole(1)},
                        required=("matches", "timeout", "activate_after"),
                    )
                ),
            }
        ),
    }
)

_WEB = ("web", "web_4_core", "web_gpu")
_PICTURE = Group({"kind": OneOf(("jpeg",)), "b64_data": Words(MOST_PICTURE)}, required=("kind", "b64_data"))
_CHAT = Group(
    {
        "on_bot_join": OrNull(
            Group(
                {
                    "send_to": OneOf(("host", "everyone", "everyone_except_host")),
                    "message": Words(MOST_MESSAGE),
                    "pin": Flag(),
                }
            )
        ),
        "on_participant_join": OrNull(Group({"message": Words(MOST_MESSAGE), "exclude_host": Flag()})),
    }
)
_BREAKOUT_ROOM = ByWord(
    "mode",
    {
        "auto_accept_all_invites": Group({"mode": Anything()}),
        "join_main_room": Group({"mode": Anything()}),
        "join_specific_room": Group({"mode": Anything(), "room_id": Words()}, required=("room_id",)),
    },
)
_ANSWERS = (
    *("id", "bot_id", "status_changes", "recordings", "calendar_meetings"),
    *("video_url", "media_retention_end"),  # of API v1.10
)
_ANSWERED = "This is what Recall answers about one bot, not an option. A preset cannot set it; take it out."

PRESET = Group(
    {
        "recording_config": OrNull(_RECORDING_CONFIG),
        "automatic_leave": OrNull(_AUTOMATIC_LEAVE),
        "chat": OrNull(_CHAT),
        "variant": OrNull(
            Group(
                {
                    "zoom": OneOf((*_WEB, "native")),
                    **dict.fromkeys(("google_meet", "microsoft_teams", "webex"), OneOf(_WEB)),
                }
            )
        ),
        "automatic_video_output": OrNull(
            Group({"in_call_recording": _PICTURE, "in_call_not_recording": OrNull(_PICTURE)})
        ),
        "automatic_audio_output": OrNull(Contents()),
        "output_media": OrNull(Contents()),
        "breakout_room": OrNull(_BREAKOUT_ROOM),
        "zoom": OrNull(
            Group(
                {
                    "join_token_url": OrNull(Address(("http", "https"))),
                    "zak_url": OrNull(Address(("http", "https"))),
                    "user_email": OrNull(Words()),
                }
            )
        ),
        "google_meet": OrNull(Group({"google_login_group_id": OrNull(Words())})),
        "webex": OrNull(Contents()),
        "metadata": OrNull(Labels()),
        "bot_name": Words(MOST_BOT_NAME),
        "meeting_url": NotHere(
            "A preset has no meeting of its own: each bot gets the link of its calendar entry. "
            "One link for all bots would send them into one call. Take it out."
        ),
        "join_at": NotHere(
            "A preset has no time of its own: each bot joins 2 minutes before its calendar entry. Take it out."
        ),
        **dict.fromkeys(_ANSWERS, NotHere(_ANSWERED)),
    }
)
"""Unknown keys are warned of: what Recall does with them is not documented."""
