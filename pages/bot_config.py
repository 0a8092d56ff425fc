from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.bot_config.page import show_bot_config

show_bot_config(require(Permission.BOTS_READ))
