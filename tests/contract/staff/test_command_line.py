"""`python -m lib.staff`, run as people and scripts run it."""

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest
from streamlit_authenticator.utilities.hasher import Hasher

from lib.settings import Settings
from lib.staff import accounts, sessions
from lib.staff.__main__ import main
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, open_store

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse"
ADD_ADA = ("add", "Ada", "--role", "admin", "--display", "Ada Okafor", "--password-stdin")


def environment(folder: Path) -> dict[str, str]:
    """Nothing of ours is set but where the data is; there is no .env where the command runs."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data")}


def staff(folder: Path, *words: str, typed: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "lib.staff", *words]
    done = subprocess.run(command, cwd=folder, env=environment(folder), input=typed, capture_output=True)
    assert PASSWORD.encode() not in done.stdout + done.stderr
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same surroundings for this process: what only argument and exit code decide needs no process of its own."""
    for variable in [name.upper() for name in Settings.model_fields]:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Says(Protocol):
    """Runs the command here and answers its exit code, output and standard error."""

    def __call__(self, *words: str, typed: bytes = b"") -> tuple[int, str, str]: ...


@pytest.fixture
def here_says(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Says:
    def run(*words: str, typed: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        try:
            code = main(list(words))
        except SystemExit as stop:
            code = int(str(stop.code))
        return code, *capsys.readouterr()

    return run


def opened(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'data' / 'sandbox.db'}", recall_base_url="http://127.0.0.1")


def test_accounts_are_added_listed_changed_and_disabled(tmp_path: Path) -> None:
    added = staff(tmp_path, *ADD_ADA, typed=f"{PASSWORD}\n".encode())
    assert (added.returncode, added.stdout, added.stderr) == (0, "Added ada as admin.\n", "")
    store = opened(tmp_path)
    assert Hasher.check_pw(PASSWORD, accounts.credentials(store)["ada"]["password"])
    accounts.add_with_hash(store, "vera", role=Role.VIEWER, display="Vera Lind", password_hash="x")
    cookie = sessions.redeem(store, sessions.mint_ticket(store, "vera"))

    changed = staff(tmp_path, "set", "vera", "--role", "editor")
    assert (changed.returncode, changed.stdout) == (0, "Changed vera, who is editor.\n")
    assert (session := sessions.find(store, cookie)) is not None
    assert session.staff.role is Role.EDITOR

    disabled = staff(tmp_path, "disable", "vera")
    assert (disabled.returncode, disabled.stdout) == (0, "Disabled vera. All sessions were ended.\n")
    assert sessions.find(store, cookie) is None

    listed = staff(tmp_path, "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["NAME", "ada", "vera"]
    assert re.fullmatch(r"ada +Ada Okafor +admin +yes +never +all customers", listed[1])
    assert re.fullmatch(r"vera +Vera Lind +editor +no +\d{4}-\d\d-\d\d \d\d:\d\d UTC +all customers", listed[2])

    store.close()


def test_who_was_disabled_can_be_enabled(here: Path, here_says: Says) -> None:
    here_says("list")
    store = opened(here)
    accounts.add_with_hash(store, "vera", role=Role.VIEWER, display="Vera Lind", password_hash="x")
    assert here_says("disable", "vera")[0] == 0
    assert here_says("enable", "Vera") == (0, "Enabled vera, who is viewer.\n", "")
    assert accounts.find(store, "vera") == StaffMember("vera", "Vera Lind", Role.VIEWER)
    store.close()


def test_the_last_admin_is_kept_and_the_reason_is_on_stderr(here_says: Says) -> None:
    here_says(*ADD_ADA, typed=PASSWORD.encode())
    refused = here_says("disable", "ada")
    assert refused == (1, "", "ada is the last active admin. Give somebody else this role first.\n")


def test_a_password_is_changed_alone_or_with_the_role(here: Path, here_says: Says) -> None:
    here_says(*ADD_ADA, typed=PASSWORD.encode())
    alone = here_says("set", "ada", "--password-stdin", typed=b"another password")
    assert alone == (0, "Changed ada, who is admin. All sessions were ended.\n", "")
    store = opened(here)
    assert Hasher.check_pw("another password", accounts.credentials(store)["ada"]["password"])
    store.close()


@pytest.mark.parametrize(
    ("typed", "says"),
    [(b"", "too short"), (b"short\n", "too short"), (b"x" * 73, "too long"), (b"\xff\xfe" * 10, "not UTF-8")],
)
def test_a_password_that_is_not_acceptable_adds_nobody(here: Path, here_says: Says, typed: bytes, says: str) -> None:
    code, _, sentence = here_says(*ADD_ADA, typed=typed)
    assert code == 1
    assert says in sentence
    assert len(sentence.splitlines()) == 1
    store = opened(here)
    assert accounts.everyone(store) == ()
    store.close()


def test_one_line_break_after_the_password_is_no_part_of_it(here: Path, here_says: Says) -> None:
    assert here_says(*ADD_ADA, typed=f"{PASSWORD}\r\nsecond line\n".encode())[0] == 0
    store = opened(here)
    assert Hasher.check_pw(PASSWORD, accounts.credentials(store)["ada"]["password"])
    store.close()


def test_without_terminal_and_standard_input_the_sentence_says_how_to_send_a_password(here_says: Says) -> None:
    code, _, sentence = here_says("add", "ada", "--role", "admin", "--display", "Ada")
    assert (code, "--password-stdin" in sentence) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("add", "ada"),
        ("add", "ada", "--role", "boss", "--display", "Ada"),
        ("set", "ada", f"--password={PASSWORD}"),
    ],
)
def test_wrong_usage_is_told_apart_and_a_misplaced_password_not_repeated(
    here_says: Says, words: tuple[str, ...]
) -> None:
    code, output, usage = here_says(*words)
    assert (code, output) == (2, "")
    assert usage.startswith("usage: python -m lib.staff")
    assert PASSWORD not in usage


def test_a_store_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sandbox.db").write_text("no database at all\n" * 100)
    refused = staff(tmp_path, "list")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "sandbox.db is not a store" in refused.stderr


def test_a_real_key_has_its_own_store(here: Path, here_says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECALL_API_KEY", "a-real-key")
    assert here_says("list")[0] == 0
    assert [each.name for each in (here / "data").iterdir()] == ["desk.db"]


def test_wrong_settings_are_one_sentence(here_says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECALL_BASE_URL", "https://evil.example")
    code, _, sentence = here_says("list")
    assert (code, len(sentence.splitlines())) == (1, 1)
    assert "RECALL_BASE_URL" in sentence


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("something else", 1)])
def test_a_terminal_is_asked_twice_and_shows_nothing_typed(tmp_path: Path, second: str, code: int) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "lib.staff", *ADD_ADA[:-1]],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,  # without a terminal of its own, so that it asks on the one given
    )
    os.close(theirs)
    shown = type_at(ours, "Password: ", PASSWORD) + type_at(ours, "The same again: ", second) + rest_of(ours)
    assert process.wait(timeout=30) == code
    assert PASSWORD not in shown
    assert second not in shown
    assert ("Added ada as admin." in shown) == (code == 0)
    assert ("The two passwords differ." in shown) == (code == 1)


