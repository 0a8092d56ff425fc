"""What the pages read: the store, which whoever looks has read anew in the background when it is old.

A page asks for a snapshot and gets at once whatever is known, with its age and with what is still being read.
"""

from lib.reading.calendar import CalendarSnapshot
from lib.reading.calendars import Calendars
from lib.reading.users import UserDirectory, UsersSnapshot
from lib.reading.workspace import Workspace, WorkspaceSnapshot, load_workspace

__all__ = [
    "CalendarSnapshot",
    "Calendars",
    "UserDirectory",
    "UsersSnapshot",
    "Workspace",
    "WorkspaceSnapshot",
    "load_workspace",
]
