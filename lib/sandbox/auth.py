"""Credentials: the workspace's API key, and signed, stateless calendar tokens, valid for a day (contract 2)."""

import hmac
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from starlette.datastructures import Headers

from .directory import Directory
from .errors import authentication_failed, not_authenticated

TOKEN_HEADER = "x-recallcalendarauthtoken"  # noqa: S105 - a header's name
_KEY_HEADER = "authorization"
_TOKEN_LIFETIME = timedelta(days=1)
_WRONG_KEY = (
    "Invalid API token. The API token provided might be for another Recall region (such as us-east-1, us-west-2, "
    "eu-central-1, or ap-northeast-1). Verify token is valid and belongs to the correct region."
)


def credential_kinds(headers: Headers) -> str:
    """The kinds of credential that a request carries, valid or not: `none`, `key`, `token` or `key+token`."""
    kinds = {"key": _KEY_HEADER, "token": TOKEN_HEADER}
    return "+".join(kind for kind, header in kinds.items() if header in headers) or "none"


class Guard:
    """Checks credentials. Each endpoint accepts one kind only (contract 2.3)."""

    def __init__(self, seed: int, api_key: str, directory: Directory) -> None:
        self._api_key = api_key
        self._directory = directory
        self._signer = URLSafeSerializer(f"{seed}/{api_key}", salt="calendar auth token")

    def check_key(self, headers: Headers) -> None:
        """Raise the 401 refusal unless the API key is present and right (contract 12.1)."""
        sent = headers.get(_KEY_HEADER)
        if sent is None:
            raise not_authenticated()
        scheme, _, key = sent.partition(" ")
        if key and scheme.lower() not in ("token", "bearer"):
            raise authentication_failed("Authentication credentials were not provided.")
        offered = key if scheme.lower() == "token" else sent
        if not hmac.compare_digest(offered.strip().encode(), self._api_key.encode()):
            raise authentication_failed(_WRONG_KEY)

    def mint(self, user: int, now: datetime) -> str:
        """A new calendar token of this user."""
        return str(self._signer.dumps([user, (now + _TOKEN_LIFETIME).timestamp()]))

    def user_of_token(self, token: str, now: datetime) -> int | None:
        """The user a token belongs to; None if it is forged, expired, or its user was deleted."""
        try:
            user, expires = self._signer.loads(token)
        except BadData:
            return None
        return int(user) if expires > now.timestamp() and self._directory.exists(int(user)) else None

    def user_of_headers(self, headers: Headers, now: datetime) -> int | None:
        """The user of the request's token; None without a valid one."""
        token = headers.get(TOKEN_HEADER)
        return None if token is None else self.user_of_token(token, now)

    def check_token(self, headers: Headers, now: datetime) -> int:
        """The user of the request's token. Raises the 401 refusal without a valid one."""
        if TOKEN_HEADER not in headers:
            raise not_authenticated()
        user = self.user_of_headers(headers, now)
        if user is None:
            raise authentication_failed("Invalid calendar auth token.")
        return user
