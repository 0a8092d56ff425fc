"""A file is taken of who may do something with it on some page, and of nobody else who is signed in."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib.customer.sight import Sight
from lib.staff import accounts, sessions
from lib.staff.permissions import Role
from lib.ui.server.uploads import MOST_FILES
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.contract.ui.conftest import Server, serving
from tests.websocket_client import Tab, connect

MAY = {"vera": False, "edda": True, "lim": False, "ada": True}
"""A viewer, an editor, an editor of one customer, an admin."""
BODY = b'--edge\r\nContent-Disposition: form-data; name="f"; filename="c.csv"\r\n\r\nuser,customer\n\r\n--edge--\r\n'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("uploads")) as server:
        for name, role in (("edda", Role.EDITOR), ("lim", Role.EDITOR), ("ada", Role.ADMIN)):
            accounts.add(server.store, name, role=role, display=name.title(), password="a good password")
        accounts.change(server.store, "lim", sight=Sight(frozenset({"acme.example"})))
        yield server


def cookie_of(server: Server, name: str) -> dict[str, str]:
    begun = sessions.redeem(server.store, sessions.mint_ticket(server.store, name))
    assert begun is not None
    return {SESSION_COOKIE: begun}


def told_where(tab: Tab, files: int) -> bool:
    """Whether the answer comes. A run that had begun before may end first, so another two are waited for."""
    asked = BackMsg()
    asked.file_urls_request.file_names.extend(f"{n}.csv" for n in range(files))
    tab.send(asked)
    return any(frame.WhichOneof("type") == "file_urls_response" for _ in range(3) for frame in tab.rerun())


def put(server: Server, tab: Tab, cookie: dict[str, str], file: str = "a-file") -> int:
    token = SimpleCookie(server.ask("GET", "/_stcore/health").headers["set-cookie"])["_streamlit_xsrf"].value
    sent = "; ".join(f"{name}={value}" for name, value in {**cookie, "_streamlit_xsrf": token}.items())
    headers = {"Cookie": sent, "X_Xsrftoken": token, "Content_Type": "multipart/form-data; boundary=edge"}
    headers["Origin"] = server.origin
    return server.ask("PUT", f"/_stcore/upload_file/{tab.session_id}/{file}", BODY, **headers).status


@pytest.mark.parametrize("name", MAY)
def test_a_file_is_taken_of_who_may_do_something_with_it(house: Server, name: str) -> None:
    cookie = cookie_of(house, name)
    with connect(house.origin, cookie=cookie, path="customers") as tab:
        tab.rerun()
        assert told_where(tab, 1) is MAY[name]
        assert put(house, tab, cookie) == (204 if MAY[name] else 403)


def test_of_a_stranger_no_file_is_taken(house: Server) -> None:
    with connect(house.origin, path="customers") as tab:
        tab.rerun()
        assert not told_where(tab, 1)
        assert put(house, tab, {}) == 401


def test_where_to_put_more_files_than_are_held_is_told_to_nobody(house: Server) -> None:
    with connect(house.origin, cookie=cookie_of(house, "ada"), path="customers") as tab:
        tab.rerun()
        assert told_where(tab, MOST_FILES)
        assert not told_where(tab, MOST_FILES + 1)


def test_the_oldest_file_goes_for_the_newest_and_one_without_end_is_refused(house: Server) -> None:
    cookie = cookie_of(house, "ada")
    with connect(house.origin, cookie=cookie, path="customers") as tab:
        tab.rerun()
        assert {put(house, tab, cookie, str(number)) for number in range(2 * MOST_FILES)} == {204}
        told = house.ask(
            "PUT",
            f"/_stcore/upload_file/{tab.session_id}/x",
            Cookie=f"{SESSION_COOKIE}={cookie[SESSION_COOKIE]}",
            Content_Length="900000000",
            Origin=house.origin,
        )
        assert told.status == 413


def test_a_right_taken_away_counts_for_the_next_file(house: Server) -> None:
    cookie = cookie_of(house, "edda")
    with connect(house.origin, cookie=cookie, path="customers") as tab:
        tab.rerun()
        accounts.change(house.store, "edda", role=Role.VIEWER)
        try:
            assert put(house, tab, cookie) == 403
            assert not told_where(tab, 1)
        finally:
            accounts.change(house.store, "edda", role=Role.EDITOR)
