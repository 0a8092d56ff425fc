"""One exchange with Recall: a request out, a whole answer or the reason for none back. The only module with a socket.

It repeats nothing, follows no redirect, and holds the API key, which goes out with the calls that take it alone.
No exception of the layers below leaves it: theirs carry the request, and with it the key or the token.
"""

from contextlib import closing
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from pydantic import SecretStr
from requests.auth import AuthBase

from lib.errors import SettingsError
from lib.recall_api.allow_list import Credential, endpoint_of
from lib.recall_api.deadline import BoundedAdapter, Timeouts, bounded, not_counting
from lib.recall_api.memory_limits import MemoryBudget, weight
from lib.recall_api.responses import NoResponse, Response
from lib.settings import is_loopback, recall_origin

CONNECT_SECONDS = 3.0
CONNECTIONS = 64
UNCONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
)
TOKEN_HEADER = "x-recallcalendarauthtoken"  # noqa: S105 - the name of a header (contract 2.2)


@dataclass(frozen=True, slots=True)
class Request:
    """What to send. `path` is percent-encoded, `query` likewise, without its `?`; `body` is JSON, or None."""

    method: str
    path: str
    query: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)
    token: SecretStr | None = None


class Transport:
    """Connections to one Recall. Thread-safe: requests' session is only read here, and keeps no cookies."""

    def __init__(self, base_url: str, api_key: SecretStr):
        origin = recall_origin(base_url)
        if origin is None:
            raise SettingsError(
                "RECALL_BASE_URL must be the https address of a Recall region, or http on this machine."
            )
        self.base_url = origin
        self._key = checked_key(api_key)
        self._session = _session(self.base_url)

    def close(self) -> None:
        """Close idle connections."""
        self._session.close()

    def send(self, call: Request, timeouts: Timeouts, memory: MemoryBudget) -> Response | NoResponse:
        """Send `call` once, within `timeouts`; its answer takes of `memory`.

        Raises `CallNotAllowed` before anything is opened when the call is not on the list.
        """
        credential = self._credential(call)
        url = f"{self.base_url}{call.path}" + (f"?{call.query}" if call.query else "")
        response = None
        try:
            with bounded(timeouts):
                response = self._session.request(
                    call.method,
                    url,
                    data=call.body,
                    headers=_headers(call.method),
                    auth=credential,
                    timeout=(min(CONNECT_SECONDS, timeouts.seconds), min(timeouts.first_byte, timeouts.seconds)),
                    allow_redirects=False,
                    stream=True,
                )
                with closing(response):
                    body = _read(response, memory)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return reason(error, answering=response is not None)
        if body is None:
            return NoResponse.TOO_LARGE
        # What is served is left as it is: a short key may be an ordinary word in it.
        shown = body if response.ok else credential.without_secret(body)
        return Response(response.status_code, response.headers, shown)

    def _credential(self, call: Request) -> "_Authorisation":
        if endpoint_of(call.method, call.path).credential is Credential.KEY:
            return _Authorisation("Authorization", "Token ", self._key)
        if call.token is None:
            raise ValueError("this call needs a calendar token")
        return _Authorisation(TOKEN_HEADER, "", call.token)


def checked_key(api_key: SecretStr) -> SecretStr:
    """The key without blanks around it. Raises `SettingsError` when it cannot stand in a header."""
    key = api_key.get_secret_value().strip()
    if not key or not (key.isascii() and key.isprintable()):
        raise SettingsError("RECALL_API_KEY is empty or holds characters that no key has. Copy it again.")
    return SecretStr(key)


class _Authorisation(AuthBase):
    """Adds one secret to a request as it leaves. Given as `auth`, it also keeps a .netrc file from replacing it."""

    def __init__(self, header: str, prefix: str, secret: SecretStr):
        self._header, self._prefix, self._secret = header, prefix, secret

    def __call__(self, request: Any) -> Any:
        request.headers[self._header] = f"{self._prefix}{self._secret.get_secret_value()}"
        return request

    def without_secret(self, body: bytes) -> bytes:
        """A refusal without the secret that was sent, so that one that repeats it puts it into no log or error."""
        return body.replace(self._secret.get_secret_value().encode(), b"[removed]")


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: with redirects off, requests would still read and resolve Location."""
        return


def _session(base_url: str) -> requests.Session:
    session = _Session()
    session.mount(base_url, BoundedAdapter(CONNECTIONS))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # A proxy set for the outside world must not see what is meant for this machine.
    session.trust_env = not is_loopback(base_url)
    session.verify = True
    return session


def _headers(method: str) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "coverage-desk"}
    return headers if method == "GET" else headers | {"Content-Type": "application/json"}


def _read(response: requests.Response, memory: MemoryBudget) -> bytes | None:
    """The whole body, unpacked; None when it needs more than `memory` has left, which Content-Length may tell at once.

    A body that breaks off uses up nothing.
    """
    told = response.headers.get("Content-Length", "")
    if told.isascii() and told.isdigit() and not memory.has(int(told[:20])):
        return None
    pieces, taken = list[bytes](), 0
    try:
        for piece in response.iter_content(65_536):
            taken += weight(piece)
            if not memory.take(piece, not_counting):
                return None
            pieces.append(piece)
    except BaseException:
        memory.give_back(taken)
        raise
    return b"".join(pieces)


def reason(error: Exception, answering: bool) -> NoResponse:
    """What an exception of requests means; `answering`: the head of an answer had come.

    Whatever did not plainly happen before sending counts as sent.
    """
    root = _root(error)
    if isinstance(root, urllib3.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(root):
        return NoResponse.DISTRUSTED
    if isinstance(root, UNCONNECTED):
        return NoResponse.NOT_SENT
    if isinstance(root, (urllib3.exceptions.ReadTimeoutError, TimeoutError)):
        return NoResponse.TOO_LATE
    return NoResponse.CUT_SHORT if answering else NoResponse.LOST


def _root(error: Exception) -> Any:
    """urllib3's exception inside requests', which is where the difference is told."""
    inner = error.args[0] if isinstance(error, requests.RequestException) and error.args else error
    return getattr(inner, "reason", inner)
