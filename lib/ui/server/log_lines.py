"""One log for the whole dashboard: lines of Streamlit and uvicorn look like ours and go where ours go."""

import logging

from lib import logs
from lib.settings import load_settings
from lib.staff.cookie_key import cookie_key
from lib.ui.server.request_ids import asked_by
from lib.ui.server.streamlit_internals import (
    LOGS_OF_FILES,
    LOGS_OF_PAGES,
    OUTSIDE_A_PAGE,
    is_of_replaced_file,
    set_up_loggers,
)

_OF_THE_SERVER = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
_ACCESS, _OF_CONNECTIONS = "uvicorn.access", "uvicorn.error"
_OF_WEBSOCKETS = ('%s - "WebSocket', "connection open", "connection closed")


def write_log() -> None:
    """Set up the log of this process. Raises `SettingsError`."""
    settings = load_settings()
    secrets = settings.secrets | {cookie_key(settings).get_secret_value()}
    logs.set_up("dashboard", form=settings.log_format, secrets=secrets, asked_by=asked_by)
    logs.take_what_is_printed()
    set_up_loggers(_let_the_root_write)
    for name in _OF_THE_SERVER:
        _let_the_root_write(logging.getLogger(name))


def _let_the_root_write(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
    if logger.name == _ACCESS:
        logger.disabled = True  # it has whole queries, and with them tokens of those who connect a calendar
    if logger.name == _OF_CONNECTIONS:
        logger.addFilter(_is_no_access)  # nor does it log the addresses of websockets
    if logger.name.endswith(LOGS_OF_PAGES):
        logger.addFilter(_is_no_import)
    if logger.name.endswith(LOGS_OF_FILES):
        logger.addFilter(_a_gone_file_is_no_defect)


def _is_no_import(record: logging.LogRecord) -> bool:
    """False for the warning that the sign-in form's components cause by declaring themselves outside a page."""
    return not str(record.msg).startswith(OUTSIDE_A_PAGE) and not record.getMessage().startswith(OUTSIDE_A_PAGE)


def _is_no_access(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_OF_WEBSOCKETS)


def _a_gone_file_is_no_defect(record: logging.LogRecord) -> bool:
    """Cut the trace of a download that its page had replaced: whoever pressed it is told there.

    A file that could not be made carries its cause, and keeps its trace.
    """
    if record.exc_info and is_of_replaced_file(record.exc_info[1]):
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
        record.msg, record.args = "a file was asked for that its page no longer offers", None
    return True
