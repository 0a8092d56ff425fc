"""All that happened in one order, whichever table it stands in; and every filter leaves what it says."""

import pytest

from lib.customer import UNASSIGNED
from lib.customer.csv_file import read_customers
from lib.customer.plan import plan_of
from lib.customer.sight import EVERYTHING, Sight
from lib.domain import CalendarUser, Connection, Preferences
from lib.store import Store, assignments, audit_log, batches, events, outbox, staff, standards
from lib.store.audit_log import TOPICS, AuditFilter, AuditSource, AuditTopic, AuditViewer
from lib.store.batches import BatchState, NewBatchItem
from lib.store.events import EventKind, Export
from lib.store.observations import ObservationKind
from lib.store.outbox import NewWrite, WriteKind
from lib.store.staff import StaffRow
from tests.contract.store.making import NOON, NOTHING, at, listed, user

BOB = CalendarUser("id-bob", "ext-bob", (Connection("google", True, "bob@gmail.com"),), NOTHING)
OVERRIDE = ({"override_should_record": None}, {"override_should_record": True})


@pytest.fixture(autouse=True)
def _known(store: Store) -> None:
    with store.write() as connection:
        for name in ("dana", "lee"):
            staff.add(connection, StaffRow(name, name, "editor", None, True, NOON, NOON, None))
    listed(store, user(), BOB)


def change(store: Store, hours: float, *, who: str = "id-ada", actor: str = "dana", batch: int | None = None) -> None:
    draft = NewWrite(WriteKind.OVERRIDE, who, *OVERRIDE, actor, entry_id="e", batch=batch)
    with store.write() as connection:
        outbox.add(connection, draft, now=at(hours))


def batch(store: Store, hours: float, *, begun: bool = True) -> int:
    with store.write() as connection:
        planned = [NewBatchItem("id-ada", *OVERRIDE), NewBatchItem("id-bob", *OVERRIDE)]
        key = batches.plan(connection, WriteKind.PREFERENCES, planned, actor="dana", now=at(hours))
        if begun:
            batches.set_state(connection, key, BatchState.RUNNING, now=at(hours))
    return key


def sign_in(store: Store, hours: float, name: str = "dana") -> None:
    with store.write() as connection:
        events.add(connection, EventKind.SIGNED_IN, name, now=at(hours))


def upload(store: Store, hours: float, text: str = "user,team\nada@acme.com,North\n") -> None:
    with store.read() as connection:
        people, owners = assignments.assigned(connection), assignments.owners(connection)
    with store.write() as connection:
        plan = plan_of(read_customers(text.encode()), people, owners, {"lee"})
        assignments.apply(connection, plan, by="lee", now=at(hours))


ALL = AuditViewer("lee", EVERYTHING)
NONE = Sight(frozenset())


def told(store: Store, limit: int = 100, *, reader: AuditViewer = ALL, **wanted: object) -> list[str]:
    """As "change-1", newest first."""
    with store.read() as connection:
        places = audit_log.newest(connection, AuditFilter(**wanted), reader, limit=limit)  # type: ignore[arg-type]
    assert places == sorted(places, key=lambda place: place.at, reverse=True)
    return [f"{place.source}-{place.seq}" for place in places]


@pytest.fixture
def full(store: Store) -> Store:
    """Something of each, an hour apart."""
    sign_in(store, 1)
    change(store, 2)
    listed(store, user(preferences=Preferences(record_internal=True)), BOB, now=at(3))
    upload(store, 4)
    key = batch(store, 5)
    change(store, 5.1, batch=key)
    change(store, 5.2, who="id-bob", batch=key)
    with store.write() as connection:
        events.exported(connection, "lee", Export("bots", 1, "csv", {}), now=at(6))
        events.sign_in_refused(connection, None, now=at(7))
    return store


def test_all_that_happened_stands_in_one_order_and_a_batch_as_one(full: Store) -> None:
    assert told(full) == ["event-3", "event-2", "batch-1", "file-1", "seen-1", "change-1", "event-1"]


def test_who_did_what_is_named_as_far_as_it_is_told(full: Store) -> None:
    with full.write() as connection:
        for name in ("of-bob", "of-ada", "signed-in", "did-nothing"):
            staff.add(connection, StaffRow(name, name, "editor", None, True, NOON, NOON, None))
    change(full, 9, who="id-bob", actor="of-bob")
    change(full, 9, actor="of-ada")
    sign_in(full, 9, "signed-in")
    with full.read() as connection:
        everybody = audit_log.actors(connection, ALL)
        theirs = audit_log.actors(connection, AuditViewer("lee", Sight(frozenset({"acme.com"}))))
        nobodys = audit_log.actors(connection, AuditViewer("mia", NONE))
    assert everybody == {"dana", "lee", "of-bob", "of-ada", "signed-in"}
    assert theirs == {"dana", "lee", "of-ada"}
    assert not nobodys


