"""What the pages read: today live from Recall, in background threads. A store can take this place unnoticed.

A page asks for a snapshot and gets at once whatever is known, with its age and with what is still being read.
"""

from lib.reading.calendars import Calendars, CalendarSnapshot
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
