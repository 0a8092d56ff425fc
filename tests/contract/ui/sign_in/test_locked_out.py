"""Who guesses locks out nobody elsewhere: over a websocket, by a proxy that says from where each one comes."""

from streamlit.proto.Button_pb2 import Button
from streamlit.proto.TextInput_pb2 import TextInput

from lib.staff.locks import MISSES
from tests.contract.ui.conftest import Server
from tests.websocket_client import Tab, connect, pressed, typed

WRONG, TOO_MANY = "This name and password do not match an account.", "There were too many wrong passwords."


def opened(server: Server, address: str, *more: str) -> Tab:
    """A tab at the sign-in, which the proxy on this machine says has come from `address`."""
    tab = connect(server.origin, path="users", headers={"X-Forwarded-For": ", ".join((*more, address))})
    tab.rerun()
    return tab


def guess(tab: Tab, name: str) -> str:
    fields = [typed(tab.labelled(TextInput, label).id, text) for label, text in (("Name", name), ("Password", "wrong"))]
    tab.rerun(*fields, pressed(tab.labelled(Button, "Sign in").id))
    return tab.text()


def test_guesses_lock_the_address_they_come_from_and_no_other(server: Server) -> None:
    with opened(server, "203.0.113.7") as stranger:
        for _ in range(MISSES):
            told = guess(stranger, "locked-out")
        assert TOO_MANY in told
    with opened(server, "203.0.113.8") as owner:
        assert WRONG in guess(owner, "locked-out")
    with opened(server, "203.0.113.7", "198.51.100.1") as pretends:
        assert TOO_MANY in guess(pretends, "locked-out"), "what somebody says of themselves is not believed"
