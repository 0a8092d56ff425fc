from lib.staff.permissions import Permission
from lib.ui.coverage.page import show_coverage
from lib.ui.sign_in.access import require
from lib.ui.widgets.page_head import open_workspace

member = require(Permission.MEETINGS_READ)
show_coverage(open_workspace("Coverage", "coverage", member))
