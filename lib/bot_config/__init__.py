"""The workspace's bot config: read as people write it, checked, compared, and put into words to hand over. Pure.

Recall applies one preset to every bot that a calendar books, and reads it as the bot joins. There is no API for it: a
person hands it to Recall (contract 7.1 and 8).
"""

from lib.bot_config.checks import Checked, check
from lib.bot_config.diff import Difference, DifferenceKind, differences
from lib.bot_config.findings import Finding, Level
from lib.bot_config.parser import as_json, parse

__all__ = [
    "Checked",
    "Difference",
    "DifferenceKind",
    "Finding",
    "Level",
    "as_json",
    "check",
    "differences",
    "parse",
]
