"""Rate limits of the contract: requests a minute per workspace or per calendar user, on the sandbox's clock."""

import math
from datetime import datetime, timedelta

from .errors import throttled

_WINDOW = timedelta(minutes=1)
_MAX_WINDOWS = 50_000

AUTHENTICATE = 300
USERS_LIST = 60
TOKEN_ENDPOINT = 120
BOT = 300
BOT_LIST = 60


class RateLimits:
    """Counts requests by key in windows of a minute that begin with the first request."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self._windows: dict[tuple[str, int], tuple[datetime, int]] = {}

    def count(self, endpoint: str, per_minute: int, now: datetime, user: int = -1) -> None:
        """Count a request. Raises the 429 refusal, with the whole seconds to wait, when the window is full."""
        if not self.enabled:
            return
        began, counted = self._windows.get((endpoint, user), (now, 0))
        if not began <= now < began + _WINDOW:
            began, counted = now, 0
        if counted >= per_minute:
            raise throttled(max(1, math.ceil((began + _WINDOW - now).total_seconds())))
        self._drop_expired(now)
        self._windows[endpoint, user] = (began, counted + 1)

    def _drop_expired(self, now: datetime) -> None:
        if len(self._windows) > _MAX_WINDOWS:
            self._windows = {key: (began, n) for key, (began, n) in self._windows.items() if began + _WINDOW > now}
