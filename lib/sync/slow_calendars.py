"""Which calendars take Recall long: a rule on how long one did, and what is done about it next time. Pure."""

from lib.errors import RecallSlow

SLOW_AFTER_SECONDS = 20.0
"""A list of meetings that took longer is a slow one. Most take less than one second."""


def was_slow(seconds: float | None, error: Exception | None, slow_after: float = SLOW_AFTER_SECONDS) -> bool | None:
    """Whether a read of meetings was slow: one that took Recall so many `seconds`, or that ended by `error`.

    None: it tells nothing, for it failed for another reason; what was known of the user stays.
    """
    if isinstance(error, RecallSlow):
        return True
    return None if error is not None or seconds is None else seconds > slow_after
