"""The JSON that Recall answers with: calendar users (contract 3.2), meetings (3.12) and bots (9.2)."""

from datetime import datetime, timedelta
from typing import Any

from .booking import Booking, BotKey
from .bots import Bot
from .decision import FLAGS
from .directory import Directory
from .entries import Entry
from .ids import IdKind, Ids, platform_number
from .ledger import Ledger
from .lifecycle import StatusChange
from .settings import BOT_SHAPE_V1_10, ZERO_DATA_RETENTION
from .world.calls import Guest
from .world.links import INVITES
from .world.users import Connection

Body = dict[str, Any]
_CACHED_MEETINGS = 1 << 14
_EVENT_PLATFORMS = {"google": "google_calendar", "microsoft": "microsoft_outlook"}
_NO_INVITES = dict.fromkeys(INVITES)
_MEDIA_LIFETIME = timedelta(days=7)
_LINK_LIFETIME = timedelta(days=7)
_MEDIA = ("video_mixed", "transcript", "participant_events", "meeting_metadata")


class Bodies:
    """Writes users, meetings and bots as Recall does; bots in the shape and with the retention of the settings."""

    def __init__(self, ledger: Ledger, directory: Directory, booking: Booking, ids: Ids) -> None:
        self._ledger = ledger
        self._directory = directory
        self._booking = booking
        self._ids = ids
        self._ended_meetings: dict[tuple[str, int], Body] = {}
        """Rows of meetings that ended: they change no more until something is written."""

    def clear_cache(self) -> None:
        """Something was written, or the clock was set back."""
        self._ended_meetings.clear()

    def user(self, number: int, now: datetime) -> Body:
        """A calendar user as it is now."""
        preferences = self._directory.preferences(number, now)
        body = {
            "id": self._ids.make(IdKind.USER, number),
            "external_id": self._directory.external_id(number),
            "connections": [self._connection(number, c) for c in self._directory.connections(number, now)],
            "preferences": {
                "id": self._ids.make(IdKind.PREFERENCES, number),
                **{flag: flag in preferences.flags for flag in FLAGS},
                "bot_name": preferences.bot_name,
            },
        }
        return with_raw_fields(body, self._ledger.raw_users.get(number))

    def meeting(self, entry: Entry, now: datetime) -> Body:
        """One entry of a calendar. `will_record` is decided at once; `bot_id` follows a little later."""
        if not _has_ended(entry, now):
            return self._meeting(entry, now)
        key = (entry.id, entry.occurrence)
        known = self._ended_meetings.get(key)
        if known is None:
            if len(self._ended_meetings) >= _CACHED_MEETINGS:
                self._ended_meetings.clear()
            known = self._ended_meetings[key] = self._meeting(entry, now)
        return known

    def bot(self, bot: Bot) -> Body:
        """A bot as it is at the instant it was read."""
        retention: Body = {"retention": None} if self._has_no_retention else {}
        link_expired = bot.end + _LINK_LIFETIME < bot.now
        body = {
            "id": bot.id,
            "meeting_url": bot.link.meeting_url() if bot.link and not link_expired else None,
            "bot_name": bot.name,
            "join_at": bot.join_at,
            "recording_config": {"transcript": {"provider": {"meeting_captions": {}}}} | retention,
            **self._statuses_and_recordings(bot),
            **dict.fromkeys(("output_media", "automatic_video_output", "automatic_audio_output", "chat")),
            **dict.fromkeys(("automatic_leave", "variant")),
            "calendar_meetings": [self._calendar_meeting(entry) for entry in bot.claimants],
            **dict.fromkeys(("zoom", "google_meet", "slack_team", "breakout_room")),
            "metadata": {},
        }
        return with_raw_fields(body, self._ledger.raw_bots.get(bot.id))

    def _connection(self, number: int, connection: Connection) -> Body:
        platform = platform_number(connection.platform)
        return {
            "connected": connection.connected,
            "platform": connection.platform,
            "email": connection.email,
            "id": self._ids.make(IdKind.CONNECTION, number, platform, connection.epoch) if connection.email else None,
        }

    def _meeting(self, entry: Entry, now: datetime) -> Body:
        decision = self._booking.decision(entry, now)
        platform = entry.link.meeting_platform if entry.link else None
        facts = entry.facts
        body = {
            "id": entry.id,
            "override_should_record": self._booking.override(entry, now),
            "title": entry.title,
            "description": entry.description,
            "will_record": decision.record,
            "will_record_reason": decision.reason,
            "start_time": facts.start,
            "end_time": facts.end,
            "platform": _EVENT_PLATFORMS.get(entry.calendar_platform, entry.calendar_platform) if platform else None,
            "platform_id": entry.platform_id,
            "meeting_platform": platform,
            "calendar_platform": entry.calendar_platform,
            **(entry.link.invites() if entry.link else _NO_INVITES),
            "bot_id": self._booking.bot_id(entry, now),
            "is_external": facts.external,
            "is_hosted_by_me": facts.hosted,
            "is_recurring": facts.recurring,
            "organizer_email": entry.organizer_email,
            "attendee_emails": [guest.email for guest in entry.guests],
            "attendees": [_attendee(guest, entry.organizer_email) for guest in entry.guests],
            "ical_uid": entry.ical_uid,
            "visibility": entry.visibility,
            **entry.extra,
        }
        return _without(body, entry.omit)

    @property
    def _has_no_retention(self) -> bool:
        return self._ledger.settings.retention == ZERO_DATA_RETENTION

    def _statuses_and_recordings(self, bot: Bot) -> Body:
        if self._ledger.settings.bot_shape == BOT_SHAPE_V1_10:
            return self._statuses_and_recordings_v1_10(bot)
        return {"status_changes": [_status(each) for each in bot.status_changes], "recordings": self._recordings(bot)}

    def _statuses_and_recordings_v1_10(self, bot: Bot) -> Body:
        """One recording (contract N12), whose id is in the bot and in every status since its start."""
        started = _recording_start(bot)
        id_ = self._media_ids(bot.key)[0] if started else None
        ended = bot.lifecycle.recording[1] if bot.lifecycle.recording and _is_complete(bot) else None
        kept_until = ended + _MEDIA_LIFETIME if ended and not self._has_no_retention else None
        shown = kept_until is not None and bot.now <= kept_until
        return {
            "status_changes": [
                _status(each) | {"recording_id": id_ if started and started <= each.at else None}
                for each in bot.status_changes
            ],
            "recording": id_,
            "video_url": f"https://recordings.example/{id_}.mp4?sig=x" if shown else None,
            "media_retention_end": kept_until,
        }

    def _calendar_meeting(self, entry: Entry) -> Body:
        user = {"id": self._ids.make(IdKind.USER, entry.user), "external_id": self._directory.external_id(entry.user)}
        times = {"start_time": entry.facts.start, "end_time": entry.facts.end}
        return {"id": entry.id, **times, "calendar_user": user}

    def _recordings(self, bot: Bot) -> list[Body]:
        if bot.lifecycle.recording is None or not _recording_start(bot):
            return []
        started, ended = bot.lifecycle.recording
        has_ended, complete = ended <= bot.now, _is_complete(bot)
        status = {"code": "done" if complete else "processing", "sub_code": None, "updated_at": min(bot.now, ended)}
        ids = self._media_ids(bot.key)
        gone = self._has_no_retention or (complete and ended + _MEDIA_LIFETIME < bot.now)
        return [
            {
                "id": ids[0],
                "created_at": bot.lifecycle.status_changes[0].at,
                "started_at": started,
                "completed_at": ended if has_ended else None,
                "expires_at": ended + _MEDIA_LIFETIME if has_ended and not self._has_no_retention else None,
                "status": status,
                "media_shortcuts": dict.fromkeys((*_MEDIA, "audio_mixed"))
                if gone
                else _media(ids[1:], status, started, complete),
                "metadata": {},
            }
        ]

    def _media_ids(self, key: BotKey) -> list[str]:
        """The ids of a bot's recording and of its pieces of media."""
        numbers = key.calendar_platform, *key.call
        return [self._ids.make(IdKind.MEDIA, *numbers, piece, key.occurrence) for piece in range(5)]


