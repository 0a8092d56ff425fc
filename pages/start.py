from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.query import open_page

require(Permission.USERS_READ)
open_page("customers")
