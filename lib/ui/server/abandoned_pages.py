"""What Streamlit keeps of a page whose connection has ended: for two minutes all of it, so that it can go on.

It keeps 128 of them, and the newest push out the oldest. A stranger has nothing to go on with, so nothing is kept of
them: neither their memory nor the place of somebody who has.
"""

from streamlit.runtime import get_instance
from streamlit.runtime.session_manager import SessionClient

MARK = "x-coverage-desk-stranger"
"""A header that we add to a stranger's connection, to find what Streamlit made of it. No client can know its value."""


def leave_nothing_behind(mark: str) -> None:
    """Have the page forgotten when the connection with this mark ends."""
    runtime = get_instance()
    # Streamlit has no way in public from a connection to its session.
    for known in runtime._session_mgr.list_active_sessions():
        if _bears(known.client, mark):
            runtime.mark_session_nonresumable(known.session.id)


def _bears(client: SessionClient, mark: str) -> bool:
    return client.client_context is not None and (MARK, mark) in client.client_context.headers
