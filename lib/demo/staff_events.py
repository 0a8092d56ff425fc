"""What the demo's staff do, and on which day: each by the command behind a page, signed in like a visitor of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from lib.bot_config.examples import CAREFUL, TRANSCRIPT
from lib.commands import bulk, customers, standards
from lib.commands.bot_config import keep_version, mark_sent
from lib.commands.connect_links import make_link
from lib.commands.connections import disconnect, name_to_type
from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.commands.undo import undo
from lib.customer.csv_file import read_customers
from lib.demo.selection import has_preset
from lib.demo.story import Demo, Event, events_on
from lib.domain import Entry, Preferences
from lib.errors import StaffError
from lib.recording.overrides import series_of
from lib.recording.presets import Preset, with_preset
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.store import batches, bot_configs, outbox, passes, staff
from lib.store.outbox import WriteKind
from lib.store.users import UserRow

EDITOR, ADMIN, VIEWER = "editor", "admin", "viewer"
_FAR = timedelta(days=25)
UNDONE_OVERRIDES = 2
"""The number of a series' meetings whose override is undone; the others stay switched off."""
OWNED_CUSTOMERS = 4
"""The number of customers that somebody looks after; the others have no owner."""
_SHORT_RETENTION = TRANSCRIPT.text.replace("168", "72")
_TEAMS = ("Sales", "Customer success", "Product")


def staff_events(day: int, days: int) -> tuple[Event, ...]:
    """What staff do on this day of so many, in order."""
    return events_on(_STORY, day, days)


@contextmanager
def _signed_in(demo: Demo, name: str) -> Iterator[StaffMember]:
    """Sign in as the demo account of this name, and sign out after the block."""
    store, clock = demo.store, demo.clock
    cookie = sessions.redeem(store, sessions.mint_ticket(store, name, clock=clock), clock=clock)
    session = sessions.find(store, cookie, clock=clock)
    if session is None:
        raise StaffError("This account cannot sign in. Ask an admin.")
    yield session.staff
    sessions.end(store, cookie, clock=clock)


def _visit(name: str, demo: Demo) -> None:
    """A member of staff opens the Customers page, which shows from then on what is new since."""
    with _signed_in(demo, name), demo.store.write() as connection:
        if as_of := passes.as_of(connection):
            staff.visit(connection, name, as_of=as_of)


def _set_up(demo: Demo) -> None:
    """The admin uploads the customers and saves the bot config that Recall has."""
    file = read_customers(_customers_csv(demo).encode())
    with _signed_in(demo, ADMIN) as member:
        shown = customers.preview(demo.store, member, file)
        customers.apply_customers(demo.store, member, file, shown, clock=demo.clock)
    _save_bot_config(TRANSCRIPT.text, "As we have it at Recall", demo, sent=True)


def _customers_csv(demo: Demo) -> str:
    """Each user's customer as the mailbox says, with teams, and with owners of the largest customers."""
    largest = demo.selection.customers()[:OWNED_CUSTOMERS]
    owners = {name: (EDITOR, EDITOR, ADMIN)[number % 3] for number, name in enumerate(largest)}
    lines = [
        f"{row.user.external_id},{row.customer},{_TEAMS[number % len(_TEAMS)]},{owners.get(row.customer or '', '')}"
        for number, row in enumerate(demo.selection.candidates())
    ]
    return "\n".join(["user,customer,team,owner", *lines])


def _save_bot_config(text: str, note: str, demo: Demo, *, sent: bool) -> None:
    """The admin saves a version of the bot config, and may note that it was sent to Recall."""
    with demo.store.read() as connection:
        newest = bot_configs.newest(connection)
    basis = newest.number if newest else 0
    with _signed_in(demo, ADMIN) as member:
        version = keep_version(demo.store, member, text, note=note, basis=basis, clock=demo.clock)
        if sent:
            mark_sent(demo.store, member, version.number, clock=demo.clock)


def _choose_preset(demo: Demo, row: UserRow, preset: Preset, why: str) -> None:
    shown = row.user.preferences or Preferences()
    wanted = with_preset(shown, preset)
    if wanted == shown:
        return
    with _signed_in(demo, EDITOR) as member:
        save_preferences(demo.context, member, row.user, shown, wanted, why=why)


def _switch_on(demo: Demo) -> None:
    row = demo.selection.user("switched on", partial(has_preset, Preset.NOTHING))
    _choose_preset(demo, row, Preset.EXTERNAL, "Asked for it on the phone")


def _narrow(demo: Demo) -> None:
    row = demo.selection.user("narrowed", partial(has_preset, Preset.EVERYTHING))
    _choose_preset(demo, row, Preset.HOSTED, "Only what they host, they say")


def _undo_narrowing(demo: Demo) -> None:
    row = demo.selection.user("narrowed")
    with demo.store.read() as connection:
        last = next(iter(outbox.of_target(connection, WriteKind.PREFERENCES, row.user.id, None)), None)
    if last is not None:
        with _signed_in(demo, EDITOR) as member:
            undo(demo.context, member, [last.seq])


