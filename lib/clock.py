"""The current time: UTC, always aware, and replaceable where a test needs another one."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the current time as an aware datetime in UTC."""


def utc_now() -> datetime:
    """The current time, in UTC: the `Clock` of everything but tests."""
    return datetime.now(UTC)
