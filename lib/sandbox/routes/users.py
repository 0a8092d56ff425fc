"""Calendar tokens, the list of users, and one user's preferences and connections (contract 3.1 to 3.6)."""

from starlette.requests import Request
from starlette.responses import Response

from .. import validation
from ..errors import Refusal, bad_input
from ..rate_limits import AUTHENTICATE, USERS_LIST
from .endpoint import Json, KeyEndpoint, TokenEndpoint

_PAGE = 100


class Authenticate(KeyEndpoint):
    """POST authenticate/: a token; an unknown user is created."""

    async def post(self, request: Request) -> Response:
        """Answers a new token."""
        self.admit(request.headers, "authenticate", AUTHENTICATE)
        external_id = validation.text(await validation.json_object(request), "user_id")
        directory = self.workspace.directory
        user = directory.number_of(external_id)
        if user is None:
            user = directory.create(external_id)
            self.workspace.saved()
        return Json({"token": self.services.guard.mint(user, self.workspace.now())})


class Users(KeyEndpoint):
    """GET users/: a bare array, or pages with `paginate=true`."""

    async def get(self, request: Request) -> Response:
        """All users, or those with the email asked for."""
        self.admit(request.headers, "users", USERS_LIST)
        numbers = self._matching(request.query_params.get("email"))
        if request.query_params.get("paginate", "").lower() in ("true", "1"):
            return Json(self._page(request, numbers))
        return Json(self._bodies(numbers))

    def _matching(self, email: str | None) -> list[int]:
        directory, now = self.workspace.directory, self.workspace.now()
        everybody = list(directory.numbers())
        if not email:
            return everybody
        wanted = email.casefold()
        return [
            n for n in everybody if any((c.email or "").casefold() == wanted for c in directory.connections(n, now))
        ]

    def _page(self, request: Request, numbers: list[int]) -> dict[str, object]:
        """The cursor is the number of the first user of the page, so that created and deleted users shift nothing."""
        cursor = request.query_params.get("cursor", "0")
        if not cursor.isdecimal():
            raise Refusal(404, {"detail": "Invalid cursor"})
        rest = [n for n in numbers if n >= int(cursor)]
        before = [n for n in numbers if n < int(cursor)]
        return {
            "next": self.link(request, cursor=rest[_PAGE]) if len(rest) > _PAGE else None,
            "previous": self.link(request, cursor=before[-_PAGE:][0]) if before else None,
            "results": self._bodies(rest[:_PAGE]),
        }

    def _bodies(self, numbers: list[int]) -> list[dict[str, object]]:
        now = self.workspace.now()
        return [self.workspace.bodies.user(n, now) for n in numbers]


class User(TokenEndpoint):
    """GET, PUT and DELETE user/; PATCH is PUT (contract N3)."""

    async def get(self, request: Request) -> Response:
        """The token's user."""
        return self.user_answer(self.admit(request.headers, "user get"))

    async def put(self, request: Request) -> Response:
        """Change the preferences that are sent, and the external id if it is."""
        user = self.admit(request.headers, "user put")
        body = await validation.json_object(request)
        directory, now = self.workspace.directory, self.workspace.now()
        wanted = None
        if "preferences" in body:
            wanted = validation.preferences(body["preferences"], directory.preferences(user, now))
        self._rename(user, body)
        if wanted:
            directory.set_preferences(user, now, wanted)
        return self.saved_user(user)

    patch = put

    async def delete(self, request: Request) -> Response:
        """Delete the user and its connections; the token becomes invalid."""
        user = self.admit(request.headers, "user delete")
        self.workspace.directory.delete(user, self.workspace.now())
        self.workspace.saved()
        return Response(status_code=204)

    def _rename(self, user: int, body: dict[str, object]) -> None:
        if "external_id" not in body:
            return
        wanted = validation.text(body, "external_id")
        holder = self.workspace.directory.number_of(wanted)
        if holder not in (None, user):
            raise bad_input({"external_id": ["calendar user with this external id already exists."]})
        if holder is None:
            self.workspace.directory.rename(user, wanted)


class Disconnect(TokenEndpoint):
    """POST user/disconnect/: disconnect the calendar of one platform."""

    async def post(self, request: Request) -> Response:
        """Answers the user."""
        user = self.admit(request.headers, "disconnect")
        platform = validation.choice(await validation.json_object(request), "platform", ("google", "microsoft"))
        self.workspace.directory.disconnect(user, self.workspace.now(), platform)
        return self.saved_user(user)
