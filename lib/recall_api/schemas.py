"""Recall's JSON read into the nouns of `lib.domain`. Lenient: unknown fields are ignored, unknown words kept.

Absent and null mean the same wherever the contract says to guard (3.2, 3.12, 9.2). A part of another type than is
documented is left out, and its row is counted as odd. A row is unreadable only without what it is known and counted by
(design, section 2: odd rows), and costs no other. Text is shortened and made storable, nothing else: it stays hostile,
and whoever shows it takes care. `description` is never read.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, StrictBool

from lib.domain import (
    Attendee,
    Bot,
    BotEntry,
    CalendarUser,
    Connection,
    Entry,
    Listing,
    Preferences,
    Recording,
    StatusChange,
    UnreadableRow,
)
from lib.recall_api.lenient import without_odd_parts

TEXT_KEPT = 2_000
"""Characters of a text from outside; the longest title worth showing is far shorter."""
ITEMS_KEPT = 5_000
"""Of a list within a row, such as attendees: what is beyond is left out, and the row is odd."""

T = TypeVar("T")


def as_text(value: Any) -> Any:
    """A string with half characters replaced (they cannot be stored or sent) and cut to size; "" is None."""
    if not isinstance(value, str):
        return value
    if value.isascii() and len(value) <= TEXT_KEPT:
        return value or None
    return re.sub("[\ud800-\udfff]", "\ufffd", value[:TEXT_KEPT]) or None


def as_instant(value: Any) -> Any:
    """An ISO 8601 string as an aware time in UTC; without an offset it is UTC, a bare date its midnight; "" is None."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("a time comes as text")
    try:
        time = datetime.fromisoformat(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time outside the calendar") from None


def as_identity(value: Any) -> Any:
    """A string exactly as it came, because mended it would name something else; "" is None."""
    if isinstance(value, str):
        value.encode()
    return None if value == "" else value


Id = Annotated[str, BeforeValidator(as_identity)]
OptionalId = Annotated[str | None, BeforeValidator(as_identity)]
Text = Annotated[str | None, BeforeValidator(as_text)]
Instant = Annotated[datetime | None, BeforeValidator(as_instant)]
Flag = Annotated[StrictBool, BeforeValidator(lambda value: False if value is None else value)]
Rows = BeforeValidator(lambda value: [] if value is None else value)


class _Wire(BaseModel):
    # Inputs stay out of error messages: they are other people's meetings.
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    needed: ClassVar[frozenset[str]] = frozenset({"id"})
    """Fields without which, or with which of another type, the whole is unreadable."""

    @property
    def lacks_a_part(self) -> bool:
        """Something is absent that Recall always sends."""
        return False


Wire = TypeVar("Wire", bound=_Wire)


class WireConnection(_Wire):
    """Contract 3.2."""

    platform: Text = None
    connected: Flag = False
    email: Text = None

    def to_domain(self) -> Connection:
        """As a `Connection`."""
        return Connection(self.platform or "", self.connected, self.email)


class WirePreferences(_Wire):
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


class WireUser(_Wire):
    """Contract 3.2: CalendarUser."""

    id: Id
    external_id: OptionalId = None
    connections: Annotated[list[WireConnection], Rows] = []
    preferences: WirePreferences | None = None

    def to_domain(self) -> CalendarUser:
        """As a `CalendarUser`."""
        connections = tuple(c.to_domain() for c in self.connections)
        return CalendarUser(
            self.id, self.external_id, connections, self.preferences.to_domain() if self.preferences else None
        )


class WireAttendee(_Wire):
    """Contract 3.12."""

    email: Text = None
    name: Text = None
    status: Text = None
    is_organizer: Flag = False

    def to_domain(self) -> Attendee:
        """As an `Attendee`."""
        return Attendee(**dict(self))


class WireMeeting(_Wire):
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
    attendees: Annotated[list[WireAttendee], Rows] = []
    attendee_emails: Annotated[list[Text], Rows] = []
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


class WireStatusChange(_Wire):
    """Contract 9.2."""

    code: Annotated[str, BeforeValidator(as_text)]
    created_at: Instant = None
    sub_code: Text = None
    message: Text = None
    recording_id: OptionalId = None

    def to_domain(self) -> StatusChange:
        """As a `StatusChange`."""
        return StatusChange(**dict(self))


class WireRecordingStatus(_Wire):
    """Contract 9.2."""

    code: Text = None


class WireRecording(_Wire):
    """Contract 9.2."""

    id: Id
    status: WireRecordingStatus | None = None
    started_at: Instant = None
    completed_at: Instant = None

    def to_domain(self) -> Recording:
        """As a `Recording`."""
        return Recording(self.id, self.status.code if self.status else None, self.started_at, self.completed_at)


class WireBotUser(_Wire):
    """Contract 7.2."""

    id: OptionalId = None


class WireBotEntry(_Wire):
    """Contract 7.2."""

    id: Id
    calendar_user: WireBotUser | None = None
    start_time: Instant = None

    def to_domain(self) -> BotEntry:
        """As a `BotEntry`."""
        return BotEntry(self.id, self.calendar_user.id if self.calendar_user else None, self.start_time)


class WireRecordingConfig(_Wire):
    """Contract 8.1, as far as it says that nothing is kept: `retention` is there and null."""

    retention: Any = None

    @property
    def keeps_media(self) -> bool:
        """False under Zero Data Retention."""
        return self.retention is not None or "retention" not in self.model_fields_set


class WireBot(_Wire):
    """Contract 9.2: Bot, as far as its outcome goes. `meeting_url` is an object here, and is cleared in time.

    API v1.10 has `recording` and `video_url` in the place of `recordings` (contract 17, N12).
    """

    id: Id
    status_changes: Annotated[list[WireStatusChange], Rows] = []
    recordings: Annotated[list[WireRecording], Rows] = []
    calendar_meetings: Annotated[list[WireBotEntry], Rows] = []
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


@dataclass(frozen=True, slots=True)
class RowRead(Generic[T]):
    """A row that could be read. `odd`: parts of it were left out."""

    value: T
    odd: bool = False


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)
Read: TypeAlias = Callable[[Any], RowRead[Row] | None]
"""Reads one row; None when it cannot be read."""


