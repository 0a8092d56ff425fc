"""Change one user's recording preferences."""

from dataclasses import replace

from lib.domain import CalendarUser, Preferences
from lib.errors import InvalidPreferences
from lib.recording.presets import problem_with_bot_name
from lib.staff.accounts import StaffMember
from lib.store.outbox import WriteKind
from lib.writes import Intent, Progress, WriteContext, WriteResult, carry_out
from lib.writes.intent import preferences_value


def save_preferences(
    context: WriteContext,
    member: StaffMember,
    user: CalendarUser,
    shown: Preferences,
    wanted: Preferences,
    *,
    why: str | None = None,
    progress: Progress | None = None,
) -> WriteResult:
    """Replace `shown`, the preferences that `member` was shown, by `wanted`.

    All six flags are always sent, the bot name only when it differs (contract 3.4). Recall has no versions, so its
    present state is read first and compared with `shown`.

    Raises `InvalidPreferences`, `ChangedMeanwhile`, what `lib.writes.carry_out` raises, or a `RecallError`; nothing
    was changed then.
    """
    wanted = _as_recall_keeps_it(shown, wanted)
    if wanted == shown:
        raise InvalidPreferences("Nothing differs from what is set, so nothing was sent.")
    if wanted.bot_name != shown.bot_name and (problem := problem_with_bot_name(wanted.bot_name or "")):
        raise InvalidPreferences(problem)
    intent = Intent(WriteKind.PREFERENCES, user, preferences_value(shown), preferences_value(wanted), why=why)
    [result] = carry_out(context, member.name, [intent], progress=progress)
    return result.or_raised()


def _as_recall_keeps_it(shown: Preferences, wanted: Preferences) -> Preferences:
    """Recall strips blanks around a name, so a name with them would never read back as it was sent."""
    if wanted.bot_name is None or wanted.bot_name == shown.bot_name:
        return wanted
    return replace(wanted, bot_name=wanted.bot_name.strip())
