"""The steps of the decision, in the words of a list."""

from lib.recording.decision import DecisionStep

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


def step_words(step: DecisionStep) -> str:
    """One line of the trace: what is looked at, and what was found; what was not looked at is named alone."""
    name = _STEPS.get(step.name, step.name)
    if not step.looked_at:
        return name
    if step.name == "override":
        return f"{name}: record" if step.passed else f"{name}: don't record"
    found = {True: "yes", False: "no", None: "not known"}[step.passed]
    return f"{name}: {found}"
