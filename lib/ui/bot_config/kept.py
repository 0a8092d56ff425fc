"""What is kept of the bot config, as whoever looks may see it."""

from dataclasses import dataclass
from functools import lru_cache

from lib.bootstrap import desk
from lib.bot_config import as_json, check, read
from lib.bot_config.addresses import hidden
from lib.errors import BotConfigUnreadable
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import bot_configs
from lib.store.bot_configs import Draft, Version

checked = lru_cache(maxsize=16)(check)
"""The check, made once for each text: every click on the page asks for it again."""


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
        """Whether whoever looks may keep versions. Who may not sees no secret of an address."""
        return self.member.may(Permission.BOT_CONFIG_WRITE)

    def text(self, version: Version | None) -> str:
        """A version's text for these eyes; empty for none."""
        if version is None:
            return ""
        with desk().store.read() as connection:
            text = bot_configs.text_of(connection, version.number) or ""
        return text if self.may_change else without_secrets(text)

    def draft(self) -> Draft | None:
        """What whoever looks has typed and not kept."""
        with desk().store.read() as connection:
            return bot_configs.draft(connection, self.member.name)


def read_kept(member: StaffMember) -> Kept:
    """What the store holds now."""
    with desk().store.read() as connection:
        return Kept(bot_configs.versions(connection), bot_configs.last_sent(connection), member)


def value_of(text: str) -> dict[str, object] | None:
    """The preset; None where it cannot be read."""
    return checked(text).value


@lru_cache(maxsize=4)
def without_secrets(text: str) -> str:
    """The preset as plain JSON, without comments and without the secrets in its addresses."""
    try:
        return as_json(hidden(read(text).value))
    except BotConfigUnreadable:
        return ""
