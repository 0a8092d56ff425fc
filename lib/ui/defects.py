"""What is told of a defect of ours: a sentence and a reference number. What it was stands in the log alone."""

import logging

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lib.bootstrap import desk
from lib.errors import new_reference
from lib.ui.security_headers import security_headers

log = logging.getLogger(__name__)


def show_script_error(error: Exception) -> bool:
    """In the place of a page, or of a part of it, that broke: while it was loaded, drawn, or acting on a click."""
    reference = new_reference()
    log.error("reference %s: a page could not be built", reference, exc_info=error)
    st.error(
        f"This page could not be built. Nothing was changed. Tell your admin: reference {reference}.",
        icon=":material/error:",
    )
    return True


def answer_defect(_: Request, error: Exception) -> Response:
    """In the place of the answer of a route, or of what stands before it. It goes past all that adds headers."""
    reference = new_reference()
    log.error("reference %s: a request could not be answered", reference, exc_info=error)
    return PlainTextResponse(
        f"This could not be answered because of a defect here. Tell your admin: reference {reference}.\n",
        500,
        {**security_headers(desk().settings.public_url), "cache-control": "no-store"},
    )


exception_handlers = {Exception: answer_defect}
