"""All that happened in one list: what was asked of Recall here, what changed elsewhere, who came, what was taken."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from lib.queries.private_meetings import masked
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.store import (
    Store,
    Transaction,
    assignments,
    audit_log,
    batches,
    entries,
    events,
    observations,
    outbox,
    standards,
)
from lib.store.assignments import AppliedFile
from lib.store.audit_log import WHAT, Place, Reader, Source, Wanted, What
from lib.store.batches import Batch
from lib.store.entries import StoredEntry
from lib.store.events import Event
from lib.store.observations import Observation
from lib.store.outbox import Change
from lib.store.standards import Succession

Detail: TypeAlias = Change | Batch | Event | Observation | AppliedFile | Succession
_KEY = re.compile(r"([a-z]+)-([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done or seen. `at` is UTC; of what was seen, the start of the read that showed it."""

    at: datetime
    source: Source
    seq: int
    detail: Detail

    @property
    def key(self) -> str:
        """What the address names it by, such as "change-12"."""
        return f"{self.source.value}-{self.seq}"

    @property
    def what(self) -> What:
        """What it is about."""
        if isinstance(self.detail, AppliedFile):
            return What.CUSTOMERS
        if isinstance(self.detail, Succession):
            return What.STANDARD
        return WHAT[Source.CHANGE if isinstance(self.detail, Batch) else self.source][self.detail.kind]

    @property
    def actor(self) -> str | None:
        """Name of the staff account; None: made elsewhere, or nobody with an account."""
        if isinstance(self.detail, Observation):
            return None
        if isinstance(self.detail, Succession):
            return self.detail.after.by
        return self.detail.by if isinstance(self.detail, AppliedFile) else self.detail.actor

    @property
    def user_id(self) -> str | None:
        """Recall's id of the user it is about; None: of many, or of none."""
        return None if isinstance(self.detail, Batch | AppliedFile | Succession) else self.detail.user_id

    @property
    def entry_id(self) -> str | None:
        """Recall's id of the calendar entry it is about."""
        return self.detail.entry_id if isinstance(self.detail, Change | Observation | Event) else None


@dataclass(frozen=True, slots=True)
class Activity:
    """The newest of what was asked for, newest first."""

    deeds: tuple[Deed, ...]
    has_more: bool
    """Whether there is older."""


def activity(store: Store, wanted: Wanted, member: StaffMember, *, limit: int) -> Activity:
    """The newest `limit` entries that `member` may see (`lib.store.audit_log.Reader`). Raises `StoreError`."""
    with store.read() as connection:
        places = audit_log.newest(connection, wanted, Reader(member.name, member.sight), limit=limit + 1)
        return Activity(_deeds(connection, places[:limit]), has_more=len(places) > limit)


def deed(store: Store, key: str, member: StaffMember) -> Deed | None:
    """The one that the address names; None where there is none of that name, or none that `member` is told of."""
    named = _KEY.fullmatch(key)
    if named is None or named[1] not in set(Source):
        return None
    source, seq = Source(named[1]), int(named[2])
    with store.read() as connection:
        if not audit_log.is_told(connection, source, seq, Reader(member.name, member.sight)):
            return None
        found = _READ[source](connection, [seq]).get(seq)
    return Deed(_time_of(found), source, seq, found) if found else None


def people(store: Store, member: StaffMember) -> tuple[str, ...]:
    """The staff accounts whose deeds can be asked for, by name: of those who do not see everything themselves and who
    did something that they are told of, else all."""
    if member.sight.is_everything:
        return tuple(each.name for each in accounts.everyone(store))
    with store.read() as connection:
        return tuple(sorted({member.name, *audit_log.actors(connection, Reader(member.name, member.sight))}))


def entry_of(store: Store, what: Deed) -> StoredEntry | None:
    """The calendar entry that it is about, as it is known now; None where there is none, or it is forgotten."""
    if what.user_id is None or what.entry_id is None:
        return None
    with store.read() as connection:
        found = entries.with_id(connection, what.user_id, what.entry_id)
    return masked(found) if found else None


def _deeds(connection: Transaction, places: Sequence[Place]) -> tuple[Deed, ...]:
    details = {
        source: read(connection, [place.seq for place in places if place.source is source])
        for source, read in _READ.items()
    }
    return tuple(Deed(place.at, place.source, place.seq, details[place.source][place.seq]) for place in places)


def _batches(connection: Transaction, numbers: Collection[int]) -> Mapping[int, Batch]:
    return {key: found for key in numbers if (found := batches.find(connection, key))}


_READ: Mapping[Source, Callable[[Transaction, Collection[int]], Mapping[int, Any]]] = {
    Source.CHANGE: lambda connection, numbers: {each.seq: each for each in outbox.numbered(connection, numbers)},
    Source.BATCH: _batches,
    Source.EVENT: lambda connection, numbers: {each.seq: each for each in events.numbered(connection, numbers)},
    Source.OBSERVATION: lambda connection, numbers: {
        each.seq: each for each in observations.numbered(connection, numbers)
    },
    Source.FILE: assignments.numbered,
    Source.STANDARD: standards.numbered,
}


def _time_of(detail: Detail) -> datetime:
    if isinstance(detail, Succession):
        return detail.after.at
    return detail.made_at if isinstance(detail, Change | Batch) else detail.at
