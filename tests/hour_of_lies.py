"""An hour in which Recall is wrong about itself, and the same hour without: what figures they end in, side by side."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from lib.coverage.frame import arrange
from lib.coverage.numbers import Numbers, numbers
from lib.frames import Making, Whose
from lib.recall_api import Recall, open_recall
from lib.recall_api.retries import Patience
from lib.store import Store, migrate, narrow, open_store, passes, users
from lib.sync import run_pass
from tests.lying import LyingRecall

BEGINS = datetime(2026, 11, 25, 14, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)
HEALTHY_BEFORE = (timedelta(hours=-26), timedelta(hours=-1), timedelta(minutes=-6))
HEALTHY_AFTER = (timedelta(minutes=60), timedelta(minutes=66))
AT_ONCE = Patience(attempts=1, total_seconds=10, read_seconds=5, longest_wait_seconds=0, pause_seconds=0.01)


@dataclass(frozen=True)
class Figures:
    """Of meetings that start before the hour, within it and after it; and how many users are listed and connected."""

    before: Numbers
    within: Numbers
    after: Numbers
    listed: int
    connected: int

    def reasons_within(self) -> Counter[str]:
        return Counter({each.reason.key: each.meetings for each in self.within.reasons})


@dataclass(frozen=True)
class Told:
    """What came of it."""

    figures: Figures
    lies: int
    doubted: int
    """Answers of which nothing, or nobody's absence, was concluded."""


def an_hour(recall: LyingRecall, folder: Path, *, share: float, minutes_between: int, apart: timedelta) -> Told:
    """Passes before, during and after the hour into a store of its own, with so many lies in the hour. "Old" and "of
    the future" are `apart` from now."""
    url = f"sqlite:///{folder / f'{share}.db'}"
    migrate(url)
    during = [timedelta(minutes=m) for m in range(0, 60, minutes_between)]
    clock, doubted, lies = [BEGINS], 0, len(recall.told)
    with (
        closing(open_store(url, recall_base_url=recall.url)) as store,
        open_recall(recall.url, SecretStr(recall.key), patience=AT_ONCE, clock=lambda: clock[0]) as client,
    ):
        for moment in (*HEALTHY_BEFORE, *during, *HEALTHY_AFTER):
            clock[0] = BEGINS + moment
            recall.set_clock(clock[0], apart)
            recall.share = share if moment in during else 0.0
            doubted += _a_pass(store, client, clock)["doubted"]
        return Told(_figures(store), len(recall.told) - lies, doubted)


def _a_pass(store: Store, client: Recall, clock: list[datetime]) -> Mapping[str, int]:
    return run_pass(store, client, holder="an hour of lies", clock=lambda: clock[0], threads=4).counts


def _figures(store: Store) -> Figures:
    with store.read() as connection:
        rows, as_of = users.everyone(connection), passes.as_of(connection)
        frame = arrange(Making().frame(narrow.entries_since(connection), Whose(rows))[0])
    assert as_of is not None
    listed = [row for row in rows if row.vanished_at is None]
    return Figures(
        before=numbers(frame, BEGINS - timedelta(days=59), BEGINS, as_of),
        within=numbers(frame, BEGINS, ENDS, as_of),
        after=numbers(frame, ENDS, BEGINS + timedelta(days=20), as_of),
        listed=len(listed),
        connected=sum(1 for row in listed if row.user.connected),
    )


def differences(one: Numbers, other: Numbers) -> dict[str, Any]:
    """The figures that are not the same."""
    mine, theirs = asdict(one), asdict(other)
    return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}
