"""The frame of the workspace follows the store: after any change it equals, in every column, one loaded anew."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lib.domain import CalendarUser, Entry
from lib.store import Store, contests, open_store
from lib.store.rows import insert_many
from lib.store.tables.desk import assignment
from lib.store.tables.workspace import calendar_user
from lib.store.tables.workspace import entry as entry_table
from lib.store.version import bump
from tests.contract.queries.workspaces import begin_pass, bring_in, followed, loaded, plain, whole_pass
from tests.contract.store.making import at, entry, user

NAMES = ("ada", "bob", "eve", "max")
PLATFORMS = ("zoom", "meet", "teams", None)

people = st.builds(user, st.sampled_from(NAMES), connected=st.booleans())
meetings = st.builds(
    lambda name, starts, uid, platform, external, bot: entry(
        name, starts=starts, ical_uid=uid, meeting_platform=platform, is_external=external, bot_id=bot
    ),
    st.sampled_from([f"e{number}" for number in range(8)]),
    st.sampled_from([None, 0.5, 1, 1, 2, 3, 5, 8]),
    st.sampled_from([None, "one", "two"]),
    st.sampled_from(PLATFORMS),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "bot-1", "bot-2"]),
)
reads = st.dictionaries(people, st.lists(meetings, max_size=5), max_size=4)
steps = st.one_of(
    st.tuples(st.just("pass"), reads),
    st.tuples(st.just("unfinished"), reads),
    st.tuples(st.just("assign"), st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["Acme", "Zeta", None]))),
    st.tuples(st.just("set aside"), st.sampled_from([0, 2])),
)


@contextmanager
def a_store(made: Path) -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        shutil.copy(made, folder)
        store = open_store(f"sqlite:///{folder}/desk.db", recall_base_url="http://127.0.0.1")
        yield store
        store.close()


def assign(store: Store, customers: Mapping[str, str | None]) -> None:
    """As an applied CSV does."""
    with store.write() as connection:
        keys = {row.id: row.pk for row in connection.execute(calendar_user.select())}
        known = {keys[f"id-{name}"]: word for name, word in customers.items() if f"id-{name}" in keys}
        connection.execute(assignment.delete())
        rows = [{"user": key, "customer": word, "team": "team"} for key, word in known.items() if word]
        insert_many(connection, assignment, rows)
        connection.execute(calendar_user.update().values(ver=bump(connection)))


def by_id(read: Mapping[CalendarUser, list[Entry]]) -> dict[CalendarUser, list[Entry]]:
    """One user and one entry of each id, and no two users with the same entry: as Recall answers."""
    users = {one.id: one for one in read}
    return {
        one: [replace(e, id=f"{one.id}-{e.id}") for e in {e.id: e for e in read[one]}.values()]
        for one in users.values()
    }


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(story=st.lists(steps, min_size=1, max_size=6))
def test_what_was_followed_equals_what_is_loaded_anew(made_file: Path, story: list[tuple[str, object]]) -> None:
    with a_store(made_file) as store:
        kept = followed(None, store, 0)
        for hours, (kind, what) in enumerate(story):
            act(store, hours, kind, what)
            kept = followed(kept, store, hours + 0.5)
            expected = loaded(store, hours + 0.5)
            pd.testing.assert_frame_equal(plain(kept.frame), plain(expected.frame))
            assert kept.users == expected.users
            assert kept.pulse.as_of == expected.pulse.as_of


def act(store: Store, hours: float, kind: str, what: Any) -> None:
    if kind == "pass":
        whole_pass(store, hours, by_id(what))
    elif kind == "unfinished":  # its process died, and the lease ended
        begin_pass(store, hours)
        bring_in(store, hours, by_id(what))
    elif kind == "assign":
        assign(store, what)
    else:
        with store.write() as connection:
            ended = connection.execute(
                select(*entry_table.c["user", "id"]).where(entry_table.c.end_at < at(what))
            ).all()
            for row in ended:
                contests.set_entries_aside(connection, row.user, [row.id], at=at(hours))
