"""The tables, as the newest migration leaves them; a test holds the two together.

All times are UTC. `ver` is the version (lib.store.version) of the write that last changed a row.
"""

from lib.store.columns import metadata
from lib.store.tables import desk, workspace

__all__ = ["desk", "metadata", "workspace"]
