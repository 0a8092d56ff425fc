"""A sign-in by an OpenID provider, over real sockets: the dashboard, the provider, and what a browser does of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from sqlalchemy import select, update

from lib.clock import utc_now
from lib.errors import NotPermitted
from lib.staff import accounts, provider_accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role
from lib.store import Store, migrate, open_store
from lib.store.tables.desk import event, session
from lib.ui.sign_in.provider_routes import TOLD_COOKIE
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.contract.ui.conftest import RECALL, command, environment
from tests.openid import CLIENT_SECRET, OpenIdProvider, openid_provider
from tests.running import free_port, running

COOKIE_KEY = "canary-of-the-cookie-key-0123456789"


@dataclass(frozen=True)
class Desk:
    """A dashboard where nobody has a password, its provider, and a second server on the same store."""

    origin: str
    second: str
    store: Store
    provider: OpenIdProvider
    logs: tuple[Path, Path]

    def member(self, cookie: str | None) -> StaffMember | None:
        session = sessions.find(self.store, cookie)
        return session.staff if session else None

    def has_logged(self, words: str) -> bool:
        """Whether they stand in the log. Lines are written by a thread, which is waited for."""
        ends_at = monotonic() + 20
        while words not in (written := self.logs[0].read_text()) and monotonic() < ends_at:
            sleep(0.05)
        return words in written


class Person:
    """Somebody's browser, as far as a sign-in needs one: it keeps cookies and follows redirects."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.http = httpx2.Client(follow_redirects=False, timeout=30, verify=False)

    def begin(self, page: str = "/") -> httpx2.Response:
        """Press the button on `page`; answers what the provider shows, or where the dashboard sends one instead."""
        noted = self.http.post(f"{self.desk.origin}/sign-in", content=page, headers={"Origin": self.desk.origin})
        assert noted.status_code == 204
        return self._follow(self.http.get(f"{self.desk.origin}/auth/login?provider=signed-by-streamlit"))

    def begin_again(self, *, site: str = "same-origin") -> httpx2.Response:
        """Open the link by which somebody proves who they are; answers as `begin` does."""
        return self._follow(self.http.get(f"{self.desk.origin}/sign-in/again", headers={"Sec-Fetch-Site": site}))

    def _follow(self, away: httpx2.Response) -> httpx2.Response:
        there = str(away.headers["location"])
        return self.http.get(there) if there.startswith(self.desk.provider.issuer) else away

    def choose(
        self, shown: httpx2.Response, sub: str, *, at: str | None = None, without: tuple[str, ...] = ()
    ) -> httpx2.Response:
        """Choose who signs in; answers what the dashboard does with it, or the server `at` instead of it."""
        address = self.answer_of(shown, sub, without=without)
        return self.http.get(address.replace(self.desk.origin, at) if at else address)

    def answer_of(self, shown: httpx2.Response, sub: str, *, without: tuple[str, ...] = ()) -> str:
        """The address that the provider sends the browser back to, once somebody was chosen. `without`: what is struck
        out of the address by which it was asked."""
        assert shown.status_code == 200, shown.text
        asked = {name: value for name, value in _hidden(shown.text).items() if name not in without}
        return str(self.http.post(str(shown.url), data={**asked, "sub": sub}).headers["location"])

    def sign_in(self, sub: str, page: str = "/") -> httpx2.Response:
        return self.choose(self.begin(page), sub)

    def sign_in_again(self, sub: str) -> str:
        """Prove who one is, in another tab; answers the heading of what that shows at the end."""
        landed = self.http.get(f"{self.desk.origin}{self.choose(self.begin_again(), sub).headers['location']}")
        return landed.text.partition("<h1>")[2].partition("</h1>")[0]

    @property
    def cookie(self) -> str | None:
        return self.http.cookies.get(SESSION_COOKIE)

    @property
    def told(self) -> str | None:
        return self.http.cookies.get(TOLD_COOKIE)

    @property
    def member(self) -> StaffMember | None:
        return self.desk.member(self.cookie)


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "input":
            self.found[str(told["name"])] = str(told["value"])


def _hidden(page: str) -> dict[str, str]:
    fields = _Fields()
    fields.feed(page)
    return fields.found


