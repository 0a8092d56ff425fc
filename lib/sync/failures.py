"""Why a read failed: a code for each error, which the store keeps, and the sentence for it."""

from lib.errors import (
    CalendarUserWithoutId,
    CallNotAllowed,
    ReadingBroke,
    RecallBlocked,
    RecallCalendarLost,
    RecallCalendarUnclear,
    RecallContested,
    RecallDoubted,
    RecallKeyRefused,
    RecallLimited,
    RecallNotFound,
    RecallOutOfCredit,
    RecallRejected,
    RecallSlow,
    RecallTokenRefused,
    RecallTooLarge,
    RecallUnreachable,
    RecallUnreadable,
    UnknownCalendarUser,
)

_CODES: dict[type[Exception], str] = {
    RecallUnreachable: "unreachable",
    RecallSlow: "slow",
    RecallCalendarLost: "calendar_lost",
    RecallCalendarUnclear: "calendar_unclear",
    RecallContested: "contested",
    RecallDoubted: "doubted",
    RecallLimited: "limited",
    RecallKeyRefused: "key_refused",
    RecallTokenRefused: "token_refused",
    RecallBlocked: "blocked",
    RecallOutOfCredit: "out_of_credit",
    RecallNotFound: "not_found",
    RecallRejected: "rejected",
    RecallUnreadable: "unreadable",
    RecallTooLarge: "too_large",
    CallNotAllowed: "not_allowed",
    UnknownCalendarUser: "unknown_user",
    CalendarUserWithoutId: "without_id",
}
DEFECT = "defect"

_SENTENCES = {
    "slow": "Recall took too long over this calendar. It is read again, after the others, by the next pass.",
    "calendar_lost": "The connection to the calendar is lost. Its owner must connect it again.",
    "calendar_unclear": (
        "Recall answers that it cannot read this calendar (status 422), but that it is connected. "
        "The next pass tries again."
    ),
    "too_large": (
        "Recall's answer for this calendar is far larger than a calendar can be, so it was not taken. "
        "What was read before still stands; look what fills it."
    ),
    "limited": "Recall asked us to slow down for longer than could be waited.",
    "rejected": "Recall did not accept the request.",
    "not_allowed": "Its id has not the form that Recall's ids have, so it was not asked for.",
    DEFECT: str(ReadingBroke()),
}


def failure_code(error: Exception) -> str:
    """The code of an error; `DEFECT` for one that is not ours."""
    return _CODES.get(type(error), DEFECT)


def failure_sentence(code: str) -> str:
    """The sentence for a code that the store keeps of a user or a bot."""
    made = {known: kind for kind, known in _CODES.items()}
    if code in _SENTENCES:
        return _SENTENCES[code]
    kind = made.get(code)
    return str(kind()) if kind else _SENTENCES[DEFECT]
