"""Two dashboards and one sync on one PostgreSQL behind a real nginx, each a process that a test may kill."""

import json
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.request import HTTPSHandler, Request, build_opener

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import open_store
from tests import postgres
from tests.running import ROOT, Sandbox, clean_environment, free_port, running_sandbox

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
HOW_TO_INSTALL = "nginx is not installed. Install it with: apt-get install nginx-light"
TEMPLATE = ROOT / "deploy" / "nginx" / "desk.conf.template"
KEY = "a-key-of-the-workspace"
METRICS_TOKEN = "a-token-for-the-metrics"
PASSWORD = "a long enough password"
PEOPLE = ("editor", "second")
PROXY = "127.0.0.9"
"""Where the proxy comes from, as the dashboards see it. Nobody else comes from there."""
PING_SECONDS, SILENT_FOR_SECONDS = 1, 2
"""As 20 and 60 in earnest: a websocket is pinged well before the proxy would end it."""
STARTS_WITHIN_SECONDS = 60


@dataclass
class Part:
    """One process of the house, which can be killed and started again."""

    name: str
    command: list[str]
    log: Path
    answers: Callable[[], object]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.begin()
        self.wait()

    def begin(self) -> None:
        """Start it."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=clean_environment() | dict(self.environment), stdout=output, stderr=output
            )

    def wait(self) -> None:
        """Until it answers."""
        until(self.answers, lambda: f"{self.name}: {self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """As `kill -9` does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """As it ends when it is told to."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class House:
    """All of it, running. Browsers use `url`."""

    folder: Path
    port: int
    sandbox: Sandbox
    database: postgres.Server
    parts: dict[str, Part]
    desks: dict[str, int]
    """Port of each dashboard, by its name."""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def ask(self, path: str, **headers: str) -> Any:
        """GET through the proxy; the answer, read."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        trusting = HTTPSHandler(context=ssl.create_default_context(cafile=self.folder / "tls.crt"))
        return build_opener(trusting).open(Request(f"{self.url}{path}", headers=named), timeout=20)  # noqa: S310

    def asked_of(self, path: str) -> list[str]:
        """Which dashboards answered for a path, in the order of the answers; "a" or "b"."""
        by_address = {f"127.0.0.1:{port}": name for name, port in self.desks.items()}
        lines = map(json.loads, (self.folder / "access.log").read_text().splitlines())
        return [by_address.get(line["server"].split(", ")[-1], "?") for line in lines if line["path"] == path]

    def applied(self) -> int:
        """How many changes the record holds as applied; none may be open."""
        rows = self.database.sql("SELECT state, count(*) FROM change GROUP BY state", "desk").splitlines()
        counts = dict(row.split("|") for row in rows)
        assert set(counts) <= {"applied"}, counts
        return int(counts.get("applied", 0))

    def kill_database(self) -> None:
        """The server and all that it started, as a machine that goes out."""
        self.database.process.send_signal(signal.SIGQUIT)
        self.database.process.wait(20)

    def start_database(self) -> None:
        self.database = postgres.start(self.database.folder)


