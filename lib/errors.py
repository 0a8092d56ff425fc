"""The one exception tree. A leaf says what happened and what the caller does next; none carries a key or a token.

DeskError
├── SettingsError                the environment is wrong: correct it and start again
├── RecallError                  Recall did not do what was asked
│   ├── RecallUnreachable        no answer: connection, time-out or 5xx; try again later
│   │   └── RecallSlow           a list that may take minutes did not come in time: no sign that Recall is down
│   ├── RecallLimited            429: nothing may be sent before `retry_at`
│   ├── RecallKeyRefused         401 for the API key: wrong key, or a key of another region
│   ├── RecallTokenRefused       the calendar token was refused, a freshly minted one too
│   ├── RecallCalendarLost       422 for a user's token: ask `user/` which calendar is to be connected again
│   ├── RecallCalendarUnclear    the same, though `user/` names all calendars as connected: try again later
│   ├── RecallContested          a user is shown with entries of another one: the next passes find out whose they are
│   ├── RecallDoubted            a user with coming meetings is shown with none: a second answer tells
│   ├── RecallBlocked            403 as HTML: a firewall refused the request as it stands
│   ├── RecallOutOfCredit        402: the workspace's credit is used up
│   ├── RecallNotFound           404: the object is gone or never was
│   ├── RecallRejected           400 and other 4xx: correct what was sent; `fields` says where
│   ├── RecallUnreadable         the answer was cut short, HTML, or of an unknown shape
│   ├── RecallTooLarge           there is more of the answer than this process takes; nothing of it was kept
│   └── RecallOutcomeUnknown     a write was sent and its answer lost: read back before anything else
├── CallNotAllowed               our own code asked for a call outside the allow-list; nothing was sent
├── ReadingBroke                 a defect of ours while reading in the background; the log has it
├── StartError                   something that must run could not be started
├── SyncBusy                     another process runs the sync, which is named; only one may
├── SyncStopped                  this process is to end: the next one goes on with the pass
├── UnknownCalendarUser          the id is not in the users list
│   └── CalendarUserUnlisted     the same, and the list is doubted: what was read before is shown
├── CalendarUserWithoutId        Recall names no external_id, so no token can be minted
├── CalendarUserExists           a calendar user of this external id is there already, so none was made
├── InvalidChange                what was asked for cannot be done; the sentence says what to correct
│   ├── InvalidPreferences       the same of preferences
│   └── ChangedMeanwhile         somebody changed it after it was shown: look again, then decide
├── CalendarRefreshedLately  Recall was asked to read this calendar a moment ago: wait until `again_from`
├── ChangeUnderWay               another change of the same calendar user has not ended yet
├── ServerEnding                 this process is about to end: nothing was changed, another one will do it
├── PageBroken                   pages cannot be begun; the log has why
├── CustomersFileUnusable        no row of an uploaded CSV can be taken; the sentence says what to do
├── PreviewOutdated              what was shown before it was confirmed would do something else now: look again
├── BotConfigUnreadable          a preset's text cannot be read; `line` and `column` say where
├── BotConfigChanged             somebody kept another version after this one was shown: look again, then decide
├── NotPermitted                 the staff member's role does not allow this
│   └── NotInSight               it reaches beyond the customers that the staff member sees
├── TooManyExports               this account took as many files as one may in an hour: wait
├── FileNotMade                  the process that makes a long file failed: try again
├── NotLetIn                     somebody whom the OpenID provider knows is not let in; `why` is a word
├── ProofNeeded                  the password must be typed again before this
├── StaffError                   an account cannot be made or changed as asked
│   └── SignInLocked             too many wrong passwords: `until` then none is looked at
├── ReportError                  a report cannot be made as asked, or not yet
└── StoreError                   the store cannot be used
    ├── StoreMissing             there is none where the settings say; looking for one makes none
    ├── StoreOfAnotherRecall     it was filled from another base URL
    └── StoreSchemaMismatch      it was written by another version
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime


class DeskError(Exception):
    """Root of everything this project raises. `str(error)` is a sentence in our own words, safe to show to staff."""

    sentence = ""
    """What a class says unless it is raised with a sentence of its own."""

    def __init__(self, sentence: str | None = None):
        super().__init__(self.sentence if sentence is None else sentence)


def new_reference() -> str:
    """A number by which a defect that somebody met is found in the log, short enough to be read out."""
    return f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()


class SettingsError(DeskError):
    """A setting is missing or wrong. The sentence names the variable, never its value."""


class RecallError(DeskError):
    """Recall did not do what was asked. Catch this where the reader only needs the sentence."""


class RecallUnreachable(RecallError):
    """No usable answer came in time (connection, time-out, 5xx). Nothing was changed; try again later."""

    sentence = "Recall does not answer at the moment. Nothing was changed; try again in a minute."


class RecallSlow(RecallUnreachable):
    """A list that may take minutes did not come in the time it was given (contract N1). Recall may be well: go on with
    others, and ask again later."""

    sentence = (
        "Recall took too long to answer. Nothing was changed, and what was read before still stands; "
        "try again in a few minutes."
    )


class RecallLimited(RecallError):
    """Recall asks us to slow down (429). Nothing may be sent on this budget before `retry_at` (aware, UTC)."""

    def __init__(self, retry_at: datetime):
        self.retry_at = retry_at
        super().__init__(f"Recall asks us to slow down. It can be asked again at {retry_at:%H:%M} UTC.")


class RecallKeyRefused(RecallError):
    """The API key was refused (401). Retrying is useless; an admin checks RECALL_API_KEY and RECALL_REGION."""

    sentence = (
        "Recall refused the API key: it is wrong, or belongs to another region. "
        "An admin must check RECALL_API_KEY and RECALL_REGION."
    )


class RecallTokenRefused(RecallError):
    """A user's calendar token was refused, and a fresh one as well. Read the users list again: the user may be gone."""

    sentence = "Recall refused this user's calendar token twice. The user may have been deleted; read the list again."


