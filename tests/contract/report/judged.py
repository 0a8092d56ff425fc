"""What each occurrence of an entry comes to at one moment: recordable, booked, recorded, and why not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

from tests.contract.report.bodies import causes_of, is_final, is_recorded, met_nobody
from tests.contract.report.history import History, Occurrence, is_connected
from tests.contract.report.reasons import Reason, observed
from tests.contract.report.recordable import looks_recordable, why_not_recordable
from tests.contract.report.rows import call_of, instant
from tests.contract.report.rules import reasons
from tests.contract.report.unwatched import Unwatched

Json: TypeAlias = dict[str, Any]


@dataclass
class Judged:
    """A history as it stands at `as_of`; `bots` are those of each occurrence, by its `id()`."""

    history: History
    as_of: datetime
    bots: Mapping[int, frozenset[str]]

    def meetings(self, occurrences: Iterable[Occurrence]) -> Iterator[list[Occurrence]]:
        """Entries of one customer that share `ical_uid` and start; without `ical_uid` each by itself."""
        groups: dict[object, list[Occurrence]] = {}
        for number, occurrence in enumerate(occurrences):
            if occurrence.start is not None:
                customer = self.history.customers[occurrence.user]
                whose = ("customer", customer) if customer else ("user", occurrence.user)
                call = call_of(occurrence.shown)
                groups.setdefault((whose, call) if call else number, []).append(occurrence)
        yield from groups.values()

    def is_coming(self, occurrence: Occurrence) -> bool:
        """It starts after `as_of`."""
        return occurrence.start is not None and occurrence.start > self.as_of

    def will_record(self, occurrence: Occurrence) -> bool:
        """Recall says so of it, or said so last before its start."""
        read = occurrence.reads[-1] if self.is_coming(occurrence) else occurrence.seen
        return read is not None and read.shown.get("will_record") is True

    def is_recordable(self, occurrence: Occurrence) -> bool:
        """It looks so, or evidence says so."""
        return looks_recordable(occurrence.shown) or self.is_booked(occurrence) or self.will_record(occurrence)

    def is_booked(self, occurrence: Occurrence) -> bool:
        """It has a bot."""
        return bool(self.bots[id(occurrence)])

    def is_recorded(self, occurrence: Occurrence) -> bool:
        """One of its bots did."""
        return any(bot is not None and is_recorded(bot) for bot in self._bots(occurrence))

    def is_settled(self, occurrence: Occurrence) -> bool:
        """All of its bots could be read and are through."""
        return all(map(is_final, self._bots(occurrence)))

    def met_nobody(self, occurrence: Occurrence) -> bool:
        """All of its bots."""
        return all(met_nobody(bot or {}) for bot in self._bots(occurrence))

    def why_coming(self, occurrence: Occurrence) -> frozenset[Reason]:
        """Why one that has no bot yet has none."""
        shown, user = occurrence.shown, self.history.users.get(occurrence.user, {})
        if not self.is_recordable(occurrence):
            return _not_recordable(shown)
        if occurrence.is_lost:
            return observed({"calendar_disconnected"})
        if shown.get("will_record") is True:
            return observed({"bot_not_scheduled"})
        return observed(reasons(shown, user) if is_connected(user) else {"calendar_disconnected"})

    def why_over(self, occurrence: Occurrence) -> frozenset[Reason]:
        """Why one that is over was not recorded."""
        if self.is_booked(occurrence):
            return observed(frozenset[str]().union(*(causes_of(bot or {}) for bot in self._bots(occurrence))))
        if not self.is_recordable(occurrence):
            return _not_recordable(occurrence.shown)
        if occurrence.is_lost:
            return observed({"calendar_disconnected"})
        if occurrence.seen is None:
            return self._unwatched.reasons(occurrence)
        if self.will_record(occurrence):
            return observed({"bot_not_scheduled"})
        then = occurrence.seen.user
        return observed(reasons(occurrence.seen.shown, then) | reasons(occurrence.shown, then))

    @cached_property
    def _unwatched(self) -> Unwatched:
        begun = [o for o in self.history.occurrences() if o.counts and o.start and not self.is_coming(o)]
        groups = [group for group in self.meetings(filter(self.is_recordable, begun)) if all(map(self._is_over, group))]
        return Unwatched(self.history, groups, self.is_booked)

    def _is_over(self, occurrence: Occurrence) -> bool:
        end = instant(occurrence.shown.get("end_time")) or occurrence.start
        return end is not None and end <= self.as_of

    def _bots(self, occurrence: Occurrence) -> list[Json | None]:
        return [self.history.bots.get(bot) for bot in self.bots[id(occurrence)]]


def _not_recordable(shown: Json) -> frozenset[Reason]:
    return observed({why_not_recordable(shown)})
