"""Who is asking: the workspace's API key, or a calendar token, signed, stateless and good for a day (contract 2)."""

import hmac
from datetime import datetime, timedelta
from enum import Enum

from itsdangerous import BadData, URLSafeSerializer
from starlette.datastructures import Headers

from .directory import Directory
from .errors import authentication_failed, not_authenticated

TOKEN_HEADER = "x-recallcalendarauthtoken"  # noqa: S105 - a header's name
TOKEN_LIVES = timedelta(days=1)
_WRONG_KEY = (
    "Invalid API token. The API token provided might be for another Recall region (such as us-east-1, us-west-2, "
    "eu-central-1, or ap-northeast-1). Verify token is valid and belongs to the correct region."
)


class Credential(Enum):
    """Which kinds of credential a request carried, good or not."""

    NONE = "none"
    KEY = "key"
    TOKEN = "token"  # noqa: S105 - a word for the log
    BOTH = "key+token"


def carried(headers: Headers) -> Credential:
    """What the request carried; never the secret itself."""
    has = ("authorization" in headers, TOKEN_HEADER in headers)
    return {(False, False): Credential.NONE, (True, False): Credential.KEY, (False, True): Credential.TOKEN}.get(
        has, Credential.BOTH
    )


class Guard:
    """Checks credentials. Each endpoint takes one kind alone (contract 2.3)."""

    def __init__(self, seed: int, api_key: str, directory: Directory) -> None:
        self._api_key = api_key
        self._directory = directory
        self._signer = URLSafeSerializer(f"{seed}/{api_key}", salt="calendar auth token")

    def check_key(self, headers: Headers) -> None:
        """Raise the 401 refusal unless the API key is there and right; the shapes are those of contract 12.1."""
        sent = headers.get("authorization")
        if sent is None:
            raise not_authenticated()
        scheme, _, key = sent.partition(" ")
        if key and scheme.lower() not in ("token", "bearer"):
            raise authentication_failed("Authentication credentials were not provided.")
        offered = key if scheme.lower() == "token" else sent
        if not hmac.compare_digest(offered.strip().encode(), self._api_key.encode()):
            raise authentication_failed(_WRONG_KEY)

    def mint(self, user: int, now: datetime) -> str:
        """A calendar token for this user."""
        return str(self._signer.dumps([user, (now + TOKEN_LIVES).timestamp()]))

    def user_of_token(self, token: str, now: datetime) -> int | None:
        """The user a token is good for now; None for one that is forged, expired, or of a deleted user."""
        try:
            user, expires = self._signer.loads(token)
        except BadData:
            return None
        return int(user) if expires > now.timestamp() and self._directory.exists(int(user)) else None

    def user_of_headers(self, headers: Headers, now: datetime) -> int | None:
        """The user whose token came, if one that is good did."""
        token = headers.get(TOKEN_HEADER)
        return None if token is None else self.user_of_token(token, now)

    def check_token(self, headers: Headers, now: datetime) -> int:
        """The user whose token came; raises the 401 refusal when there is none, or none that is good."""
        token = headers.get(TOKEN_HEADER)
        if token is None:
            raise not_authenticated()
        user = self.user_of_token(token, now)
        if user is None:
            raise authentication_failed("Invalid calendar auth token.")
        return user
