"""What a step of the decision is called where people read it."""

from lib.recording.decision import Rule
from lib.recording.reasons import reason_of

_LABELS = {
    Rule.RECORD: 'Set to "Record"',
    Rule.EXTERNAL: "External meeting",
    Rule.INTERNAL: "Internal meeting",
    Rule.GUEST: "Somebody else hosts it",
    Rule.RECURRING: "Recurring meeting",
    Rule.ACCEPTED: "The user has accepted",
    Rule.HOST: "The user hosts it",
    Rule.PREFERENCES_UNKNOWN: "The user's rules are not known",
    Rule.AUDIENCE_UNKNOWN: "Guest list hidden",
    Rule.HOST_UNKNOWN: "Host not known",
    Rule.RECURRENCE_UNKNOWN: "Not known whether it recurs",
    Rule.ANSWER_UNKNOWN: "The user's answer is not known",
}


def rule_label(rule: Rule) -> str:
    """The rule that decides, in words for a table cell: why it is recorded, why not, or what is not known."""
    return _LABELS.get(rule) or reason_of(rule).label
