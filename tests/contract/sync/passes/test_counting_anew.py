"""A store whose figures an older version counted is counted anew by the next pass, which tells by how much."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from lib.domain import ENTRY_FLAGS
from lib.errors import StoreError
from lib.recall_api import Recall
from lib.store import Store, recounts
from lib.store.entry_rows import number_of
from lib.store.recounts import Recount, RecountedMonth
from lib.sync import recount as counting_anew
from tests.contract.sync.passes.looking import a_pass, rows
from tests.running import Sandbox

MICROSOFT = "040000008200E00074C5B7101A82E008"
YESTERDAY = -26 * 3600


@pytest.fixture
def past(sandbox: Sandbox, numbers: "count[int]") -> str:
    """A user with one call that two calendars name differently, an all-day event, and one of an unknown platform."""
    both = [{"platform": p, "email": f"anna@{p}.example"} for p in ("google", "microsoft")]
    name = f"anew-{next(numbers)}"
    anna = str(sandbox.add_user(name, connections=both, preferences={"record_internal": True})["id"])
    for platform, uid in (("google", f"{MICROSOFT}00000000AB"), ("microsoft", f"{MICROSOFT}07EA0B16AB")):
        shared = {"user": anna, "calendar_platform": platform, "start_in_seconds": YESTERDAY}
        sandbox.control("POST", "meetings/", shared | {"ical_uid": "one", "extra": {"ical_uid": uid}})
    all_day = {"start_in_seconds": YESTERDAY - 3600, "length_minutes": 24 * 60, "never_booked": True}
    unknown = {"start_in_seconds": YESTERDAY, "link": None, "extra": {"meeting_platform": "unknown"}}
    for facts in (all_day, unknown):
        sandbox.control("POST", "meetings/", {"user": anna, **facts})
    return anna


def as_an_older_version_left_it(file: Path) -> None:
    """Uids numbered as they are written, whole days of other midnights and unknown platforms counted as recordable."""
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("DELETE FROM recount")
        for key, uid in raw.execute("SELECT pk, ical_uid FROM entry WHERE ical_uid IS NOT NULL").fetchall():
            raw.execute("UPDATE entry SET uid = ? WHERE pk = ?", (number_of(uid), key))
        recordable = 1 << ENTRY_FLAGS.index("recordable")
        raw.execute(
            "UPDATE entry SET flags = flags | ?, reason = 'not_seen_before_start' "
            "WHERE end_at - start_at = 86400000000 OR meeting_platform = 'unknown'",
            (recordable,),
        )


def counted(store: Store) -> Recount:
    with store.read() as connection:
        found = recounts.latest(connection)
    assert found is not None
    return found


def test_a_new_store_has_nothing_to_tell(store: Store, recall: Recall, past: str) -> None:
    a_pass(store, recall)
    assert (counted(store).version, counted(store).months) == (counting_anew.VERSION, ())


def test_what_an_older_version_counted_is_counted_anew_and_told_by_month(
    store: Store, recall: Recall, past: str, file: Path
) -> None:
    a_pass(store, recall)
    at_first = {row["pk"]: row for row in rows(file)["entry"]}
    as_an_older_version_left_it(file)
    a_pass(store, recall)
    assert {row["pk"]: row["uid"] for row in rows(file)["entry"]} == {key: row["uid"] for key, row in at_first.items()}
    assert {row["pk"]: row["flags"] for row in rows(file)["entry"]} == {
        key: row["flags"] for key, row in at_first.items()
    }
    told = counted(store).months
    assert sum(month.held_before - (month.held_after or 0) for month in told) >= 3
    assert all(month.recorded_before >= (month.recorded_after or 0) for month in told)


def test_it_is_told_once(store: Store, recall: Recall, past: str, file: Path) -> None:
    a_pass(store, recall)
    as_an_older_version_left_it(file)
    a_pass(store, recall)
    told = counted(store)
    a_pass(store, recall)
    assert counted(store) == told


def test_a_process_that_dies_while_counting_is_followed_by_one_that_ends_it(
    store: Store, recall: Recall, past: str, file: Path
) -> None:
    a_pass(store, recall)
    as_an_older_version_left_it(file)
    with closing(sqlite3.connect(file)) as raw, raw:  # what stands once the figures of before are kept
        raw.execute(
            "INSERT INTO recount (pk, at, months) VALUES (?, 0, ?)",
            (counting_anew.VERSION, f'[["{datetime.now(UTC) - timedelta(hours=27):%Y-%m}", 7, 9, null, null]]'),
        )
        raw.execute("UPDATE last_read SET judge_at = 0")
    a_pass(store, recall)
    (month,) = counted(store).months
    assert (month.recorded_before, month.held_before) == (7, 9)
    assert month.held_after is not None


def test_what_is_kept_is_what_is_told(store: Store) -> None:
    months = (RecountedMonth("2026-10", 1, 2, 3, 4), RecountedMonth("2026-09", 5, 6))
    at = datetime(2026, 12, 3, tzinfo=UTC)
    with store.write() as connection:
        recounts.keep(connection, 9, months, at=at)
    assert counted(store) == Recount(9, at, months)
    assert not counted(store).is_done
    with pytest.raises(StoreError), store.read() as connection:
        recounts.keep(connection, 9, (), at=at)
