from lib.staff.permissions import Permission
from lib.ui.sign_in.access import require
from lib.ui.system.page import show_system

member = require(Permission.SYSTEM_READ)
show_system(member)
