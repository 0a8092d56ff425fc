"""What the demo accounts did on their days: each by the command that a page gives, signed in as a page's visitor is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lib.clock import Clock
from lib.commands import bulk, customers, standards
from lib.commands.bot_config import keep_version, mark_sent
from lib.commands.connect_links import make_link
from lib.commands.connections import disconnect, name_to_type
from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.commands.undo import undo
from lib.customer.csv_file import read_customers
from lib.domain import Entry, Preferences
from lib.errors import StaffError
from lib.recall_api import Recall
from lib.recording.presets import Preset, with_preset
from lib.settings import Settings
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.store import Store, batches, bot_configs, last_visits, outbox, passes
from lib.store.outbox import WriteKind
from lib.store.users import UserRow
from lib.writes import WriteContext


@dataclass(frozen=True)
class Staff:
    """Three people at their desks, at the time of `clock`."""

    store: Store
    recall: Recall
    settings: Settings
    clock: Clock

    @property
    def context(self) -> WriteContext:
        """By which changes are made."""
        return WriteContext(self.store, self.recall, self.clock)

    @contextmanager
    def at_work(self, name: str) -> Iterator[StaffMember]:
        """Sign in as the demo account of this name, and sign out after the block."""
        cookie = sessions.redeem(self.store, sessions.mint_ticket(self.store, name, clock=self.clock), clock=self.clock)
        session = sessions.who(self.store, cookie, clock=self.clock)
        if session is None:
            raise StaffError("This account cannot sign in. Ask an admin.")
        yield session.staff
        sessions.end(self.store, cookie, clock=self.clock)

    def look(self, name: str) -> None:
        """Open the Customers page, which tells from then on what is new since."""
        with self.at_work(name), self.store.write() as connection:
            if as_of := passes.as_of(connection):
                last_visits.visit(connection, name, as_of=as_of)

    def choose(self, name: str, row: UserRow, preset: Preset, why: str | None = None) -> None:
        """Give a user one of the documented presets."""
        shown = row.user.preferences or Preferences()
        wanted = with_preset(shown, preset)
        if wanted == shown:
            return
        with self.at_work(name) as member:
            save_preferences(self.store, self.recall, member, row.user, shown, wanted, why=why, clock=self.clock)

    def put_back(self, name: str, row: UserRow) -> None:
        """Undo the last change of a user's preferences."""
        with self.store.read() as connection:
            last = next(iter(outbox.of_target(connection, WriteKind.PREFERENCES, row.user.id, None)), None)
        if last is not None:
            with self.at_work(name) as member:
                undo(self.store, self.recall, member, [last.seq], clock=self.clock)

    def override(self, name: str, row: UserRow, shown: Sequence[Entry], wanted: bool | None, why: str) -> None:
        """Have some meetings of a user recorded, or not."""
        with self.at_work(name) as member:
            set_overrides(self.store, self.recall, member, row.user, shown, wanted, why=why, clock=self.clock)

    def put_overrides_back(self, name: str, row: UserRow, why: str, *, at_most: int) -> None:
        """Take the last changes of a user's overrides back, those that are still to come."""
        with self.store.read() as connection:
            found = [
                c.seq for c in outbox.recent(connection) if c.kind is WriteKind.OVERRIDE and c.user_id == row.user.id
            ]
        if found:
            with self.at_work(name) as member:
                undo(self.store, self.recall, member, found[:at_most], why=why, clock=self.clock)

    def change_many(self, name: str, rows: Sequence[UserRow], preset: Preset, why: str) -> None:
        """Give many users the same preset, after a dry run."""
        zone = ZoneInfo(self.settings.report_time_zone)
        ids = [row.user.id for row in rows]
        with self.at_work(name) as member:
            plan = bulk.plan_bulk(self.store, ids, preset.flags, member.sight, keep=False, zone=zone, clock=self.clock)
            if plan.changing:
                bulk.run(self.context, bulk.begin(self.context, member, plan, why=why), member.name)

    def take_many_back(self, name: str) -> None:
        """Take the last change of many users back as a whole."""
        with self.store.read() as connection:
            last = next(iter(batches.recent(connection)), None)
        if last is not None:
            with self.at_work(name) as member:
                bulk.run(self.context, bulk.undo(self.context, member, last.key), member.name)

    def upload_customers(self, name: str, content: str) -> None:
        """Apply a CSV of customers, as it was previewed."""
        file = read_customers(content.encode())
        with self.at_work(name) as member:
            shown = customers.preview(self.store, member, file)
            customers.apply_customers(self.store, member, file, shown, clock=self.clock)

    def set_standard(self, name: str, customer: str, preset: Preset) -> None:
        """Say how a customer's users are to be set."""
        with self.at_work(name) as member:
            standards.set_standard(self.store, member, customer, preset.flags, clock=self.clock)

    def keep_bot_config(self, name: str, text: str, note: str, *, sent: bool) -> None:
        """Keep another version of the bot config, and note that it was handed to Recall."""
        with self.store.read() as connection:
            newest = bot_configs.newest(connection)
        basis = newest.number if newest else 0
        with self.at_work(name) as member:
            version = keep_version(self.store, member, text, note=note, basis=basis, clock=self.clock)
            if sent:
                mark_sent(self.store, member, version.number, clock=self.clock)

    def disconnect(self, name: str, row: UserRow, why: str) -> None:
        """Disconnect a user's calendar."""
        platform = row.user.connections[0].platform
        with self.at_work(name) as member:
            typed = name_to_type(row.user)
            disconnect(self.store, self.recall, member, row.user, platform, typed, why=why, clock=self.clock)

    def send_link(self, name: str, row: UserRow, platform: str) -> None:
        """Make a link by which a user connects a calendar."""
        with self.at_work(name) as member:
            make_link(self.store, self.recall, self.settings, member, row.user, platform, clock=self.clock)
