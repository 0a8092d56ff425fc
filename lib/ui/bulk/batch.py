"""One change of many users: its progress, the outcome for each user, and what can be done about it now."""

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.bulk import reconcile, state_now
from lib.customer.sight import Sight
from lib.queries.bulk import find_batch, recent_batches
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import batches
from lib.store.batches import Batch, BatchItem, BatchState, ItemState
from lib.ui.bulk.actions import ask_proof, resume, retry, stop, undo
from lib.ui.bulk.address import close_batch, open_batch
from lib.ui.bulk.words import (
    ITEM_CHIPS,
    ITEM_WORDS,
    STATE_WORDS,
    batch_title,
    progress_of,
    progress_sentence,
    result_sentence,
    value_words,
)
from lib.ui.sign_in.access import require_session, rerun_unattended
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.table import Columns, chip_column, show_plain_table, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, day_and_time, one_line, plural

SECONDS_BETWEEN_LOOKS = 1.0
_ORDER = (ItemState.NOT_APPLIED, ItemState.UNKNOWN, ItemState.WAITING, ItemState.APPLIED, ItemState.LEFT_OUT)


def show_batch(key: int, known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The page when the address names a change of many users."""
    st.button("Change many", icon=":material/arrow_back:", type="tertiary", on_click=close_batch, key="back")
    found = _look(key, known.sight)
    if found is None:
        show_empty("Nothing at this address", "There is no change with this number.", ":material/search_off:")
        return
    batch, state = found
    _show_title(batch)
    _show_progress(batch, state, known.sight)
    if batch.plan.get("stopped") and state is BatchState.STOPPED:
        st.warning(str(batch.plan["stopped"]), icon=":material/stop_circle:")
    if state not in (BatchState.RUNNING, BatchState.PLANNED):
        st.markdown(result_sentence(batch))
    if member.may(Permission.PREFERENCES_WRITE):
        _show_buttons(batch, state, member)
    _show_items(batch, known)


def _look(key: int, sight: Sight) -> tuple[Batch, BatchState] | None:
    """The change and its state, after taking over what a sync has settled since."""
    context = desk().context
    with desk().store.read() as connection:
        batch = find_batch(connection, key, sight)
        state = state_now(connection, batch, context) if batch else None
    if batch is None or state is None:
        return None
    if state is not BatchState.RUNNING and batch.counts.get(ItemState.UNKNOWN):
        with desk().store.write() as connection:
            reconcile(connection, key)
            batch = find_batch(connection, key, sight) or batch
    return batch, state


def _show_title(batch: Batch) -> None:
    st.subheader(f"Change {batch_title(batch)}", anchor=False)
    st.caption(f"Started by `{batch.actor}`, {day_and_time(batch.made_at, viewer_zone())}.")
    if batch.why and batch.undoes is None:
        st.text(f"Reason: {one_line(batch.why, 500)}")


def _show_progress(batch: Batch, state: BatchState, sight: Sight) -> None:
    """The card, which refreshes by itself; the page is drawn again when the change ends."""
    is_open = state in (BatchState.RUNNING, BatchState.PLANNED)

    @st.fragment(run_every=SECONDS_BETWEEN_LOOKS if is_open else None)
    def card() -> None:
        require_session()
        now = _look(batch.key, sight) or (batch, state)
        if now[1] is not state:
            rerun_unattended()
        done, total = progress_of(now[0])
        with st.container(border=True):
            st.progress(done / total if total else 1.0, progress_sentence(*now, utc_now()))
            if state is BatchState.RUNNING:
                st.caption("The record keeps what is done, even if you close this page or the server stops.")

    card()


def _show_buttons(batch: Batch, state: BatchState, member: StaffMember) -> None:
    key, of = batch.key, batch.counts
    waiting, failed = of.get(ItemState.WAITING, 0), of.get(ItemState.NOT_APPLIED, 0)
    if state is not BatchState.RUNNING and (waiting or failed or of.get(ItemState.APPLIED)):
        ask_proof(member)
    with st.container(horizontal=True):
        if state is BatchState.RUNNING:
            st.button("Stop", icon=":material/stop_circle:", on_click=stop, args=(key,), key="bulk_stop")
            return
        if waiting and not desk().batches.is_running(str(key)):
            words = f"Resume: {plural(waiting, 'user')}"
            st.button(
                words, icon=":material/play_arrow:", on_click=resume, args=(key,), type=main_button(), key="bulk_resume"
            )
        if failed:
            words = f"Retry {plural(failed, 'user')}"
            st.button(words, icon=":material/refresh:", on_click=retry, args=(key,), key="bulk_retry")
        _offer_undo(batch, member)


def _offer_undo(batch: Batch, member: StaffMember) -> None:
    with desk().store.read() as connection:
        recent = recent_batches(connection, member.sight, limit=50)
    back = next((each for each in recent if each.undoes == batch.key), None)
    if back is not None:
        words = f"Undone by change {back.key}"
        st.button(words, icon=":material/open_in_new:", type="tertiary", on_click=open_batch, args=(back.key,))
    elif changed := batch.counts.get(ItemState.APPLIED, 0):
        words = f"Undo: {plural(changed, 'user')}"
        st.button(words, icon=":material/undo:", on_click=undo, args=(batch.key,), key="bulk_undo")


def _show_items(batch: Batch, known: WorkspaceSnapshot) -> None:
    with desk().store.read() as connection:
        items = sorted(batches.items(connection, batch.key), key=lambda item: _ORDER.index(item.state))

    def user(item: BatchItem) -> str:
        row = known.user_by_id.get(item.user_id)
        return one_line(row.user.label) if row else item.user_id

    columns: Columns[BatchItem] = {
        "user": text_column("User", 220, user),
        "state": chip_column("Outcome", 130, lambda item: ITEM_WORDS[item.state], ITEM_CHIPS),
        "old": text_column("Old", 120, lambda item: value_words(item.before)),
        "new": text_column("New", 120, lambda item: value_words(item.after)),
        "why": text_column("What happened", 290, lambda item: one_line(item.problem) or NOTHING),
    }
    alt = f"{plural(len(items), 'user')} of change {batch.key}: {STATE_WORDS[batch.state].lower()}"
    show_plain_table(items, columns, alt=alt)