class _WithFields(RecallError):
    """A refusal whose `fields` map a field path to Recall's words: text from outside."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]] | None = None, sentence: str | None = None):
        self.fields: dict[str, tuple[str, ...]] = dict(fields or {})
        super().__init__(sentence)


class RecallCalendarLost(_WithFields):
    """422 for a call with a user's token: the calendar's connection is lost (contract N2). Nothing was changed. Ask
    `user/` which one; its owner connects it again."""

    sentence = (
        "Recall has lost the connection to this user's calendar. Nothing was changed; connect the calendar again."
    )


class RecallCalendarUnclear(_WithFields):
    """422 for a call with a user's token, though `user/` names all calendars as connected. Try again later."""

    sentence = (
        "Recall answers that it cannot do this with the user's calendar (status 422), but that the calendar is "
        "connected. Nothing was changed; try again in a few minutes."
    )


class RecallContested(RecallError):
    """Recall showed a user with entries that the store has for another one. Nothing of the answer was stored: the next
    passes ask whose they are (`lib.store.contests`)."""

    sentence = (
        "Recall answered with meetings that it showed for another user before. What was read before stands; "
        "the next passes find out whose they are."
    )


class RecallDoubted(RecallError):
    """Recall showed no meeting at all of a user of whom coming ones are known. Nothing was stored; ask again."""

    sentence = (
        "Recall answered without a single meeting, though coming ones are known. "
        "What was read before stands until a second answer, five minutes later, says the same."
    )


class RecallBlocked(RecallError):
    """A firewall before Recall refused the request as it stands (403 as HTML). Change the request, not the time."""

    sentence = (
        "A firewall in front of Recall refused this request. "
        "If you changed the bot name, use plain letters; otherwise tell your admin."
    )


class RecallOutOfCredit(RecallError):
    """The workspace's pay-as-you-go credit is used up (402)."""

    sentence = "Recall says that the workspace's credit is used up. An admin must top it up in Recall's dashboard."


