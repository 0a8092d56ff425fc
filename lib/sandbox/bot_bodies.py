"""The JSON of a bot (contract 9.2), in the shape of now and in that of API v1.10 (contract N12)."""

from datetime import datetime, timedelta
from typing import Any

from . import raw
from .booking import BotKey
from .bots import Bot
from .directory import Directory
from .entries import Entry
from .ids import Ids, Kind
from .ledger import Ledger
from .lives import Step
from .settings import SHAPE_BEFORE, ZERO_DATA_RETENTION

Body = dict[str, Any]
_MEDIA_LIVES = timedelta(days=7)
_LINK_LIVES = timedelta(days=7)
_MEDIA = ("video_mixed", "transcript", "participant_events", "meeting_metadata")


class BotBodies:
    """Writes bots as Recall does, in the shape and with the retention that the workspace is set to."""

    def __init__(self, ledger: Ledger, directory: Directory, ids: Ids) -> None:
        self._ledger = ledger
        self._directory = directory
        self._ids = ids

    def bot(self, bot: Bot) -> Body:
        """A bot as it stands."""
        forgotten = bot.end + _LINK_LIVES < bot.now
        body = {
            "id": bot.id,
            "meeting_url": bot.link.meeting_url() if bot.link and not forgotten else None,
            "bot_name": bot.name,
            "join_at": bot.join_at,
            "recording_config": self._recording_config(),
            **self._recorded(bot),
            **dict.fromkeys(("output_media", "automatic_video_output", "automatic_audio_output", "chat")),
            **dict.fromkeys(("automatic_leave", "variant")),
            "calendar_meetings": [self._calendar_meeting(entry) for entry in bot.claimants],
            **dict.fromkeys(("zoom", "google_meet", "slack_team", "breakout_room")),
            "metadata": {},
        }
        return raw.put_over(body, self._ledger.raw_bots.get(bot.id))

    @property
    def _stores_nothing(self) -> bool:
        return self._ledger.settings.retention == ZERO_DATA_RETENTION

    def _recording_config(self) -> Body:
        retention: Body = {"retention": None} if self._stores_nothing else {}
        return {"transcript": {"provider": {"meeting_captions": {}}}} | retention

    def _recorded(self, bot: Bot) -> Body:
        """The statuses, and what they left behind."""
        if self._ledger.settings.bot_shape == SHAPE_BEFORE:
            return self._recorded_before(bot)
        return {"status_changes": [_status(step) for step in bot.steps], "recordings": self._recordings(bot)}

    def _recorded_before(self, bot: Bot) -> Body:
        """One recording, named by its id in the bot and in every status since it began."""
        began = _recording_began(bot)
        id_ = self._media_ids(bot.key)[0] if began else None
        kept_until = bot.life.recording[1] + _MEDIA_LIVES if bot.life.recording and _is_done(bot) else None
        if self._stores_nothing:
            kept_until = None
        shown = kept_until is not None and bot.now <= kept_until
        return {
            "status_changes": [
                _status(step) | {"recording_id": id_ if began and began <= step.at else None} for step in bot.steps
            ],
            "recording": id_,
            "video_url": f"https://recordings.example/{id_}.mp4?sig=x" if shown else None,
            "media_retention_end": kept_until,
        }

    def _calendar_meeting(self, entry: Entry) -> Body:
        user = {"id": self._ids.make(Kind.USER, entry.user), "external_id": self._directory.external_id(entry.user)}
        times = {"start_time": entry.facts.start, "end_time": entry.facts.end}
        return {"id": entry.id, **times, "calendar_user": user}

    def _recordings(self, bot: Bot) -> list[Body]:
        if bot.life.recording is None or not _recording_began(bot):
            return []
        began, ended = bot.life.recording
        finished, done = ended <= bot.now, _is_done(bot)
        status = {"code": "done" if done else "processing", "sub_code": None, "updated_at": min(bot.now, ended)}
        ids = self._media_ids(bot.key)
        gone = self._stores_nothing or (done and ended + _MEDIA_LIVES < bot.now)
        return [
            {
                "id": ids[0],
                "created_at": bot.life.steps[0].at,
                "started_at": began,
                "completed_at": ended if finished else None,
                "expires_at": ended + _MEDIA_LIVES if finished and not self._stores_nothing else None,
                "status": status,
                "media_shortcuts": _no_media() if gone else _media(ids[1:], status, began, done),
                "metadata": {},
            }
        ]

    def _media_ids(self, key: BotKey) -> list[str]:
        of_bot = key.calendar_platform, *key.call
        return [self._ids.make(Kind.MEDIA, *of_bot, piece, key.occurrence) for piece in range(5)]


def _recording_began(bot: Bot) -> datetime | None:
    """When the recording began that it left or will leave behind, if it has begun."""
    began = bot.life.recording[0] if bot.life.recording else None
    return began if began and began <= bot.now else None


def _is_done(bot: Bot) -> bool:
    """Whether all is over that will ever happen to it, and its recording with that."""
    return bot.life.recording is not None and max(bot.life.recording[1], bot.life.steps[-1].at) <= bot.now


def _status(step: Step) -> Body:
    return {"code": step.code, "message": step.message, "created_at": step.at, "sub_code": step.sub_code}


def _no_media() -> Body:
    return dict.fromkeys((*_MEDIA, "audio_mixed"))


def _media(ids: list[str], status: Body, created_at: datetime, done: bool) -> Body:
    pieces = {
        name: {
            "id": id_,
            "created_at": created_at,
            "status": status,
            "metadata": {},
            "data": {"download_url": f"https://recordings.example/{id_}?sig=x" if done else None},
        }
        for name, id_ in zip(_MEDIA, ids, strict=True)
    }
    return {**pieces, "audio_mixed": None}
