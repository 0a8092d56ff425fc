from lib.staff.permissions import Permission
from lib.ui.activity.page import show_activity
from lib.ui.sign_in.access import require

member = require(Permission.ACTIVITY_READ)
show_activity(member)
