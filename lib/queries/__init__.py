"""What the pages read: the store, which whoever looks has read anew in the background when it is old.

A page asks for a snapshot and gets at once whatever is known, with its age and with what is still being read.
"""

from lib.queries.calendar_snapshot import CalendarSnapshot
from lib.queries.calendars import Calendars
from lib.queries.users import UserDirectory, UsersSnapshot
from lib.queries.workspace import Workspace, WorkspaceSnapshot, load_workspace

__all__ = [
    "CalendarSnapshot",
    "Calendars",
    "UserDirectory",
    "UsersSnapshot",
    "Workspace",
    "WorkspaceSnapshot",
    "load_workspace",
]
