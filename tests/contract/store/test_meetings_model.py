"""Any sequence of reads leaves the store as a plain model in Python says; written here without a look at lib.store."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.domain import Entry, Preferences
from lib.store import Store, frame_rows, version
from tests.contract.store.making import EXTERNAL, NOON, NOTHING, entry, kept, listed, read, user

NAMES = ("a", "b", "c", "d")
HOUR = timedelta(hours=1)
_numbers = count(1)


@dataclass(frozen=True)
class Moment:
    """One read: so many hours after the one before, of a calendar that holds `entries` just then."""

    hours: float
    entries: dict[str, Entry]
    whole: bool
    connected: bool
    preferences: Preferences


@dataclass
class Known:
    """What a model remembers of one entry."""

    entry: Entry
    first_seen: datetime
    removed: datetime | None = None
    removed_connected: bool | None = None
    seen: tuple[datetime, bool, Preferences] | None = None
    shown: datetime = NOON
    """When it was last shown, as far as anybody knows."""
    missing: bool = False
    """A read did not show it, and not because it is too old."""
    corrected_from: datetime | None = None
    """The start that was corrected to one that had passed."""

    def is_dragged_by(self, one: Entry, now: datetime) -> bool:
        """Whether it had begun, and is now shown with a later start; unless it is back at the start it had before."""
        before, after = self.entry.start_time, one.start_time
        if before is None or after is None or after == before or before > now:
            return False
        if after == self.corrected_from and after > self.shown:
            return False
        return before <= (self.shown if self.removed is None else self.removed) < after

    def take(self, one: Entry, now: datetime) -> None:
        """It is shown again."""
        before, after = self.entry.start_time, one.start_time
        if self.is_dragged_by(one, now):
            self.seen, self.first_seen, self.corrected_from = None, now, None
        elif after != before or after is None:
            is_into_the_past = before is not None and after is not None and after <= now < before
            self.corrected_from = before if is_into_the_past else None
        self.entry, self.removed, self.removed_connected, self.shown, self.missing = one, None, None, now, False

    @property
    def before_start(self) -> tuple[bool | None, Preferences | None]:
        """What was seen before the start, unless the start has moved to before it was seen."""
        start = self.entry.start_time
        return self.seen[1:] if self.seen and (start is None or self.seen[0] < start) else (None, None)


def an_entry(name: str) -> st.SearchStrategy[Entry]:
    starts = st.one_of(st.none(), st.sampled_from([-24 * 70, -24 * 60, -24 * 30, -2, 0, 1, 2, 3, 5, 24, 24 * 40]))
    return st.builds(
        lambda starts, will_record, title: entry(name, starts=starts, will_record=will_record, title=title),
        starts,
        st.booleans(),
        st.sampled_from(["One", "Two"]),
    )


calendars = st.fixed_dictionaries({}, optional={name: an_entry(name) for name in NAMES})
moments = st.builds(
    Moment,
    st.sampled_from([0.5, 1, 1.5, 24, 24 * 20]),
    calendars,
    whole=st.sampled_from([True, True, True, False]),
    connected=st.booleans(),
    preferences=st.sampled_from([EXTERNAL, NOTHING]),
)


def remember(model: dict[str, Known], moment: Moment, now: datetime) -> None:
    for name, one in moment.entries.items():
        known = model.setdefault(name, Known(one, now))
        known.take(one, now)
        if one.start_time and one.start_time > now:
            values = (one.will_record, moment.preferences)
            if known.seen is None or known.seen[1:] != values:
                known.seen = (now, *values)
    for name, known in model.items():
        start = known.entry.start_time
        if name not in moment.entries and not known.missing:
            known.missing = start is None or start > now - timedelta(days=59)
            known.shown = known.shown if known.missing else now
        inside = start is None or now - timedelta(days=59) < start < now + timedelta(days=28)
        if moment.whole and name not in moment.entries and known.removed is None and inside:
            known.removed, known.removed_connected = now, moment.connected


@dataclass
class Doubt:
    """Since when answers have been empty though three or more coming entries are known."""

    since: datetime | None = None

    def holds(self, model: dict[str, Known], moment: Moment, now: datetime) -> bool:
        starts = (known.entry.start_time for known in model.values() if known.removed is None)
        coming = [start for start in starts if start and now < start < now + timedelta(days=27)]
        if moment.entries or not moment.whole or not moment.connected or len(coming) < 3:
            self.since = None
            return False
        is_first = self.since is None
        self.since = now if is_first else None  # reads lie five minutes apart or more: the second is believed
        return is_first


def in_store(store: Store, who: str) -> dict[str, tuple[object, ...]]:
    return {
        name: (
            one.entry,
            one.first_seen_at,
            one.removed_at,
            one.removed_connected,
            (one.seen_will_record, one.seen_preferences),
        )
        for name, one in kept(store, who).items()
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sequence=st.lists(moments, min_size=1, max_size=8))
def test_any_sequence_of_reads_leaves_what_the_model_says(store: Store, sequence: list[Moment]) -> None:
    number = next(_numbers)  # every example has a user of its own, with entries of its own
    name, model, now, doubt = f"user-{number}", dict[str, Known](), NOON, Doubt()
    frame: dict[int, tuple[object, ...]] = {}
    at = -1
    for step in sequence:
        now += step.hours * HOUR
        listed(store, user(name, connected=step.connected, preferences=step.preferences), now=now, complete=False)
        own = {f"{number}-{each}": replace(one, id=f"{number}-{each}") for each, one in step.entries.items()}
        moment = replace(step, entries=own)
        is_doubted = doubt.holds(model, moment, now)
        changes = read(store, own.values(), now=now, who=f"id-{name}", complete=moment.whole)
        assert (changes.doubt is not None) is is_doubted
        if not is_doubted:
            remember(model, moment, now)
        with store.read() as connection:
            newer = version.current(connection).version
            frame |= {row[0]: row for rows in frame_rows.entries_since(connection, at) for row in rows}
            at = newer
    assert in_store(store, f"id-{name}") == {
        each: (k.entry, k.first_seen, k.removed, k.removed_connected, k.before_start) for each, k in model.items()
    }
    with store.read() as connection:
        assert frame == {row[0]: row for rows in frame_rows.entries_since(connection) for row in rows}


def test_the_model_knows_what_it_is_for() -> None:
    """It is a model of something: an entry that is seen, begins, changes, and goes."""
    model = dict[str, Known]()
    one = entry("a", starts=1)
    remember(model, Moment(0, {"a": one}, True, True, EXTERNAL), NOON)
    remember(model, Moment(0, {"a": replace(one, will_record=False)}, True, True, NOTHING), NOON + 2 * HOUR)
    remember(model, Moment(0, {}, True, False, NOTHING), NOON + 3 * HOUR)
    assert model["a"].before_start == (True, EXTERNAL)
    assert (model["a"].removed, model["a"].removed_connected) == (NOON + 3 * HOUR, False)
