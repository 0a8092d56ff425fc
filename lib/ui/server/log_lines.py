"""One log for the whole dashboard: Streamlit's and uvicorn's lines look as ours do, and go where ours go."""

import logging

from streamlit import logger as streamlit_logger
from streamlit.runtime.media_file_storage import MediaFileStorageError

from lib import logs
from lib.settings import load_settings
from lib.staff.cookie_key import cookie_key
from lib.ui.server.request_ids import asked_by

_OF_THE_SERVER = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
_ACCESS, _OF_CONNECTIONS = "uvicorn.access", "uvicorn.error"
_OF_WEBSOCKETS = ('%s - "WebSocket', "connection open", "connection closed")
_AT_IMPORT = "Thread 'MainThread': missing ScriptRunContext"


def write_log() -> None:
    """Set the log of this process up, as the settings say. Raises `SettingsError`."""
    settings = load_settings()
    secrets = settings.secrets | {cookie_key(settings).get_secret_value()}
    logs.set_up("dashboard", form=settings.log_format, secrets=secrets, asked_by=asked_by)
    logs.take_what_is_printed()
    # Streamlit gives each of its loggers, whenever one is made, a handler of its own by this function.
    streamlit_logger.setup_formatter = _let_the_root_write
    streamlit_logger.update_formatter()
    for name in _OF_THE_SERVER:
        _let_the_root_write(logging.getLogger(name))


def _let_the_root_write(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
    if logger.name == _ACCESS:
        logger.disabled = True  # addresses with all that stands in their query: tokens of those who connect a calendar
    if logger.name == _OF_CONNECTIONS:
        logger.addFilter(_is_no_access)  # the same of websockets
    if logger.name.endswith("script_run_context"):
        logger.addFilter(_is_no_import)
    if logger.name.endswith("backend_operation_handler"):
        logger.addFilter(_a_gone_file_is_no_defect)


def _is_no_import(record: logging.LogRecord) -> bool:
    """The sign-in form's components declare themselves when they are loaded, in the thread that never runs a page."""
    return not str(record.msg).startswith(_AT_IMPORT) and not record.getMessage().startswith(_AT_IMPORT)


def _is_no_access(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_OF_WEBSOCKETS)


def _a_gone_file_is_no_defect(record: logging.LogRecord) -> bool:
    """Who presses a download that the page has replaced meanwhile is told so there; here it is a line without a trace.

    A file that could not be made carries its cause, and keeps its trace.
    """
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, MediaFileStorageError) and str(error).startswith("Deferred file") and not error.__cause__:
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
        record.msg, record.args = "a file was asked for that its page no longer offers", None
    return True
