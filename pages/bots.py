from lib.staff.permissions import Permission
from lib.ui.bots.page import show_bots
from lib.ui.sign_in.access import require

member = require(Permission.BOTS_READ)
show_bots(member)
