"""The security headers, on every answer of the server."""

import base64
import hashlib
import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.settings import load_settings
from lib.ui.server.streamlit_internals import INDEX_PAGE

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _inline_script_hashes() -> str:
    """The hashes that allow the inline scripts of Streamlit's own page and no others, whatever release is installed."""
    page = INDEX_PAGE.read_text("utf-8")
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


# 'unsafe-inline' in style-src: Streamlit writes style attributes. blob: is what a page made up itself, which may be a
# picture alone: what runs is a file of ours (`lib.ui.server.script_files`) or of Streamlit's.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' 'wasm-unsafe-eval' {_inline_script_hashes()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
    )
)
ALWAYS: Mapping[str, str] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    # No page of another site holds a window of ours, or takes a file of ours into its own.
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
A_YEAR = 31_536_000


def security_headers(public_url: str | None) -> dict[str, str]:
    """All of them, HSTS included where `public_url` is https."""
    if public_url is not None and public_url.startswith("https://"):
        return {**ALWAYS, "strict-transport-security": f"max-age={A_YEAR}"}
    return dict(ALWAYS)


class SecurityHeaders:
    """Puts the security headers on every answer, replacing any of the same name."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._headers = security_headers(load_settings().public_url)  # the store is for the lifespan to open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, with more headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
                if scope["scheme"] == "https":
                    message["headers"] = [_kept_from_plain_http(*header) for header in message["headers"]]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _kept_from_plain_http(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The header, with Secure added to a cookie that lacks it, as Streamlit's do."""
    is_open = name == b"set-cookie" and b"secure" not in value.lower().replace(b" ", b"").split(b";")
    return name, value + b"; Secure" if is_open else value
