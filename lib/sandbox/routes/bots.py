"""Reading bots (contract 9.1)."""

from starlette.requests import Request
from starlette.responses import Response

from .. import validation
from ..bot_list import BotFilter
from ..errors import Refusal, not_found
from ..rate_limits import BOT, BOT_LIST
from ..settings import UPCOMING_BOTS
from .endpoint import Json, KeyEndpoint

PAGE = 100


class BotsPage(KeyEndpoint):
    """GET bot/: `{count, next, previous, results}`."""

    async def get(self, request: Request) -> Response:
        """One page of the bots that match the filters."""
        self.admit(request.headers, "bot list", BOT_LIST)
        number = _page_number(request)
        count, bots = await self.services.bot_list.page(self._filter(request), (number - 1) * PAGE, PAGE)
        if number > 1 and not bots:
            raise Refusal(404, {"detail": "Invalid page."})
        return Json(
            {
                "count": count,
                "next": self.link(request, page=number + 1) if number * PAGE < count else None,
                "previous": self.link(request, page=number - 1) if number > 1 else None,
                "results": [self.workspace.bodies.bot(bot) for bot in bots],
            }
        )

    def _filter(self, request: Request) -> BotFilter:
        after = validation.time_in_query(request, "join_at_after")
        before = validation.time_in_query(request, "join_at_before")
        if not after and not before and self.workspace.ledger.settings.bots_without_bounds == UPCOMING_BOTS:
            after = self.workspace.now()
        return BotFilter(
            join_at_after=after,
            join_at_before=before,
            statuses=frozenset(request.query_params.getlist("status")),
            platforms=frozenset(request.query_params.getlist("platform")),
        )


class Bot(KeyEndpoint):
    """GET bot/{id}/."""

    async def get(self, request: Request) -> Response:
        """One bot as it is now."""
        self.admit(request.headers, "bot get", BOT)
        bot = self.workspace.bots.bot(request.path_params["id"], self.workspace.now())
        if bot is None:
            raise not_found()
        return Json(self.workspace.bodies.bot(bot))


def _page_number(request: Request) -> int:
    sent = request.query_params.get("page", "1")
    if not sent.isdecimal() or int(sent) < 1:
        raise Refusal(404, {"detail": "Invalid page."})
    return int(sent)