def type_at(terminal: int, prompt: str, answer: str) -> str:
    """Wait for a prompt, then type. Answers what the terminal showed until then."""
    shown = ""
    while prompt not in shown:
        shown += os.read(terminal, 1000).decode()
    os.write(terminal, f"{answer}\n".encode())
    return shown


def rest_of(terminal: int) -> str:
    shown = ""
    try:
        while more := os.read(terminal, 1000):
            shown += more.decode()
    except OSError:
        pass  # how Linux says that the other side has closed
    os.close(terminal)
    return shown


def test_who_is_limited_to_customers_is_said_and_listed(here_says: Says) -> None:
    ada = ("add", "ada", "--role", "viewer", "--display", "Ada Okafor", "--password-stdin")
    code, out, _ = here_says(*ada, "--customers", 'acme.com, "Initech, Inc."', typed=f"{PASSWORD}\n".encode())
    assert (code, out.splitlines()[0].split(". ")[0]) == (0, "Added ada as viewer")
    assert 'sees "Initech, Inc.", acme.com. Nobody belongs to "Initech, Inc.", acme.com yet.' in out
    assert here_says("list")[1].splitlines()[1].endswith('never      "Initech, Inc.", acme.com')
    assert here_says("set", "ada", "--customers", "")[:2] == (
        0,
        "Changed ada, who is viewer. This person sees no customer.\n",
    )
    assert here_says("set", "ada", "--all-customers")[:2] == (0, "Changed ada, who is viewer.\n")
    assert here_says("list")[1].splitlines()[1].endswith("all customers")


@pytest.mark.parametrize("words", [("--customers", "a", "--all-customers"), ("--customers",)])
def test_customers_that_make_no_sense_are_wrong_usage(here_says: Says, words: tuple[str, ...]) -> None:
    assert here_says("set", "ada", *words)[0] == 2


def test_by_setting_new_staff_see_no_customer_but_admins_do(here_says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW_STAFF_SEE_NO_CUSTOMER", "true")
    for name, role in (("ada", "admin"), ("vera", "viewer"), ("dana", "editor")):
        more = ("--all-customers",) if name == "dana" else ()
        words = ("add", name, "--role", role, "--display", name, "--password-stdin", *more)
        assert here_says(*words, typed=f"{PASSWORD}\n".encode())[0] == 0
    listed = [line.split("  ")[-1] for line in here_says("list")[1].splitlines()[1:]]
    assert listed == ["all customers", "all customers", "no customer"]
