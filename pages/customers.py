from lib.staff.permissions import Permission
from lib.ui.access import require
from lib.ui.customers.page import show_customers

member = require(Permission.MEETINGS_READ)
show_customers(member)
