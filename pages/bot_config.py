from lib.staff.permissions import Permission
from lib.ui.bot_config.page import show_bot_config
from lib.ui.sign_in.access import require

member = require(Permission.BOTS_READ)
show_bot_config(member)
