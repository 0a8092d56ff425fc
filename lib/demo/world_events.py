"""What happens in the demo's world without the staff: some events on most days, others once."""

from datetime import timedelta
from functools import partial

from lib.demo.selection import has_preset
from lib.demo.story import Demo, Event, events_on
from lib.recording.presets import Preset
from lib.store.users import UserRow

DRAG_INTERVAL = 3
"""Days from one dragged event to the next."""
FIRST_DAY = 2
"""The first day with events: on the day before nobody is known yet."""
_NEAR, _FAR = timedelta(days=5), timedelta(days=25)
_NEW_NAMES = ("robin.hale", "sasha.lindt")


def world_events(day: int, days: int) -> tuple[Event, ...]:
    """The world's events of this day of so many, in their order."""
    if day < FIRST_DAY:
        return ()
    return (*_DAILY_FIRST, *events_on(_STORY, day, days, FIRST_DAY), *_DAILY_LAST)


def _cancel_meeting(demo: Demo) -> None:
    """An upcoming meeting is cancelled for everybody."""
    row = _user_of_the_day(demo, 0)
    for entry in demo.selection.upcoming(row, demo.clock())[:1]:
        for each in demo.selection.shared(row, entry):
            demo.sandbox.delete_meeting(each.id)


def _reschedule_meeting(demo: Demo) -> None:
    """An upcoming meeting is moved by a day or two for everybody."""
    row = _user_of_the_day(demo, 1)
    for entry in demo.selection.upcoming(row, demo.clock())[-1:]:
        later = timedelta(days=1 + demo.day % 2, hours=1)
        for each in demo.selection.shared(row, entry):
            if each.start_time and each.end_time:
                demo.sandbox.reschedule(each.id, each.start_time + later, each.end_time + later)


def _drag_held_meeting(demo: Demo) -> None:
    """The event of a held meeting is dragged to next week, instead of a new one being made."""
    row = _user_of_the_day(demo, 2)
    if demo.day % DRAG_INTERVAL:
        return
    for entry in demo.selection.held(row, demo.clock())[:1]:
        if entry.start_time:
            start = entry.start_time + timedelta(days=7, minutes=30)
            demo.sandbox.drag(entry.id, start, keep_bot=demo.day % 2 == 0)


def _user_of_the_day(demo: Demo, number: int) -> UserRow:
    """Another user every day, and of another customer for each of the day's numbers."""
    return demo.selection.candidate(3 * demo.day + number)


def _break_connection(role: str, number: int, demo: Demo) -> None:
    """Recall can no longer read a calendar of the customer with this number, counted from the largest."""
    customer = demo.selection.candidate(number).customer
    row = demo.selection.user(role, lambda row: row.customer == customer)
    demo.sandbox.break_connection(row.user.id, row.user.connections[0].platform)


def _reconnect(role: str, demo: Demo) -> None:
    """The user of this role connects the lost or disconnected calendar again."""
    row = demo.selection.user(role)
    calendar = row.user.connections[0]
    demo.sandbox.connect(row.user.id, calendar.platform, calendar.email or "")


def _add_user(number: int, preset: Preset, demo: Demo) -> None:
    """A new colleague appears, with a mailbox of the largest or the second customer."""
    calendar = demo.selection.candidate(number).user.connections[0]
    domain = (calendar.email or "").partition("@")[2]
    user_id = demo.sandbox.create_user(f"{domain.partition('.')[0]}-{2000 + number}", preset.flags)
    demo.sandbox.connect(user_id, calendar.platform, f"{_NEW_NAMES[number]}@{domain}")


def _delete_user(demo: Demo) -> None:
    demo.sandbox.delete_user(demo.selection.user("leaver").user.external_id or "")


def _change_rules(role: str, preset: Preset, demo: Demo) -> None:
    """The owner's product sets other preferences for a user."""
    row = demo.selection.user(role, partial(has_preset, Preset.EVERYTHING))
    demo.sandbox.set_preferences(row.user.id, preset.flags)


def _spoil_meeting(role: str, fields: dict[str, object], ahead: timedelta, demo: Demo) -> None:
    """Recall's row of an upcoming meeting has these odd fields from now on."""
    row = demo.selection.user(role)
    for entry in demo.selection.upcoming(row, demo.clock(), ahead)[-1:]:
        demo.sandbox.set_raw_fields(entry.id, fields)


_STORY: tuple[tuple[int, Event], ...] = (
    (5, partial(_spoil_meeting, "odd guests", {"attendees": ["guest@partner.example"]}, _NEAR)),
    (7, partial(_add_user, 0, Preset.EVERYTHING)),
    (9, partial(_break_connection, "lost for four days", 1)),
    (10, partial(_change_rules, "rules changed elsewhere", Preset.EXTERNAL)),
    (12, partial(_break_connection, "lost for three days", 2)),
    (13, partial(_reconnect, "lost for four days")),
    (14, partial(_spoil_meeting, "an odd title", {"title": 42}, _NEAR)),
    (15, partial(_reconnect, "lost for three days")),
    (18, partial(_add_user, 1, Preset.NOTHING)),
    (19, partial(_reconnect, "disconnected")),
    (20, _delete_user),
    (22, partial(_break_connection, "lost until a link", 3)),
    (23, partial(_change_rules, "rules switched off elsewhere", Preset.NOTHING)),
    (25, partial(_reconnect, "lost until a link")),
    (27, partial(_break_connection, "lost by now", 0)),
    (28, partial(_spoil_meeting, "an odd invite", {"zoom_invite": "zoom"}, _FAR)),
    (29, partial(_spoil_meeting, "unreadable", {"will_record": "perhaps"}, _FAR)),
)
_DAILY_FIRST: tuple[Event, ...] = (_reschedule_meeting, _drag_held_meeting)
"""Before all others: to meetings as they were last read."""
_DAILY_LAST: tuple[Event, ...] = (_cancel_meeting,)
"""After all others: nothing can happen to a cancelled meeting."""
