"""What each role may do."""

import pytest

from lib.errors import NotPermitted
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role, role_needed_for


def test_each_role_may_do_all_that_the_one_before_may_and_more() -> None:
    assert Role.VIEWER.permissions < Role.EDITOR.permissions < Role.ADMIN.permissions


def test_a_viewer_changes_nothing() -> None:
    assert {p.split(":")[1] for p in Role.VIEWER.permissions} == {"read"}


def test_an_editor_deletes_nobody_and_manages_no_staff() -> None:
    refused = {"users:delete", "bot_config:write", "staff:manage", "system:read", "system:manage"}
    assert set(Permission) - Role.EDITOR.permissions == refused


def test_every_permission_is_a_resource_and_an_action() -> None:
    assert all(len(p.split(":")) == 2 and p == p.lower() for p in Permission)


@pytest.mark.parametrize("permission", Permission)
def test_the_role_named_has_the_permission_and_no_lesser_one_has(permission: Permission) -> None:
    needed = role_needed_for(permission)
    has = [role for role in Role if permission in role.permissions]
    assert has[0] is needed


def test_somebody_disabled_may_do_nothing() -> None:
    gone = StaffMember("ada", "Ada", Role.ADMIN, active=False)
    assert not any(gone.may(permission) for permission in Permission)


def test_a_refusal_names_the_role_that_may() -> None:
    viewer = StaffMember("vera", "Vera", Role.VIEWER)
    viewer.require(Permission.MEETINGS_READ)
    with pytest.raises(NotPermitted, match="needs the role editor") as refusal:
        viewer.require(Permission.PREFERENCES_WRITE)
    assert refusal.value.needs == "editor"
