"""Entries of the audit log in words: who, what, before and after. Pure; some words hold text from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.domain import Preferences
from lib.queries.audit_log import AuditEntry
from lib.recording.overrides import OVERRIDE_LABELS
from lib.recording.presets import FLAG_LABELS, preset_words
from lib.store import events
from lib.store.assignments import AppliedFile
from lib.store.audit_log import AuditTopic
from lib.store.batches import Batch, ItemState
from lib.store.events import Event, EventKind
from lib.store.observations import Observation, ObservationKind
from lib.store.outbox import Value, Write, WriteKind
from lib.store.standards import Standard, StandardChange
from lib.ui.customers.words import rules_words
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import NOTHING, one_line, plural
from lib.ui.words.scope import name_of
from lib.writes.intent import preferences_of

ELSEWHERE, UNKNOWN_ACTOR, COMMAND_LINE = "(elsewhere)", "(unknown)", "(command line)"
BY_ITSELF = "(Coverage Desk)"
ERASED = "(erased)"
MANY = "Many users"
TOPIC_WORDS = {
    AuditTopic.PREFERENCES: "Preferences",
    AuditTopic.OVERRIDE: "Override",
    AuditTopic.CONNECTION: "Connection",
    AuditTopic.USER: "User",
    AuditTopic.STANDARD: "Standard",
    AuditTopic.CUSTOMERS: "Customers CSV",
    AuditTopic.BOT_CONFIG: "Bot config",
    AuditTopic.SIGN_IN: "Sign-in",
    AuditTopic.STAFF: "Staff",
    AuditTopic.EXPORT: "Export",
    AuditTopic.TITLE: "Private title",
}
TOPIC_CHIPS = (
    "(1)",
    TOPIC_WORDS[AuditTopic.PREFERENCES],
    TOPIC_WORDS[AuditTopic.USER],
    TOPIC_WORDS[AuditTopic.CONNECTION],
    TOPIC_WORDS[AuditTopic.OVERRIDE],
    TOPIC_WORDS[AuditTopic.CUSTOMERS],
    TOPIC_WORDS[AuditTopic.STANDARD],
    MANY,
    TOPIC_WORDS[AuditTopic.SIGN_IN],
    TOPIC_WORDS[AuditTopic.TITLE],
    TOPIC_WORDS[AuditTopic.BOT_CONFIG],
    TOPIC_WORDS[AuditTopic.EXPORT],
    TOPIC_WORDS[AuditTopic.STAFF],
)
"""In the order of the outcome colours, round and round: rules blue, connections orange, overrides violet."""
_SESSIONS = {
    EventKind.SIGNED_IN: "Signed in",
    EventKind.SIGN_IN_REFUSED: "Wrong name or password",
    EventKind.SIGN_IN_LOCKED: "Locked for 15 minutes",
    EventKind.SIGNED_OUT: "Signed out",
    EventKind.SESSION_EXPIRED: "Session expired",
    EventKind.SESSION_RENEWED: "Confirmed their identity and continued",
}
_BY_PROVIDER = "Refused at the provider's sign-in: no role here, or an untrusted answer"
_BY_COMMAND = frozenset({EventKind.STAFF_CHANGED, EventKind.SIGNED_OUT_BY_ADMIN, EventKind.LIST_BELIEVED})
_PERIODS = {"7": "last 7 days", "30": "last 30 days", "90": "last 90 days", "all": "all times", "custom": "chosen days"}


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field before and after. Bot names are from outside."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether the value changed."""
        return self.before != self.after


def topic_words(entry: AuditEntry) -> str:
    """Its chip."""
    return MANY if isinstance(entry.detail, Batch) else TOPIC_WORDS[entry.topic]


def who_words(entry: AuditEntry) -> str:
    """The staff account's name; else why there is none."""
    if isinstance(entry.detail, Observation):
        return ELSEWHERE
    if isinstance(entry.detail, Event) and entry.detail.kind is EventKind.ENTRIES_SET_ASIDE:
        return BY_ITSELF
    if isinstance(entry.detail, Event) and entry.detail.kind in _BY_COMMAND:
        return entry.actor or COMMAND_LINE
    return entry.actor or UNKNOWN_ACTOR


def change_words(entry: AuditEntry) -> str:
    """Before and after in one line, such as "External meetings → Everything"."""
    match entry.detail:
        case Write() as change:
            return f"{_of_change(change)}{' (undo)' if change.undoes else ''}"
        case Batch() as batch:
            return _of_many(batch)
        case Observation() as seen:
            return _of_observation(seen)
        case Event() as event:
            return _of_event(event)
        case StandardChange(before=before, after=after):
            return " → ".join(_standard_words(each) for each in (before, after))
        case AppliedFile(counts=counts):
            return f"{plural(counts.get('users', 0), 'user')}, {plural(counts.get('owners', 0), 'owner')} assigned"


