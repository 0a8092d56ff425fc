"""Our trace of Recall's recording decision (contract 6.4, on the reading named A).

It explains `will_record` and forecasts what a change would do. It is an estimate: `will_record` is Recall's own
decision and the authority, and a disagreement is shown, never resolved in our favour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from lib.domain import CalendarUser, Entry, Preferences, addresses_of, own_answer
from lib.recording.presets import any_rule_on, preset_of
from lib.recording.reasons import reason_of


class Unset(Enum):
    """The answer to "which override?" that means: the one the entry has now."""

    UNSET = "unset"


UNSET = Unset.UNSET


class Rule(StrEnum):
    """What a step says. The ones that say no carry the key of the reason they give (`lib.recording.reasons`)."""

    NO_LINK = "no_meeting_link"
    NO_TIMES = "all_day_or_no_times"
    OVER = "already_ended"
    DO_NOT_RECORD = "override_do_not_record"
    NOTHING_ON = "no_rules_enabled"
    CONTRADICTION = "contradictory_rules"
    INTERNAL_OFF = "internal_not_enabled"
    EXTERNAL_OFF = "external_not_enabled"
    HOST_EXCLUDED = "host_excluded_by_non_host_rule"
    NOT_RECURRING = "not_recurring_rule"
    NOT_ACCEPTED = "not_accepted"
    NOT_HOST = "not_host_and_only_host"

    RECORD = "override_record"
    EXTERNAL = "external_meeting"
    INTERNAL = "internal_meeting"
    GUEST = "hosted_by_another"
    RECURRING = "recurring_meeting"
    ACCEPTED = "accepted"
    HOST = "hosted_by_user"

    PREFERENCES_UNKNOWN = "preferences_unknown"
    EXTERNAL_UNKNOWN = "external_unknown"
    HOST_UNKNOWN = "host_unknown"
    RECURRENCE_UNKNOWN = "recurrence_unknown"
    ANSWER_UNKNOWN = "answer_unknown"

    @property
    def label(self) -> str:
        """The rule in words for a table cell: why it is recorded, why not, or what is not known."""
        return _LABELS.get(self) or reason_of(self).label


_LABELS = {
    Rule.RECORD: 'Set to "Record"',
    Rule.EXTERNAL: "External meeting",
    Rule.INTERNAL: "Internal meeting",
    Rule.GUEST: "Somebody else hosts it",
    Rule.RECURRING: "Recurring meeting",
    Rule.ACCEPTED: "The user has accepted",
    Rule.HOST: "The user hosts it",
    Rule.PREFERENCES_UNKNOWN: "The user's rules are not known",
    Rule.EXTERNAL_UNKNOWN: "Guest list hidden",
    Rule.HOST_UNKNOWN: "Host not known",
    Rule.RECURRENCE_UNKNOWN: "Not known whether it recurs",
    Rule.ANSWER_UNKNOWN: "The user's answer is not known",
}


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """One thing Recall looks at. `passed` is None where the calendar does not say, and where it was not looked at."""

    name: str
    """`link`, `times`, `not_over`, `override`, `any_rule`, `no_contradiction`, or the name of a preference flag."""
    passed: bool | None = None
    rule: Rule | None = None
    """What the step says: why it stops the recording, why it lets it pass, or what is not known."""
    looked_at: bool = True


@dataclass(frozen=True, slots=True)
class Trace:
    """An estimate of the decision, with the way there. `verdict` is None where an input is unknown and would decide."""

    verdict: bool | None
    rule: Rule
    """The rule that decides: the first that stops it; else what is not known; else what lets it be recorded."""
    steps: tuple[DecisionStep, ...]
    blocks: tuple[Rule, ...]
    """All that stop it, in order: the first decides, the second would stop it once the first is put right."""
    documented: bool
    """Whether the combination of flags is one that Recall documents (contract 6.2). Any other is ambiguous."""
    unknown: tuple[Rule, ...] = ()
    """What the preferences ask for and the calendar does not say. With nothing else in the way the first decides."""


def trace(
    entry: Entry,
    user: CalendarUser,
    at: datetime,
    *,
    preferences: Preferences | None = None,
    override: bool | Unset | None = UNSET,
) -> Trace:
    """What Recall would decide at `at`, with other `preferences` or another `override` than the stored ones if given.

    Prerequisites beat the override, the override beats the preferences. A cancelled event is not among the
    prerequisites here, because a Calendar V1 entry does not say that it was cancelled.
    """
    wanted = entry.override_should_record if isinstance(override, Unset) else override
    chosen = preferences or user.preferences
    before = (*_prerequisites(entry, at), _override(wanted))
    rules = tuple(_preference_steps(entry, user, chosen))
    verdict, rule = _decide(before, rules, wanted)
    return Trace(
        verdict,
        rule,
        steps=(*before, *(rules if wanted is None else map(_unseen, rules))),
        blocks=_blocks(before if wanted else (*before, *rules)),
        documented=chosen is not None and preset_of(chosen) is not None,
        unknown=_unknown(rules),
    )


def _decide(
    before: tuple[DecisionStep, ...], rules: tuple[DecisionStep, ...], wanted: bool | None
) -> tuple[bool | None, Rule]:
    if stopped := _blocks(before):
        return False, stopped[0]
    if wanted:
        return True, Rule.RECORD
    if stopped := _blocks(rules):
        return False, stopped[0]
    if unknown := _unknown(rules):
        return None, unknown[0]
    return True, next(step.rule for step in rules if step.rule)


def _blocks(steps: tuple[DecisionStep, ...]) -> tuple[Rule, ...]:
    return tuple(step.rule for step in steps if step.passed is False and step.rule)


def _unknown(steps: tuple[DecisionStep, ...]) -> tuple[Rule, ...]:
    return tuple(step.rule for step in steps if step.looked_at and step.passed is None and step.rule)


def _unseen(step: DecisionStep) -> DecisionStep:
    return DecisionStep(step.name, looked_at=False)


def _prerequisites(entry: Entry, at: datetime) -> Iterator[DecisionStep]:
    yield _step("link", entry.has_link, no=Rule.NO_LINK)
    yield _step("times", not entry.is_whole_day, no=Rule.NO_TIMES)
    yield _step("not_over", not _is_over(entry, at), no=Rule.OVER)


def _is_over(entry: Entry, at: datetime) -> bool:
    started = entry.start_time is not None and entry.start_time < at
    return started and entry.ends_at is not None and entry.ends_at <= at


def _override(wanted: bool | None) -> DecisionStep:
    if wanted is None:
        return DecisionStep("override", looked_at=False)
    return _step("override", wanted, yes=Rule.RECORD, no=Rule.DO_NOT_RECORD)


def _preference_steps(entry: Entry, user: CalendarUser, preferences: Preferences | None) -> Iterator[DecisionStep]:
    if preferences is None:
        yield DecisionStep("any_rule", rule=Rule.PREFERENCES_UNKNOWN)
        return
    p, hosted = preferences, entry.is_hosted_by_me
    yield _step("any_rule", any_rule_on(p), no=Rule.NOTHING_ON)
    yield _step("no_contradiction", not (p.record_non_host and p.record_only_host), no=Rule.CONTRADICTION)
    yield from _external_or_internal(entry.is_external, p)
    yield _flag(
        p, "record_non_host", _opposite(hosted), yes=Rule.GUEST, no=Rule.HOST_EXCLUDED, unknown=Rule.HOST_UNKNOWN
    )
    yield _flag(
        p,
        "record_recurring",
        entry.is_recurring,
        yes=Rule.RECURRING,
        no=Rule.NOT_RECURRING,
        unknown=Rule.RECURRENCE_UNKNOWN,
    )
    yield _flag(
        p,
        "record_confirmed",
        _accepted(entry, user),
        yes=Rule.ACCEPTED,
        no=Rule.NOT_ACCEPTED,
        unknown=Rule.ANSWER_UNKNOWN,
    )
    yield _flag(p, "record_only_host", hosted, yes=Rule.HOST, no=Rule.NOT_HOST, unknown=Rule.HOST_UNKNOWN)


def _external_or_internal(external: bool | None, p: Preferences) -> Iterator[DecisionStep]:
    """External and internal together mean any meeting, so then only the half that applies is looked at. Whether an
    unknown `is_external` meets either half is not documented (contract 6.5, rows 73 to 75)."""
    if p.record_external and p.record_internal and external is not None:
        yield DecisionStep("record_external", external or None, Rule.EXTERNAL if external else None, looked_at=external)
        yield DecisionStep(
            "record_internal", not external or None, None if external else Rule.INTERNAL, looked_at=not external
        )
        return
    unknown = Rule.EXTERNAL_UNKNOWN
    yield _flag(p, "record_external", external, yes=Rule.EXTERNAL, no=Rule.INTERNAL_OFF, unknown=unknown)
    yield _flag(p, "record_internal", _opposite(external), yes=Rule.INTERNAL, no=Rule.EXTERNAL_OFF, unknown=unknown)


def _flag(p: Preferences, name: str, fact: bool | None, *, yes: Rule, no: Rule, unknown: Rule) -> DecisionStep:
    """A flag that is off is ignored; it does not mean the opposite (contract 6.1)."""
    if not p.flags[name]:
        return DecisionStep(name, looked_at=False)
    return DecisionStep(name, rule=unknown) if fact is None else _step(name, fact, yes=yes, no=no)


def _step(name: str, passed: bool, *, yes: Rule | None = None, no: Rule) -> DecisionStep:
    return DecisionStep(name, passed, yes if passed else no)


def _opposite(fact: bool | None) -> bool | None:
    return None if fact is None else not fact


def _accepted(entry: Entry, user: CalendarUser) -> bool | None:
    answer = own_answer(entry, addresses_of(user.connections))
    if answer is None:
        return None
    if answer == "not_available" and entry.is_hosted_by_me:
        return None  # how an organiser's own answer is reported is not documented (contract 6.5, row 40)
    return answer == "accepted"
