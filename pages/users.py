from lib.bootstrap import desk
from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.one_user import show_user
from lib.ui.query import asked_user
from lib.ui.user_list import show_user_list

member = require(Permission.USERS_READ)
known = desk().users.snapshot()
user_id = asked_user()
if user_id is None:
    show_user_list(known)
else:
    show_user(user_id, known, member)