def field_diffs(entry: AuditEntry) -> tuple[FieldDiff, ...]:
    """Each field before and after; empty where nothing was changed, or it was erased."""
    match entry.detail:
        case Write(before=None) | Write(after=None):
            return ()
        case Write() as change:
            return _diffs_of_write(change.kind, change.before or {}, change.after or {})
        case Observation(kind=ObservationKind.PREFERENCES_CHANGED, before=before, after=after):
            return _diffs_of_rules(before, after) if before or after else ()
        case Observation(kind=ObservationKind.OVERRIDE_CHANGED, override_before=before, override_after=after):
            return () if before is after else (FieldDiff("Choice", OVERRIDE_LABELS[before], OVERRIDE_LABELS[after]),)
        case StandardChange(before=before, after=after):
            return _diffs_of_rules(*(_rules_of(each) for each in (before, after)))[:-1]
        case _:
            return ()


def filter_words(filters: Mapping[str, str], *, user: str | None = None) -> str:
    """The filter that a file was made with: "last 7 days, customer acme.example". Customers' names are from outside."""
    days = f"{filters['from']} to {filters['to']}" if {"from", "to"} <= set(filters) else None
    told = [days or _PERIODS.get(filters.get("period", ""), "")]
    told += [say(filters[name]) for name, say in _SAID.items() if name in filters]
    told += [f"user {user or filters['person']}"] if "person" in filters else []
    return ", ".join(words for words in told if words) or "no filter"


_SAID: Mapping[str, Callable[[str], str]] = {
    "customer": lambda word: f"customer {one_line(name)}" if (name := name_of(word)) else "without a customer",
    "team": lambda word: f"team {one_line(word)}",
    "platform": lambda word: f"on {one_line(word)}",
    "calendar": lambda word: f"{one_line(word)} calendars",
    "audience": lambda word: f"{one_line(word)} meetings",
    "host": lambda word: "hosted by the user" if word == "user" else "hosted by somebody else",
    "what": lambda word: f"kind {TOPIC_WORDS[AuditTopic(word)]}" if word in set(AuditTopic) else "",
    "who": lambda word: f"changed {ELSEWHERE}" if word == "*" else f"by {one_line(word)}",
}


def _of_change(change: Write) -> str:
    if change.before is None or change.after is None:
        return ERASED
    if change.kind is WriteKind.PREFERENCES:
        return _rules_line(preferences_of(change.before), preferences_of(change.after))
    [diff] = _diffs_of_write(change.kind, change.before, change.after)
    return f"{diff.name}: {diff.before} → {diff.after}" if change.kind in _NAMED else f"{diff.before} → {diff.after}"


_NAMED = {WriteKind.DISCONNECT}


def _of_observation(seen: Observation) -> str:
    match seen.kind:
        case ObservationKind.PREFERENCES_CHANGED:
            return _rules_line(seen.before, seen.after) if seen.before or seen.after else ERASED
        case ObservationKind.OVERRIDE_CHANGED:
            if seen.override_before is seen.override_after:
                return ERASED
            return f"{OVERRIDE_LABELS[seen.override_before]} → {OVERRIDE_LABELS[seen.override_after]}"
        case ObservationKind.CONNECTION_LOST:
            return f"{platform_name(seen.platform or '')}: connected → lost"
        case ObservationKind.CONNECTION_FOUND:
            return f"{platform_name(seen.platform or '')}: → connected"
        case ObservationKind.USER_APPEARED:
            return "→ in Recall's list"
        case ObservationKind.USER_VANISHED:
            return "In Recall's list → gone"


def _of_event(event: Event) -> str:
    if words := _OF_EVENTS.get(event.kind):
        return words(event.details)
    return _BY_PROVIDER if event.details.get("by_provider") else _SESSIONS[event.kind]


def _of_export(details: Mapping[str, Any]) -> str:
    rows, kind = plural(int(details["rows"]), "row"), str(details["format"]).upper()
    return f"{details['what']}, {rows}, {kind}"


def _of_mark(details: Mapping[str, Any]) -> str:
    return f"Version {details['version']} {'sent to Recall' if details['sent'] else 'marked as not sent'}"


def _of_entries_set_aside(details: Mapping[str, Any]) -> str:
    return f"{plural(int(details['entries']), 'meeting')} removed: Recall says they belong to another user"


