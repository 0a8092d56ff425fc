from lib.staff.permissions import Permission
from lib.ui.sign_in.access import require
from lib.ui.widgets.query_params import open_page

require(Permission.USERS_READ)
open_page("customers")
