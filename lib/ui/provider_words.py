"""What is said when a sign-in by the OpenID provider came to nothing. Pure."""

from enum import StrEnum

from lib.staff.provider import Refusal


class Failure(StrEnum):
    """Why nobody came back from the provider. Those who came and are not let in: `lib.staff.provider.Refusal`."""

    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    NOT_FINISHED = "not_finished"
    NOT_KEPT = "not_kept"


_SENTENCES: dict[str, str] = {
    Failure.UNREACHABLE: (
        "{provider} does not answer at the moment, so nobody can sign in there. Try again in a minute. "
        "Who is signed in already can go on."
    ),
    Failure.CANCELLED: "The sign-in at {provider} was cancelled. Nothing was changed; try again when you want to.",
    Failure.TOO_LATE: "This sign-in was too old, or begun in another window. Try again.",
    Failure.NOT_FINISHED: "{provider} did not finish the sign-in. Try again; if that does not help, ask {contact}.",
    Failure.NOT_KEPT: "You could not be signed in, because the dashboard is busy. Try again in a minute.",
    Refusal.NOT_TRUSTED: (
        "The answer of {provider} could not be trusted, so nobody was signed in. Try again; if that does not help, "
        "ask {contact}."
    ),
    Refusal.NO_EMAIL: "{provider} did not tell your e-mail address, which your account is named after. Ask {contact}.",
    Refusal.UNVERIFIED: (
        "{provider} does not say that your e-mail address is yours. Have it confirmed there, then sign in again."
    ),
    Refusal.STRANGER: "Your account at {provider} may not use Coverage Desk. Ask {contact} to let you in.",
    Refusal.NAME_TAKEN: "There is an account of your name here that belongs to somebody else. Ask {contact}.",
    Refusal.DISABLED: "Your account here is disabled. Ask {contact}.",
    Refusal.ANOTHER: "You signed in at {provider} as somebody else. Try again as who you are here.",
    Refusal.NOT_PROVEN: "{provider} let you through without asking who you are. Sign out there, then try again.",
}


def sentence(why: str, *, provider: str, contact: str) -> str | None:
    """What to say for the word `why`, which comes from a cookie; None when it is none of ours."""
    words = _SENTENCES.get(why)
    return words and words.format(provider=provider, contact=contact)
