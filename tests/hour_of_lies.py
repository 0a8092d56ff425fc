"""An hour in which Recall is wrong about itself, and the same hour without: what figures they end in, side by side."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from lib.coverage.frame_order import arrange
from lib.coverage.numbers import Ended, InProgress, Numbers, Upcoming, numbers
from lib.frames import FrameBuilder, FrameUsers
from lib.recall_api import Recall, open_recall
from lib.recall_api.retries import RetryPolicy
from lib.store import Store, entries, frame_rows, migrate, open_store, passes, users
from lib.store.entries import StoredEntry
from lib.sync import run_pass
from tests.lying import Heard, LyingRecall

BEGINS = datetime(2026, 11, 25, 14, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)
HEALTHY_BEFORE = (timedelta(hours=-26), timedelta(hours=-1), timedelta(minutes=-6))
HEALTHY_AFTER = (timedelta(minutes=60), timedelta(minutes=66))
AT_ONCE = RetryPolicy(attempts=1, total_seconds=10, read_seconds=5, longest_wait_seconds=0, pause_seconds=0.01)


@dataclass(frozen=True)
class Figures:
    """Of meetings that start before the hour, within it and after it; and how many users are listed and connected."""

    before: Numbers
    within: Numbers
    after: Numbers
    listed: int
    connected: int
    reasons: Mapping[tuple[str, str], str | None]
    """Of each entry that starts within the hour, by external id and entry id."""


@dataclass(frozen=True)
class Told:
    """What came of it."""

    figures: Figures
    lies: int
    doubted: int
    """Answers of which nothing, or nobody's absence, was concluded."""
    misled: frozenset[tuple[str, str]]
    """Entries that start within the hour, and whose last read before their start was wrong."""


def an_hour(recall: LyingRecall, folder: Path, *, share: float, minutes_between: int, apart: timedelta) -> Told:
    """Passes before, during and after the hour into a store of its own, with so many lies in the hour. "Old" and "of
    the future" are `apart` from now."""
    url = f"sqlite:///{folder / f'{share}.db'}"
    migrate(url)
    during = [timedelta(minutes=m) for m in range(0, 60, minutes_between)]
    clock, doubted, lies, heard = [BEGINS], 0, len(recall.told), len(recall.heard)
    with (
        closing(open_store(url, recall_base_url=recall.url)) as store,
        open_recall(recall.url, SecretStr(recall.key), retry_policy=AT_ONCE, clock=lambda: clock[0]) as client,
    ):
        for moment in (*HEALTHY_BEFORE, *during, *HEALTHY_AFTER):
            clock[0] = BEGINS + moment
            recall.set_clock(clock[0], apart)
            recall.share = share if moment in during else 0.0
            doubted += _a_pass(store, client, clock)["doubted"]
        starts = _starts(store)
        misled = frozenset(key for key, start in starts.items() if _is_misled(recall.heard[heard:], key[0], start))
        return Told(_figures(store), len(recall.told) - lies, doubted, misled)


def _a_pass(store: Store, client: Recall, clock: list[datetime]) -> Mapping[str, int]:
    return run_pass(store, client, holder="an hour of lies", clock=lambda: clock[0], threads=1).counts


def _figures(store: Store) -> Figures:
    with store.read() as connection:
        rows, as_of = users.everyone(connection), passes.as_of(connection)
        frame = arrange(FrameBuilder().frame(frame_rows.entries_since(connection), FrameUsers(rows))[0])
    assert as_of is not None
    listed = [row for row in rows if row.vanished_at is None]
    return Figures(
        before=numbers(frame, BEGINS - timedelta(days=59), BEGINS, as_of),
        within=numbers(frame, BEGINS, ENDS, as_of),
        after=numbers(frame, ENDS, BEGINS + timedelta(days=20), as_of),
        listed=len(listed),
        connected=sum(1 for row in listed if row.user.connected),
        reasons={key: one.verdict.reason if one.verdict else None for key, one in _within(store).items()},
    )


def _within(store: Store) -> dict[tuple[str, str], StoredEntry]:
    """Entries that start within the hour, those aside that were gone before."""
    with store.read() as connection:
        found = {}
        for row in users.everyone(connection):
            for one in entries.of_user(connection, row.user.id, after=BEGINS, before=ENDS):
                if one.removed_at is None:
                    found[row.user.external_id or "", one.entry.id] = one
    return found


def _starts(store: Store) -> dict[tuple[str, str], datetime]:
    return {key: one.entry.start_time or BEGINS for key, one in _within(store).items()}


def _is_misled(heard: Sequence[Heard], whose: str, start: datetime) -> bool:
    """Whether the last list of this user's meetings before a start was wrong, or the last list of users was."""
    last = {each.whose: each.wrong for each in heard if each.at < start and each.whose in (whose, None)}
    return any(last.values())


def figures(of: Numbers) -> dict[str, Any]:
    """Every figure by a name of its own."""
    parts: dict[str, Upcoming | InProgress | Ended] = {
        "upcoming": of.upcoming,
        "progress": of.in_progress,
        "ended": of.ended,
    }
    found = {f"{part} {name}": value for part, each in parts.items() for name, value in asdict(each).items()}
    found |= {f"{each.part} {each.reason.key} {each.basis}": each.meetings for each in of.reasons}
    return found | {"without a start": of.without_start}


def differences(one: Numbers, other: Numbers) -> dict[str, Any]:
    """The figures that are not the same."""
    mine, theirs = figures(one), figures(other)
    names = sorted(mine.keys() | theirs.keys())
    return {name: (mine.get(name), theirs.get(name)) for name in names if mine.get(name) != theirs.get(name)}


def wrong_reasons(honest: Told, lied: Told) -> set[tuple[str, str]]:
    """Entries that start within the hour and have another reason than without it, though they were not misled."""
    mine, theirs = honest.figures.reasons, lied.figures.reasons
    return {key for key in mine.keys() & theirs.keys() if mine[key] != theirs[key]} - lied.misled
