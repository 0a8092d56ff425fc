"""`/healthz`: whether this server can serve. Monitoring and the proxy ask here, and so may anybody else."""

import ast
import importlib
import logging
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import DeskError, PageBroken, ServerEnding, StoreError
from lib.store import passes
from lib.ui.widgets.defects import STORE_TROUBLE
from lib.ui.widgets.navigation import ALL_PAGES
from lib.writes import writes_in_flight

log = logging.getLogger(__name__)


def healthz(_: Request) -> Response:
    """200 when the app can serve and its store answers; 503 with a reason otherwise, the details of which are logged.

    `as_of` is the start of the last complete pass (ISO, UTC), and `sync` how many seconds ago that was; null before it.
    """
    try:
        if writes_in_flight.refuses:
            raise ServerEnding
        _require_whole_pages()
        desk().store.answers()
        with desk().store.read() as connection:
            as_of = passes.as_of(connection)
    except DeskError as error:
        log.warning("this server cannot serve: %s", error)
        reason = STORE_TROUBLE if isinstance(error, StoreError) else str(error)
        return JSONResponse({"status": "unavailable", "reason": reason}, status_code=503)
    return JSONResponse(
        {
            "status": "ok",
            "recall": desk().settings.region or "sandbox",
            "as_of": as_of and as_of.isoformat(),
            "sync": as_of and round((utc_now() - as_of).total_seconds()),
        }
    )


def _require_whole_pages() -> None:
    if broken := broken_pages(tuple(page.file for page in ALL_PAGES)):
        raise PageBroken(broken)


@cache  # code does not change under a running server
def broken_pages(files: tuple[Path, ...]) -> tuple[str, ...]:
    """Names of the pages that cannot be loaded: a syntax error, or an import that is missing.

    The others work; whoever opens one of these reads a sentence and a reference number.
    """
    return tuple(file.stem for file in files if not _can_begin(file))


def _can_begin(file: Path) -> bool:
    try:
        for statement in ast.parse(file.read_text("utf-8"), file.name).body:
            _import(statement)
    except Exception:
        log.exception("the page %s cannot be begun", file.stem)
        return False
    return True


def _import(statement: ast.stmt) -> None:
    if isinstance(statement, ast.Import):
        for each in statement.names:
            importlib.import_module(each.name)
    elif isinstance(statement, ast.ImportFrom) and statement.module:
        module = importlib.import_module(statement.module)
        for each in statement.names:
            if not hasattr(module, each.name):
                importlib.import_module(f"{statement.module}.{each.name}")


routes = [Route("/healthz", healthz, methods=["GET"])]
