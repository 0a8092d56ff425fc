"""Whether the dashboard on this machine can serve, by what it says and not by that it answers: exit status 0 or 1."""

import json
import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ANSWERS_WITHIN_SECONDS = 4


def main() -> int:
    """Ask `/healthz`, and repeat its reason where it has one."""
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8501')}/healthz"
    try:
        with urlopen(url, timeout=ANSWERS_WITHIN_SECONDS) as answer:
            told = json.load(answer)
    except HTTPError as error:
        sys.stderr.write(f"{error.read(500).decode(errors='replace')}\n")
        return 1
    except (URLError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if isinstance(told, dict) and told.get("status") == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
