"""The world is the same whenever, however often and in whatever order it is asked for."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from statistics import mean
from typing import Any

import pytest

from lib.sandbox.bots import Bot
from lib.sandbox.clock import SandboxClock
from lib.sandbox.ids import platform_number
from lib.sandbox.ledger import Ledger, discard
from lib.sandbox.workspace import Workspace
from lib.sandbox.world import names
from lib.sandbox.world.world import World

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WINDOW = range((NOW - timedelta(days=60)).toordinal(), (NOW + timedelta(days=28)).toordinal())
SIZE = (60, 110)


def workspace(now: datetime = NOW, seed: int = 1, size: tuple[int, int] = SIZE) -> Workspace:
    return Workspace(World(seed, *size), Ledger(), SandboxClock(now), discard)


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return workspace()


def rows(of: Workspace, user: int) -> dict[str, dict[str, object]]:
    now = of.now()
    return {e.id: of.bodies.meeting(e, now) for e in of.calendars.of_user(user, now, None, None)}


def bots(of: Workspace) -> list[Bot]:
    found = (
        of.bots.of_call(call.key, platform, NOW)
        for company in of.world.companies
        for day in WINDOW
        for call in of.world.calls(company.number, day)
        for platform in {platform_number(g.platform) for g in call.guests if g.platform}
    )
    return [bot for bot in found if bot]


def same_event(uid: str) -> str:
    """The uid without the date that Microsoft's form may carry in its bytes 17 to 20."""
    return f"{uid[:32]}{uid[40:]}" if uid.startswith("040000008200E000") else uid


def test_the_same_seed_gives_the_same_rows_in_another_order_of_asking(demo: Workspace) -> None:
    again = workspace()
    for user in (40, 3, 17):
        assert rows(again, user) == rows(demo, user)


def test_another_seed_gives_another_world(demo: Workspace) -> None:
    assert rows(workspace(seed=2), 3).keys().isdisjoint(rows(demo, 3))


def test_ten_days_later_the_meetings_still_shown_are_the_same(demo: Workspace) -> None:
    before, after = rows(demo, 3), rows(workspace(NOW + timedelta(days=10)), 3)
    shared = before.keys() & after.keys()
    assert len(shared) > 0.8 * len(before)
    changing = {"will_record", "will_record_reason", "bot_id"}
    for id_ in shared:
        assert {k: v for k, v in before[id_].items() if k not in changing} == {
            k: v for k, v in after[id_].items() if k not in changing
        }


def test_what_became_of_a_bot_does_not_depend_on_the_day_of_looking(demo: Workspace) -> None:
    past = [row["bot_id"] for row in rows(demo, 3).values() if row["bot_id"]]
    later = workspace(NOW + timedelta(days=2))
    for id_ in map(str, past):
        bot, again = demo.bots.bot(id_, NOW), later.bots.bot(id_, later.now())
        assert bot is not None
        assert again is not None
        assert again.lifecycle == bot.lifecycle


def test_a_user_has_about_as_many_meetings_as_asked_for() -> None:
    of = workspace(size=(150, 40))
    held = [sum(1 for _ in of.calendars.of_user(n, NOW, None, None)) for n in range(150)]
    assert mean(held) == pytest.approx(40, rel=0.12)


def test_ids_are_each_used_once(demo: Workspace) -> None:
    ids = [id_ for user in range(60) for id_ in rows(demo, user)]
    assert max(Counter(ids).values()) == 1


def test_colleagues_share_calls_and_one_bot_of_each_calendar_platform(demo: Workspace) -> None:
    shared = [bot for bot in bots(demo) if len(bot.claimants) > 1]
    assert len(shared) > 300
    for bot in shared[:50]:
        assert len({(same_event(c.ical_uid or ""), c.facts.start, c.calendar_platform) for c in bot.claimants}) == 1


def test_some_calls_are_mixed_and_have_two_bots(demo: Workspace) -> None:
    assert max(Counter(bot.key.call for bot in bots(demo)).values()) == 2


