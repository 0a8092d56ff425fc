"""Why an entry that was never seen before its start has no bot: "Basis" of the design, with all that guards it.

What the documents leave open is carried along: a guard answers all that may be true of it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias

from tests.contract.report.history import History, Occurrence
from tests.contract.report.recordable import looks_recordable, why_not_recordable
from tests.contract.report.rules import RECORD, UNKNOWN, verdicts

Reason: TypeAlias = tuple[str, str]
"""A reason's key and its basis."""
Maybe: TypeAlias = frozenset[bool]
"""True, False, or both: nobody can tell."""

YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})
NOT_SEEN: Reason = ("not_seen_before_start", "observed")
LOST: Reason = ("calendar_disconnected", "observed")
AGREE_IN = 0.9


class Unwatched:
    """The workspace's past that nobody watched, and what today's rules say about it."""

    def __init__(self, history: History, groups: list[list[Occurrence]], has_bot: Callable[[Occurrence], bool]) -> None:
        """Take the meetings that are over, each as its recordable entries, of one customer or one user alone."""
        over = [occurrence for group in groups for occurrence in group]
        self._history = history
        self._has_bot = has_bot
        self._groups = groups
        self._group_of = {id(o): group for group in groups for o in group}
        self._traces = {id(o): _trace(o) for o in over}
        self._of_user: dict[str, list[Occurrence]] = {}
        for occurrence in over:
            if occurrence.seen is None and self._was_lost(occurrence) != YES:
                self._of_user.setdefault(occurrence.user, []).append(occurrence)
        self._agreements: dict[object, Maybe] = {}
        self._first_bots: dict[str, datetime] = {}
        for occurrence in history.occurrences():
            if occurrence.counts and occurrence.start and has_bot(occurrence):
                first = self._first_bots.get(occurrence.user, occurrence.start)
                self._first_bots[occurrence.user] = min(first, occurrence.start)

    def reasons(self, occurrence: Occurrence) -> frozenset[Reason]:
        """What may be said of one that has no bot and was never seen before its start."""
        lost = self._was_lost(occurrence)
        if lost == YES:
            return frozenset({LOST})
        said = self._traces[id(occurrence)]
        guarded = self._is_guarded(occurrence, said)
        found = {LOST} if True in lost else set()
        if said & {RECORD, UNKNOWN} or True in guarded:
            found.add(NOT_SEEN)
        if False in guarded:
            found |= {(key, "inferred") for key in said - {RECORD, UNKNOWN}}
        return frozenset(found)

    def _was_lost(self, occurrence: Occurrence) -> Maybe:
        """Whether our last look before its start found no calendar of its platform connected.

        Never seen connected either, it may be called lost or not.
        """
        start, platform = occurrence.start, occurrence.shown.get("calendar_platform")
        before = [user for at, user in self._history.listed.get(occurrence.user, []) if start and at <= start]
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
        first = self._first_bots.get(occurrence.user)
        if first is not None:
            return YES if occurrence.start is not None and occurrence.start < first else NO
        traces = [self._traces[id(o)] for o in self._of_user[occurrence.user]]
        if all(not said & {RECORD, UNKNOWN} for said in traces):
            return NO
        return YES if any(said <= {RECORD, UNKNOWN} for said in traces) else EITHER

    def _did_the_same_rule_let_a_bot_in(self, occurrence: Occurrence, said: frozenset[str]) -> Maybe:
        found = NO
        for other in filter(self._has_bot, self._of_user[occurrence.user]):
            traced = self._traces[id(other)]
            if traced & said - {RECORD, UNKNOWN}:
                explained = self._do_colleagues_explain(other)
                if len(traced | said) == 1 and explained == NO:
                    return YES
                found = found if explained == YES else EITHER
        return found

    def _do_colleagues_explain(self, occurrence: Occurrence) -> Maybe:
        """Whether somebody else of the same meeting would have it recorded."""
        group = self._group_of[id(occurrence)]
        traces = [self._traces[id(o)] for o in group if o.user != occurrence.user]
        if any(said == {RECORD} for said in traces):
            return YES
        return EITHER if any(RECORD in said for said in traces) else NO

    def _does_the_customer_disagree(self, occurrence: Occurrence) -> Maybe:
        whose = _whose(self._history, occurrence)
        if whose not in self._agreements:
            groups = (group for group in self._groups if _whose(self._history, group[0]) == whose)
            self._agreements[whose] = _disagree(self._agreement(group) for group in groups)
        return self._agreements[whose]

    def _agreement(self, group: list[Occurrence]) -> tuple[bool, Maybe]:
        """Whether a meeting is one that nobody watched for sure, and whether rules and bots agree about it."""
        unseen = [o for o in group if o.seen is None]
        would = [_would_record(self._traces[id(o)]) for o in unseen]
        traced = YES if YES in would else frozenset[bool]().union(*would)
        had = any(map(self._has_bot, unseen))
        is_sure = len(unseen) == len(group) and all(self._was_lost(o) == NO for o in group)
        return is_sure, frozenset(had == each for each in traced)


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
    """What the rules say that were in force when it was first shown; they begin with what no rule can beat (6.4)."""
    first = occurrence.reads[0]
    if not looks_recordable(occurrence.shown):
        return frozenset({why_not_recordable(occurrence.shown)})
    then = {name: first.shown.get(name) for name in ("override_should_record", "attendees")}
    return verdicts(occurrence.shown | then, first.user)


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
