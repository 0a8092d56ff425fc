"""The routes of a sign-in by an OpenID provider: noting the page to return to, the redirect there, and the way back.

Staff who are signed in follow a link there, in another tab, to prove who they are; their session is then renewed under
its cookie, and the first tab keeps all that was typed in it.

`st.login` sends the browser to /auth/login. Our routes replace Streamlit's, which lose the page and end in a cookie of
30 days that cannot be revoked. Here a sign-in ends as one by password does, in a session that the server keeps. Nothing
uses `st.user`.
"""

import logging
import re
from html import escape
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.starlette_client import OAuthError
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import NotLetIn, StoreError
from lib.staff import sessions
from lib.staff.provider import Refusal, identity_of
from lib.staff.provider_accounts import admit, begin_session, refused, renew_session
from lib.ui.server.small_page import small_page
from lib.ui.sign_in import openid
from lib.ui.sign_in.openid import CALLBACK, ProviderAnswer
from lib.ui.sign_in.provider_words import Failure, advice, sentence
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from lib.ui.widgets.navigation import ALL_PAGES

TOLD_COOKIE = "coverage_desk_sign_in"
"""Names why a sign-in at the provider failed, for the page that follows."""
TOLD_SECONDS = 60
LONGEST_ADDRESS = 2000

AGAIN, DONE = "/sign-in/again", "/signed-in-again"
_WANTED, _RENEWED = "wanted", "renewed"
_NAMES = frozenset("" if entry.is_start else entry.name for entry in ALL_PAGES)
_PLAIN_QUERY = re.compile(r"[!-~]*")
_PLAIN_WORD = re.compile(r"[a-z_]{1,40}")
_NOT_WELL = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError, ValueError, TypeError, KeyError, RuntimeError)
"""What is raised when the provider does not answer, or not as the protocol says."""

log = logging.getLogger(__name__)


def page_of_ours(address: str) -> str:
    """`address` when it is a page here with its query, else the start page. Pure.

    The page's name is one of ours and the rest is made anew from it, so that no browser is ever sent elsewhere.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    name = parts.path.removeprefix("/").removesuffix("/")
    if parts.scheme or parts.netloc or name not in _NAMES or not _PLAIN_QUERY.fullmatch(parts.query):
        return "/"
    return f"/{name}?{parts.query}" if parts.query else f"/{name}"


async def note_wanted(request: Request) -> Response:
    """Keep the page named in the body until the browser is back from the provider."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_ADDRESS:
            return Response(status_code=413)
    request.session.clear()
    request.session[_WANTED] = page_of_ours(body.decode("utf-8", "replace"))
    return Response(status_code=204)


async def leave(request: Request) -> Response:
    """Send the browser to the provider; when that does not answer, back to the page with the reason."""
    if desk().settings.oidc_metadata_url is None:
        return RedirectResponse("/", 302)
    try:
        return await openid.leave(request, desk().settings, proof=_RENEWED in request.session)
    except (OAuthError, JoseError, *_NOT_WELL) as problem:
        log.warning("the OpenID provider cannot be asked: %s", _short(problem))
        return _back(request, Failure.UNREACHABLE)


async def leave_again(request: Request) -> Response:
    """Send staff to the provider to prove who they are, from a page of ours, with a session in force or expired."""
    digest = sessions.digest_of(request.cookies.get(SESSION_COOKIE))
    if digest is None or request.headers.get("sec-fetch-site") != "same-origin":
        return RedirectResponse("/", 302)
    request.session.clear()
    request.session[_RENEWED] = digest
    return await leave(request)


