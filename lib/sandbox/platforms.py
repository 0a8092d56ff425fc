"""Calendar platforms, as ids name them."""

_NUMBERS = {"google": 0, "microsoft": 1}
_OTHER = 2
PLATFORM_NUMBERS = 3
"""The numbers are all below this one."""


def platform_number(calendar_platform: str) -> int:
    """The number by which ids name a calendar platform; all that are not known share one."""
    return _NUMBERS.get(calendar_platform, _OTHER)