def _include_internal(demo: Demo) -> None:
    row = demo.selection.user("changed late", lambda row: not (row.user.preferences or Preferences()).record_internal)
    _choose_preset(demo, row, Preset.EVERYTHING, "Internal ones too, from this week on")


def _override(demo: Demo, row: UserRow, shown: Sequence[Entry], wanted: bool, why: str) -> None:
    with _signed_in(demo, EDITOR) as member:
        set_overrides(demo.context, member, row.user, shown, wanted, why=why)


def _record_one_meeting(demo: Demo) -> None:
    def not_recorded(row: UserRow) -> Sequence[Entry]:
        return [e for e in demo.selection.upcoming(row, demo.clock()) if not e.will_record and not e.is_private]

    row = demo.selection.user("one meeting", lambda row: bool(not_recorded(row)))
    _override(demo, row, not_recorded(row)[:1], True, "The customer asked for this one")


def _skip_series(demo: Demo) -> None:
    def series(row: UserRow) -> Sequence[Entry]:
        now = demo.clock()
        upcoming = demo.selection.upcoming(row, now, _FAR)
        return max((series_of(entry, upcoming, now) for entry in upcoming if entry.is_recurring), key=len, default=())

    row = demo.selection.user("a series", lambda row: len(series(row)) > UNDONE_OVERRIDES)
    _override(demo, row, series(row), False, "Their one-to-one is nobody's business")


def _undo_some_overrides(demo: Demo) -> None:
    row = demo.selection.user("a series")
    with demo.store.read() as connection:
        found = [c.seq for c in outbox.recent(connection) if c.kind is WriteKind.OVERRIDE and c.user_id == row.user.id]
    if found:
        why, last = "The last two may be recorded", found[:UNDONE_OVERRIDES]
        with _signed_in(demo, EDITOR) as member:
            undo(demo.context, member, last, why=why)


def _set_standard(demo: Demo) -> None:
    customer = demo.selection.candidate(0).customer or ""
    with _signed_in(demo, ADMIN) as member:
        standards.set_standard(demo.store, member, customer, Preset.EVERYTHING.flags, clock=demo.clock)


def _change_customer(number: int, preset: Preset, why: str, demo: Demo) -> None:
    """All users of a customer get the same preset; `number` counts customers from the largest, over and over."""
    customer = demo.selection.candidate(number).customer
    ids = [row.user.id for row in demo.selection.candidates() if row.customer == customer]
    zone, context = ZoneInfo(demo.settings.report_time_zone), demo.context
    with _signed_in(demo, EDITOR) as member:
        plan = bulk.plan_bulk(demo.store, ids, preset.flags, member.sight, keep=False, zone=zone, clock=demo.clock)
        if plan.changing:
            bulk.run(context, bulk.begin(context, member, plan, why=why), member.name)


def _undo_bulk_change(demo: Demo) -> None:
    with demo.store.read() as connection:
        last = next(iter(batches.recent(connection)), None)
    if last is not None:
        context = demo.context
        with _signed_in(demo, EDITOR) as member:
            bulk.run(context, bulk.undo(context, member, last.key), member.name)


def _disconnect(demo: Demo) -> None:
    user = demo.selection.user("disconnected").user
    platform, why = user.connections[0].platform, "Moves to another mailbox"
    with _signed_in(demo, EDITOR) as member:
        disconnect(demo.context, member, user, platform, name_to_type(user), why=why)


def _send_link(role: str, demo: Demo) -> None:
    """A user gets a link to connect a calendar."""
    user = demo.selection.user(role).user
    with _signed_in(demo, EDITOR) as member:
        platform = user.connections[0].platform
        make_link(demo.context, demo.settings, member, user, platform)


_STORY: tuple[tuple[int, Event], ...] = (
    (1, _set_up),
    (2, partial(_visit, EDITOR)),
    (2, _switch_on),
    (3, _narrow),
    (5, _undo_narrowing),
    (6, _record_one_meeting),
    (9, _skip_series),
    (10, _undo_some_overrides),
    (11, partial(_visit, ADMIN)),
    (11, _set_standard),
    (12, partial(_visit, VIEWER)),
    (13, partial(_change_customer, 1, Preset.EXTERNAL, "The works council objects")),
    (14, _undo_bulk_change),
    (16, partial(_visit, EDITOR)),
    (16, partial(_change_customer, 0, Preset.EVERYTHING, "As agreed in the review")),
    (17, _disconnect),
    (18, partial(_send_link, "disconnected")),
    (21, partial(_save_bot_config, _SHORT_RETENTION, "Three days are enough", sent=True)),
    (24, partial(_visit, EDITOR)),
    (24, partial(_send_link, "lost until a link")),
    (25, partial(_visit, VIEWER)),
    (26, partial(_visit, ADMIN)),
    (26, partial(_save_bot_config, CAREFUL.text, "For the legal team to read", sent=False)),
    (29, _include_internal),
    (30, partial(_send_link, "lost by now")),
)