@contextmanager
def running_house(folder: Path) -> Iterator[House]:
    """The whole of it, in which everybody was read once."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres.running())
        database.sql("CREATE DATABASE desk")
        database.sql("ALTER DATABASE desk SET synchronous_commit = on")  # as in earnest: what is committed is kept
        sandbox = stack.enter_context(running_sandbox(folder, users=3, meetings=6, key=KEY))
        sandbox.control("POST", "settings/", {"booking_lag_seconds": 0})
        house = _built(folder, sandbox, database)
        stack.callback(lambda: house.database.stop() if house.database.process.poll() is None else None)
        _make_store(house)
        for part in house.parts.values():
            stack.callback(part.end)
            part.begin()
        for part in house.parts.values():
            part.wait()
        yield house


def _built(folder: Path, sandbox: Sandbox, database: postgres.Server) -> House:
    proxy, desks = free_port(), {"a": free_port(), "b": free_port()}
    environment = {
        "RECALL_API_KEY": KEY,
        "RECALL_BASE_URL": sandbox.url,
        "DATABASE_URL": database.url("desk"),
        "COOKIE_KEY": "one key for both servers, of 32 bytes or more",
        "DATA_DIR": str(folder / "data"),
        "METRICS_TOKEN": METRICS_TOKEN,
        "TRUSTED_PROXIES": PROXY,
        "LOG_FORMAT": "json",
        "SYNC_MINUTES": "60",
    }
    parts = {name: _dashboard(name, port, folder, environment) for name, port in desks.items()}
    sync = [sys.executable, "-m", "lib.sync", "run"]
    house = House(folder, proxy, sandbox, database, parts, desks)
    parts["sync"] = Part("sync", sync, folder / "sync.log", lambda: as_of(desks["a"]), environment)
    parts["proxy"] = Part("proxy", _nginx(folder, proxy, desks), folder / "nginx.log", lambda: house.ask("/healthz"))
    return house


def _dashboard(name: str, port: int, folder: Path, environment: Mapping[str, str]) -> Part:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.websocketPingInterval", str(PING_SECONDS)]
    return Part(name, command, folder / f"{name}.log", lambda: health(port), environment)


def _nginx(folder: Path, port: int, desks: Mapping[str, int]) -> list[str]:
    """The configuration of deploy/, inside the least that nginx needs around it."""
    certificate, key = make_certificate(folder)
    words = {
        "DESK_NAME": "localhost",
        "DESK_SERVERS": " ".join(f"server 127.0.0.1:{p} max_fails=1 fail_timeout=1s;" for p in desks.values()),
        "HTTP_PORT": f"127.0.0.1:{free_port()}",
        "HTTPS_PORT": f"127.0.0.1:{port}",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
        "ACCESS_LOG": str(folder / "access.log"),
        "ERROR_LOG": str(folder / "nginx.log"),
        "SILENT_FOR": f"{SILENT_FOR_SECONDS}s",
    }
    (folder / "desk.conf").write_text(re.sub(r"\$\{(\w+)\}", lambda match: words[match[1]], TEMPLATE.read_text()))
    places = " ".join(f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi"))
    outer = folder / "nginx.conf"
    outer.write_text(
        f"daemon off; master_process off; pid {folder / 'nginx.pid'}; error_log stderr;\n"
        f"events {{}} http {{ {places} scgi_temp_path {folder / 'scgi'}; proxy_bind {PROXY};\n"
        f"include {folder / 'desk.conf'}; }}\n"
    )
    assert NGINX is not None, HOW_TO_INSTALL
    return [NGINX, "-c", str(outer), "-e", "stderr"]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "tls.crt", folder / "tls.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files


def health(port: int) -> Any:
    """What a dashboard says of itself, asked without the proxy."""
    with build_opener().open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        return json.load(answer)


def as_of(port: int) -> datetime:
    """The start of the last complete pass, as a dashboard tells it. Raises `ValueError` before there is one."""
    told = health(port)["as_of"]
    if told is None:
        raise ValueError("no pass is complete yet")
    return datetime.fromisoformat(told)


def until(answers: Callable[[], object], told: Callable[[], str] = lambda: "") -> None:
    """Wait until it answers, bounded."""
    ends_at = time.monotonic() + STARTS_WITHIN_SECONDS
    while not _did(answers):
        if time.monotonic() > ends_at:
            raise AssertionError(f"it never came: {told()}")
        time.sleep(0.1)


def _did(answers: Callable[[], object]) -> bool:
    try:
        answers()
    except (OSError, ValueError, AssertionError):
        return False
    return True


def _make_store(house: House) -> None:
    """By the command that brings a store up to date, and with people who may sign in."""
    command = [sys.executable, "-m", "lib.store"]
    settings = clean_environment() | dict(house.parts["a"].environment)
    ran = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, b"The store desk on this machine is up to date.\n"), ran.stderr.decode()
    with closing(open_store(house.database.url("desk"), recall_base_url=house.sandbox.url)) as store:
        for name in PEOPLE:
            accounts.add(store, name, role=Role.EDITOR, display=name.title(), password=PASSWORD)
