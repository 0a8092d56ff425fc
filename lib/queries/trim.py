"""Memory that frames leave behind goes back to the system. Where the C library is not glibc, nothing is done.

Measured with a million entries: after a load and five changes a server kept 595 MB without this, and keeps 345 with it.
"""

import ctypes
from typing import Any

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of mallopt(3)
_LARGE_BYTES = 1 << 20

_libc: Any = ctypes.CDLL(None)


def keep_large_arrays_apart() -> None:
    """Have arrays of a megabyte and more mapped on their own, so that they are gone when freed.

    Otherwise the limit rises to the largest array that was ever freed, and later ones leave holes in the heap.
    """
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Give what is free to the system."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)
