"""Recall's JSON as models in Recall's names, turned into the nouns of `lib.domain`.

Unknown fields are ignored, unknown words kept. Absent and null mean the same wherever the contract says to guard (3.2,
3.12, 9.2). `description` is never read.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr, StrictBool

from lib.domain import (
    Attendee,
    Bot,
    BotEntry,
    CalendarUser,
    Connection,
    Entry,
    Preferences,
    Recording,
    StatusChange,
)
from lib.recall_api.row_parser import RowRead, WireModel, as_identity, as_instant, as_text, parse_row

Id = Annotated[str, BeforeValidator(as_identity)]
OptionalId = Annotated[str | None, BeforeValidator(as_identity)]
Text = Annotated[str | None, BeforeValidator(as_text)]
Instant = Annotated[datetime | None, BeforeValidator(as_instant)]
Flag = Annotated[StrictBool, BeforeValidator(lambda value: False if value is None else value)]
Rows = BeforeValidator(lambda value: [] if value is None else value)


class WireConnection(WireModel):
    """Contract 3.2."""

    platform: Text = None
    connected: Flag = False
    email: Text = None

    def to_domain(self) -> Connection:
        """As a `Connection`."""
        return Connection(self.platform or "", self.connected, self.email)


class WirePreferences(WireModel):
    """Contract 3.2: an absent flag is off."""

    record_external: Flag = False
    record_internal: Flag = False
    record_recurring: Flag = False
    record_non_host: Flag = False
    record_confirmed: Flag = False
    record_only_host: Flag = False
    bot_name: Text = None

    def to_domain(self) -> Preferences:
        """As `Preferences`."""
        return Preferences(**dict(self))


class WireUser(WireModel):
    """Contract 3.2: CalendarUser."""

    id: Id
    external_id: OptionalId = None
    connections: Annotated[list[WireConnection], Rows] = Field(default_factory=list)
    preferences: WirePreferences | None = None

    def to_domain(self) -> CalendarUser:
        """As a `CalendarUser`."""
        connections = tuple(c.to_domain() for c in self.connections)
        return CalendarUser(
            self.id, self.external_id, connections, self.preferences.to_domain() if self.preferences else None
        )


class WireAttendee(WireModel):
    """Contract 3.12."""

    email: Text = None
    name: Text = None
    status: Text = None
    is_organizer: Flag = False

    def to_domain(self) -> Attendee:
        """As an `Attendee`."""
        return Attendee(**dict(self))


class WireMeeting(WireModel):
    """Contract 3.12: CalendarMeeting. Any field that ends in `_invite` is an invite; those known must be objects."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)
    needed = frozenset({"id", "start_time", "will_record"})

    id: Id
    will_record: StrictBool | None = None
    start_time: Instant = None
    end_time: Instant = None
    title: Text = None
    override_should_record: StrictBool | None = None
    will_record_reason: Text = None
    meeting_platform: Text = None
    calendar_platform: Text = None
    bot_id: OptionalId = None
    is_external: StrictBool | None = None
    is_hosted_by_me: StrictBool | None = None
    is_recurring: StrictBool | None = None
    organizer_email: Text = None
    attendees: Annotated[list[WireAttendee], Rows] = Field(default_factory=list)
    attendee_emails: Annotated[list[Text], Rows] = Field(default_factory=list)
    ical_uid: OptionalId = None
    visibility: Text = None
    zoom_invite: dict[str, Any] | None = None
    teams_invite: dict[str, Any] | None = None
    meet_invite: dict[str, Any] | None = None
    webex_invite: dict[str, Any] | None = None
    goto_meeting_invite: dict[str, Any] | None = None

    def to_domain(self) -> Entry:
        """As an `Entry`."""
        own = {name: getattr(self, name) for name in _ENTRY_FIELDS}
        return Entry(**own, will_record=bool(self.will_record), invites=self._invites(), attendees=self._everybody())

    @property
    def lacks_a_part(self) -> bool:
        """Recall's decision is absent, or an invite of a name not known yet is no object."""
        unknown = (v for name, v in (self.model_extra or {}).items() if name.endswith("_invite"))
        return self.will_record is None or any(not isinstance(v, Mapping | None) for v in unknown)

    def _invites(self) -> tuple[str, ...]:
        """Names of the invites that hold anything."""
        return tuple(name.removesuffix("_invite") for name, value in self if name.endswith("_invite") and _holds(value))

    def _everybody(self) -> tuple[Attendee, ...]:
        """The attendees; where only their addresses are given, these."""
        if self.attendees:
            return tuple(a.to_domain() for a in self.attendees)
        return tuple(Attendee(email) for email in self.attendee_emails)


