"""What can be done, the roles, and which role may do what. Pages and commands ask for a permission, never for a role.

A new role is a line of `Role` and one of `GRANTS`: everything else, words included, follows from these.
"""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that can be done, as `resource:action`."""

    USERS_READ = "users:read"
    MEETINGS_READ = "meetings:read"
    BOTS_READ = "bots:read"
    ACTIVITY_READ = "activity:read"
    EXPORT_READ = "export:read"
    PREFERENCES_WRITE = "preferences:write"
    OVERRIDES_WRITE = "overrides:write"
    CONNECTIONS_WRITE = "connections:write"
    CALENDARS_REFRESH = "calendars:refresh"
    CUSTOMERS_WRITE = "customers:write"
    TITLES_REVEAL = "titles:reveal"
    USERS_DELETE = "users:delete"
    BOT_CONFIG_WRITE = "bot_config:write"
    SYSTEM_READ = "system:read"
    SYSTEM_MANAGE = "system:manage"
    STAFF_MANAGE = "staff:manage"


class Role(StrEnum):
    """What a staff member is here, from the least to the most: each may do all that the one before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that this role may do."""
        return GRANTS[self]

    @property
    def sees_every_customer(self) -> bool:
        """Whether no sight limits it: whoever manages staff could lift any limit of their own."""
        return Permission.STAFF_MANAGE in self.permissions


_LOOKS = frozenset(
    {
        Permission.USERS_READ,
        Permission.MEETINGS_READ,
        Permission.BOTS_READ,
        Permission.ACTIVITY_READ,
        Permission.EXPORT_READ,
    }
)
_CHANGES = frozenset(
    {
        Permission.PREFERENCES_WRITE,
        Permission.OVERRIDES_WRITE,
        Permission.CONNECTIONS_WRITE,
        Permission.CALENDARS_REFRESH,
        Permission.CUSTOMERS_WRITE,
        Permission.TITLES_REVEAL,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _LOOKS,
    Role.EDITOR: _LOOKS | _CHANGES,
    Role.ADMIN: frozenset(Permission),
}


LEAST_ROLE = next(iter(Role))
ROLE_WORDS = f"{', '.join([*Role][:-1])} or {[*Role][-1]}"
"""All roles, as a sentence lists them."""


def role_needed_for(permission: Permission) -> Role:
    """The least role that has `permission`: the one to name when somebody lacks it."""
    return next(role for role in Role if permission in role.permissions)
