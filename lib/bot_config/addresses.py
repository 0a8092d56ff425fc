"""Addresses inside a preset: which nobody but us could reach, which are only an example's, and secrets in them."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from lib.bot_config.finding import Finding, Path
from lib.bot_config.rules import note, warning

HIDDEN = "•••"
_ADDRESS = re.compile(r"\b(?:https?|wss?|rtmps?)://[^\s\"'<>]+", re.IGNORECASE)
_OWN_NAMES = (".localhost", ".local", ".internal", ".lan", ".home", ".intranet", ".corp")
_EXAMPLES = (".example", ".invalid", ".test", "example.com", "example.org", "example.net")
_QUERY = re.compile(r"([?&;][^=?&;#\s\"']{1,200}=)[^&;#\s\"']+")
_SIGNED_IN = re.compile(r"(://)[^/@\s\"']+@")
_STREAM = re.compile(r"(rtmps?://[^/\s\"']+/)[^\s\"']+", re.IGNORECASE)


def address_findings(value: dict[str, Any]) -> Iterator[Finding]:
    """What is to say about the addresses in any text of a preset."""
    for path, text in _texts(value, ()):
        for address in _ADDRESS.findall(text[:10_000]):
            yield from _findings(address, path)


def hidden(value: Any) -> Any:
    """The same preset without the secrets in its addresses: for whoever may look at it and not change it."""
    if isinstance(value, dict):
        return {key: hidden(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner) for inner in value]
    return _without_secrets(value) if isinstance(value, str) and "://" in value else value


def _without_secrets(text: str) -> str:
    text = _QUERY.sub(rf"\g<1>{HIDDEN}", text)
    text = _SIGNED_IN.sub(rf"\g<1>{HIDDEN}@", text)
    return _STREAM.sub(rf"\g<1>{HIDDEN}", text)


def _findings(address: str, path: Path) -> Iterator[Finding]:
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").lower()
    except ValueError:
        return
    if host == "localhost" or host.endswith(".localhost") or _is_loopback(host):
        yield warning(
            path,
            "This address is the bot's own machine: nothing ever arrives. Recall's firewall also refuses requests "
            "that hold such an address. Use one that can be reached from the internet.",
        )
    elif _is_own(host):
        yield warning(path, "This address belongs to a private network: Recall cannot reach it, so nothing arrives.")
    elif host.endswith(_EXAMPLES):
        yield warning(path, "This address is an example's. Put yours in before you hand the preset over.")
    if _without_secrets(address) != address:
        yield note(
            path,
            "Whoever sees this preset sees the secret in this address too. "
            "Renew it when somebody leaves who knew it; viewers and editors of this page do not see it.",
        )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))
    elif isinstance(value, str):
        yield path, value


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_own(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_OWN_NAMES)