_ENTRY_FIELDS = tuple(
    name for name in WireMeeting.model_fields if name in Entry.__slots__ and name not in ("attendees", "will_record")
)


def _holds(invite: Any) -> bool:
    return isinstance(invite, Mapping) and any(value not in (None, "") for value in invite.values())


class WireStatusChange(WireModel):
    """Contract 9.2."""

    code: Annotated[str, BeforeValidator(as_text)]
    created_at: Instant = None
    sub_code: Text = None
    message: Text = None
    recording_id: OptionalId = None

    def to_domain(self) -> StatusChange:
        """As a `StatusChange`."""
        return StatusChange(**dict(self))


class WireRecordingStatus(WireModel):
    """Contract 9.2."""

    code: Text = None


class WireRecording(WireModel):
    """Contract 9.2."""

    id: Id
    status: WireRecordingStatus | None = None
    started_at: Instant = None
    completed_at: Instant = None

    def to_domain(self) -> Recording:
        """As a `Recording`."""
        return Recording(self.id, self.status.code if self.status else None, self.started_at, self.completed_at)


class WireBotUser(WireModel):
    """Contract 7.2."""

    id: OptionalId = None


class WireBotEntry(WireModel):
    """Contract 7.2."""

    id: Id
    calendar_user: WireBotUser | None = None
    start_time: Instant = None

    def to_domain(self) -> BotEntry:
        """As a `BotEntry`."""
        return BotEntry(self.id, self.calendar_user.id if self.calendar_user else None, self.start_time)


class WireRecordingConfig(WireModel):
    """Contract 8.1, as far as it says that nothing is kept: `retention` is there and null."""

    retention: Any = None

    @property
    def keeps_media(self) -> bool:
        """False under Zero Data Retention."""
        return self.retention is not None or "retention" not in self.model_fields_set


class WireBot(WireModel):
    """Contract 9.2: Bot, as far as its outcome goes. `meeting_url` is an object here, and is cleared in time.

    API v1.10 has `recording` and `video_url` in the place of `recordings` (contract 17, N12).
    """

    id: Id
    status_changes: Annotated[list[WireStatusChange], Rows] = Field(default_factory=list)
    recordings: Annotated[list[WireRecording], Rows] = Field(default_factory=list)
    calendar_meetings: Annotated[list[WireBotEntry], Rows] = Field(default_factory=list)
    bot_name: Text = None
    join_at: Instant = None
    meeting_url: Any = None
    recording: OptionalId = None
    video_url: Text = None
    recording_config: WireRecordingConfig | None = None

    def to_domain(self) -> Bot:
        """As a `Bot`, its status changes in time order; where one has no time the order they came in is kept."""
        changes = [c.to_domain() for c in self.status_changes]
        times = {id(c): c.created_at for c in changes if c.created_at is not None}
        if len(times) == len(changes):
            changes.sort(key=lambda c: times[id(c)])
        return Bot(
            id=self.id,
            status_changes=tuple(changes),
            recordings=tuple(r.to_domain() for r in self.recordings) or self._older_recordings(),
            entries=tuple(e.to_domain() for e in self.calendar_meetings),
            bot_name=self.bot_name,
            join_at=self.join_at,
            platform=self._platform(),
            keeps_media=self.recording_config is None or self.recording_config.keeps_media,
        )

    def _older_recordings(self) -> tuple[Recording, ...]:
        """The recordings as API v1.10 names them: one by the bot, any by statuses."""
        named = dict.fromkeys([self.recording, *(c.recording_id for c in self.status_changes)])
        has_media = self.video_url is not None
        return tuple(Recording(id_, has_media=has_media and id_ == self.recording) for id_ in named if id_)

    def _platform(self) -> str | None:
        named = self.meeting_url.get("platform") if isinstance(self.meeting_url, Mapping) else None
        return as_text(named) if isinstance(named, str) else None


def read_user(row: Any) -> RowRead[CalendarUser] | None:
    """A calendar user, or None when the row cannot be read."""
    return parse_row(row, WireUser, WireUser.to_domain)


def read_entry(row: Any) -> RowRead[Entry] | None:
    """A calendar entry, or None when the row cannot be read."""
    return parse_row(row, WireMeeting, WireMeeting.to_domain)


def read_bot(row: Any) -> RowRead[Bot] | None:
    """A bot, or None when the row cannot be read."""
    return parse_row(row, WireBot, WireBot.to_domain)


def token_in(body: Any) -> SecretStr | None:
    """The token in an answer to authenticate/; None when there is none, or none that could stand in a header."""
    token = body.get("token") if isinstance(body, dict) else None
    return SecretStr(token) if isinstance(token, str) and re.fullmatch(r"[!-~]{1,8192}", token) else None
