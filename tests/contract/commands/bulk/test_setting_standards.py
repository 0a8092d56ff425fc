"""A customer's standard: set by who may, of a customer that there is, and nobody's preferences are changed by it."""

import pytest

from lib.commands.bulk import begin, plan_bulk, run
from lib.commands.standards import drift_of, set_standard
from lib.customer.sight import EVERYTHING
from lib.errors import InvalidChange, NotPermitted
from lib.recording.presets import Preset
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, standards, users
from tests.contract.commands.bulk.conftest import TEN, UTC_ZONE, Crowd

ACME = "acme.example"
FLAGS = Preset.EVERYTHING.flags


def drift(store: Store) -> tuple[int, int]:
    """(users, those who drift) of the customer."""
    with store.read() as connection:
        [found] = drift_of(users.everyone(connection), standards.current(connection))
    return found.users, len(found.away)


def test_a_standard_tells_who_drifts_and_applying_it_to_them_leaves_nobody(crowd: Crowd, editor: StaffMember) -> None:
    store = crowd.context.store
    set_standard(store, editor, ACME, FLAGS)
    assert crowd.writes() == 0
    listed, away = drift(store)
    assert away >= TEN
    with store.read() as connection:
        [found] = drift_of(users.everyone(connection), standards.current(connection))
    ids = [row.user.id for row in found.away]
    key = begin(crowd.context, editor, plan_bulk(store, ids, FLAGS, EVERYTHING, keep=True, zone=UTC_ZONE))
    run(crowd.context, key, editor.name)
    assert drift(store) == (listed, 0)


def test_the_same_standard_again_is_not_written_again_and_can_be_taken_away(crowd: Crowd, editor: StaffMember) -> None:
    store = crowd.context.store
    for flags in (FLAGS, FLAGS, None, None):
        set_standard(store, editor, ACME, flags)
    with store.read() as connection:
        assert [each.flags for each in standards.history(connection)] == [None, FLAGS]
        assert standards.current(connection) == {}


def test_a_customer_that_nobody_belongs_to_has_none(crowd: Crowd, editor: StaffMember) -> None:
    with pytest.raises(InvalidChange, match="No user belongs"):
        set_standard(crowd.context.store, editor, "nobody.example", FLAGS)


def test_who_may_not_and_whose_role_was_taken_away_sets_none(
    crowd: Crowd, viewer: StaffMember, editor: StaffMember
) -> None:
    accounts.change(crowd.context.store, editor.name, role=Role.VIEWER)
    for member in (viewer, editor):
        with pytest.raises(NotPermitted):
            set_standard(crowd.context.store, member, ACME, FLAGS)
    with crowd.context.store.read() as connection:
        assert standards.history(connection) == ()
