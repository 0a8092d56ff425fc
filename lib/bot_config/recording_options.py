"""The options under `recording_config`: what is recorded, how long it is stored, what is sent on (contract 8)."""

from typing import Annotated, Any, ClassVar

from lib.bot_config.findings import Level, listed, shown
from lib.bot_config.option_types import (
    ABSENT,
    Contents,
    Flag,
    Labels,
    Options,
    Text,
    address,
    by_word,
    items,
    nearest,
    one_of,
    whole,
)

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


class Endpoint(Options):
    """What a realtime endpoint of every type has."""

    type: Any = None


class Webhook(Endpoint):
    """An address that is sent events by HTTP."""

    url: Annotated[str, address("http", "https")]
    events: Annotated[list[Annotated[str, one_of(WEBHOOK_EVENTS, _ELSEWHERE)]], items("events")]


class Websocket(Endpoint):
    """An address that is sent events and media through a websocket."""

    url: Annotated[str, address("ws", "wss")]
    events: Annotated[list[Annotated[str, one_of((*WEBHOOK_EVENTS, *MEDIA_EVENTS), _ELSEWHERE)]], items("events")]


class Rtmp(Endpoint):
    """An address that the video is streamed to."""

    url: Annotated[str, address("rtmp", "rtmps")]
    events: Annotated[list[Annotated[str, one_of((RTMP_EVENT,), _WRONG_FOR_RTMP)]], items("events")]


class RecallaiStreaming(Options):
    """Recall's own transcript provider."""

    language_code: Text = ABSENT
    mode: Annotated[str, one_of(("prioritize_accuracy", "prioritize_low_latency"))] = ABSENT
    spelling: Any = None
    key_terms: Annotated[list[Text], items("words")] = ABSENT
    filter_profanity: Flag = ABSENT


class Provider(Options):
    """Who makes the transcript: exactly one of these."""

    not_object: ClassVar[str] = "Must be an object with exactly one transcript provider. It is {}."
    unknown_kind: ClassVar[str] = Level.ERROR

    recallai_streaming: RecallaiStreaming = ABSENT
    meeting_captions: Contents = ABSENT
    assembly_ai_v3_streaming: Contents = ABSENT
    assembly_ai_async_chunked: Contents = ABSENT
    deepgram_streaming: Contents = ABSENT
    gladia_v2_streaming: Contents = ABSENT
    rev_streaming: Contents = ABSENT
    aws_transcribe_streaming: Contents = ABSENT
    speechmatics_streaming: Contents = ABSENT
    elevenlabs_streaming: Contents = ABSENT
    grok_streaming: Contents = ABSENT

    @classmethod
    def unknown(cls, key: str) -> str:
        """The sentence about a provider that there is none of."""
        near = nearest(key, PROVIDERS)
        return f"{shown(key)} is no transcript provider for bots.{near} It may be {listed(PROVIDERS)}."


PROVIDERS = tuple(Provider.model_fields)
THIRD_PARTY = PROVIDERS[2:]
"""Transcript providers that need credentials of their own in Recall's dashboard."""


class Diarization(Options):
    """How voices are told apart."""

    use_separate_streams_when_available: Flag = ABSENT


class Transcript(Options):
    """The transcript of a recording."""

    provider: Provider
    diarization: Diarization | None = None
    metadata: Labels | None = None


class TimedRetention(Options):
    """Recordings are deleted after some hours."""

    type: Any
    hours: Annotated[int, whole(1, unit="hours")]


class EndlessRetention(Options):
    """Recordings are kept for ever."""

    type: Any


_Retention = Annotated[Options, by_word("type", {"timed": TimedRetention, "forever": EndlessRetention})]
_ENDPOINTS = {"webhook": Webhook, "websocket": Websocket, "rtmp": Rtmp}
_NO_ENDPOINT = {"desktop_sdk_callback": '"desktop_sdk_callback" is for the desktop SDK, not for bots.'}
_Endpoints = Annotated[list[Annotated[Options, by_word("type", _ENDPOINTS, _NO_ENDPOINT)]], items("endpoints")]


class Presence(Options):
    """Whether the bot itself is in the recording."""

    audio: Flag = ABSENT


class RecordingConfig(Options):
    """What is recorded, how long it is stored, and what is sent on while the meeting runs."""

    not_here: ClassVar = {
        "automatic_leave": (
            Level.ERROR,
            "Recall accepts automatic_leave here but ignores it, and bots leave by the defaults. "
            "Move it to the top level, beside recording_config.",
        )
    }

    transcript: Transcript | None = None
    realtime_endpoints: _Endpoints | None = None
    retention: _Retention | None = None
    video_mixed_layout: Annotated[str, one_of(("speaker_view", "gallery_view", "gallery_view_v2", "audio_only"))] = (
        ABSENT
    )
    video_mixed_participant_video_when_screenshare: Annotated[str, one_of(("hide", "beside", "overlap"))] = ABSENT
    start_recording_on: Annotated[str, one_of(("call_join", "participant_join", "participant_speak", "manual"))] = (
        ABSENT
    )
    include_bot_in_recording: Presence = ABSENT
    # Made unless null stands there:
    video_mixed_mp4: Contents | None = None
    participant_events: Contents | None = None
    meeting_metadata: Contents | None = None
    # Made only where an object stands there:
    audio_mixed_mp3: Contents | None = None
    audio_mixed_raw: Contents | None = None
    audio_separate_mp3: Contents | None = None
    audio_separate_raw: Contents | None = None
    video_separate_mp4: Contents | None = None
    video_separate_png: Contents | None = None
    video_separate_h264: Contents | None = None
    video_mixed_flv: Contents | None = None
    metadata: Labels | None = None
