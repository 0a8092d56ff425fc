"""What the buttons of the page do."""

from collections.abc import Callable, Mapping

from lib.bootstrap import desk
from lib.commands import bulk
from lib.commands.bulk import BulkPlan
from lib.commands.standards import set_standard
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.bulk.address import open_batch
from lib.ui.sign_in.reauthentication import prove, show_proof
from lib.ui.widgets import flash
from lib.writes import WriteContext

_FLASH, _PROOF = "bulk_flash", "bulk"


def begin(plan: BulkPlan, why: str) -> None:
    """Start a planned change and open its page."""

    def do(context: WriteContext, member: StaffMember) -> None:
        _start_and_open(bulk.begin(context, member, plan, why=why), member)

    _run(do)


def stop(key: int) -> None:
    """Send no more of a change."""
    _run(lambda context, member: bulk.stop(context, member, key))


def resume(key: int) -> None:
    """Do the rest of a stopped change."""
    _run(lambda context, member: _start(key, member, bulk.resume(context, member, key)))


def retry(key: int) -> None:
    """Do a change again for the users for whom it failed."""
    _run(lambda context, member: _start(key, member, bulk.retry(context, member, key)))


def undo(key: int) -> None:
    """Undo a change by another one, and open that one's page."""
    _run(lambda context, member: _start_and_open(bulk.undo(context, member, key), member))


def save_standard(customer: str, flags: Mapping[str, bool] | None) -> None:
    """Set a customer's standard; None removes it."""

    def do(context: WriteContext, member: StaffMember) -> str:
        set_standard(context.store, member, customer, flags)
        return "Standard saved." if flags else "Standard removed."

    _run(do)


def ask_proof(member: StaffMember) -> None:
    """The password field, above the buttons that need it."""
    show_proof(member, key=_PROOF)


def show_flash() -> None:
    """Say how the last action ended."""
    flash.show(_FLASH)


def _start(key: int, member: StaffMember, waiting: int) -> None:
    if waiting:
        desk().start_batch(key, member.name)


def _start_and_open(key: int, member: StaffMember) -> None:
    desk().start_batch(key, member.name)
    open_batch(key)


def _run(do: Callable[[WriteContext, StaffMember], str | None]) -> None:
    def command(member: StaffMember) -> str | None:
        prove(_PROOF)
        return do(desk().context, member)

    flash.run(_FLASH, Permission.PREFERENCES_WRITE, command)
