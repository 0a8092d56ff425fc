"""Keep versions of the workspace's bot config and note which were handed to Recall. Nothing is sent: a person does it.

Each command looks at the right where it is done, and tells two people apart who decide at once.
"""

from lib.bot_config import parse
from lib.bot_config.parser import MOST_LETTERS
from lib.clock import Clock, utc_now
from lib.errors import BotConfigChanged
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, bot_configs, events
from lib.store.bot_configs import ConfigVersion
from lib.store.events import EventKind

LONGEST_NOTE = 200


def keep_version(
    store: Store, member: StaffMember, text: str, *, note: str, basis: int, clock: Clock = utc_now
) -> ConfigVersion:
    """Keep `text` as the next version, and forget the draft it came from. A text like the newest version's is that one.

    `basis` is the number of the newest version when `member` began (0: none). `note` is cut to `LONGEST_NOTE` letters.
    Raises `NotPermitted`, `BotConfigUnreadable`, or `BotConfigChanged` when another version was kept meanwhile. Nothing
    was changed then.
    """
    member.require(Permission.BOT_CONFIG_WRITE)
    parse(text)
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.BOT_CONFIG_WRITE)
        newest = bot_configs.newest(connection)
        if newest is not None and bot_configs.text_of(connection, newest.number) == text:
            bot_configs.drop_draft(connection, member.name)
            return newest
        if basis != (newest.number if newest else 0):
            raise BotConfigChanged
        bot_configs.drop_draft(connection, member.name)
        kept, now = " ".join(note.split())[:LONGEST_NOTE], clock()
        version = bot_configs.add(connection, text, note=kept, by=member.name, now=now)
        events.add(connection, EventKind.BOT_CONFIG_KEPT, member.name, now=now, version=version.number)
        return version


def mark_sent(
    store: Store, member: StaffMember, number: int, *, sent: bool = True, clock: Clock = utc_now
) -> ConfigVersion:
    """Note that `member` handed the version `number` to Recall, or (`sent` false) that this was marked by mistake.

    What stands so already stays as it is. Raises `NotPermitted`, or `BotConfigChanged` when there is no such version.
    """
    member.require(Permission.BOT_CONFIG_WRITE)
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.BOT_CONFIG_WRITE)
        version = bot_configs.find(connection, number)
        if version is None:
            raise BotConfigChanged
        if (version.sent_at is not None) is sent:
            return version
        now = clock()
        bot_configs.mark(connection, number, sent=sent, by=member.name, now=now)
        events.add(connection, EventKind.BOT_CONFIG_MARKED, member.name, now=now, version=number, sent=sent)
        return bot_configs.find(connection, number) or version


def keep_draft(store: Store, member: StaffMember, text: str, *, basis: int, clock: Clock = utc_now) -> bool:
    """Keep what `member` has typed so far, so that a reload does not lose it; whatever it is. False: it is too long.

    Raises `NotPermitted`.
    """
    member.require(Permission.BOT_CONFIG_WRITE)
    if len(text) >= MOST_LETTERS:
        return False
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.BOT_CONFIG_WRITE)
        bot_configs.keep_draft(connection, member.name, text, basis=basis, now=clock())
    return True
