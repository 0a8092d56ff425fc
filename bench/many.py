"""A change of many users: how long it takes beside what Recall's limits allow."""

import time
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bench.table import Row, beside, never
from lib.clock import utc_now
from lib.commands.bulk import begin, plan_bulk, run
from lib.customer.sight import EVERYTHING
from lib.recall_api import open_recall
from lib.recording.presets import Preset
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import batches, migrate, open_store, users, users_list
from lib.store.batches import ItemState
from lib.sync.shared_rate_limiter import SharedRateLimiter
from lib.writes import WriteContext
from tests.running import running_sandbox

USERS = 500
TOKENS_A_MINUTE = 300
MOST_OF_THE_LIMITS_TIME = 1.1
SOMEBODY = StaffMember("dana", "Dana Weiss", Role.EDITOR)


def measure_many(folder: Path) -> list[Row]:
    """With the sandbox's limits on. First cold: each user needs a token, of which there are 300 a minute. Then
    another change of the same users, whose tokens are there already."""
    url = f"sqlite:///{folder / 'many.db'}"
    migrate(url)
    with (
        running_sandbox(folder, users=USERS, meetings=5, limits=True) as sandbox,
        closing(open_store(url, recall_base_url=sandbox.url)) as store,
        open_recall(sandbox.url, SecretStr(sandbox.key), rate_limiter=SharedRateLimiter(store)) as recall,
    ):
        context = WriteContext(store, recall)
        accounts.add_with_hash(store, "dana", role=Role.EDITOR, display="Dana Weiss", password_hash="-")  # noqa: S106 - nobody signs in
        everybody = recall.list_users()
        with store.write() as connection:
            users_list.store(connection, everybody.rows, read_at=utc_now(), complete=True)
        cold, changed, lost = _timed(context, Preset.INTERNAL)
        warm, changed_again, lost_again = _timed(context, Preset.NOTHING)
    name = f"change of {changed:,} users"
    allowed = changed / TOKENS_A_MINUTE * 60
    return [
        beside(f"{name}, a token needed for each", cold, allowed, "s", most=MOST_OF_THE_LIMITS_TIME),
        beside(f"change of {changed_again:,} users, tokens at hand", warm, allowed, "s", most=MOST_OF_THE_LIMITS_TIME),
        never("change of many users, not applied", lost + lost_again, changed + changed_again),
    ]


def _timed(context: WriteContext, preset: Preset) -> tuple[float, int, int]:
    """(seconds, users to be changed, those who were not)."""
    with context.store.read() as connection:
        ids = [row.user.id for row in users.everyone(connection)]
    plan = plan_bulk(context.store, ids, preset.flags, EVERYTHING, keep=False, zone=ZoneInfo("UTC"))
    key = begin(context, SOMEBODY, plan)
    began = time.monotonic()
    run(context, key, SOMEBODY.name)
    seconds = time.monotonic() - began
    with context.store.read() as connection:
        done = len(batches.items(connection, key, state=ItemState.APPLIED))
    return seconds, len(plan.changing), len(plan.changing) - done
