"""Plain makers of users, entries and bots around one moment, and the same at random."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from lib.domain import (
    PREFERENCE_FLAGS,
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
from lib.recording.subcodes import SUB_CODES
from lib.recording.time_part import FirstSeen, LastSeen

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA = "Anna@Acme.example"
SHORT = {
    "NH": "record_non_host",
    "RC": "record_recurring",
    "EX": "record_external",
    "IN": "record_internal",
    "CF": "record_confirmed",
    "OH": "record_only_host",
}


def rules(on: str) -> Preferences:
    """Preferences with the named flags on: `rules("EX+IN")`; an empty string for none."""
    flags: dict[str, Any] = {SHORT[name]: True for name in on.split("+") if name}
    return Preferences(**flags)


def user(on: str = "EX+IN", *, connected: bool = True) -> CalendarUser:
    return CalendarUser("user-1", "ext-1", (Connection("google", connected, ANNA),), rules(on))


def entry(starts: float = 1, hours: float = 1, **facts: Any) -> Entry:
    """A recordable external meeting that somebody else hosts, starting `starts` hours from NOW."""
    start = NOW + starts * HOUR
    usual: dict[str, Any] = {
        "id": "entry-1",
        "will_record": False,
        "start_time": start,
        "end_time": start + hours * HOUR,
        "invites": ("zoom",),
        "meeting_platform": "zoom",
        "calendar_platform": "google",
        "is_external": True,
        "is_hosted_by_me": False,
        "is_recurring": False,
        "attendees": (Attendee("anna@acme.EXAMPLE", status="accepted"),),
    }
    return Entry(**{**usual, **facts})


def ended(**facts: Any) -> Entry:
    return entry(starts=-3, **facts)


def bot(*steps: str, recordings: tuple[Recording, ...] = (), entries: tuple[BotEntry, ...] = ()) -> Bot:
    """A bot whose statuses follow each other by a minute. A step is `code` or `code:sub_code`."""
    changes = []
    for minute, step in enumerate(steps):
        code, _, sub_code = step.partition(":")
        changes.append(StatusChange(code, NOW - 2 * HOUR + timedelta(minutes=minute), sub_code or None))
    return Bot("bot-1", tuple(changes), recordings, entries)


def sent(some: Entry, its_bot: Bot | None) -> tuple[Bot | None, ...]:
    """The bots of an entry that names one: that one, or None where another was read or none."""
    if some.bot_id is None:
        return ()
    return (its_bot if its_bot is not None and its_bot.id == some.bot_id else None,)


def recording(minutes: float | None = 30, status: str = "done") -> Recording:
    """A recording that started, and was completed after `minutes` if that is known."""
    began = NOW - 2 * HOUR
    return Recording("rec-1", status, began, None if minutes is None else began + timedelta(minutes=minutes))


maybe = st.sampled_from([True, False, None])
all_preferences = st.builds(Preferences, **dict.fromkeys(PREFERENCE_FLAGS, st.booleans()))
hours = st.sampled_from([-5.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0])
times = st.none() | hours.map(lambda h: NOW + h * HOUR) | st.sampled_from([NOW.replace(hour=0, minute=0)])
answers = st.sampled_from(["accepted", "declined", "tentative", "not_available", "maybe-later", None])
attendees = st.lists(
    st.builds(Attendee, email=st.sampled_from([ANNA, ANNA.upper(), "guest@globex.example", None, ""]), status=answers),
    max_size=3,
).map(tuple)
users = st.builds(
    CalendarUser,
    id=st.just("user-1"),
    external_id=st.none() | st.text(max_size=3),
    connections=st.sampled_from(
        [(), (Connection("google", True, ANNA),), (Connection("google", False, ANNA), Connection("microsoft", True))]
    ),
    preferences=st.none() | all_preferences,
)
entries = st.builds(
    Entry,
    id=st.just("entry-1"),
    will_record=st.booleans(),
    start_time=times,
    end_time=times,
    override_should_record=maybe,
    will_record_reason=st.none() | st.text(max_size=5),
    meeting_platform=st.sampled_from([None, "zoom", "holodeck", "unknown"]),
    calendar_platform=st.sampled_from([None, "google", "microsoft"]),
    invites=st.sampled_from([(), ("zoom",)]),
    bot_id=st.sampled_from([None, "bot-1", "bot-2"]),
    is_external=maybe,
    is_hosted_by_me=maybe,
    is_recurring=maybe,
    attendees=attendees,
)
statuses = st.sampled_from(
    [
        "joining_call",
        "in_waiting_room",
        "in_call_not_recording",
        "recording_permission_denied",
        "in_call_recording",
        "call_ended",
        "done",
        "fatal",
        "media_expired",
        "teleported",
    ]
)
sub_codes = st.none() | st.sampled_from(sorted(SUB_CODES)) | st.text(max_size=8)
bots = st.builds(
    Bot,
    id=st.sampled_from(["bot-1", "bot-2"]),
    status_changes=st.lists(
        st.builds(StatusChange, code=statuses | st.text(max_size=4), created_at=times, sub_code=sub_codes), max_size=6
    ).map(tuple),
    recordings=st.lists(
        st.builds(
            Recording,
            id=st.just("r"),
            status=st.sampled_from([None, "done", "failed", "paused"]),
            started_at=times,
            completed_at=times,
            has_media=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    entries=st.sampled_from([(), (BotEntry("entry-1"),), (BotEntry("entry-1"), BotEntry("entry-2"))]),
)
seen = st.none() | st.builds(LastSeen, will_record=st.booleans(), preferences=st.none() | all_preferences)
first_seen = st.none() | st.builds(FirstSeen, preferences=st.none() | all_preferences, override=maybe)
