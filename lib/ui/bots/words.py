"""What became of one bot, in a sentence or two of our own. Pure: no Streamlit, and no text from outside."""

from datetime import timedelta

from lib.domain import Bot
from lib.queries.bot import KnownBot
from lib.recording.outcome import Outcome
from lib.recording.reason import Reason
from lib.recording.reasons import reason_of
from lib.recording.timeline import Phase, phases_of, waiting_time
from lib.recording.verdict import outcome_of_bot
from lib.ui.words.formats import duration

_WITHOUT_A_REASON = {
    Outcome.RECORDED: "The bot recorded the meeting.",
    Outcome.IN_PART: "The bot recorded part of the meeting.",
    Outcome.WILL_RECORD: "The bot is booked, and joins two minutes before the start.",
    Outcome.IN_PROGRESS: "The meeting is not over yet.",
    Outcome.UNSETTLED: "The meeting is over, and Recall has not said yet what became of the bot.",
}


def why(known: KnownBot) -> str:
    """What happened."""
    if known.bot is None:
        return _unread(known)
    if (reason := reason_for(known)) is None:
        return _with_length(known.outcome, known.bot)
    if known.outcome is Outcome.WILL_RECORD:
        return reason.why_coming
    if reason.key == "waiting_room_not_admitted" and (span := waiting_time(known.bot)):
        return f"The host did not let the bot in: it waited {duration(span)} and left."
    return reason.why_past


def what_to_do(known: KnownBot) -> str:
    """What whoever can act should do; empty where there is nothing to do."""
    reason = reason_for(known)
    return reason.what_to_do if reason else ""


def reason_for(known: KnownBot) -> Reason | None:
    """The reason that the bot was judged by; of one without an entry, what its statuses say."""
    if not known.entries and known.bot:
        return outcome_of_bot(known.bot)[1]
    key = known.verdict.reason if known.verdict else None
    return reason_of(key) if key else None


def recorded_for(bot: Bot) -> timedelta:
    """How long it recorded, as far as its statuses tell."""
    lengths = [s.lasted for s in phases_of(bot) if s.phase is Phase.RECORDING and s.lasted]
    return sum(lengths, timedelta())


def _unread(known: KnownBot) -> str:
    if known.row.failure:
        return "Recall could not be asked about this bot the last time. The next sync tries again."
    if known.outcome is Outcome.WILL_RECORD:
        return _WITHOUT_A_REASON[Outcome.WILL_RECORD]
    return "The bot was not read yet: its statuses appear after the next sync."


def _with_length(outcome: Outcome, bot: Bot) -> str:
    span = recorded_for(bot)
    if outcome is Outcome.RECORDED and span:
        return f"The bot recorded for {duration(span)}."
    return _WITHOUT_A_REASON.get(outcome, "What became of the bot is not known.")
