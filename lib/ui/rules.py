"""The rule that decides, in the words of a table cell."""

from lib.recording.decision import Rule, Step
from lib.recording.reasons import reason_of

_LETS_PASS = {
    Rule.RECORD: "Set to “Record”",
    Rule.EXTERNAL: "External meetings: on",
    Rule.INTERNAL: "Internal meetings: on",
    Rule.GUEST: "Hosted by somebody else: on",
    Rule.RECURRING: "Recurring meetings: on",
    Rule.ACCEPTED: "Accepted by this user",
    Rule.HOST: "Hosted by this user",
    Rule.PREFERENCES_UNKNOWN: "Preferences are not known",
    Rule.AUDIENCE_UNKNOWN: "Guest list is hidden",
    Rule.HOST_UNKNOWN: "Host is not known",
    Rule.RECURRENCE_UNKNOWN: "Series or not: not known",
    Rule.ANSWER_UNKNOWN: "User's answer is not known",
}


def rule_words(rule: Rule) -> str:
    """ "Internal meetings: on" for a rule that lets a meeting pass, the reason's label for one that stops it."""
    return _LETS_PASS.get(rule) or reason_of(rule.value).label


_STEPS = {
    "link": "It has a link to join",
    "times": "It has a start and an end, and does not last all day",
    "not_over": "It is not over",
    "override": "Set by hand",
    "any_rule": "A recording rule is on",
    "no_contradiction": "The rules do not exclude each other",
    "record_external": "External meetings",
    "record_internal": "Internal meetings",
    "record_recurring": "Only recurring meetings",
    "record_non_host": "Only meetings somebody else hosts",
    "record_confirmed": "Only accepted meetings",
    "record_only_host": "Only meetings this user hosts",
}


def step_words(step: Step) -> str:
    """One line of the trace: what is looked at, and what was found."""
    name = _STEPS.get(step.name, step.name)
    if not step.looked_at:
        return f"{name}: not looked at"
    found = {True: "yes", False: "no", None: "not known"}[step.passed]
    return f"{name}: {found}"
