"""One entry of the audit log in full: who, when, why, each value before and after, its outcome, and undo."""

from collections.abc import Iterator
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.queries.audit_log import AuditEntry, audit_entry, calendar_entry_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.store.assignments import AppliedFile
from lib.store.batches import Batch, ItemState
from lib.store.events import Event, EventKind
from lib.store.observations import Observation
from lib.store.outbox import Write
from lib.store.standards import StandardChange
from lib.ui.activity.outcomes import outcome_of
from lib.ui.activity.table import close_entry, customer_words, open_key, user_words
from lib.ui.activity.undo import show_undo
from lib.ui.activity.words import FieldDiff, change_words, field_diffs, filter_words, topic_words, who_words
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.query_params import PAGES, open_user_page
from lib.ui.widgets.table import NO_TITLE, Columns, show_plain_table, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, count, day_and_time, one_line, zone_city

_ITEM_WORDS = {
    ItemState.WAITING: "waiting",
    ItemState.APPLIED: "applied",
    ItemState.NOT_APPLIED: "not applied",
    ItemState.UNKNOWN: "unknown",
    ItemState.LEFT_OUT: "left out",
}
_DIFFS: Columns[FieldDiff] = {
    "name": text_column("Rule", 300, lambda diff: diff.name),
    "before": text_column("Before", 170, lambda diff: diff.before),
    "after": text_column("After", 170, lambda diff: diff.after),
    "differs": text_column("", 120, lambda diff: "changed" if diff.differs else NOTHING),
}


def show_open_entry(known: WorkspaceSnapshot, member: StaffMember, *, with_user: bool = True) -> None:
    """The card of the entry that the address names; nothing where it names none."""
    key = open_key()
    if key is None:
        return
    found = audit_entry(desk().store, key, member)
    with st.container(border=True, key="activity_card"):
        if found is None:
            st.caption("There is no entry with this number.")
            st.button("Close", icon=":material/close:", type="tertiary", on_click=close_entry, key="activity_close")
            return
        _show_head(found, with_user=with_user)
        _show_facts(found, known)
        _show_diffs(field_diffs(found))
        if isinstance(found.detail, Write):
            show_undo(found.detail, member)


def _show_head(found: AuditEntry, *, with_user: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{topic_words(found)}** · {outcome_of(found).value}", width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            if isinstance(found.detail, Batch):
                opened = clicked(
                    "Open in Change many", icon=":material/open_in_new:", type="tertiary", key="activity_open_many"
                )
                if opened:
                    st.switch_page(PAGES / "many.py", query_params={"batch": str(found.seq)})
            if with_user and found.user_id is not None:
                opened = clicked("Open user", icon=":material/open_in_new:", type="tertiary", key="activity_open_user")
                if opened:
                    open_user_page(found.user_id)
            st.button("Close", icon=":material/close:", type="tertiary", on_click=close_entry, key="activity_close")


def _show_facts(found: AuditEntry, known: WorkspaceSnapshot) -> None:
    """Names and values, as plain text: some were typed, some are from outside."""
    facts = [fact for fact in _facts(found, known) if fact[1]]
    with st.grid(3, min_column_width=230):
        for name, value in facts:
            with st.container(gap=None):
                st.caption(name)
                st.text(value)


def _facts(found: AuditEntry, known: WorkspaceSnapshot) -> Iterator[tuple[str, str]]:
    zone = zone_city(viewer_zone())
    yield "Who", who_words(found)
    yield f"When ({zone})", _when(found.at)
    yield "What", change_words(found)
    if found.user_id is not None:
        yield "User", user_words(found.user_id, known)
    if found.user_id is not None or isinstance(found.detail, StandardChange):
        yield "Customer", customer_words(found, known)
    match found.detail:
        case Write() as change:
            yield from _of_change(change)
        case Observation():
            yield "How we know", "Recall's answer differed from the one before, and no change made here explains it."
        case Batch() as batch:
            yield "Why", batch.why or ""
            for state, words in _ITEM_WORDS.items():
                yield f"Users {words}", count(batch.counts[state]) if batch.counts.get(state) else ""
        case Event(kind=EventKind.EXPORTED, details=details):
            person = details["filters"].get("person")
            yield "Filter", filter_words(details["filters"], user=user_words(person, known) if person else None)
        case Event(kind=EventKind.LINK_MADE, details=details) if "expires_at" in details:
            yield "Good until", _when(datetime.fromisoformat(details["expires_at"]))
        case AppliedFile(counts=counts):
            yield "Unchanged", count(counts.get("unchanged", 0))
            yield "Lines skipped", count(counts.get("left", 0))
    yield from _meeting(found)


def _of_change(change: Write) -> Iterator[tuple[str, str]]:
    yield "Why", change.why or NOTHING
    yield "Sent", _when(change.sent_at) if change.sent_at else "never"
    yield "Confirmed", _when(change.closed_at) if change.closed_at else "not yet"
    yield "Outcome", change.note or ""
    if change.undoes is not None:
        yield "Undo of", f"change {change.undoes}"
    if change.batch is not None:
        yield "Part of", f"change {change.batch} of many users"


def _meeting(found: AuditEntry) -> Iterator[tuple[str, str]]:
    if found.entry_id is None:
        return
    stored = calendar_entry_of(desk().store, found)
    if stored is None:
        yield "Meeting", "(no longer stored)"
        return
    yield "Meeting", "(erased)" if stored.erased else one_line(stored.entry.title) or NO_TITLE
    if stored.entry.start_time is not None:
        yield "Starts", _when(stored.entry.start_time)


def _show_diffs(diffs: tuple[FieldDiff, ...]) -> None:
    if len(diffs) < 2:
        return
    show_plain_table(diffs, _DIFFS, alt="Each rule before and after")


def _when(at: datetime) -> str:
    return day_and_time(at, viewer_zone())