def read_user(row: Any) -> RowRead[CalendarUser] | None:
    """A calendar user, or None when the row cannot be read."""
    return _read(row, WireUser, WireUser.to_domain)


def read_entry(row: Any) -> RowRead[Entry] | None:
    """A calendar entry, or None when the row cannot be read."""
    return _read(row, WireMeeting, WireMeeting.to_domain)


def read_bot(row: Any) -> RowRead[Bot] | None:
    """A bot, or None when the row cannot be read."""
    return _read(row, WireBot, WireBot.to_domain)


def _read(row: Any, wire: type[Wire], to_domain: Callable[[Wire], T]) -> RowRead[T] | None:
    if not isinstance(row, dict):
        return None
    cut = {
        name: value[:ITEMS_KEPT] for name, value in row.items() if isinstance(value, list) and len(value) > ITEMS_KEPT
    }
    try:
        found = without_odd_parts({**row, **cut} if cut else row, wire, wire.needed)
        if found is None:
            return None
        model, left_out = found
        return RowRead(to_domain(model), bool(cut or left_out) or model.lacks_a_part)
    except RecursionError:
        return None


def listing(rows: Iterable[Any], read: Read[Row], complete: bool = True) -> Listing[Row]:
    """The rows that can be read, each once: one that moved between pages while they were read comes twice. And those
    that cannot be."""
    once, unreadable = dict[str, RowRead[Row]](), list[UnreadableRow]()
    for row in rows:
        if (known := read(row)) is None:
            unreadable.append(name_of(row))
        else:
            once[known.value.id] = known
    return Listing(
        tuple(known.value for known in once.values()),
        unreadable=tuple(unreadable),
        odd=sum(known.odd for known in once.values()),
        complete=complete,
    )


def name_of(row: Any) -> UnreadableRow:
    """What a row that cannot be read says of which one it is."""
    if not isinstance(row, Mapping):
        return UnreadableRow()
    return UnreadableRow(
        id=_id_in(row, "id"),
        ical_uid=_id_in(row, "ical_uid"),
        start_time=_time_in(row, "start_time"),
        external_id=_id_in(row, "external_id"),
    )


def _id_in(row: Mapping[str, Any], name: str) -> str | None:
    try:
        found = as_identity(row.get(name))
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _time_in(row: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found: datetime | None = as_instant(row.get(name))
    except ValueError:
        return None
    return found


def token_in(body: Any) -> SecretStr | None:
    """The token in an answer to authenticate/; None when there is none, or none that could stand in a header."""
    token = body.get("token") if isinstance(body, dict) else None
    return SecretStr(token) if isinstance(token, str) and re.fullmatch(r"[!-~]{1,8192}", token) else None
