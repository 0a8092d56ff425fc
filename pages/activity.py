from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.activity.page import show_activity

member = require(Permission.ACTIVITY_READ)
show_activity(member)