async def come_back(request: Request) -> Response:
    """Sign in whom the provider sends back and return to the page that was wanted, or say there why not."""
    if desk().settings.oidc_metadata_url is None:
        return RedirectResponse("/", 302)
    try:
        told = await openid.answer_of(request, desk().settings)
        cookie = await run_in_threadpool(_let_in, told, request.session.get(_RENEWED))
    except NotLetIn as refusal:
        log.warning("a sign-in by the OpenID provider was refused: %s. %s", refusal.why, advice(refusal.why) or "")
        return _back(request, Refusal(refusal.why))
    except StoreError as problem:
        log.warning("a sign-in by the OpenID provider could not be kept: %s", problem)
        return _back(request, Failure.NOT_KEPT)
    except (OAuthError, JoseError, *_NOT_WELL) as problem:
        log.warning("a sign-in by the OpenID provider came to nothing: %s", _short(problem))
        return _back(request, _failure(problem))
    return _back(request, None, cookie)


def done(request: Request) -> Response:
    """The page in the tab that was opened to prove who somebody is, once they are back."""
    settings = desk().settings
    told = sentence(
        request.cookies.get(TOLD_COOKIE, ""), provider=str(settings.provider_name), contact=settings.oidc_contact
    )
    if told:
        return small_page("You are not signed in again", escape(told), "Close this page and try it from the other one.")
    return small_page("You are signed in again", "Close this page and go on in the other one.")


def _let_in(told: ProviderAnswer, renewed: str | None) -> str | None:
    """The cookie of a new session; None when the session known by `renewed` was renewed. A refusal is recorded in
    Activity, as a wrong password is."""
    settings, store = desk().settings, desk().store
    try:
        proof = renewed is not None
        identity = identity_of(
            told.claims, settings, issuer=told.issuer, now=utc_now(), proof=proof, tells_when=told.tells_when
        )
        if identity.role and identity.groups_left_out:
            log.warning("a role without groups: %s", advice(Refusal.GROUPS_LEFT_OUT))
        name = admit(store, identity, settings)
        if renewed is None:
            return begin_session(store, name, proven_at=identity.proven_at)
        renew_session(store, name, renewed)
    except NotLetIn:
        refused(store)
        raise
    return None


def _back(request: Request, why: Refusal | Failure | None, cookie: str | None = None) -> Response:
    """Redirect to the page that was wanted, with the session's cookie or with the reason why there is none."""
    wanted = page_of_ours(str(request.session.get(_WANTED, "/")))
    response = RedirectResponse(DONE if _RENEWED in request.session else wanted, 302)
    if why is not Failure.TOO_LATE:  # else the answer belongs to another try than these notes
        request.session.pop(_WANTED, None)
        request.session.pop(_RENEWED, None)
    is_https = request.url.scheme == "https"
    if cookie:
        response.set_cookie(SESSION_COOKIE, cookie, path="/", httponly=True, samesite="strict", secure=is_https)
    if why:
        response.set_cookie(TOLD_COOKIE, why, TOLD_SECONDS, path="/", httponly=True, samesite="lax", secure=is_https)
    else:
        response.delete_cookie(TOLD_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _failure(problem: Exception) -> Refusal | Failure:
    error = getattr(problem, "error", None)
    if isinstance(problem, JoseError):
        return Refusal.NOT_TRUSTED
    if not isinstance(problem, OAuthError):
        return Failure.UNREACHABLE
    if error in ("access_denied", "login_required", "interaction_required", "consent_required"):
        return Failure.CANCELLED
    return Failure.TOO_LATE if error == "mismatching_state" else Failure.NOT_FINISHED


def _short(problem: Exception) -> str:
    """The kind of error, without what the provider wrote about it: that may hold an e-mail address."""
    error = str(getattr(problem, "error", ""))
    return f"{type(problem).__name__} {error if _PLAIN_WORD.fullmatch(error) else ''}".strip()


routes = [
    Route("/sign-in", note_wanted, methods=["POST"]),
    Route("/auth/login", leave, methods=["GET"]),
    Route(AGAIN, leave_again, methods=["GET"]),
    Route(CALLBACK, come_back, methods=["GET"]),
    Route(DONE, done, methods=["GET"]),
]
