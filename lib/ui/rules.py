"""The rule that decides, in the words of a table cell."""

from lib.recording.decision import Rule
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
