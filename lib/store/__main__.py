"""`python -m lib.store`: brings the schema of the store in the settings up to date, and makes it when missing.

For those who run the dashboard and the sync apart: once, before either of a new version starts. Exit codes: 0 done,
1 not, with the reason on stderr.
"""

import sys

from lib.errors import DeskError
from lib.settings import load_settings
from lib.store import migrate, open_store
from lib.store.database import name_of


def main() -> int:
    """Do it, and answer the exit code."""
    try:
        settings = load_settings()
        migrate(settings.store_url)
        open_store(settings.store_url, recall_base_url=settings.workspace_url).close()
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The store {name_of(settings.store_url)} is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