@contextmanager
def serving(folder: Path) -> Iterator[Desk]:
    file, port, other = folder / "desk.db", free_port(), free_port()
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}", recall_base_url=RECALL)
    origin, second = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
    logs = (folder / "one.log", folder / "two.log")
    with openid_provider(f"{origin}/oauth2callback") as provider:
        settings = environment(file) | provider.settings | {"PUBLIC_URL": origin, "COOKIE_KEY": COOKIE_KEY}
        with (
            running(command(port), logs[0], f"{origin}/healthz", settings),
            running(command(other), logs[1], f"{second}/healthz", settings),
        ):
            yield Desk(origin, second, store, provider, logs)
    store.close()


@pytest.fixture(scope="module")
def running_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving(tmp_path_factory.mktemp("provider")) as desk:
        yield desk


@pytest.fixture
def desk(running_desk: Desk) -> Iterator[Desk]:
    """The dashboard, its provider honest and without anybody."""
    provider = running_desk.provider
    provider.people.clear()
    provider.asked.clear()
    yield running_desk
    provider.fault, provider.groups_in_token, provider.tells_when = None, True, True


@pytest.fixture
def people(desk: Desk) -> Iterator[Callable[[], Person]]:
    """Makes a browser of its own for one more person."""
    with ExitStack() as browsers:

        def one_more() -> Person:
            person = Person(desk)
            browsers.enter_context(person.http)
            return person

        yield one_more


@pytest.fixture
def somebody(people: Callable[[], Person]) -> Person:
    return people()


def test_it_serves_although_nobody_has_a_password(desk: Desk) -> None:
    assert not accounts.credentials(desk.store)
    assert httpx2.get(f"{desk.origin}/healthz").json()["status"] == "ok"


def test_who_comes_back_has_a_session_that_the_server_keeps_on_the_page_that_was_wanted(somebody: Person) -> None:
    somebody.desk.provider.knows("dana", groups=["staff", "desk-editors"], name="Dana Weiss")
    wanted = "/users?user=6f1c8e8e-3a51-4d0c-9f5e-000000000001&section=preferences"
    answer = somebody.sign_in("dana", wanted)
    assert (answer.status_code, answer.headers["location"]) == (302, wanted)
    member = somebody.member
    assert member is not None
    assert (member.name, member.display, member.role) == ("dana@acme.example", "Dana Weiss", Role.EDITOR)
    [kept] = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith(SESSION_COOKIE)]
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(kept.split("; "))


def test_streamlits_own_cookies_of_30_days_are_never_made(somebody: Person) -> None:
    somebody.desk.provider.knows("nina", groups=["staff"])
    answer = somebody.sign_in("nina")
    assert not [name for name in somebody.http.cookies if name.startswith("_streamlit_user")]
    assert "_streamlit_user" not in str(answer.headers)


def test_signing_out_makes_every_copy_of_the_cookie_worthless_and_the_next_sign_in_asks_the_provider(
    somebody: Person,
) -> None:
    somebody.desk.provider.knows("otto", groups=["staff"])
    somebody.sign_in("otto")
    copied = somebody.cookie
    somebody.http.delete(f"{somebody.desk.origin}/session", headers={"Origin": somebody.desk.origin})
    assert somebody.desk.member(copied) is None
    assert "Acme ID" in somebody.begin().text


def test_going_back_to_the_answer_of_the_provider_signs_nobody_in_twice(somebody: Person) -> None:
    somebody.desk.provider.knows("zoe", groups=["staff"])
    shown = somebody.begin()
    back = somebody.http.post(str(shown.url), data={**_hidden(shown.text), "sub": "zoe"})
    before = somebody.http.cookies.get("_streamlit_session")
    first = somebody.http.get(str(back.headers["location"]))
    assert SESSION_COOKIE in str(first.headers)
    somebody.http.cookies.clear()
    somebody.http.cookies.set("_streamlit_session", str(before), domain="127.0.0.1")
    somebody.http.get(str(back.headers["location"]))
    assert (somebody.member, somebody.told) == (None, "not_finished")