class RecallNotFound(RecallError):
    """The object asked for does not exist, or no longer (404)."""

    sentence = "Recall does not know this any more. It may have been deleted or moved; read again."


class RecallRejected(_WithFields):
    """Recall refused what was sent (400 and other 4xx)."""

    def __init__(self, status: int, fields: Mapping[str, tuple[str, ...]] | None = None):
        self.status = status
        super().__init__(
            fields, f"Recall did not accept this (status {status}). Nothing was changed; correct it and send it again."
        )


class RecallUnreadable(RecallError):
    """Recall answered, but not with what the contract describes: cut short, HTML, or another shape."""

    sentence = "Recall's answer could not be read: it was incomplete or not in the agreed form. Try again."


class RecallTooLarge(RecallError):
    """Recall answered with more than is taken here: a list of so many bytes or rows is hardly meant. Asking again does
    not help before somebody has looked at it."""

    sentence = (
        "Recall answered with far more than can be meant, so its answer was not taken. "
        "What was read before still stands."
    )


class RecallOutcomeUnknown(RecallError):
    """A write was sent and its answer never came. It may or may not have been applied: read back, never resend."""

    sentence = (
        "This was sent, but Recall's answer was lost. Do not repeat it: read again to see whether it was applied."
    )


class CallNotAllowed(DeskError):
    """Our own code asked for a method and path outside the allow-list. A defect; nothing was sent."""

    def __init__(self, method: str):
        super().__init__(f"This dashboard may not make that {method} call to Recall. Nothing was sent.")


class ReadingBroke(DeskError):
    """Reading in the background met a defect of ours. What was known before still stands; the log has the details."""

    def __init__(self) -> None:
        super().__init__(
            "Reading stopped because of a defect here. Nothing was changed. "
            f"Tell your admin: reference {new_reference()}."
        )


class StartError(DeskError):
    """Something that must run could not be started, or ended; the sentence says what to do."""


class SyncBusy(DeskError):
    """Another process runs the sync, or has taken it over. Nothing more was written; `holder` is what it is called."""

    def __init__(self, holder: str):
        self.holder = holder
        super().__init__(
            f"Another sync is at work: {holder}. Only one may be; wait for its end, or ask it for a pass by Sync now."
        )


class SyncStopped(DeskError):
    """This process was asked to end in the middle of a pass. What was read is kept; the next process goes on."""

    sentence = "Stopped before the end of the pass. What was read is kept; the next pass goes on from there."


class UnknownCalendarUser(DeskError):
    """The id is not in the users list. No token is minted for it: minting would create the user (contract 2.4)."""

    sentence = "Recall's list of users does not hold this user: the link is old, or the user was deleted."


class CalendarUserUnlisted(UnknownCalendarUser):
    """Recall's list lacks the user, and that is doubted. Nothing is asked for it; what was read before stands."""

    sentence = (
        "Recall's list lacks this user, which is doubted, so its meetings are not read for now. "
        "What was read before is shown; later lists tell whether the user is gone."
    )


class CalendarUserWithoutId(DeskError):
    """Recall lists the user without an `external_id`, so no calendar token can be minted for it."""

    sentence = (
        "Recall lists this user without an external id, so its meetings cannot be read. "
        "It must be authenticated again by the product that created it."
    )


class CalendarUserExists(DeskError):
    """Recall has a calendar user of this external id already. Nothing was made."""

    sentence = "There is a calendar user with this external id already, so none was made. Search for it."


class InvalidChange(DeskError):
    """What was asked for cannot be done; the sentence says why, or what to correct. Nothing was sent."""


class InvalidPreferences(InvalidChange):
    """The preferences cannot be saved as asked; the sentence says what to correct. Nothing was sent."""


class ChangedMeanwhile(InvalidChange):
    """Somebody changed it after it was shown. Nothing was sent: show what is set now, and ask again."""

    sentence = "Somebody changed this meanwhile. Look at what is set now, then decide again."