def with_raw_fields(body: Body, raw: Body | None) -> Body:
    """The body with the fields of `extra` set as given, and without those that `omit` names."""
    return _without(body | raw.get("extra", {}), raw.get("omit", ())) if raw else body


def _without(body: Body, omit: tuple[str, ...]) -> Body:
    return {name: value for name, value in body.items() if name not in omit} if omit else body


def _has_ended(entry: Entry, now: datetime) -> bool:
    start, end = entry.facts.start, entry.facts.end
    return start is not None and end is not None and max(start, end) <= now


def _attendee(guest: Guest, organizer_email: str | None) -> Body:
    organizes = guest.email == organizer_email
    return {"name": guest.name, "email": guest.email, "is_organizer": organizes, "status": guest.status}


def _recording_start(bot: Bot) -> datetime | None:
    """The start of the recording that the bot leaves behind, once it has started."""
    started = bot.lifecycle.recording[0] if bot.lifecycle.recording else None
    return started if started and started <= bot.now else None


def _is_complete(bot: Bot) -> bool:
    """Whether the bot left a recording and has come to its last status."""
    life = bot.lifecycle
    return life.recording is not None and max(life.recording[1], life.status_changes[-1].at) <= bot.now


def _status(change: StatusChange) -> Body:
    return {"code": change.code, "message": change.message, "created_at": change.at, "sub_code": change.sub_code}


def _media(ids: list[str], status: Body, created_at: datetime, complete: bool) -> Body:
    pieces = {
        name: {
            "id": id_,
            "created_at": created_at,
            "status": status,
            "metadata": {},
            "data": {"download_url": f"https://recordings.example/{id_}?sig=x" if complete else None},
        }
        for name, id_ in zip(_MEDIA, ids, strict=True)
    }
    return {**pieces, "audio_mixed": None}