def test_an_answer_that_another_browser_asked_for_signs_nobody_in(people: Callable[[], Person]) -> None:
    somebody, victim = people(), people()
    somebody.desk.provider.knows("mallory", groups=["desk-admins"])
    shown = somebody.begin()
    back = somebody.http.post(str(shown.url), data={**_hidden(shown.text), "sub": "mallory"})
    victim.http.get(str(back.headers["location"]))
    assert (victim.member, victim.told) == (None, "too_late")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("wrong issuer", "not_trusted"),
        ("wrong audience", "not_trusted"),
        ("wrong audience, ours authorised", "not_trusted"),
        ("wrong nonce", "not_trusted"),
        ("expired", "not_trusted"),
        ("alg none", "not_trusted"),
        ("shared key", "not_trusted"),
        ("another key", "not_trusted"),
        ("no id token", "unreachable"),
        ("token down", "unreachable"),
        ("keys down", "unreachable"),
    ],
)
def test_an_answer_that_is_forged_or_cut_short_lets_nobody_in(somebody: Person, fault: str, told: str) -> None:
    somebody.desk.provider.knows("ada", groups=["desk-admins"])
    shown = somebody.begin("/activity")
    somebody.desk.provider.fault = fault
    answer = somebody.choose(shown, "ada")
    assert answer.headers["location"] == "/activity"
    assert (somebody.cookie, somebody.told) == (None, told)
    assert accounts.find(somebody.desk.store, "ada@acme.example") is None


@pytest.mark.parametrize("fault", ["down", "plain address"])
def test_a_provider_that_cannot_be_asked_is_told_of_on_the_page_and_sessions_go_on(
    people: Callable[[], Person], fault: str
) -> None:
    before, after = people(), people()
    provider = before.desk.provider
    provider.knows("bea", groups=["staff"])
    before.sign_in("bea")
    provider.fault = fault
    answer = after.begin("/bots?bot=1")
    assert (answer.status_code, answer.headers["location"], after.told) == (302, "/bots?bot=1", "unreachable")
    assert before.member is not None
    provider.fault = None
    after.sign_in("bea")
    assert after.member is not None
    assert after.told is None


def test_a_sign_in_that_was_cancelled_there_is_told_and_the_providers_words_are_not_kept(somebody: Person) -> None:
    answer = somebody.sign_in("", "/coverage")
    assert (answer.headers["location"], somebody.told) == ("/coverage", "cancelled")


def test_a_stranger_is_refused_and_gets_no_account(somebody: Person) -> None:
    somebody.desk.provider.knows("eve", groups=["gardeners"])
    somebody.sign_in("eve")
    assert (somebody.cookie, somebody.told) == (None, "stranger")
    assert accounts.find(somebody.desk.store, "eve@acme.example") is None


def test_activity_tells_who_came_by_the_provider_and_that_somebody_was_refused(somebody: Person) -> None:
    somebody.desk.provider.knows("mona", groups=["staff"])
    somebody.sign_in("mona")
    somebody.desk.provider.knows("mona", groups=["desk-editors"])
    somebody.sign_in("mona")
    somebody.desk.provider.knows("nobody-we-know")
    somebody.sign_in("nobody-we-know")
    with somebody.desk.store.read() as connection:
        told = connection.execute(select(event.c.kind, event.c.actor, event.c.details).order_by(event.c.seq.desc()))
        newest = [(row.kind, row.actor, row.details) for row in told.fetchmany(5)][::-1]
    name = "mona@acme.example"
    assert [(kind, actor) for kind, actor, _ in newest] == [
        ("staff_changed", name),
        ("signed_in", name),
        ("staff_changed", name),
        ("signed_in", name),
        ("sign_in_refused", None),
    ]
    assert "nobody-we-know" not in str(newest)


def test_an_address_that_the_provider_has_not_checked_gives_no_role(somebody: Person) -> None:
    somebody.desk.provider.knows("vic", email_verified=False)
    somebody.sign_in("vic")
    assert (somebody.cookie, somebody.told) == (None, "unverified")
    somebody.desk.provider.knows("vic", email_verified=None)
    somebody.sign_in("vic")
    assert (somebody.cookie, somebody.told) == (None, "unsaid")
    assert somebody.desk.has_logged("OIDC_EMAILS_VOUCHED_FOR")
    somebody.desk.provider.knows("vic", email="VIC@acme.example")
    somebody.sign_in("vic")
    member = somebody.member
    assert member is not None
    assert (member.name, member.role) == ("vic@acme.example", Role.VIEWER)


