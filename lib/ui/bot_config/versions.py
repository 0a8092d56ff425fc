"""The saved versions of the bot config, as the viewer may see them."""

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
from lib.store.bot_configs import ConfigDraft, ConfigVersion

checked = lru_cache(maxsize=16)(check)
"""The check, made once for each text: every click on the page asks for it again."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between two presets."""

    differences: tuple[Difference, ...]
    retention: str
    """What becomes of recordings, in our own words; empty where that is the same."""
    stores_nothing: bool
    """Whether the later one has Recall store no recording."""


@dataclass(frozen=True)
class SavedVersions:
    """The versions, newest first, and which was sent last."""

    versions: tuple[ConfigVersion, ...]
    sent: ConfigVersion | None
    member: StaffMember

    @property
    def newest(self) -> ConfigVersion | None:
        """The version that was saved last."""
        return self.versions[0] if self.versions else None

    @property
    def newest_number(self) -> int:
        """Its number; 0: there is none."""
        return self.versions[0].number if self.versions else 0

    @property
    def may_change(self) -> bool:
        """Whether the viewer may save and hand over versions. Whoever may not sees nothing that may be a secret."""
        return self.member.may(Permission.BOT_CONFIG_WRITE)

    def find(self, number: int) -> ConfigVersion | None:
        """The version of this number."""
        return next((version for version in self.versions if version.number == number), None)

    def text(self, version: ConfigVersion | None) -> str:
        """A version's text as the viewer may see it; empty for none."""
        text = "" if version is None else _text_of(version)
        return text if self.may_change else without_secrets(text)

    def compare(self, before: ConfigVersion, after: ConfigVersion | str) -> Comparison | None:
        """A version compared with another, or with what was typed; None where one of them cannot be read.

        Where the viewer may not see a secret, that it changed is told, and neither value.
        """
        old = value_of(_text_of(before))
        new = value_of(after if isinstance(after, str) else _text_of(after))
        if old is None or new is None:
            return None
        found = differences(old, new)
        shown = found if self.may_change else tuple(map(_redacted, found))
        return Comparison(shown, retention_change(old, new), stores_nothing(new))

    def draft(self) -> ConfigDraft | None:
        """What the viewer has typed and not saved."""
        with desk().store.read() as connection:
            return bot_configs.draft(connection, self.member.name)


def read_versions(member: StaffMember) -> SavedVersions:
    """What the store holds now."""
    with desk().store.read() as connection:
        return SavedVersions(bot_configs.versions(connection), bot_configs.last_sent(connection), member)


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


def _text_of(version: ConfigVersion) -> str:
    with desk().store.read() as connection:
        return bot_configs.text_of(connection, version.number) or ""


def _redacted(found: Difference) -> Difference:
    before, after = redacted(found.before, found.path), redacted(found.after, found.path)
    return replace(found, path=tuple(map(redacted_key, found.path)), before=before, after=after)
