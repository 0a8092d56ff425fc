"""All that happened in one list: what was asked of Recall here, what changed elsewhere, who came, what was taken."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from lib.queries.private_meetings import mask
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
from lib.store.audit_log import TOPICS, AuditFilter, AuditPosition, AuditSource, AuditTopic, AuditViewer
from lib.store.batches import Batch
from lib.store.entries import StoredEntry
from lib.store.events import Event
from lib.store.observations import Observation
from lib.store.outbox import Write
from lib.store.standards import StandardChange

Detail: TypeAlias = Write | Batch | Event | Observation | AppliedFile | StandardChange
_KEY = re.compile(r"([a-z]+)-([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was done or seen. `at` is UTC; of what was seen, the start of the read that showed it."""

    at: datetime
    source: AuditSource
    seq: int
    detail: Detail

    @property
    def key(self) -> str:
        """What the address names it by, such as "change-12"."""
        return f"{self.source.value}-{self.seq}"

    @property
    def topic(self) -> AuditTopic:
        """What it is about."""
        if isinstance(self.detail, AppliedFile):
            return AuditTopic.CUSTOMERS
        if isinstance(self.detail, StandardChange):
            return AuditTopic.STANDARD
        return TOPICS[AuditSource.CHANGE if isinstance(self.detail, Batch) else self.source][self.detail.kind]

    @property
    def actor(self) -> str | None:
        """Name of the staff account; None: made elsewhere, or nobody with an account."""
        if isinstance(self.detail, Observation):
            return None
        if isinstance(self.detail, StandardChange):
            return self.detail.after.by
        return self.detail.by if isinstance(self.detail, AppliedFile) else self.detail.actor

    @property
    def user_id(self) -> str | None:
        """Recall's id of the user it is about; None: of many, or of none."""
        return None if isinstance(self.detail, Batch | AppliedFile | StandardChange) else self.detail.user_id

    @property
    def entry_id(self) -> str | None:
        """Recall's id of the calendar entry it is about."""
        return self.detail.entry_id if isinstance(self.detail, Write | Observation | Event) else None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest of what was asked for, newest first."""

    entries: tuple[AuditEntry, ...]
    has_more: bool
    """Whether there is older."""


def audit_entries(store: Store, wanted: AuditFilter, member: StaffMember, *, limit: int) -> AuditPage:
    """The newest `limit` entries that `member` may see (`lib.store.audit_log.AuditViewer`). Raises `StoreError`."""
    with store.read() as connection:
        places = audit_log.newest(connection, wanted, AuditViewer(member.name, member.sight), limit=limit + 1)
        return AuditPage(_entries(connection, places[:limit]), has_more=len(places) > limit)


def audit_entry(store: Store, key: str, member: StaffMember) -> AuditEntry | None:
    """The one that the address names; None where there is none of that name, or none that `member` is told of."""
    named = _KEY.fullmatch(key)
    if named is None or named[1] not in set(AuditSource):
        return None
    source, seq = AuditSource(named[1]), int(named[2])
    with store.read() as connection:
        if not audit_log.is_visible(connection, source, seq, AuditViewer(member.name, member.sight)):
            return None
        found = _READ[source](connection, [seq]).get(seq)
    return AuditEntry(_time_of(found), source, seq, found) if found else None


def actors(store: Store, member: StaffMember) -> tuple[str, ...]:
    """The staff accounts whose entries can be asked for, by name: of those who do not see everything themselves and who
    did something that they are told of, else all."""
    if member.sight.is_everything:
        return tuple(each.name for each in accounts.everyone(store))
    with store.read() as connection:
        return tuple(sorted({member.name, *audit_log.actors(connection, AuditViewer(member.name, member.sight))}))


def calendar_entry_of(store: Store, what: AuditEntry) -> StoredEntry | None:
    """The calendar entry that it is about, as it is known now; None where there is none, or it is forgotten."""
    if what.user_id is None or what.entry_id is None:
        return None
    with store.read() as connection:
        found = entries.with_id(connection, what.user_id, what.entry_id)
    return mask(found) if found else None


def _entries(connection: Transaction, places: Sequence[AuditPosition]) -> tuple[AuditEntry, ...]:
    details = {
        source: read(connection, [place.seq for place in places if place.source is source])
        for source, read in _READ.items()
    }
    return tuple(AuditEntry(place.at, place.source, place.seq, details[place.source][place.seq]) for place in places)


def _batches(connection: Transaction, numbers: Collection[int]) -> Mapping[int, Batch]:
    return {key: found for key in numbers if (found := batches.find(connection, key))}


_READ: Mapping[AuditSource, Callable[[Transaction, Collection[int]], Mapping[int, Any]]] = {
    AuditSource.CHANGE: lambda connection, numbers: {each.seq: each for each in outbox.numbered(connection, numbers)},
    AuditSource.BATCH: _batches,
    AuditSource.EVENT: lambda connection, numbers: {each.seq: each for each in events.numbered(connection, numbers)},
    AuditSource.OBSERVATION: lambda connection, numbers: {
        each.seq: each for each in observations.numbered(connection, numbers)
    },
    AuditSource.FILE: assignments.numbered,
    AuditSource.STANDARD: standards.numbered,
}


def _time_of(detail: Detail) -> datetime:
    if isinstance(detail, StandardChange):
        return detail.after.at
    return detail.made_at if isinstance(detail, Write | Batch) else detail.at
