"""The changes of many users that there were, newest first; a row opens one."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.commands.bulk import state_now
from lib.customer.sight import Sight
from lib.queries.bulk import recent_batches
from lib.store.batches import Batch, BatchState, ItemState
from lib.ui.bulk.address import open_batch
from lib.ui.bulk.words import STATE_WORDS, flags_words
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.tables import BY_KEYBOARD, number_column, show_table, starts_column, text_column
from lib.ui.words.formats import plural
from lib.writes import WriteContext


def show_earlier(sight: Sight) -> None:
    """The section."""
    context = WriteContext(desk().store, desk().recall)
    with desk().store.read() as connection:
        found = recent_batches(connection, sight, limit=200)
        states = [state_now(connection, batch, context) for batch in found]
    if not found:
        show_empty("Nothing was changed for many users yet", "What is begun here stands here.", ":material/group_add:")
        return
    st.caption(f"{plural(len(found), 'change')}, newest first. Select a row to open it.", help=BY_KEYBOARD)
    show_table(
        _frame(found, states),
        {
            "at": starts_column("When"),
            "what": text_column("What", 200),
            "state": text_column("State", 90),
            "users": number_column("Users", 70),
            "done": number_column("Changed", 80),
            "failed": number_column("Not changed", 100),
            "by": text_column("By", 150),
        },
        key="batches_table",
        alt=f"{plural(len(found), 'change')} of many users, newest first",
        on_pick=lambda rows: open_batch(found[rows[0]].key) if rows else None,
    )


def _frame(found: Sequence[Batch], states: Sequence[BatchState]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "at": [batch.made_at for batch in found],
            "what": [_what(batch) for batch in found],
            "state": [STATE_WORDS[state] for state in states],
            "users": [sum(batch.counts.values()) for batch in found],
            "done": [batch.counts.get(ItemState.APPLIED, 0) for batch in found],
            "failed": [batch.counts.get(ItemState.NOT_APPLIED, 0) for batch in found],
            "by": [batch.actor for batch in found],
        }
    )


def _what(batch: Batch) -> str:
    if batch.undoes is not None:
        return f"{batch.key}: takes back {batch.undoes}"
    return f"{batch.key}: {flags_words(batch.plan.get('flags', {}))}"
