"""Small worlds of entries, users, customers and bots, in which colleagues share meetings and much goes wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.numbers import Numbers, numbers
from lib.coverage.period import Period
from lib.coverage.period_view import PeriodView, view_period
from lib.domain import Bot, Entry
from lib.recording.time_part import LastSeen
from lib.recording.verdict import Verdict, judge
from tests.unit.recording.making import HOUR, NOW, bot, entry, recording, rules, sent, user

CUSTOMER = {"anna": "acme", "ben": "acme", "carl": "globex", "abe": None, "eve": None}
TEAM = {"anna": "sales", "ben": "support", "carl": "sales", "abe": None, "eve": None}

FATES: dict[str, Bot | None] = {
    "unread": None,
    "recorded": bot("in_call_recording", "call_ended:call_ended_by_host", "done", recordings=(recording(),)),
    "in part": bot("in_call_recording", "call_ended:bot_kicked_from_call", "done", recordings=(recording(),)),
    "empty": bot("in_call_recording", "done"),
    "only a recording": bot("joining_call", "done", recordings=(recording(),)),
    "recording": bot("joining_call", "in_call_recording"),
    "on its way": bot("joining_call"),
    "without a status": bot(),
    "kept waiting": bot("in_waiting_room", "call_ended:timeout_exceeded_waiting_room", "done"),
    "met nobody": bot("in_call_not_recording", "call_ended:timeout_exceeded_noone_joined", "done"),
    "met bots": bot("call_ended:timeout_exceeded_only_bots_detected_using_participant_events", "done", "analysis_done"),
    "crashed": bot("joining_call", "fatal:bot_errored"),
    "unheard of": bot("fatal:zoom_brand_new"),
}


@dataclass(frozen=True)
class Row:
    """One entry of one user, with its bot as read (None: it was not) and what was seen of it before its start."""

    user: str
    entry: Entry
    bot: Bot | None = None
    seen: LastSeen | None = None

    @property
    def customer(self) -> str | None:
        return CUSTOMER[self.user]

    @property
    def team(self) -> str | None:
        return TEAM[self.user]

    @cached_property
    def verdict(self) -> Verdict:
        return judge(self.entry, sent(self.entry, self.bot), user(), NOW, seen=self.seen)


def row(
    of: str = "anna", fate: str | None = None, seen: bool | None = None, *, uid: str | None = "call", **facts: Any
) -> Row:
    """A row three hours ago, unless `start_time` or `starts` says otherwise. `fate` names its bot; None: none."""
    given: dict[str, Any] = {"starts": -3.0, "ical_uid": uid, "bot_id": "bot-1" if fate else None, **facts}
    some = entry(**given)
    before = None if seen is None else LastSeen(seen, rules("IN"))
    return Row(of, some, FATES[fate] if fate else None, before)


def framed(rows: Iterable[Row]) -> pd.DataFrame:
    return frame_of(map(row_of, rows))


def row_of(some: Row) -> EntryRow:
    return EntryRow.of(some.entry, some.verdict, user=some.user, customer=some.customer, team=some.team)


def viewed(rows: Iterable[Row], from_: datetime = NOW - 100 * HOUR, to: datetime = NOW + 100 * HOUR) -> PeriodView:
    return view_period(framed(rows), Period(from_, to), NOW)


def counted(
    rows: Iterable[Row], from_: datetime = NOW - 100 * HOUR, to: datetime = NOW + 100 * HOUR, as_of: datetime = NOW
) -> Numbers:
    return numbers(framed(rows), from_, to, as_of)


MIDNIGHT = NOW.replace(hour=0, minute=0)
_starts = st.sampled_from([*(NOW + h * HOUR for h in (-30, -3, -1, 0, 1, 30)), MIDNIGHT, None])
_lasts = st.sampled_from([None, timedelta(0), HOUR, 2 * HOUR, 22 * HOUR, *(h * HOUR for h in (23, 24, 25, 26, 49))])


@st.composite
def _row(draw: st.DrawFn) -> Row:
    start, lasts = draw(_starts), draw(_lasts)
    fate = draw(st.none() | st.sampled_from(sorted(FATES)))
    some = row(
        draw(st.sampled_from(sorted(CUSTOMER))),
        fate,
        draw(st.sampled_from([None, True, False])),
        uid=draw(st.sampled_from([None, "", "call", "other call"])),
        will_record=draw(st.booleans()),
        is_external=draw(st.sampled_from([True, False, None])),
        is_hosted_by_me=draw(st.sampled_from([True, False, None])),
        meeting_platform=draw(st.sampled_from(["zoom", "google_meet", "unknown", None])),
        calendar_platform=draw(st.sampled_from(["google", "microsoft", None])),
        start_time=start,
        end_time=start + lasts if start and lasts is not None else None,
    )
    if draw(st.integers(0, 5)) == 0:
        return replace(some, entry=replace(some.entry, invites=(), meeting_platform=None))
    return some


some_rows = st.lists(_row(), max_size=12)
ranges = st.tuples(*[st.sampled_from([NOW + h * HOUR for h in (-40, -30, -3, 0, 1, 30, 40)])] * 2)
