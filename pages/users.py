from lib.bootstrap import desk
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import require
from lib.ui.user.user_page import show_user
from lib.ui.user.users_list import show_user_list
from lib.ui.widgets.query_params import asked_user

member = require(Permission.USERS_READ)
known = desk().users.snapshot(member.sight)
user_id = asked_user()
if user_id is None:
    show_user_list(known, member)
else:
    show_user(user_id, known, member)