def test_who_does_not_see_everything_is_told_of_whom_they_see_and_of_what_they_did_themselves(full: Store) -> None:
    """A change of many users stands as one only where it reaches no further; else its part of each."""
    own = AuditViewer("lee", Sight(frozenset({"acme.com"})))
    assert told(full, reader=own) == ["event-2", "change-2", "file-1", "seen-1", "change-1"]
    assert told(full, reader=own, customer=UNASSIGNED) == []
    assert told(full, reader=own, user_id="id-bob") == []
    assert told(full, reader=AuditViewer("dana", NONE)) == ["event-1"]
    assert told(full, reader=AuditViewer("nobody", NONE)) == []
    upload(full, 8, "user,customer\nbob@gmail.com,acme.com\n")
    both = ["event-2", "batch-1", "file-1", "seen-1", "change-1"]
    assert told(full, reader=own)[-5:] == both
    with full.read() as connection:
        for place, is_told in (("file-1", True), ("event-3", False), ("event-1", False), ("change-1", True)):
            source, seq = place.split("-")
            assert audit_log.is_visible(connection, AuditSource(source), int(seq), own) is is_told


def test_as_many_are_answered_as_are_asked_for_and_they_are_the_newest(full: Store) -> None:
    everything = told(full)
    for limit in range(len(everything) + 2):
        assert told(full, limit=limit) == everything[:limit]


def test_of_one_user_its_part_of_a_batch_is_told(full: Store) -> None:
    assert told(full, user_id="id-ada") == ["change-2", "seen-1", "change-1"]
    assert told(full, user_id="id-bob") == ["change-3"]
    assert told(full, user_id="nobody") == []


def test_a_customer_is_whose_users_they_are_now(full: Store) -> None:
    assert told(full, customer="acme.com") == ["change-2", "seen-1", "change-1"]
    assert told(full, customer=UNASSIGNED) == ["change-3"]
    upload(full, 8, "user,customer\nbob@gmail.com,acme.com\n")
    assert told(full, customer="acme.com") == ["change-3", "change-2", "seen-1", "change-1"]


def test_one_staff_member_did_what_is_named_so(full: Store) -> None:
    assert told(full, actor="lee") == ["event-2", "file-1"]
    assert told(full, actor="dana") == ["batch-1", "change-1", "event-1"]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (AuditTopic.SIGN_IN, ["event-3", "event-1"]),
        (AuditTopic.EXPORT, ["event-2"]),
        (AuditTopic.CUSTOMERS, ["file-1"]),
        (AuditTopic.OVERRIDE, ["change-1"]),
        (AuditTopic.PREFERENCES, ["batch-1", "seen-1"]),
        (AuditTopic.USER, []),
    ],
)
def test_a_kind_is_told_wherever_it_stands(full: Store, what: AuditTopic, expected: list[str]) -> None:
    assert told(full, topic=what) == expected


def test_a_period_has_a_first_instant_and_not_its_last(full: Store) -> None:
    assert told(full, since=at(4), before=at(6)) == ["batch-1", "file-1"]


def test_what_was_made_elsewhere_is_what_no_change_here_explains(store: Store) -> None:
    before, after = ({**each.flags, "bot_name": None} for each in (Preferences(record_external=True), NOTHING))
    with store.write() as connection:
        seq = outbox.add(connection, NewWrite(WriteKind.PREFERENCES, "id-ada", before, after, "dana"), now=at(1))
        outbox.mark_sent(connection, seq, now=at(1))
    listed(store, user(preferences=NOTHING), BOB, now=at(2))
    listed(store, user(preferences=Preferences(record_internal=True)), BOB, now=at(3))
    assert told(store, elsewhere=True) == ["seen-2"]
    assert told(store) == ["seen-2", "change-1"]


def test_a_user_who_was_made_here_did_not_appear_elsewhere(store: Store) -> None:
    new = CalendarUser("id-new", "ext-new", (), NOTHING)
    listed(store, user(), BOB, new, now=at(1))
    assert told(store) == ["seen-1"]
    with store.write() as connection:
        events.add(connection, EventKind.USER_MADE, "dana", now=at(1), user_id="id-new")
    assert told(store) == ["event-1"]
    listed(store, user(), BOB, now=at(2))
    listed(store, user(), BOB, new, now=at(3))
    assert told(store) == ["seen-3", "seen-2", "event-1"]


def test_a_batch_that_is_only_planned_is_not_told(store: Store) -> None:
    batch(store, 1, begun=False)
    assert told(store) == []


def test_a_standard_is_told_of_its_customer_with_the_one_before_it(full: Store) -> None:
    for hours, on in ((8, True), (9, False)):
        with full.write() as connection:
            standards.add(connection, "acme.com", {"record_external": on}, by="lee", now=at(hours))
    with full.write() as connection:
        standards.add(connection, "else.com", {"record_external": True}, by="lee", now=at(10))
    assert told(full, topic=AuditTopic.STANDARD) == ["standard-3", "standard-2", "standard-1"]
    assert told(full, customer="acme.com")[:2] == ["standard-2", "standard-1"]
    assert told(full, actor="lee")[0] == "standard-3"
    assert "standard-1" not in told(full, user_id="id-ada")
    with full.read() as connection:
        found = standards.numbered(connection, [1, 2, 3])
    assert [each.before and each.before.flags for each in found.values()] == [None, {"record_external": True}, None]


def test_every_kind_there_is_belongs_to_something() -> None:
    kinds = {
        AuditSource.CHANGE: WriteKind,
        AuditSource.EVENT: EventKind,
        AuditSource.OBSERVATION: ObservationKind,
    }
    assert {source: set(known) for source, known in TOPICS.items()} == {s: set(k) for s, k in kinds.items()}
