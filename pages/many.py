from lib.staff.permissions import Permission
from lib.ui.bulk.page import show_bulk
from lib.ui.sign_in.access import require

member = require(Permission.USERS_READ)
show_bulk(member)
