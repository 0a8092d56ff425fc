"""What people are told of a defect of ours: a sentence and a reference number. The details are in the log alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lib.bootstrap import desk
from lib.errors import StoreError, new_reference
from lib.ui.server.security_headers import security_headers
from lib.ui.widgets.buttons import forget_clicks

log = logging.getLogger(__name__)

STORE_TROUBLE = "The store cannot be used at the moment. The log of this server says why."
"""What strangers are told: the error itself names the database and its host."""


@contextmanager
def store_errors_shown() -> Iterator[None]:
    """Around a page: a store that cannot be used is no defect; the run ends with the error's sentence."""
    try:
        yield
    except StoreError as problem:
        show_script_error(problem)
        st.stop()


def show_script_error(error: Exception) -> bool:
    """Shown in place of a page, or part of one, that broke while it was loaded, drawn, or acting on a click."""
    forget_clicks()
    if isinstance(error, StoreError):
        log.warning("a page could not be built: %s", error)
        st.error(str(error), icon=":material/error:")
        return True
    reference = new_reference()
    log.error("reference %s: a page could not be built", reference, exc_info=error)
    st.error(
        f"This page could not be built. Nothing was changed. Tell your admin: reference {reference}.",
        icon=":material/error:",
    )
    return True


def answer_store_error(_: Request, error: Exception) -> Response:
    """The answer of a route where the store cannot be used."""
    log.warning("a request could not be answered: %s", error)
    return PlainTextResponse(f"{STORE_TROUBLE}\n", 503)


def answer_defect(_: Request, error: Exception) -> Response:
    """The answer of a route, or of middleware, that broke. It bypasses what adds headers, so it adds its own."""
    reference = new_reference()
    log.error("reference %s: a request could not be answered", reference, exc_info=error)
    return PlainTextResponse(
        f"This could not be answered because of a defect here. Tell your admin: reference {reference}.\n",
        500,
        {**security_headers(desk().settings.public_url), "cache-control": "no-store"},
    )


exception_handlers = {StoreError: answer_store_error, Exception: answer_defect}
