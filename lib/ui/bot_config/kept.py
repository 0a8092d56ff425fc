"""What is kept of the bot config, as whoever looks may see it."""

from dataclasses import dataclass, replace
from functools import lru_cache

from lib.bootstrap import desk
from lib.bot_config import Difference, as_json, check, differences, parse
from lib.bot_config.redaction import redacted, redacted_key
from lib.bot_config.retention import retention_change, stores_nothing
from lib.errors import BotConfigUnreadable
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import bot_configs
from lib.store.bot_configs import Draft, Version

checked = lru_cache(maxsize=16)(check)
"""The check, made once for each text: every click on the page asks for it again."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is different between two presets."""

    changes: tuple[Difference, ...]
    retention: str
    """What becomes of recordings where that changes; our own words."""
    stores_nothing: bool
    """The later one has Recall store no recording."""


@dataclass(frozen=True)
class Kept:
    """The versions, newest first, and which was sent last."""

    versions: tuple[Version, ...]
    sent: Version | None
    member: StaffMember

    @property
    def newest(self) -> Version | None:
        """The version that was kept last."""
        return self.versions[0] if self.versions else None

    @property
    def newest_number(self) -> int:
        """Its number; 0: there is none."""
        return self.versions[0].number if self.versions else 0

    @property
    def may_change(self) -> bool:
        """Whether whoever looks may keep versions and hand them over. Who may not sees nothing that may be a secret."""
        return self.member.may(Permission.BOT_CONFIG_WRITE)

    def text(self, version: Version | None) -> str:
        """A version's text for these eyes; empty for none."""
        text = "" if version is None else self._as_kept(version)
        return text if self.may_change else without_secrets(text)

    def step(self, before: Version, after: Version | str) -> Step | None:
        """What changed from one version to another, or to what was typed, for these eyes; None where one of them cannot
        be read. Where a secret is another one that is told, and neither of the two."""
        old = value_of(self._as_kept(before))
        new = value_of(after if isinstance(after, str) else self._as_kept(after))
        if old is None or new is None:
            return None
        found = differences(old, new)
        shown = found if self.may_change else tuple(map(_redacted, found))
        return Step(shown, retention_change(old, new), stores_nothing(new))

    def draft(self) -> Draft | None:
        """What whoever looks has typed and not kept."""
        with desk().store.read() as connection:
            return bot_configs.draft(connection, self.member.name)

    def _as_kept(self, version: Version) -> str:
        with desk().store.read() as connection:
            return bot_configs.text_of(connection, version.number) or ""


def read_kept(member: StaffMember) -> Kept:
    """What the store holds now."""
    with desk().store.read() as connection:
        return Kept(bot_configs.versions(connection), bot_configs.last_sent(connection), member)


def value_of(text: str) -> dict[str, object] | None:
    """The preset; None where it cannot be read."""
    return checked(text).value


@lru_cache(maxsize=4)
def without_secrets(text: str) -> str:
    """The preset as plain JSON, without comments and without what may be a secret."""
    try:
        return as_json(redacted(parse(text).value))
    except BotConfigUnreadable:
        return ""


def _redacted(change: Difference) -> Difference:
    before, after = redacted(change.before, change.path), redacted(change.after, change.path)
    return replace(change, path=tuple(map(redacted_key, change.path)), before=before, after=after)