def test_a_believable_share_of_the_held_meetings_is_recorded(demo: Workspace) -> None:
    over = [b for b in bots(demo) if all(c.facts.end and c.facts.end < NOW for c in b.claimants)]
    recorded = sum(any(change.code == "in_call_recording" for change in bot.status_changes) for bot in over)
    assert 0.75 < recorded / len(over) < 0.92


def test_users_come_in_all_kinds(demo: Workspace) -> None:
    people = [demo.world.user(n) for n in range(60)]
    platforms = Counter(tuple(sorted(c.platform for c in p.connections if c.connected)) for p in people)
    assert {("google",), ("microsoft",), ("google", "microsoft"), ()} <= platforms.keys()
    assert any(not c.connected and c.email for p in people for c in p.connections)
    assert [p.external_id for p in people].count(None) == 1
    assert people[-1].connections == people[0].connections
    assert people[-1].external_id != people[0].external_id


def test_the_odd_ones_are_there_and_are_few(demo: Workspace) -> None:
    found = [row for user in range(60) for row in rows(demo, user).values()]
    odd = {
        "whole day, null times": [r for r in found if r["start_time"] is None],
        "no link": [r for r in found if r["meeting_platform"] is None],
        "will record, no bot": [r for r in found if r["will_record"] and not r["bot_id"]],
        "hidden guests": [r for r in found if r["is_external"] is None],
        "unknown words": [r for r in found if "consent" in r],
        "no title": [r for r in found if not r["title"]],
        "hostile title": [r for r in found if r["title"] in names.HOSTILE_TITLES],
        "title in another script": [r for r in found if r["title"] in names.NON_LATIN_TITLES],
        "unknown platform": [r for r in found if r["meeting_platform"] == "unknown"],
        "whole day in its own zone": [r for r in found if is_whole_day_elsewhere(r)],
        "older shape": [r for r in found if "description" not in r],
    }
    for name, of_kind in odd.items():
        assert of_kind, name
        assert len(of_kind) < 0.08 * len(found), name
    assert all(r["zoom_invite"] is r["meet_invite"] is r["teams_invite"] is None for r in odd["unknown platform"])
    assert not any(r["will_record"] or r["bot_id"] for r in odd["unknown platform"])


def is_whole_day_elsewhere(row: dict[str, Any]) -> bool:
    start, end = row["start_time"], row["end_time"]
    return start is not None and end - start >= timedelta(hours=23) and start.time() != time()


def test_one_event_of_a_series_may_have_a_uid_with_its_date_in_one_mailbox_and_without_in_another(
    demo: Workspace,
) -> None:
    rows_ = [row for user in range(60) for row in rows(demo, user).values() if row["start_time"]]
    forms: dict[tuple[str, Any], set[Any]] = {}
    for row in rows_:
        forms.setdefault((same_event(str(row["ical_uid"])), row["start_time"]), set()).add(row["ical_uid"])
    several = {key: of for key, of in forms.items() if len(of) > 1}
    assert 20 < len(several) < 0.1 * len(forms)
    for (_, start), uids in several.items():
        around = (start.date() + timedelta(days=n) for n in (-1, 0, 1))  # the calendar's day may not be UTC's
        dates = {uid[32:40] for uid in uids} - {"00000000"}
        assert len(dates) == 1
        assert dates <= {f"{day.year:04X}{day.month:02X}{day.day:02X}" for day in around}


def test_series_keep_their_local_hour_across_the_change_of_clocks() -> None:
    world = World(1, *SIZE)
    company = next(c for c in world.companies if c.zone.startswith("Europe/") and c.size > 1)
    before, after = (
        {c.ical_uid: c.start for d in range(7) for c in world.calls(company.number, day.toordinal() + d) if c.recurring}
        for day in (date(2026, 10, 19), date(2026, 10, 26))
    )
    moved = [later - start for uid, start in before.items() if start and (later := after.get(uid))]
    assert timedelta(days=7, hours=1) in moved