def _of_staff(changed: events.StaffChange) -> str:
    if changed.what == "password":
        return f"{changed.whose}: new password"
    if changed.what == "added":
        return f"{changed.whose}: added as {changed.after}"
    return f"{changed.whose}: {one_line(changed.before)} → {one_line(changed.after)}"


_REFRESHES = {
    "accepted": "Calendar read again by Recall",
    "refused": "Calendar not read again: Recall refused",
    "rate_limited": "Calendar not read again: Recall's rate limit",
    "calendar_lost": "Calendar not read again: its connection is lost",
    "no_answer": "Asked to read the calendar again, Recall gave no answer",
}

_OF_EVENTS: dict[EventKind, Callable[[Mapping[str, Any]], str]] = {
    EventKind.EXPORTED: _of_export,
    EventKind.LINK_MADE: lambda details: f"{platform_name(str(details.get('platform', '')))}: link created",
    EventKind.USER_MADE: lambda _: "→ created here",
    EventKind.BOT_CONFIG_KEPT: lambda details: f"Version {details['version']} saved",
    EventKind.BOT_CONFIG_MARKED: _of_mark,
    EventKind.TITLE_SHOWN: lambda _: "Viewed a private meeting's title",
    EventKind.EXPORT_REFUSED: lambda details: f"{details['what']}: refused, too many files in an hour",
    EventKind.SIGNED_OUT_BY_ADMIN: lambda details: f"{details['whose']} signed out everywhere",
    EventKind.STAFF_CHANGED: lambda details: _of_staff(events.StaffChange(**details)),
    EventKind.ENTRIES_SET_ASIDE: _of_entries_set_aside,
    EventKind.REFRESH_ASKED: lambda _: "Asked Recall to read the calendar again",
    EventKind.REFRESH_ENDED: lambda details: _REFRESHES[details["outcome"]],
    EventKind.LIST_BELIEVED: lambda details: f"{plural(int(details['users']), 'user')} in Recall's list → gone",
}


def _rules_line(before: Preferences | None, after: Preferences | None) -> str:
    names = preset_words(before), preset_words(after)
    if names[0] == names[1]:
        return rules_words(before, after)
    renamed = before and after and before.bot_name != after.bot_name
    return f"{names[0]} → {names[1]}{', bot name changed' if renamed else ''}"


def _diffs_of_write(kind: WriteKind, before: Value, after: Value) -> tuple[FieldDiff, ...]:
    match kind:
        case WriteKind.PREFERENCES:
            return _diffs_of_rules(preferences_of(before), preferences_of(after))
        case WriteKind.OVERRIDE:
            was, is_ = before.get("override_should_record"), after.get("override_should_record")
            return (FieldDiff("Choice", OVERRIDE_LABELS[was], OVERRIDE_LABELS[is_]),)
        case WriteKind.DISCONNECT:
            name = platform_name(str(after.get("platform", "")))
            return (FieldDiff(name, *(_connected(value) for value in (before, after))),)
        case WriteKind.DELETE_USER:
            return (
                FieldDiff("User", *("in Recall's list" if v.get("listed") else "deleted" for v in (before, after))),
            )


def _diffs_of_rules(before: Preferences | None, after: Preferences | None) -> tuple[FieldDiff, ...]:
    flags = (FieldDiff(words, _on(before, flag), _on(after, flag)) for flag, words in FLAG_LABELS.items())
    names = (one_line(each.bot_name) if each and each.bot_name else NOTHING for each in (before, after))
    return (*flags, FieldDiff("Bot name", *names))


def _rules_of(standard: Standard | None) -> Preferences | None:
    return preferences_of(standard.flags) if standard and standard.flags else None


def _standard_words(standard: Standard | None) -> str:
    rules = _rules_of(standard)
    return preset_words(rules) if rules else "no standard"


def _on(preferences: Preferences | None, flag: str) -> str:
    return NOTHING if preferences is None else "on" if preferences.flags[flag] else "off"


def _connected(value: Value) -> str:
    return "connected" if value.get("connected") else "disconnected"


def _of_many(batch: Batch) -> str:
    taken = {state: number for state, number in batch.counts.items() if state is not ItemState.LEFT_OUT}
    about = "preferences" if batch.kind is WriteKind.PREFERENCES else batch.kind.value.replace("_", " ")
    done = f"{taken.get(ItemState.APPLIED, 0)} of {plural(sum(taken.values()), 'user')}"
    return f"{about} of {done}{' (undo)' if batch.undoes else ''}"
