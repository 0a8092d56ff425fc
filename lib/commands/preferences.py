"""Change one user's recording preferences."""

from dataclasses import dataclass, replace

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser, Preferences
from lib.errors import InvalidPreferences
from lib.recall_api import Recall
from lib.recording.presets import problem_with_bot_name
from lib.staff.accounts import StaffMember
from lib.store import Store
from lib.store.outbox import WriteKind
from lib.writes import Intent, Progress, WriteContext, WriteOutcome, WriteResult, carry_out
from lib.writes.intent import preferences_value

__all__ = ["SavedPreferences", "WriteOutcome", "order_for", "save_preferences"]


@dataclass(frozen=True, slots=True)
class SavedPreferences:
    """How a change of preferences ended."""

    wanted: Preferences
    result: WriteResult

    @property
    def applied(self) -> WriteOutcome:
        """What became of it."""
        return self.result.applied

    @property
    def user(self) -> CalendarUser | None:
        """Recall's word after it; None when it could not be read back."""
        return self.result.user


def save_preferences(
    store: Store,
    recall: Recall,
    member: StaffMember,
    user: CalendarUser,
    shown: Preferences,
    wanted: Preferences,
    *,
    why: str | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> SavedPreferences:
    """Put `wanted` in place of `shown`, the preferences that `member` had before their eyes.

    All six flags are always sent, the bot name only when it differs (contract 3.4). Recall has no versions, so the
    present state is read first and compared with `shown`.

    Raises `InvalidPreferences`, `ChangedMeanwhile`, what `lib.writes.carry_out` raises, or a `RecallError`; nothing
    was changed then.
    """
    intent = order_for(user, shown, wanted, why=why)
    [result] = carry_out(WriteContext(store, recall, clock), member.name, [intent], progress=progress)
    return SavedPreferences(_as_recall_keeps_it(shown, wanted), result.or_raised())


def order_for(user: CalendarUser, shown: Preferences, wanted: Preferences, *, why: str | None = None) -> Intent:
    """The change as an order. Raises `InvalidPreferences` for one that cannot be saved."""
    wanted = _as_recall_keeps_it(shown, wanted)
    _check(shown, wanted)
    return Intent(WriteKind.PREFERENCES, user, preferences_value(shown), preferences_value(wanted), why=why)


def _as_recall_keeps_it(shown: Preferences, wanted: Preferences) -> Preferences:
    """Recall leaves out blanks around a name, so a name with them would never read back as it was sent."""
    if wanted.bot_name is None or wanted.bot_name == shown.bot_name:
        return wanted
    return replace(wanted, bot_name=wanted.bot_name.strip())


def _check(shown: Preferences, wanted: Preferences) -> None:
    if wanted == shown:
        raise InvalidPreferences("Nothing differs from what is set, so nothing was sent.")
    if wanted.bot_name != shown.bot_name and (problem := problem_with_bot_name(wanted.bot_name or "")):
        raise InvalidPreferences(problem)
