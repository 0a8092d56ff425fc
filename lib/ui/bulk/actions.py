"""What the buttons of the page do. A click is answered before the page's own guard is: who clicks is asked anew."""

from collections.abc import Callable, Mapping

from lib.bootstrap import desk
from lib.commands import bulk
from lib.commands.bulk import BulkPlan
from lib.commands.standards import set_standard
from lib.errors import DeskError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.bulk.address import open_batch
from lib.ui.sign_in.access import acting
from lib.ui.sign_in.reauthentication import prove, show_proof
from lib.ui.widgets import flash
from lib.writes import WriteContext

_SAID = "many_said"
_PROOF = "many"


def begin(plan: BulkPlan, why: str) -> None:
    """Let a dry run be done, and show how far it is."""

    def do(context: WriteContext, member: StaffMember) -> None:
        key = bulk.begin(context, member, plan, why=why)
        desk().start_batch(key, member.name)
        open_batch(key)

    _decided(do)


def stop(key: int) -> None:
    """Send no more of it."""
    _decided(lambda context, member: bulk.stop(context, member, key))


def go_on(key: int) -> None:
    """Do the rest of it."""
    _decided(lambda context, member: _started(key, member, bulk.resume(context, member, key)))


def try_again(key: int) -> None:
    """Do it again for those to whom it was not done."""
    _decided(lambda context, member: _started(key, member, bulk.retry(context, member, key)))


def take_back(key: int) -> None:
    """Put back what was there before, and show how far that is."""

    def do(context: WriteContext, member: StaffMember) -> None:
        back = bulk.undo(context, member, key)
        desk().start_batch(back, member.name)
        open_batch(back)

    _decided(do)


def keep_standard(customer: str, flags: Mapping[str, bool] | None) -> None:
    """Set a customer's standard, or take it away."""

    def do(context: WriteContext, member: StaffMember) -> None:
        set_standard(context.store, member, customer, flags)
        flash.keep(_SAID, "The standard is kept." if flags else "The standard is taken away.")

    _decided(do)


def ask_proof(member: StaffMember) -> None:
    """The password's field, above the buttons that need it."""
    show_proof(member, key=_PROOF)


def show_said() -> None:
    """Say how the last decision ended."""
    flash.show(_SAID)


def _started(key: int, member: StaffMember, waiting: int) -> None:
    if waiting:
        desk().start_batch(key, member.name)


def _decided(do: Callable[[WriteContext, StaffMember], object]) -> None:
    if (member := acting(Permission.PREFERENCES_WRITE)) is None:
        return
    try:
        prove(_PROOF)
        do(WriteContext(desk().store, desk().recall), member)
    except DeskError as problem:
        flash.keep(_SAID, str(problem), worked=False)
