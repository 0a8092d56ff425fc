"""A real PostgreSQL server for tests, of their own: data in a temporary folder, a socket in it, no port at all."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOW_TO_INSTALL = (
    "PostgreSQL is not installed, or nobody but root could run it: install it with: apt-get install postgresql"
)
USER = "postgres"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50", "shared_buffers=32MB")


@cache
def binaries() -> Path | None:
    """Where the server's programs are; None on a machine that cannot run it."""
    if os.geteuid() == 0 and not _exists(USER):
        return None
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True)
class Server:
    """A server that runs. `process` is the postmaster itself."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str = "postgres") -> str:
        """Address of one of its databases, for SQLAlchemy."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement by psql; what it printed is answered."""
        options = [
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.folder),
            "-U",
            USER,
            "-d",
            database,
            "-c",
            statement,
        ]
        ran = subprocess.run([_program("psql"), *options], capture_output=True, text=True, timeout=60, check=True)
        return ran.stdout.strip()

    def stop(self) -> None:
        """End it without waiting for those who are connected; its data stays until the folder goes."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


@contextmanager
def running() -> Iterator[Server]:
    """A server for as long as the block lasts. Call it only where `binaries()` answers."""
    with tempfile.TemporaryDirectory(prefix="desk-pg-") as made:
        folder = Path(made)
        _as_its_user_owns(folder)
        _run("initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        server = start(folder)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()


def start(folder: Path) -> Server:
    """Start the server whose data is in `folder`, and wait until it lets somebody in."""
    settings = [part for setting in ("listen_addresses=", *QUICK) for part in ("-c", setting)]
    command = [str(_program("postgres")), "-D", str(folder / "data"), "-k", str(folder), *settings]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, user=_user(), group=_user())
    server = Server(folder, process)
    for _ in range(300):
        if subprocess.run([_program("pg_isready"), "-q", "-h", folder], timeout=10, check=False).returncode == 0:
            return server
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError((folder / "log").read_text())


def _program(name: str) -> Path:
    folder = binaries()
    if folder is None:
        raise RuntimeError(HOW_TO_INSTALL)
    return folder / name


def _run(name: str, *arguments: str | Path) -> None:
    command = [_program(name), *arguments]
    subprocess.run(command, capture_output=True, timeout=120, check=True, user=_user(), group=_user())


def _user() -> str | None:
    """Whose process it is: the server refuses to run as root. None for whoever runs the tests."""
    return USER if os.geteuid() == 0 else None


def _as_its_user_owns(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, USER, USER)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
