"""The workspace's bot config: read as people write it, checked, compared, and put into words to hand over. Pure.

Recall applies one preset to every bot that a calendar books, and reads it as the bot joins. There is no API for it: a
person hands it to Recall (contract 7.1 and 8).
"""

from lib.bot_config.checking import Checked, check
from lib.bot_config.difference import Change, Kind, differences
from lib.bot_config.finding import Finding, Level
from lib.bot_config.reading import Reading, as_json, read

__all__ = [
    "Change",
    "Checked",
    "Finding",
    "Kind",
    "Level",
    "Reading",
    "as_json",
    "check",
    "differences",
    "read",
]
