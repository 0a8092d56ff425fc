"""The time of the days that are watched: set where it is wanted, it runs on from there."""

from datetime import UTC, datetime, timedelta
from time import monotonic


class MovedClock:
    """A `lib.clock.Clock` that keeps step with a sandbox whose clock was set at the same moment."""

    def __init__(self) -> None:
        self._set_to, self._set_at = datetime.now(UTC), monotonic()

    def __call__(self) -> datetime:
        """The time (UTC)."""
        return self._set_to + timedelta(seconds=monotonic() - self._set_at)

    def set(self, now: datetime) -> None:
        """Make it this time, from now on."""
        self._set_to, self._set_at = now, monotonic()
