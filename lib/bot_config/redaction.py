"""A preset for whoever may look at it and not hand it over: what may be a secret is left out.

Nobody can tell by its looks what is one. So of an address there is its host alone, and of metadata, of headers and of
whatever is called like a secret that it is there.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from lib.bot_config.findings import Path

HIDDEN = "•••"
_WITHHELD = re.compile(
    r"metadata|header|secret|token|passw|passphrase|pwd|key(?!_?terms?|_?words?)|auth|credential|bearer|cookie|session|private|cert"
    r"|sign|sig$|jwt|hmac|salt|zak"
)
_HOLDS_ADDRESS = re.compile(r"ur[li]|endpoint|hook|callback|address|link")

_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,30}:|(?<![\w+/=]))[/\\]{2}\S+"
    r"|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?[/?#]\S+",
    re.IGNORECASE,
)
"""With a scheme or without. Bounded, so that a picture of a megabyte costs its length and no more."""
_CREDENTIAL = re.compile(r"\b(bearer|basic|token)([ :=]+)\S+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")


def redacted(value: Any, path: Path = ()) -> Any:
    """The same value, which stands at `path`, without what may be a secret. What is redacted already stays as it is."""
    if isinstance(value, dict):
        return {redacted_key(key): redacted(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [redacted(inner, (*path, place)) for place, inner in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    keys = [key.lower() for key in path if isinstance(key, str)]
    holds_address = bool(keys) and bool(_HOLDS_ADDRESS.search(keys[-1]))
    if any(_WITHHELD.search(key) for key in (keys[:-1] if holds_address else keys)):
        return HIDDEN
    if not isinstance(value, str):
        return value
    return redacted_address(value) if holds_address or _ADDRESS.match(value) else _redacted_words(value)


def redacted_key(key: str | int) -> str | int:
    """A step of a path, in which an address may stand where its value belongs."""
    return _redacted_words(key) if isinstance(key, str) else key


def redacted_address(address: str) -> str:
    """ "https://hooks.acme.com/•••"; the address itself where it is a host and nothing more."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return HIDDEN
    if "\\" in address or not _SCHEME.fullmatch(parts.scheme) or not _HOST.fullmatch(host):
        return HIDDEN
    shown = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"
    return address if address.lower().rstrip("/") == shown else f"{shown}/{HIDDEN}"


def _redacted_words(text: str) -> str:
    return _CREDENTIAL.sub(rf"\1\2{HIDDEN}", _ADDRESS.sub(lambda found: redacted_address(found.group()), text))
