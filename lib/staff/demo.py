"""The three demo accounts of the sandbox. A store of the real Recall never has them."""

from dataclasses import dataclass

from lib.clock import Clock, utc_now
from lib.errors import StaffError
from lib.settings import is_loopback
from lib.staff import accounts
from lib.staff.passwords import hashed
from lib.staff.permissions import Role
from lib.store import Store


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account whose name and password are printed when the sandbox starts."""

    name: str
    display: str
    role: Role
    password: str


PASSWORD = "sandbox-demo"  # noqa: S105 - known to everybody, and good on this machine's sandbox only
DEMO_ACCOUNTS = (
    DemoAccount("viewer", "Vera Lind", Role.VIEWER, PASSWORD),
    DemoAccount("editor", "Dana Weiss", Role.EDITOR, PASSWORD),
    DemoAccount("admin", "Ada Okafor", Role.ADMIN, PASSWORD),
)


def add_demo_staff(store: Store, *, clock: Clock = utc_now) -> tuple[DemoAccount, ...]:
    """Add the demo accounts that are missing, and answer all three. One that exists is left as it is.

    Raises `StaffError` for a store that was filled from anything but a Recall on this machine.
    """
    if not is_loopback(store.recall_base_url):
        raise StaffError("Demo accounts are for the sandbox only. Add staff with: python -m lib.staff add")
    existing = {member.name for member in accounts.everyone(store)}
    missing = [demo for demo in DEMO_ACCOUNTS if demo.name not in existing]
    if missing:
        _add(store, missing, clock)
    return DEMO_ACCOUNTS


def _add(store: Store, missing: list[DemoAccount], clock: Clock) -> None:
    shared = hashed(PASSWORD)  # once: each takes 0.2 s of the start, and this password is no secret
    for demo in missing:
        accounts.add_with_hash(
            store, demo.name, role=demo.role, display=demo.display, password_hash=shared, clock=clock
        )
