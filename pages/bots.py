from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.bots.page import show_bots

member = require(Permission.BOTS_READ)
show_bots(member)