def test_groups_that_only_userinfo_tells_count_unless_they_are_another_persons(somebody: Person) -> None:
    provider = somebody.desk.provider
    provider.knows("gus", groups=["desk-admins"])
    provider.groups_in_token, provider.fault = False, "another's userinfo"
    somebody.sign_in("gus")
    assert somebody.told == "stranger"
    provider.fault = None
    somebody.sign_in("gus")
    member = somebody.member
    assert member is not None
    assert member.role is Role.ADMIN


def test_somebody_in_too_many_groups_is_told_so_and_keeps_the_session_they_have_but_gets_no_other(
    people: Callable[[], Person],
) -> None:
    before, after = people(), people()
    provider = before.desk.provider
    provider.knows("olga", groups=["desk-admins"])
    before.sign_in("olga")
    provider.fault = "too many groups"
    after.sign_in("olga")
    assert (after.cookie, after.told) == (None, "groups_left_out")
    assert before.sign_in_again("olga") == "You are not signed in again"
    assert before.member is not None
    assert before.member.role is Role.ADMIN
    assert before.desk.has_logged("OIDC_GROUPS_CLAIM=roles")
    assert "olga" not in before.desk.logs[0].read_text()
    provider.fault = None
    provider.knows("olga", groups=[])
    after.sign_in("olga")
    assert after.told == "stranger"
    assert before.member is None


def test_somebody_in_too_many_groups_has_the_role_that_their_address_gives(somebody: Person) -> None:
    somebody.desk.provider.knows("vic", groups=["desk-admins"])
    somebody.desk.provider.fault = "too many groups"
    somebody.sign_in("vic")
    assert somebody.member is not None
    assert somebody.member.role is Role.VIEWER


def test_what_changes_at_the_provider_holds_from_the_next_sign_in_on(people: Callable[[], Person]) -> None:
    somebody = people()
    provider = somebody.desk.provider
    provider.knows("rita", groups=["desk-admins"])
    somebody.sign_in("rita")
    first = somebody.cookie
    provider.knows("rita", groups=["staff"], name="Rita\n[Now](http://x) Married", email="rita.new@acme.example")
    people().sign_in("rita")
    member = somebody.desk.member(first)
    assert member is not None
    assert (member.name, member.role) == ("rita@acme.example", Role.VIEWER)
    assert member.display == "Rita [Now](http://x) Married"
    with pytest.raises(NotPermitted):
        member.require(Permission.STAFF_MANAGE)
    provider.knows("rita", groups=[])
    other = people()
    other.sign_in("rita")
    assert other.told == "stranger"
    assert somebody.desk.member(first) is None


def test_who_was_disabled_here_is_out_at_once_and_not_let_in_again(somebody: Person) -> None:
    somebody.desk.provider.knows("leo", groups=["staff"])
    somebody.sign_in("leo")
    accounts.disable(somebody.desk.store, "leo@acme.example")
    assert somebody.member is None
    somebody.http.cookies.clear()
    somebody.sign_in("leo")
    assert (somebody.cookie, somebody.told) == (None, "disabled")


def test_an_account_of_another_person_is_never_handed_over(people: Callable[[], Person]) -> None:
    somebody, heir = people(), people()
    store, provider = somebody.desk.store, somebody.desk.provider
    accounts.add(store, "boss@acme.example", role=Role.ADMIN, display="The Boss", password="a good password")
    provider.knows("impostor", email="boss@acme.example", groups=["staff"])
    somebody.sign_in("impostor")
    assert (somebody.cookie, somebody.told) == (None, "name_taken")
    provider.knows("hugo", groups=["staff"])
    somebody.sign_in("hugo")
    provider.knows("hugo-the-second", email="hugo@acme.example", groups=["desk-admins"])
    heir.sign_in("hugo-the-second")
    assert (heir.cookie, heir.told) == (None, "name_taken")
    assert somebody.member is not None
    assert somebody.member.role is Role.VIEWER
    provider_accounts.unlink(store, "Hugo@acme.example")
    assert somebody.member is None
    provider.knows("hugo-the-second", email="hugo@acme.example", email_verified=None, groups=["desk-admins"])
    heir.sign_in("hugo-the-second")
    assert heir.told == "name_taken"
    provider.knows("hugo-the-second", email="hugo@acme.example", groups=["desk-admins"])
    heir.sign_in("hugo-the-second")
    assert heir.member is not None
    assert (heir.member.name, heir.member.role) == ("hugo@acme.example", Role.ADMIN)
    with store.write() as connection:  # so that no test after this one meets a form for passwords
        connection.exec_driver_sql("UPDATE staff SET password_hash = NULL, active = false")


