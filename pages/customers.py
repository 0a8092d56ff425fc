from lib.staff.permissions import Permission
from lib.ui.customers.page import show_customers
from lib.ui.sign_in.access import require

member = require(Permission.MEETINGS_READ)
show_customers(member)
