from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.bots.page import show_bots

show_bots(require(Permission.BOTS_READ))
