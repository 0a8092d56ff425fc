"""Why an entry that was never seen before its start has no bot: "Basis" of the design, with all that guards it.

What the documents leave open is carried along: a guard answers all that may be true of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.contract.report.history import History, Occurrence, Read
from tests.contract.report.rules import RECORD, UNKNOWN, verdicts

Reason: TypeAlias = tuple[str, str]
"""A reason's key and its basis."""
Maybe: TypeAlias = frozenset[bool]
"""True, False, or both: nobody can tell."""

YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})
NOT_SEEN: Reason = ("not_seen_before_start", "observed")
LOST: Reason = ("calendar_disconnected", "observed")
AGREE_IN = 0.9


@dataclass
class Unwatched:
    """The workspace's past that nobody watched, and what today's rules say about it."""

    history: History
    started: list[Occurrence]
    """Recordable, and begun, whether watched or not."""
    groups: list[list[Occurrence]]
    """The meetings that these are, each of one customer or of one user alone."""
    has_bot: Callable[[Occurrence], bool]
    _agreements: dict[object, Maybe] = field(default_factory=dict)

    def reasons(self, occurrence: Occurrence) -> frozenset[Reason]:
        """What may be said of one that has no bot and was never seen before its start."""
        lost = self._was_lost(occurrence)
        if lost == YES:
            return frozenset({LOST})
        said = _trace(occurrence)
        excluded = frozenset((key, "inferred") for key in said - {RECORD, UNKNOWN})
        stays = frozenset({NOT_SEEN}) if said & {RECORD, UNKNOWN} else frozenset[Reason]()
        guarded = self._is_guarded(occurrence, said)
        found = stays | (excluded if False in guarded else frozenset()) | ({NOT_SEEN} if True in guarded else set())
        return frozenset(found) | (frozenset({LOST}) if True in lost else frozenset())

    def _was_lost(self, occurrence: Occurrence) -> Maybe:
        """Whether our last look before its start found no calendar of its platform connected.

        Never seen connected either, it may be called lost or not.
        """
        start, platform = occurrence.start, occurrence.shown.get("calendar_platform")
        before = [user for at, user in self.history.listed.get(occurrence.user, []) if start and at <= start]
        if not before or _is_connected(before[-1], platform):
            return NO
        return YES if any(_is_connected(user, platform) for user in before) else EITHER

    def _is_guarded(self, occurrence: Occurrence, said: frozenset[str]) -> Maybe:
        """Whether anything speaks against what the rules first seen say."""
        guards = (
            self._is_before_the_first_bot(occurrence),
            self._did_the_same_rule_let_a_bot_in(occurrence, said),
            self._does_the_customer_disagree(occurrence),
        )
        return YES if YES in guards else EITHER if EITHER in guards else NO

    def _is_before_the_first_bot(self, occurrence: Occurrence) -> Maybe:
        own = [o for o in self.history.occurrences() if o.user == occurrence.user and o.counts]
        with_bots = [o.start for o in own if o.start and self.has_bot(o)]
        if with_bots:
            return _sure(occurrence.start is not None and occurrence.start < min(with_bots))
        traces = [_trace(o) for o in self.started if o.user == occurrence.user and o.seen is None]
        if all(not said & {RECORD, UNKNOWN} for said in traces):
            return NO
        return YES if any(said <= {RECORD, UNKNOWN} for said in traces) else EITHER

    def _did_the_same_rule_let_a_bot_in(self, occurrence: Occurrence, said: frozenset[str]) -> Maybe:
        found = NO
        for other in self.started:
            same = _trace(other) & said - {RECORD, UNKNOWN}
            if other.user == occurrence.user and other.seen is None and self.has_bot(other) and same:
                explained = self._do_colleagues_explain(other)
                if len(_trace(other) | said) == 1 and explained == NO:
                    return YES
                found = found if explained == YES else EITHER
        return found

    def _do_colleagues_explain(self, occurrence: Occurrence) -> Maybe:
        group = next(group for group in self.groups if any(o is occurrence for o in group))
        traces = [_trace(o) for o in group if o.user != occurrence.user]
        if any(said == {RECORD} for said in traces):
            return YES
        return EITHER if any(RECORD in said for said in traces) else NO

    def _does_the_customer_disagree(self, occurrence: Occurrence) -> Maybe:
        whose = _whose(self.history, occurrence)
        if whose not in self._agreements:
            groups = (group for group in self.groups if _whose(self.history, group[0]) == whose)
            self._agreements[whose] = _disagree(self._agreement(group) for group in groups)
        return self._agreements[whose]

    def _agreement(self, group: list[Occurrence]) -> tuple[bool, Maybe]:
        """Whether a meeting is one that nobody watched for sure, and whether rules and bots agree about it."""
        unseen = [o for o in group if o.seen is None]
        if not unseen:
            return True, frozenset()
        said = frozenset[bool]().union(*(_would_record(_trace(o)) for o in unseen))
        traced = YES if any(_would_record(_trace(o)) == YES for o in unseen) else said
        had = any(map(self.has_bot, unseen))
        return len(unseen) == len(group), frozenset(had == each for each in traced)


def _disagree(agreements: Iterable[tuple[bool, Maybe]]) -> Maybe:
    """Whether under nine of ten agree."""
    counted = [(sure, agrees) for sure, agrees in agreements if agrees]
    certain = [agrees for sure, agrees in counted if sure and agrees != EITHER]
    doubtful = len(counted) - len(certain)
    agree = sum(agrees == YES for agrees in certain)
    if not counted:
        return NO
    least, most = agree / len(counted), (agree + doubtful) / len(counted)
    return NO if least >= AGREE_IN else YES if most < AGREE_IN else EITHER


def _whose(history: History, occurrence: Occurrence) -> object:
    return history.customers[occurrence.user] or ("user", occurrence.user)


def _trace(occurrence: Occurrence) -> frozenset[str]:
    """What the rules of the read that first showed it say."""
    first: Read = occurrence.reads[0]
    return verdicts(first.shown, first.user)


def _would_record(said: frozenset[str]) -> Maybe:
    if said == {RECORD}:
        return YES
    return EITHER if said & {RECORD, UNKNOWN} else NO


def _sure(fact: bool) -> Maybe:
    return YES if fact else NO


def _is_connected(user: dict[str, object], platform: object) -> bool:
    connections = user.get("connections")
    return isinstance(connections, list) and any(
        c.get("connected") is True and platform in (None, c.get("platform")) for c in connections
    )
