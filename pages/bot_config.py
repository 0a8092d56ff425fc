from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.bot_config.page import show_bot_config

member = require(Permission.BOTS_READ)
show_bot_config(member)
