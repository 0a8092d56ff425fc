"""An OpenID provider of the tests' own, on loopback: discovery, keys, authorization code with PKCE, userinfo.

It is honest unless told otherwise: it hands codes out once, to the redirect they were asked for, and to who shows the
client's secret and the verifier. `fault` lets it misbehave in one way at a time.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.running import free_port

CLIENT_ID = "coverage-desk"
CLIENT_SECRET = "canary-of-the-client-secret"
HOLDS_SECONDS = 300

Claims = dict[str, Any]


@dataclass
class OpenIdProvider:
    """A provider that runs, the people it knows, and what it does wrong."""

    port: int
    redirect_uri: str
    people: dict[str, Claims] = field(default_factory=dict)
    """By `sub`, what is said of each."""
    fault: str | None = None
    groups_in_token: bool = True
    """Else only at userinfo."""
    tells_when: bool = True
    """Says that it tells when somebody proved who they are, and does where it was asked to make sure of it."""
    described: int = 0
    """How often it was asked to describe itself."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The queries of the requests for a sign-in that came."""
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    _codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """A host other than the dashboard's, so that a browser takes it for another site."""
        return f"http://localhost:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a dashboard is set to that lets staff sign in here."""
        return {
            "OIDC_METADATA_URL": f"{self.issuer}/.well-known/openid-configuration",
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_NAME": "Acme ID",
            "OIDC_CONTACT": "it@acme.example",
            "OIDC_ROLES": "desk-admins=admin, desk-editors=editor, staff=viewer",
            "OIDC_EMAILS": "Ann@acme.example=editor, vic@acme.example=viewer",
        }

    def knows(self, sub: str, **claims: Any) -> None:
        """Somebody who can be chosen to sign in."""
        told = {"email": f"{sub}@acme.example", "email_verified": True, "name": sub.title(), **claims}
        self.people[sub] = {"sub": sub, **{name: value for name, value in told.items() if value is not None}}

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/keys", self._keys),
                Route("/authorize", self._ask),
                Route("/authorize", self._chosen, methods=["POST"]),
                Route("/token", self._exchange, methods=["POST"]),
                Route("/userinfo", self._tell),
            ]
        )

    async def _describe(self, _: Request) -> Response:
        self.described += 1
        if self.fault == "down":
            return Response(status_code=503)
        description: Claims = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
        if self.tells_when:
            description["claims_supported"] = ["sub", "iss", "aud", "exp", "iat", "auth_time", "email", "groups"]
        if self.fault in ("alg none", "shared key"):  # it would have us take them
            description["id_token_signing_alg_values_supported"] += ["none", "HS256"]
        if self.fault == "plain address":
            description["token_endpoint"] = "http://idp.acme.example/token"
        return JSONResponse(description)

    async def _keys(self, _: Request) -> Response:
        if self.fault == "keys down":
            return Response(status_code=503)
        return JSONResponse({"keys": [{**self._key.as_dict(private=False), "use": "sig", "alg": "RS256"}]})

    async def _ask(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append(query)
        expected = {"client_id": CLIENT_ID, "redirect_uri": self.redirect_uri, "response_type": "code"}
        if any(query.get(name) != value for name, value in expected.items()) or "openid" not in query["scope"].split():
            return Response("This request is not one of a client of mine.", 400)
        if query.get("code_challenge_method") != "S256" or not query.get("nonce") or not query.get("state"):
            return Response("PKCE, a nonce and a state are needed.", 400)
        hidden = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in query.items())
        buttons = "".join(f'<button name="sub" value="{escape(sub)}">{escape(sub)}</button>' for sub in self.people)
        page = (
            f'<h1>Acme ID</h1><form method="post">{hidden}{buttons}<button name="sub" value="">Cancel</button></form>'
        )
        return HTMLResponse(f"<!doctype html><title>Acme ID</title>{page}")

    async def _chosen(self, request: Request) -> Response:
        async with request.form() as form:
            asked = {name: str(value) for name, value in form.items()}
        sub = asked.pop("sub")
        answer = {"state": asked["state"]}
        if not sub:
            answer |= {"error": "access_denied", "error_description": "ann@acme.example said no"}
        else:
            answer["code"] = secrets.token_urlsafe(24)
            self._codes[answer["code"]] = (sub, asked)
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)

    async def _exchange(self, request: Request) -> Response:
        if self.fault == "token down":
            return Response(status_code=503)
        async with request.form() as form:
            sent = {name: str(value) for name, value in form.items()}
        sub, asked = self._codes.pop(sent.get("code", ""), ("", {}))
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proven = _base64(verifier) == asked.get("code_challenge")
        if not sub or not proven or sent.get("redirect_uri") != asked["redirect_uri"] or not _is_client(request, sent):
            return JSONResponse({"error": "invalid_grant", "error_description": "not for ann@acme.example"}, 400)
        access = secrets.token_urlsafe(24)
        self._tokens[access] = sub
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": HOLDS_SECONDS}
        if self.fault != "no id token":
            answer["id_token"] = self._id_token(self._claims(sub, asked))
        return JSONResponse(answer)

    def _claims(self, sub: str, asked: dict[str, str]) -> Claims:
        now = int(time.time())
        claims = {
            **self.people[sub],
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "exp": now + HOLDS_SECONDS,
            "iat": now,
            "nonce": asked["nonce"],
        }
        if "max_age" in asked and self.tells_when:
            claims["auth_time"] = now - (3600 if self.fault == "nobody asked" else 0)
        if not self.groups_in_token:
            claims.pop("groups", None)
        if self.fault == "too many groups":
            del claims["groups"]
            claims |= {
                "_claim_names": {"groups": "src1"},
                "_claim_sources": {"src1": {"endpoint": f"{self.issuer}/graph"}},
            }
        wrong: dict[str, Claims] = {
            "wrong issuer": {"iss": "http://localhost:1"},
            "wrong audience": {"aud": "another-client"},
            "wrong audience, ours authorised": {"aud": "another-client", "azp": CLIENT_ID},
            "wrong nonce": {"nonce": "of-another-sign-in"},
            "expired": {"exp": now - 600, "iat": now - 900},
        }
        return claims | wrong.get(self.fault or "", {})

    def _id_token(self, claims: Claims) -> str:
        if self.fault == "alg none":
            return f"{_unsigned({'alg': 'none'}, claims)}."
        if self.fault == "shared key":  # what everybody can read as the key of a signature that takes one key for both
            signed = _unsigned({"alg": "HS256", "kid": "one"}, claims)
            return f"{signed}.{_base64(hmac.digest(self._key.as_pem(private=False), signed.encode(), 'sha256'))}"
        key = RSAKey.generate_key(2048, {"kid": "one"}) if self.fault == "another key" else self._key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)

    async def _tell(self, request: Request) -> Response:
        sub = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if sub is None:
            return Response(status_code=401)
        told = dict(self.people[sub])
        if self.fault == "too many groups":
            del told["groups"]
        return JSONResponse({**told, "sub": "somebody-else"} if self.fault == "another's userinfo" else told)


def _unsigned(header: Claims, claims: Claims) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _is_client(request: Request, sent: dict[str, str]) -> bool:
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    by_form = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
    return by_form or request.headers.get("authorization") == f"Basic {basic}"


@contextmanager
def openid_provider(redirect_uri: str) -> Iterator[OpenIdProvider]:
    """A provider that sends people back to `redirect_uri`, in a thread, until the end of the block."""
    provider = OpenIdProvider(free_port(), redirect_uri)
    server = uvicorn.Server(
        uvicorn.Config(
            provider.app, "127.0.0.1", provider.port, log_config=None, access_log=False, lifespan="off", ws="none"
        )
    )
    thread = threading.Thread(target=server.run, name="openid provider", daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)