class CalendarRefreshedLately(DeskError):
    """Recall was asked to read this calendar again minutes ago. Nothing was sent; ask again from `again_from` (UTC)."""

    def __init__(self, again_from: datetime):
        self.again_from = again_from
        super().__init__(
            f"Recall was asked to read this calendar again a few minutes ago. "
            f"It can be asked once more from {again_from:%H:%M} UTC."
        )


class ChangeUnderWay(DeskError):
    """Another change of the same calendar user has not ended yet. Nothing was sent; its end may be waited for."""

    sentence = "Another change of this user is under way. Wait a moment, then look at what is set now."


class ServerEnding(DeskError):
    """This process was asked to end and begins no change any more. Nothing was changed; the next one will do it."""

    sentence = "This server is about to start anew. Nothing was changed; try again in a minute."


class PageBroken(DeskError):
    """These pages cannot be begun, because of a defect here or an incomplete installation. The others work."""

    def __init__(self, pages: Sequence[str]):
        super().__init__(f"These pages cannot be opened: {', '.join(pages)}. The log says why.")


class CustomersFileUnusable(DeskError):
    """No row of an uploaded CSV of customers can be taken; the sentence says what to do. Nothing was changed."""


class PreviewOutdated(DeskError):
    """What was shown to somebody before they confirmed it would do something else by now. Nothing was changed."""

    sentence = "Users or customers have changed meanwhile. Nothing was changed; look at the preview again."


class BotConfigUnreadable(DeskError):
    """A preset's text cannot be read. `line` and `column` are counted from 1. The sentence quotes it: outside text."""

    def __init__(self, sentence: str, line: int, column: int):
        self.line, self.column = line, column
        super().__init__(sentence)


class BotConfigChanged(DeskError):
    """Another version of the preset was kept, or marked, after this one was shown. Nothing was changed."""

    sentence = (
        "Somebody kept or marked another version of the bot config meanwhile. Nothing was changed; "
        "look at the history, then decide again."
    )


class NotPermitted(DeskError):
    """The staff member's role does not allow this; `needs` is the role that does."""

    def __init__(self, needs: str):
        self.needs = needs
        super().__init__(f"This needs the role {needs}. Ask an admin.")


class NotInSight(NotPermitted):
    """What was asked for reaches beyond the customers that the staff member sees; the sentence says so."""

    def __init__(self, sentence: str):
        DeskError.__init__(self, sentence)


class TooManyExports(DeskError):
    """This account was handed as many files as one may have in an hour. None was made, and it is told in Activity."""

    def __init__(self, most: int):
        super().__init__(f"You have downloaded {most} files within an hour, which is the limit. Try again later.")


class FileNotMade(DeskError):
    """The process that makes a long file failed. Nothing was handed out; trying again may help."""

    sentence = "The file could not be made. Try again; if it happens again, narrow the filters."


class StaffError(DeskError):
    """A staff account cannot be made or changed as asked; the sentence says why."""


class SignInLocked(StaffError):
    """Too many wrong passwords came for this name from this address. None is looked at before `until` (aware, UTC)."""

    def __init__(self, until: datetime):
        self.until = until
        super().__init__(f"There were too many wrong passwords. Try again at {until:%H:%M} UTC.")


class NotLetIn(DeskError):
    """Somebody who signed in at the OpenID provider is not let in here. `why` is a word; the page has sentences."""

    def __init__(self, why: str):
        self.why = why
        super().__init__("The sign-in at the provider does not let this person in here. Ask an admin.")


class ProofNeeded(DeskError):
    """This is done only by who typed their password a moment ago. Nothing was changed: ask for it, then do it again."""

    sentence = "Type your password to confirm this. Nothing was changed."


class ReportError(DeskError):
    """A report cannot be made as asked, or not yet; the sentence says why."""


class StoreError(DeskError):
    """The store cannot be used; the sentence says why and what to do."""


class StoreMissing(StoreError):
    """There is no store where the settings say. None is made by looking for it."""


class StoreOfAnotherRecall(StoreError):
    """The store was filled from another base URL; using it would mix two workspaces."""


class StoreSchemaMismatch(StoreError):
    """The store was written by another version of this project."""