def test_proving_who_one_is_asks_for_it_and_lets_the_session_begin_anew_under_its_cookie(somebody: Person) -> None:
    desk, provider = somebody.desk, somebody.desk.provider
    provider.knows("pia", groups=["staff"])
    provider.knows("paul", groups=["staff"])
    somebody.sign_in("pia")
    cookie, long_ago = somebody.cookie, utc_now() - timedelta(hours=3)
    digest = sessions.digest_of(cookie)
    assert digest is not None

    def proven(*, began: datetime | None = None) -> bool:
        with desk.store.write() as connection:
            if began:
                connection.execute(update(session).values(created_at=began, verified_at=None))
            return sessions.proven(connection, digest, now=utc_now())

    assert not proven(began=long_ago)
    for fault, sub in (("nobody asked", "pia"), ("another key", "pia"), (None, "paul"), (None, "")):
        provider.fault = fault
        assert somebody.sign_in_again(sub) == "You are not signed in again"
        assert (somebody.cookie, proven()) == (cookie, False)
    provider.fault = None
    assert somebody.sign_in_again("pia") == "You are signed in again"
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    assert (somebody.cookie, proven()) == (cookie, True)


def test_a_session_that_ended_by_itself_is_brought_back_and_one_that_was_ended_is_not(somebody: Person) -> None:
    desk = somebody.desk
    desk.provider.knows("ines", groups=["staff"])
    somebody.sign_in("ines")
    with desk.store.write() as connection:
        connection.execute(update(session).values(last_seen_at=utc_now() - timedelta(hours=3)))
    assert somebody.member is None
    assert somebody.sign_in_again("ines") == "You are signed in again"
    assert somebody.member is not None
    sessions.end_all(desk.store, "ines@acme.example")
    assert somebody.sign_in_again("ines") == "You are not signed in again"
    assert somebody.member is None


def is_proven(somebody: Person) -> bool:
    """Whether what cannot be taken back would be done for them now."""
    with somebody.desk.store.read() as connection:
        return sessions.proven(connection, sessions.digest_of(somebody.cookie), now=utc_now())


def test_a_sign_in_that_nobody_was_asked_for_proves_nothing(somebody: Person) -> None:
    somebody.desk.provider.knows("ute", groups=["staff"])
    somebody.sign_in("ute")
    assert somebody.member is not None
    assert not is_proven(somebody)
    assert somebody.sign_in_again("ute") == "You are signed in again"
    assert is_proven(somebody)
    somebody.sign_in("ute")
    assert not is_proven(somebody)


def test_striking_out_of_the_address_that_somebody_is_to_be_asked_proves_nothing(somebody: Person) -> None:
    somebody.desk.provider.knows("ugo", groups=["staff"])
    somebody.sign_in("ugo")
    struck = somebody.choose(somebody.begin_again(), "ugo", without=("max_age", "prompt"))
    assert (struck.headers["location"], somebody.told) == ("/signed-in-again", "not_proven")
    assert not is_proven(somebody)
    assert somebody.desk.has_logged("auth_time")


def test_a_provider_that_never_says_when_it_asked_is_believed_to_have_asked(somebody: Person) -> None:
    somebody.desk.provider.knows("uwe", groups=["staff"])
    somebody.desk.provider.tells_when = False
    somebody.sign_in("uwe")
    assert not is_proven(somebody)
    assert somebody.sign_in_again("uwe") == "You are signed in again"
    assert is_proven(somebody)


