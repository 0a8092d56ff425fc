"""The key that signs Streamlit's cookies: COOKIE_KEY, else one made on the first run and kept in DATA_DIR.

Servers that share a store must share it too: a sign-in at the provider may begin at one and end at another.
"""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from lib.errors import SettingsError
from lib.private_files import close_to_others, make_file, make_folder
from lib.settings import COOKIE_KEY_SHORTEST, Settings

FILE = "cookie_key"
_BYTES_MADE = 48


def cookie_key(settings: Settings) -> SecretStr:
    """COOKIE_KEY, or the key in DATA_DIR, which is made when there is none. Processes that start at once get the same.

    Raises `SettingsError` when it can neither be read nor kept, or what is kept there is too short.
    """
    if settings.cookie_key:
        return settings.cookie_key
    file = settings.data_dir / FILE
    try:
        if not file.exists():
            _make(file)
        close_to_others(file)
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            "The cookie key can neither be read from DATA_DIR nor kept there. "
            "Let this process write to DATA_DIR, or set COOKIE_KEY, and start again."
        ) from None
    if len(key) < COOKIE_KEY_SHORTEST:
        raise SettingsError(f"The file {FILE} in DATA_DIR is too short to be a key. Delete it and start again.")
    return SecretStr(key)


def _make(file: Path) -> None:
    """Write a new key that only we can read: whole or not at all, and never over an existing one."""
    make_folder(file.parent)
    draft = file.with_name(f"{FILE}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(make_file(draft), "w") as writing:
            writing.write(secrets.token_urlsafe(_BYTES_MADE))
            writing.flush()
            os.fsync(writing.fileno())
        os.link(draft, file)
    except FileExistsError:
        return  # another process was first: its key is the one
    finally:
        draft.unlink(missing_ok=True)
