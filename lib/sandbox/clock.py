"""The sandbox's own time: the machine's, shifted, or standing still."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Answers the current time in UTC. Limits, lags, token ages and the world's window all run on it."""

    def __init__(self, frozen_at: datetime | None = None) -> None:
        self._frozen_at = frozen_at
        self._shift = timedelta()

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is moved."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        return self._frozen_at if self._frozen_at is not None else datetime.now(UTC) + self._shift

    @property
    def setting(self) -> tuple[datetime | None, float]:
        """Where it stands, if it does, and by how many seconds it differs from the machine's."""
        return self._frozen_at, self._shift.total_seconds()

    def restore(self, frozen_at: datetime | None, shift_seconds: float) -> None:
        """Go on as a clock of this `setting` would have."""
        self._frozen_at, self._shift = frozen_at, timedelta(seconds=shift_seconds)

    def set(self, now: datetime, frozen: bool) -> None:
        """Make it this time, and stop there or run on from there."""
        self._frozen_at = now if frozen else None
        self._shift = now - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on (or back), running or standing as before."""
        self.set(self.now() + by, self.frozen)