def test_the_proof_of_somebody_else_of_the_same_address_is_none(somebody: Person) -> None:
    somebody.desk.provider.knows("una", groups=["staff"])
    somebody.desk.provider.knows("una-two", groups=["desk-admins"], email="una@acme.example")
    somebody.sign_in("una")
    assert somebody.sign_in_again("una-two") == "You are not signed in again"
    assert (is_proven(somebody), somebody.told) == (False, "name_taken")
    assert somebody.member is not None
    assert somebody.member.role is Role.VIEWER


def test_an_answer_to_a_proof_counts_once(somebody: Person) -> None:
    desk = somebody.desk
    desk.provider.knows("ora", groups=["staff"])
    somebody.sign_in("ora")
    shown, before = somebody.begin_again(), somebody.http.cookies.get("_streamlit_session")
    answer = somebody.answer_of(shown, "ora")
    somebody.http.get(answer)
    with desk.store.write() as connection:
        connection.execute(update(session).values(verified_at=utc_now() - timedelta(hours=1)))
    somebody.http.get(answer)
    assert (somebody.told, is_proven(somebody)) == ("too_late", False)
    somebody.http.cookies.set("_streamlit_session", str(before), domain="127.0.0.1")
    somebody.http.get(answer)
    assert (somebody.told, is_proven(somebody)) == ("not_finished", False)


def test_of_two_tabs_that_prove_it_at_once_the_later_one_does_and_stays_a_proof(somebody: Person) -> None:
    somebody.desk.provider.knows("tea", groups=["staff"])
    somebody.sign_in("tea")
    cookie, early, late = somebody.cookie, somebody.begin_again(), somebody.begin_again()
    assert somebody.choose(early, "tea").headers["location"] == "/signed-in-again"
    assert (somebody.told, is_proven(somebody)) == ("too_late", False)
    assert somebody.choose(late, "tea").headers["location"] == "/signed-in-again"
    assert (somebody.told, somebody.cookie, is_proven(somebody)) == (None, cookie, True)


def test_a_sign_in_and_a_proof_in_two_tabs_are_never_taken_for_each_other(somebody: Person) -> None:
    somebody.desk.provider.knows("ian", groups=["staff"])
    somebody.desk.provider.knows("iva", groups=["staff"])
    somebody.sign_in("ian")
    cookie, signing_in, proof = somebody.cookie, somebody.begin("/users"), somebody.begin_again()
    somebody.choose(signing_in, "iva")
    assert (somebody.told, somebody.cookie) == ("too_late", cookie)
    somebody.choose(proof, "iva")
    assert (somebody.told, somebody.cookie, is_proven(somebody)) == ("another", cookie, False)
    proof, signing_in = somebody.begin_again(), somebody.begin("/users")
    somebody.choose(proof, "ian")
    assert (somebody.told, is_proven(somebody)) == ("too_late", False)
    assert somebody.choose(signing_in, "ian").headers["location"] == "/users"
    assert not is_proven(somebody)


@pytest.mark.parametrize("end", ["signed out", "disabled", "ended by an admin", "another password"])
def test_a_proof_that_was_begun_brings_back_no_session_that_was_ended_meanwhile(somebody: Person, end: str) -> None:
    desk, name = somebody.desk, "lia@acme.example"
    desk.provider.knows("lia", groups=["staff"])
    somebody.sign_in("lia")
    shown = somebody.begin_again()
    match end:
        case "signed out":
            sessions.end(desk.store, somebody.cookie)
        case "disabled":
            accounts.disable(desk.store, name)
        case "another password":
            accounts.change(desk.store, name, password="another good password")
        case _:
            sessions.end_all(desk.store, name)
    assert somebody.choose(shown, "lia").headers["location"] == "/signed-in-again"
    assert (somebody.member, is_proven(somebody)) == (None, False)
    with desk.store.write() as connection:  # for the test that comes next
        connection.exec_driver_sql(
            "UPDATE staff SET active = true, password_hash = NULL WHERE name = 'lia@acme.example'"
        )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=1",
        "state=x",
        "code=1&state=x",
        "code=1&state=",
        "code=1&state=%00%ff",
        "error=access_denied",
        "error=access_denied&state=x&error_description=ann@acme.example",
        "state=x&state=y&code=1&code=2&iss=https://evil.example",
        f"code={'a' * 9000}&state={'b' * 9000}",
        "code[]=1&state[$ne]=1",
        "id_token=a.b.c&access_token=x",
    ],
)
def test_an_answer_that_nobody_waits_for_asks_the_provider_nothing_and_spoils_no_sign_in(
    somebody: Person, query: str
) -> None:
    provider = somebody.desk.provider
    provider.knows("noa", groups=["staff"])
    shown = somebody.begin("/activity")
    before = provider.described
    strange = somebody.http.get(f"{somebody.desk.origin}/oauth2callback?{query}")
    assert (strange.status_code, strange.headers["location"], somebody.told) == (302, "/activity", "too_late")
    assert (provider.described, somebody.member) == (before, None)
    assert somebody.choose(shown, "noa").headers["location"] == "/activity"
    assert somebody.member is not None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/oauth2callback", "/auth/login", "/sign-in/again", "/signed-in-again"])
