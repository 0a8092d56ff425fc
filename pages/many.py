from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.many.page import show_many

member = require(Permission.USERS_READ)
show_many(member)
