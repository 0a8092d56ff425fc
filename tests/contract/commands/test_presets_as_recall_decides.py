"""After each documented preset is saved Recall decides as our estimate said before it, in three worlds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser, Entry, Preferences
from lib.recall_api import Recall, open_recall
from lib.recording.decision import trace
from lib.recording.forecast import coming_meetings
from lib.recording.presets import Preset, preset_of, with_preset
from lib.staff.accounts import StaffMember
from lib.store import Store
from lib.store.outbox import WriteState
from lib.writes import WriteContext
from tests.running import running_sandbox

SEEDS = (1, 7, 42)
AHEAD = timedelta(days=14)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recall]:
    with running_sandbox(tmp_path_factory.mktemp("world"), users=12, meetings=80, seed=request.param) as sandbox:
        sandbox.control("POST", "settings/", {"booking_lag_seconds": 0})
        with open_recall(sandbox.url, SecretStr(sandbox.key)) as recall:
            yield recall


def somebody(recall: Recall) -> CalendarUser:
    """The first with a calendar and many meetings ahead."""
    users = [user for user in recall.list_users() if user.external_id and user.connected]
    return max(users[:6], key=lambda user: len(entries_of(recall, user)))


def entries_of(recall: Recall, user: CalendarUser) -> tuple[Entry, ...]:
    now = utc_now()
    return recall.list_meetings(str(user.external_id), now - timedelta(days=1), now + AHEAD).rows


def estimate(entries: tuple[Entry, ...], user: CalendarUser, wanted: Preferences) -> dict[str, bool | None]:
    """What our rule says of each coming entry; None where the calendar does not say what would decide."""
    as_of = utc_now()
    ahead = coming_meetings(entries, as_of, as_of + AHEAD - timedelta(minutes=1))
    return {entry.id: trace(entry, user, as_of, preferences=wanted).verdict for one in ahead for entry in one}


def test_what_each_preset_records_is_what_the_estimate_said(world: Recall, store: Store, editor: StaffMember) -> None:
    user = somebody(world)
    judged = unknown = 0
    for preset in (*Preset, Preset.EVERYTHING):  # the first may be what is set already
        shown = user.preferences or Preferences()
        if preset_of(shown) is preset:
            continue
        wanted = with_preset(shown, preset)
        said = estimate(entries_of(world, user), user, wanted)
        saved = save_preferences(WriteContext(store, world), editor, user, shown, wanted)
        assert (saved.state, saved.user is None) == (WriteState.APPLIED, False)
        user = saved.user or user
        decided = {entry.id: entry.will_record for entry in entries_of(world, user) if entry.id in said}
        differing = {key: said[key] for key in decided if said[key] is not None and said[key] is not decided[key]}
        assert differing == {}, preset
        judged += sum(verdict is not None for verdict in said.values())
        unknown += sum(verdict is None for verdict in said.values())
    assert judged > 100
    assert unknown * 20 < judged