def test_no_other_method_begins_or_ends_a_sign_in(desk: Desk, method: str, path: str) -> None:
    answer = httpx2.request(method, f"{desk.origin}{path}?code=1&state=x", headers={"Origin": desk.origin})
    assert answer.status_code == 405
    assert "set-cookie" not in answer.headers


def test_only_a_page_of_ours_can_ask_somebody_to_prove_who_they_are(people: Callable[[], Person]) -> None:
    somebody, stranger = people(), people()
    somebody.desk.provider.knows("kai", groups=["staff"])
    somebody.sign_in("kai")
    for site in ("cross-site", "same-site", "none"):
        assert somebody.begin_again(site=site).headers["location"] == "/"
    assert stranger.begin_again().headers["location"] == "/"


def test_a_sign_in_that_began_at_one_server_ends_at_another_with_the_same_cookie_key(somebody: Person) -> None:
    somebody.desk.provider.knows("tim", groups=["staff"])
    shown = somebody.begin("/users")
    answer = somebody.choose(shown, "tim", at=somebody.desk.second)
    assert answer.headers["location"] == "/users"
    assert somebody.member is not None


@pytest.mark.parametrize(
    "page",
    [
        "//evil.example/users",
        "https://evil.example/",
        "/\\evil.example",
        "/users/../../x",
        "/nothing",
        "javascript:1",
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_the_sign_in(somebody: Person, page: str) -> None:
    somebody.desk.provider.knows("uma", groups=["staff"])
    assert somebody.sign_in("uma", page).headers["location"] == "/"


def test_another_site_cannot_name_the_page_to_land_on(desk: Desk) -> None:
    assert httpx2.post(f"{desk.origin}/sign-in", content="/users").status_code == 403
    foreign = httpx2.post(f"{desk.origin}/sign-in", content="/users", headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    long = httpx2.post(f"{desk.origin}/sign-in", content="/" * 3000, headers={"Origin": desk.origin})
    assert long.status_code == 413


def test_who_comes_by_https_has_no_cookie_that_is_sent_without_it(desk: Desk) -> None:
    host = desk.origin.removeprefix("http://")
    plain = httpx2.post(f"{desk.origin}/sign-in", content="/users", headers={"Origin": f"http://{host}"})
    by_proxy = {"Origin": f"https://{host}", "X-Forwarded-Proto": "https"}
    encrypted = httpx2.post(f"{desk.origin}/sign-in", content="/users", headers=by_proxy)
    assert "secure" not in plain.headers["set-cookie"].lower()
    assert encrypted.headers["set-cookie"].startswith("_streamlit_session=")
    assert encrypted.headers["set-cookie"].endswith("; Secure")


def test_neither_log_holds_a_key_a_code_or_an_address_of_somebody(desk: Desk, somebody: Person) -> None:
    desk.provider.knows("walt", groups=["staff"])
    somebody.sign_in("walt")
    somebody.sign_in("")
    desk.provider.fault = "another key"
    somebody.sign_in("walt")
    written = "".join(log.read_text() for log in desk.logs)
    assert "a sign-in by the OpenID provider" in written
    for secret in (CLIENT_SECRET, COOKIE_KEY, "code=", "state=", "acme.example", "Traceback"):
        assert secret not in written
