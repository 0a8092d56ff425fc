"""Since when the workspace is watched, and what that means for the figures of the time before."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import streamlit as st

from lib.coverage.columns import codes, words
from lib.coverage.period import Period
from lib.coverage.period_view import PeriodView
from lib.queries.workspace import WorkspaceSnapshot
from lib.ui.words.basis import FIRST_DAYS_FOR, first_days_words, when_seen


def first_sync(known: WorkspaceSnapshot, zone: tzinfo) -> date | None:
    """The day from which meetings are watched; None before the first complete pass."""
    return known.first_complete_at.astimezone(zone).date() if known.first_complete_at else None


def unwatched_until(known: WorkspaceSnapshot, period: Period, zone: tzinfo) -> date | None:
    """The day of the first complete pass, where a period begins before it; else None."""
    began = known.first_complete_at
    return first_sync(known, zone) if began is not None and period.from_ < began else None


def rules_first_seen(known: WorkspaceSnapshot, seen: PeriodView, zone: ZoneInfo) -> str:
    """When the rules were first seen that reasons of the view are inferred by: "on 26 Oct"; empty where none is."""
    rows = seen.frame.iloc[seen.rows]
    found = np.unique(codes(rows, "user")[rows["inferred"].to_numpy()])
    ids = words(rows, "user")[found]
    return when_seen((row.first_seen_at for user in ids if (row := known.user_by_id.get(user))), zone)


def show_first_days(known: WorkspaceSnapshot, as_of: datetime, zone: tzinfo) -> None:
    """In the first days of a workspace: what is there at once, what is inferred, and what fills up when."""
    began = known.first_complete_at
    if began is not None and as_of - began < timedelta(days=FIRST_DAYS_FOR):
        st.caption(first_days_words(began.astimezone(zone).date()))
