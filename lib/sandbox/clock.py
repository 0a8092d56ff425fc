"""The sandbox's clock: the machine's time, shifted or frozen."""

from datetime import UTC, datetime, timedelta


def instant(text: str) -> datetime:
    """An ISO 8601 time, UTC if it has no offset. Raises `ValueError`."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


class SandboxClock:
    """The current time in UTC for rate limits, booking lag, token lifetimes and the range of the world."""

    def __init__(self, frozen_at: datetime | None = None) -> None:
        self._frozen_at = frozen_at
        self._shift = timedelta()

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is set."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        return self._frozen_at if self._frozen_at is not None else datetime.now(UTC) + self._shift

    @property
    def setting(self) -> tuple[datetime | None, float]:
        """The time at which it is frozen, if it is, and its difference from the machine's time in seconds."""
        return self._frozen_at, self._shift.total_seconds()

    def restore(self, frozen_at: datetime | None, shift_seconds: float) -> None:
        """Take over a `setting`, and run on as that clock would have."""
        self._frozen_at, self._shift = frozen_at, timedelta(seconds=shift_seconds)

    def set(self, now: datetime, frozen: bool) -> None:
        """Set the time; it is frozen there or runs on."""
        self._frozen_at = now if frozen else None
        self._shift = now - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the time on (or back); it stays frozen or running."""
        self.set(self.now() + by, self.frozen)
