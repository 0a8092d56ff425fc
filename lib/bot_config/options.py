"""The options of Create Bot that a preset may hold, with their types, limits and defaults (contract 8)."""

from typing import Annotated, Any, ClassVar

from lib.bot_config.findings import Level
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
    one_of,
    text,
    whole,
)
from lib.bot_config.recording_options import RecordingConfig

MOST_BOT_NAME = 100
MOST_MESSAGE = 4096
MOST_PICTURE = 1_835_008


class EveryoneLeft(Options):
    """When the bot leaves a call that the others have left."""

    not_object: ClassVar[str] = (
        f"{Options.not_object} Recall ignores a bare number and takes its default. "
        'Write {{"timeout": 2}} with your seconds.'
    )

    timeout: Annotated[int, whole(1, "2")] = ABSENT
    activate_after: Annotated[int, whole(0)] | None = None


class Silence(Options):
    """When the bot leaves a call in which nobody speaks."""

    timeout: Annotated[int, whole(10, "3600")] = ABSENT
    activate_after: Annotated[int, whole(1, "1200")] = ABSENT


class BotsByEvents(Options):
    """When the bot leaves a call of those who neither speak nor share."""

    timeout: Annotated[int, whole(10, "600")] = ABSENT
    activate_after: Annotated[int, whole(1, "1200")] = ABSENT


class BotsByName(Options):
    """When the bot leaves a call of those who are called like bots."""

    matches: Annotated[list[Text], items("parts of names")]
    timeout: Annotated[int, whole(1)]
    activate_after: Annotated[int, whole(1)]


class BotDetection(Options):
    """When the bot leaves a call in which only bots are left."""

    using_participant_events: BotsByEvents | None = None
    using_participant_names: BotsByName | None = None


class AutomaticLeave(Options):
    """When the bot leaves by itself. All times are seconds."""

    waiting_room_timeout: Annotated[int, whole(30, "1200")] = ABSENT
    noone_joined_timeout: Annotated[int, whole(30, "1200")] = ABSENT
    everyone_left_timeout: EveryoneLeft = ABSENT
    in_call_not_recording_timeout: Annotated[int, whole(1, "3600")] = ABSENT
    in_call_recording_timeout: Annotated[int, whole(1, "no limit")] | None = None
    recording_permission_denied_timeout: Annotated[int, whole(1, "30")] = ABSENT
    silence_detection: Silence = ABSENT
    bot_detection: BotDetection = ABSENT


_Message = Annotated[str, text(MOST_MESSAGE)]


class ChatOnBotJoin(Options):
    """What the bot writes when it joins."""

    send_to: Annotated[str, one_of(("host", "everyone", "everyone_except_host"))] = ABSENT
    message: _Message = ABSENT
    pin: Flag = ABSENT


class ChatOnParticipantJoin(Options):
    """What the bot writes to each participant who joins."""

    message: _Message = ABSENT
    exclude_host: Flag = ABSENT


class Chat(Options):
    """What the bot writes into the meeting's chat."""

    on_bot_join: ChatOnBotJoin | None = None
    on_participant_join: ChatOnParticipantJoin | None = None


_WEB = ("web", "web_4_core", "web_gpu")
_Size = Annotated[str, one_of(_WEB)]


class Variant(Options):
    """The size of the machine that the bot runs on, by platform."""

    zoom: Annotated[str, one_of((*_WEB, "native"))] = ABSENT
    google_meet: _Size = ABSENT
    microsoft_teams: _Size = ABSENT
    webex: _Size = ABSENT


class Picture(Options):
    """A picture that the bot shows."""

    kind: Annotated[str, one_of(("jpeg",))]
    b64_data: Annotated[str, text(MOST_PICTURE)]


class VideoOutput(Options):
    """What the bot shows instead of a camera."""

    in_call_recording: Picture = ABSENT
    in_call_not_recording: Picture | None = None


class AnyRoom(Options):
    """Breakout rooms: whichever the bot is invited to, or none."""

    mode: Any


class OneRoom(AnyRoom):
    """Breakout rooms: a certain one."""

    room_id: Text


_ROOMS = {"auto_accept_all_invites": AnyRoom, "join_main_room": AnyRoom, "join_specific_room": OneRoom}
_Url = Annotated[str, address("http", "https")]


class Zoom(Options):
    """How the bot signs in at Zoom."""

    join_token_url: _Url | None = None
    zak_url: _Url | None = None
    user_email: Text | None = None


class GoogleMeet(Options):
    """How the bot signs in at Google Meet."""

    google_login_group_id: Text | None = None


_ANSWERED = "This is what Recall answers about one bot, not an option. A preset cannot set it; take it out."
_ANSWERS = (
    *("id", "bot_id", "status_changes", "recordings", "calendar_meetings"),
    *("video_url", "media_retention_end"),  # of API v1.10
)


class Preset(Options):
    """The whole preset. Unknown keys are warned of: what Recall does with them is not documented."""

    not_here: ClassVar = {
        "meeting_url": (
            Level.WARNING,
            "A preset has no meeting of its own: each bot gets the link of its calendar entry. "
            "One link for all bots would send them into one call. Take it out.",
        ),
        "join_at": (
            Level.WARNING,
            "A preset has no time of its own: each bot joins 2 minutes before its calendar entry. Take it out.",
        ),
        **dict.fromkeys(_ANSWERS, (Level.WARNING, _ANSWERED)),
    }

    recording_config: RecordingConfig | None = None
    automatic_leave: AutomaticLeave | None = None
    chat: Chat | None = None
    variant: Variant | None = None
    automatic_video_output: VideoOutput | None = None
    automatic_audio_output: Contents | None = None
    output_media: Contents | None = None
    breakout_room: Annotated[Options, by_word("mode", _ROOMS)] | None = None
    zoom: Zoom | None = None
    google_meet: GoogleMeet | None = None
    webex: Contents | None = None
    metadata: Labels | None = None
    bot_name: Annotated[str, text(MOST_BOT_NAME)] = ABSENT
