"""What stopped a read, as the store keeps it: a word of ours for each error, and its sentence again."""

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

_WORDS: dict[type[Exception], str] = {
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
    """The word for an error; `defect` for one that is none of ours."""
    return _WORDS.get(type(error), DEFECT)


def failure_sentence(word: str) -> str:
    """What happened, for staff: of a `failure` that the store keeps of a user or a bot."""
    made = {known: kind for kind, known in _WORDS.items()}
    if word in _SENTENCES:
        return _SENTENCES[word]
    kind = made.get(word)
    return str(kind()) if kind else _SENTENCES[DEFECT]
