"""Everything that lib uses of Streamlit and Streamlit does not document, behind names of our own.

No other module of lib knows any of it. `tests/architecture/test_streamlit_internals.py` holds that, and names for each
thing here the test that breaks when Streamlit changes it: run those before raising the pin in requirements.txt.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import streamlit as st
from streamlit import config, logger
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import get_instance
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = ["BackMsg", "ClientState", "ColumnConfig", "ComponentRenderer", "DeltaGenerator", "StreamlitPage"]

STREAM = "/_stcore/stream"
"""Path of the websocket. The third of its protocols is the id of the page that wants to go on."""
UPLOADS, MEDIA, COMPONENTS = "/_stcore/upload_file/", "/media/", "/_stcore/bidi-components/"
"""Where paths begin of files that people upload, of files made for them, and of components' scripts."""
BEFORE_THE_WEBSOCKET = frozenset({"/_stcore/health", "/_stcore/host-config"})
"""What a page asks for before it opens its websocket."""
FOR_EVERYBODY = ("/static/", "/app/static/")
"""Where paths begin of Streamlit's own files and of ours."""
INDEX_PAGE = Path(st.__file__).parent / "static" / "index.html"
"""The page that holds the inline scripts."""
LOGS_OF_PAGES, LOGS_OF_FILES = "script_run_context", "backend_operation_handler"
"""How names end of the loggers that warn of code outside a page, and of files that cannot be served."""
OUTSIDE_A_PAGE = "Thread 'MainThread': missing ScriptRunContext"
_CAN_BE_SET = frozenset(
    {"string_value", "string_array_value", "bool_value", "int_value", "int_array_value", "double_value"}
    | {"double_array_value"}
)
"""Kinds of values that a script may put into a field. Buttons and files are none of them."""


def key_of_submit(form: str, label: str) -> str:
    """The key under which a form keeps whether its button was pressed in this run."""
    return f"FormSubmitter:{form}-{label}"


def is_running_page() -> bool:
    """Whether this thread runs a page."""
    return get_script_run_ctx(suppress_warning=True) is not None


def keys_of_fields() -> Iterator[str]:
    """Keys of this page's fields that a script may set. To set another one makes Streamlit refuse the whole page."""
    context = get_script_run_ctx()
    if context is None:
        return
    state = context.session_state._state
    for key in st.session_state:
        widget = state.get_widget_id_from_key(str(key))
        kind = state.get_widget_metadata(widget) if widget else None
        if kind is not None and kind.value_type in _CAN_BE_SET:
            yield str(key)


def forget_when_closed(header: str, value: str) -> None:
    """Have Streamlit keep nothing of the page whose connection came with this header, once that connection ends.

    It keeps 128 pages whole for two minutes, so that they can go on, and the newest push out the oldest.
    """
    runtime = get_instance()
    for known in runtime._session_mgr.list_active_sessions():
        context = known.client.client_context
        if context is not None and (header, value) in context.headers:
            runtime.mark_session_nonresumable(known.session.id)


def holds_file(page: str, file: str) -> bool:
    """Whether the uploaded file of that page is still kept."""
    return bool(get_instance().uploaded_file_mgr.get_files(page, [file]))


def drop_file(page: str, file: str) -> None:
    """Let go of an uploaded file."""
    files = get_instance().uploaded_file_mgr
    if isinstance(files, MemoryUploadedFileManager):  # the only one there is
        files.remove_file(session_id=page, file_id=file)


def serve_components(package: str, folder: Path, names: Iterable[str]) -> None:
    """Serve scripts in `folder` as the components of a package, also to pages that another server drew."""
    manager = get_bidi_component_manager()
    if any(manager.get_component_asset_root(f"{package}.{name}") is None for name in names):
        components = [ComponentConfig(name, folder.name) for name in names]
        manager.register_from_manifest(ComponentManifest(package, "", components), folder.parent)


def set_cookie_secret(key: str) -> None:
    """The key that Streamlit signs cookies with before it has read its secrets."""
    config.set_option("server.cookieSecret", key)


def set_up_loggers(set_up: Callable[[logging.Logger], None]) -> None:
    """Let `set_up` give Streamlit's loggers their handlers, those to come as well."""
    logger.setup_formatter = set_up  # type: ignore[assignment]  # its parameter is called otherwise
    logger.update_formatter()


def is_of_replaced_file(error: BaseException | None) -> bool:
    """Whether a download failed only because its page has replaced it. A file that could not be made has a cause."""
    is_deferred = isinstance(error, MediaFileStorageError) and str(error).startswith("Deferred file")
    return error is not None and is_deferred and error.__cause__ is None
