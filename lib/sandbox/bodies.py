"""The JSON that Recall answers with: calendar users (contract 3.2), meetings (3.12) and bots (9.2)."""

from datetime import datetime, timedelta
from typing import Any

from .booking import Booking, BotKey
from .bots import Bot
from .decision import FLAGS
from .directory import Directory
from .entries import Entry
from .ids import Ids, Kind
from .lives import Life
from .platforms import platform_number
from .world.calls import Guest
from .world.users import Connection, Preferences

Body = dict[str, Any]
_MEDIA_LIVES = timedelta(days=7)
_LINK_LIVES = timedelta(days=7)
_EVENT_PLATFORMS = {"google": "google_calendar", "microsoft": "microsoft_outlook"}


class Bodies:
    """Writes users, meetings and bots as Recall does."""

    def __init__(self, directory: Directory, booking: Booking, ids: Ids) -> None:
        self._directory = directory
        self._booking = booking
        self._ids = ids

    def user(self, number: int, now: datetime) -> Body:
        """A calendar user as it is now."""
        connections = self._directory.connections(number, now)
        return {
            "id": self._ids.make(Kind.USER, number),
            "external_id": self._directory.external_id(number),
            "connections": [self._connection(number, c) for c in connections],
            "preferences": self._preferences(number, self._directory.preferences(number, now)),
        }

    def meeting(self, entry: Entry, now: datetime) -> Body:
        """One entry of a calendar. `will_record` is decided at once; `bot_id` follows a little later."""
        decision = self._booking.decision(entry, now)
        invites = entry.link.invites() if entry.link else dict.fromkeys(_NO_INVITES)
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
            **invites,
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
        return {name: value for name, value in body.items() if name not in entry.omit} if entry.omit else body

    def bot(self, bot: Bot) -> Body:
        """A bot as it stands."""
        forgotten = bot.end + _LINK_LIVES < bot.now
        return {
            "id": bot.id,
            "meeting_url": bot.link.meeting_url() if bot.link and not forgotten else None,
            "bot_name": bot.name,
            "join_at": bot.join_at,
            "recording_config": {"transcript": {"provider": {"meeting_captions": {}}}},
            "status_changes": [
                {"code": s.code, "message": s.message, "created_at": s.at, "sub_code": s.sub_code} for s in bot.steps
            ],
            "recordings": self._recordings(bot.key, bot.life, bot.now),
            **dict.fromkeys(("output_media", "automatic_video_output", "automatic_audio_output", "chat")),
            **dict.fromkeys(("automatic_leave", "variant")),
            "calendar_meetings": [self._calendar_meeting(entry) for entry in bot.claimants],
            **dict.fromkeys(("zoom", "google_meet", "slack_team", "breakout_room")),
            "metadata": {},
        }

    def _connection(self, number: int, connection: Connection) -> Body:
        platform = platform_number(connection.platform)
        return {
            "connected": connection.connected,
            "platform": connection.platform,
            "email": connection.email,
            "id": self._ids.make(Kind.CONNECTION, number, platform, connection.epoch) if connection.email else None,
        }

    def _preferences(self, number: int, preferences: Preferences) -> Body:
        flags = {flag: flag in preferences.flags for flag in FLAGS}
        return {"id": self._ids.make(Kind.PREFERENCES, number), **flags, "bot_name": preferences.bot_name}

    def _calendar_meeting(self, entry: Entry) -> Body:
        user = {"id": self._ids.make(Kind.USER, entry.user), "external_id": self._directory.external_id(entry.user)}
        times = {"start_time": entry.facts.start, "end_time": entry.facts.end}
        return {"id": entry.id, **times, "calendar_user": user}

    def _recordings(self, key: BotKey, life: Life, now: datetime) -> list[Body]:
        if life.recording is None or life.recording[0] > now:
            return []
        began, ended = life.recording
        finished = ended <= now
        done = finished and life.steps[-1].at <= now
        status = {"code": "done" if done else "processing", "sub_code": None, "updated_at": min(now, ended)}
        ids = [
            self._ids.make(Kind.MEDIA, key.calendar_platform, *key.call, piece, key.occurrence) for piece in range(5)
        ]
        gone = done and ended + _MEDIA_LIVES < now
        return [
            {
                "id": ids[0],
                "created_at": life.steps[0].at,
                "started_at": began,
                "completed_at": ended if finished else None,
                "expires_at": ended + _MEDIA_LIVES if finished else None,
                "status": status,
                "media_shortcuts": _no_media() if gone else _media(ids[1:], status, began, done),
                "metadata": {},
            }
        ]


_NO_INVITES = ("zoom_invite", "teams_invite", "meet_invite", "webex_invite", "goto_meeting_invite")
_MEDIA = ("video_mixed", "transcript", "participant_events", "meeting_metadata")


def _attendee(guest: Guest, organizer_email: str | None) -> Body:
    organizes = guest.email == organizer_email
    return {"name": guest.name, "email": guest.email, "is_organizer": organizes, "status": guest.status}


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
