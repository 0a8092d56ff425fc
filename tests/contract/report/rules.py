"""What the documented rules say of an entry (contract 6): all that they may say where the documents leave it open."""

from typing import Any, TypeAlias

from tests.contract.report.causes import BY_RULES

Json: TypeAlias = dict[str, Any]

RECORD = "record"
UNKNOWN = "unknown"
OPEN = BY_RULES | {RECORD, UNKNOWN}

_RULES = {"record_external", "record_internal", "record_recurring", "record_non_host"}
_FILTERS = {"record_confirmed", "record_only_host"}


def verdicts(shown: Json, user: Json) -> frozenset[str]:
    """`RECORD`, `UNKNOWN`, or the reason why not; several where more than one of them can be argued."""
    override = shown.get("override_should_record")
    if override is not None:
        return frozenset({RECORD if override else "override_do_not_record"})
    flags = {name for name, on in (user.get("preferences") or {}).items() if on is True}
    if not flags & _RULES:
        return frozenset({"no_rules_enabled", UNKNOWN} if flags & _FILTERS else {"no_rules_enabled"})
    if flags & {"record_recurring", "record_non_host"}:
        return _undocumented(shown, flags)
    refused = _audience(shown, flags) | _filters(shown, user, flags)
    certain = refused - {UNKNOWN}
    if certain:
        return certain | (BY_RULES if UNKNOWN in refused else frozenset())
    if refused:
        return OPEN
    return frozenset({RECORD} if shown.get("is_external") is not None else {RECORD, UNKNOWN})


def reasons(shown: Json, user: Json) -> frozenset[str]:
    """Why an entry that Recall does not record is not."""
    said = verdicts(shown, user)
    return BY_RULES if RECORD in said else said - {UNKNOWN} or BY_RULES


def _audience(shown: Json, flags: set[str]) -> frozenset[str]:
    if flags >= {"record_external", "record_internal"}:
        return frozenset()
    external = shown.get("is_external")
    if external is None:
        return frozenset({UNKNOWN})
    kind = "external" if external else "internal"
    return frozenset() if f"record_{kind}" in flags else frozenset({f"{kind}_not_enabled"})


def _filters(shown: Json, user: Json, flags: set[str]) -> frozenset[str]:
    hosted, answer = shown.get("is_hosted_by_me"), _own_answer(shown, user)
    refused = set()
    if "record_only_host" in flags and not hosted:
        refused.add(UNKNOWN if hosted is None else "not_host_and_only_host")
    if "record_confirmed" in flags and answer != "accepted":
        refused.add(UNKNOWN if answer is None or hosted is not False else "not_accepted")
    return frozenset(refused)


def _own_answer(shown: Json, user: Json) -> str | None:
    """What the account that the entry is in said to the invitation (contract 3.12); None: nobody can tell."""
    mine = {
        str(c.get("email")).lower()
        for c in user.get("connections") or []
        if c.get("email") and c.get("platform") == shown.get("calendar_platform")
    }
    said = {a.get("status") for a in shown.get("attendees") or [] if str(a.get("email")).lower() in mine}
    return said.pop() if len(said) == 1 else None


def _undocumented(shown: Json, flags: set[str]) -> frozenset[str]:
    """No reading of these flags is documented; where one of them refuses alone, the reason may still be any."""
    if {"record_non_host", "record_only_host"} <= flags:
        return OPEN
    alone = {"record_non_host": shown.get("is_hosted_by_me"), "record_recurring": shown.get("is_recurring") is False}
    is_alone = len(flags) == 1 and shown.get("is_hosted_by_me") is not None and shown.get("is_recurring") is not None
    if not is_alone:
        return OPEN
    return BY_RULES if alone[next(iter(flags))] else frozenset({RECORD})
