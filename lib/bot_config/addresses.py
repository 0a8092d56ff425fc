"""Addresses inside a preset: which nobody but us could reach, which are only an example's, which may hold a secret."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lib.bot_config.findings import Finding, Path, note, warning
from lib.bot_config.redaction import HIDDEN

_ADDRESS = re.compile(r"\b(?:https?|wss?|rtmps?)://[^\s\"'<>]+", re.IGNORECASE)
_OWN_NAMES = (".localhost", ".local", ".internal", ".lan", ".home", ".intranet", ".corp")
_EXAMPLES = (".example", ".invalid", ".test", "example.com", "example.org", "example.net")


def address_findings(value: dict[str, Any]) -> Iterator[Finding]:
    """What is to say about the addresses in any text of a preset."""
    for path, text in _texts(value, ()):
        for address in _ADDRESS.findall(text[:10_000]):
            yield from _findings(address, path)


def _findings(address: str, path: Path) -> Iterator[Finding]:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return
    ip = _ip(host)
    if host == "localhost" or host.endswith(".localhost") or (ip and (ip.is_loopback or ip.is_unspecified)):
        yield warning(
            path,
            "This address is the bot's own machine: nothing ever arrives. Recall's firewall also refuses requests "
            "that hold such an address. Use one that can be reached from the internet.",
        )
    elif not ip.is_global if ip else "." not in host or host.endswith(_OWN_NAMES):
        yield warning(path, "This address belongs to a private network: Recall cannot reach it, so nothing arrives.")
    elif host.endswith(_EXAMPLES):
        yield warning(path, "This address is an example's. Put yours in before you hand the preset over.")
    if _holds_secret(parts):
        yield note(
            path,
            "Whoever sees this preset sees the secret in this address too. "
            "Renew it when somebody leaves who knew it; staff who may not change it see the host alone.",
        )


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _holds_secret(parts: SplitResult) -> bool:
    """As far as it looks like one. What is redacted never does."""
    is_stream = parts.scheme.lower().startswith("rtmp") and parts.path.strip("/") not in ("", HIDDEN)
    return is_stream or "@" in parts.netloc or bool(parts.query or parts.fragment) or _is_random(parts.path)


def _is_random(path: str) -> bool:
    """A part of it was made up by nobody."""
    long = (part for part in path.split("/") if len(part) >= 16)
    return any(any(map(str.isdigit, part)) and any(map(str.isalpha, part)) for part in long)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))
    elif isinstance(value, str):
        yield path, value
