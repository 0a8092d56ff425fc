from lib.bootstrap import desk
from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.query import asked_user
from lib.ui.user.listing import show_user_list
from lib.ui.user.one import show_user

member = require(Permission.USERS_READ)
known = desk().users.snapshot(member.sight)
user_id = asked_user()
if user_id is None:
    show_user_list(known, member)
else:
    show_user(user_id, known, member)
