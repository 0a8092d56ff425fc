"""`make run`: prepares the store, starts sandbox (when no key is set), sync and dashboard, and ends them together.

Before the first start a sandbox is watched for thirty days (`lib.demo`), unless DEMO=fresh.
"""

import ctypes
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from lib import logs
from lib.demo.files import SANDBOX_OPTIONS, DemoFiles, demo_files, remove_unfinished
from lib.errors import DeskError, StartError
from lib.private_files import make_folder
from lib.settings import SANDBOX_KEY, Settings, load_settings
from lib.staff.demo import DEMO_ACCOUNTS, add_demo_staff
from lib.staff.demo import PASSWORD as DEMO_PASSWORD
from lib.staff.provider_accounts import require_way_in
from lib.store import migrate, open_store

ROOT = Path(__file__).parents[1]
STARTS_WITHIN_SECONDS = 60
ENDS_WITHIN_SECONDS = 25
"""The dashboard takes up to 20 to bring changes to their end."""
STARTS_AGAIN_AFTER_SECONDS = (1, 2, 5, 10, 30, 60)
"""Pauses before a process that ended is restarted: after the first end, the second in a row, and so on."""
RAN_WELL_SECONDS = 120
"""A process that ran for longer starts with the shortest pause again."""
PR_SET_PDEATHSIG = 1

log = logging.getLogger(__name__)


class RestartedProcess:
    """A process that is restarted whenever it ends by itself, after growing pauses."""

    def __init__(self, name: str, command: Sequence[str]):
        self._name, self._command = name, command
        self._ends_in_a_row = 0
        self._starts_again_at: float | None = None
        self._start()

    def look(self) -> None:
        """Report an end, and restart the process when its pause is over."""
        if self.process.poll() is None:
            return
        if self._starts_again_at is None:
            self._starts_again_at = time.monotonic() + self._pause()
        elif time.monotonic() >= self._starts_again_at:
            self._start()

    def _start(self) -> None:
        self.process = _launch(self._command)
        self._started_at, self._starts_again_at = time.monotonic(), None

    def _pause(self) -> int:
        ran_well = time.monotonic() - self._started_at > RAN_WELL_SECONDS
        self._ends_in_a_row = 1 if ran_well else self._ends_in_a_row + 1
        pause = STARTS_AGAIN_AFTER_SECONDS[: self._ends_in_a_row][-1]
        after = "1 second" if pause == 1 else f"{pause} seconds"
        _say(f"The {self._name} ended by itself. It starts again in {after}; everything else goes on.", error=True)
        return pause


class Supervisor:
    """Starts processes, waits until one of them ends, then ends all. Restarted processes do not end the others."""

    def __init__(self) -> None:
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._kept: list[RestartedProcess] = []
        self.asked_to_stop = False

    def start(self, name: str, command: Sequence[str], answers_at: str) -> None:
        """Start `command` and wait until `answers_at` answers. Raises `StartError` when it does not.

        Once a stop was requested, nothing is started or awaited any more.
        """
        if self.asked_to_stop:
            return
        self._processes[name] = _launch(command)
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline and not self.asked_to_stop:
            if self._processes[name].poll() is not None:
                raise StartError(f"The {name} ended while starting; its own words stand above.")
            if _answers(answers_at):
                return
            time.sleep(0.1)
        if not self.asked_to_stop:
            raise StartError(f"The {name} did not answer within {STARTS_WITHIN_SECONDS} seconds.")

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run `command` until it ends or a stop is requested. Raises `StartError` when it fails."""
        if self.asked_to_stop:
            return
        process = self._processes[name] = _launch(command)
        while process.poll() is None and not self.asked_to_stop:
            time.sleep(0.05)
        if not self.asked_to_stop and process.returncode:
            raise StartError(f"The {name} did not come to its end; its own words stand above.")

    def end(self, name: str) -> None:
        """End the process of that name, if it was started."""
        if name in self._processes:
            _end([self._processes.pop(name)])

    def keep(self, name: str, command: Sequence[str]) -> None:
        """Start `command` without waiting for it, and restart it whenever it ends, as long as `wait` waits."""
        if not self.asked_to_stop:
            self._kept.append(RestartedProcess(name, command))

    def wait(self) -> str | None:
        """Wait until a started process ends (answers its name) or a stop is requested (None)."""
        while not self.asked_to_stop:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    return name
            for kept in self._kept:
                kept.look()
            time.sleep(0.2)
        return None

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Request a stop; also the handler of INT and TERM."""
        self.asked_to_stop = True

    def end_all(self) -> None:
        """Send TERM to every process, restarted ones first, and KILL to those that do not end in time."""
        started = [*self._processes.values(), *(kept.process for kept in self._kept)]
        _end([process for process in reversed(started) if process.poll() is None])


def main() -> int:
    """Run everything until told to stop. Exit status 0 after INT or TERM, 1 when something failed."""
    supervisor = Supervisor()
    signal.signal(signal.SIGINT, supervisor.stop)
    signal.signal(signal.SIGTERM, supervisor.stop)
    try:
        settings = load_settings()
        if settings.log_format == "json":  # else people read what is said here
            logs.set_up("supervisor", form=settings.log_format, secrets=settings.secrets)
        _require_ports(settings)
        if past := demo_files(settings):
            _watch(supervisor, settings, past)
        elif settings.uses_own_sandbox:
            remove_unfinished(settings)
        if not supervisor.asked_to_stop:
            _prepare(settings)
            _start_all(supervisor, settings)
        if not supervisor.asked_to_stop:
            _say(_welcome(settings))
        ended = supervisor.wait()
        if ended:
            raise StartError(f"The {ended} ended; everything is stopped.")
    except DeskError as error:
        _say(str(error), error=True)
        return 1
    finally:
        supervisor.end_all()
    return 0


def _require_ports(settings: Settings) -> None:
    for port in {settings.port, settings.sandbox_port} if settings.uses_own_sandbox else {settings.port}:
        _require_free(port)


def _watch(supervisor: Supervisor, settings: Settings, past: DemoFiles) -> None:
    """Make the demo's past: a sandbox goes through thirty days. An unfinished one is made again at the next start."""
    _say(f"A first start: the sandbox is watched for {past.days} days. It takes about a second each, and is done once.")
    past.begin()
    _start_sandbox(supervisor, settings, past.unfinished_state, *SANDBOX_OPTIONS, "--no-rate-limits")
    try:
        supervisor.run("demo's past", [sys.executable, "-m", "lib.demo", str(past.folder), "--days", str(past.days)])
    except StartError as error:
        raise StartError(f"{error} Start again; with DEMO=fresh it goes without.") from None
    if not supervisor.asked_to_stop:
        supervisor.end("demo's past")
        supervisor.end("sandbox")
        past.finish()


def _prepare(settings: Settings) -> None:
    make_folder(settings.data_dir)
    migrate(settings.store_url)
    with closing(open_store(settings.store_url, recall_base_url=settings.workspace_url)) as store:
        if settings.uses_own_sandbox:
            add_demo_staff(store)
        require_way_in(store, settings)


def _start_all(supervisor: Supervisor, settings: Settings) -> None:
    python = sys.executable
    if settings.uses_own_sandbox:
        _start_sandbox(supervisor, settings, settings.sandbox_state)
    supervisor.keep("sync", [python, "-m", "lib.sync", "run"])
    command = [python, "-m", "streamlit", "run", "app.py", "--server.port", str(settings.port)]
    supervisor.start("dashboard", command, f"http://127.0.0.1:{settings.port}/healthz")


def _start_sandbox(supervisor: Supervisor, settings: Settings, state: Path, *options: str) -> None:
    command = [sys.executable, "-m", "lib.sandbox", "--port", str(settings.sandbox_port), "--api-key", SANDBOX_KEY]
    answers_at = f"{settings.base_url}/control/clock/"
    supervisor.start("sandbox", [*command, "--state", str(state), *options], answers_at)


def _require_free(port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StartError(
                f"Port {port} is in use. Stop what uses it, or choose others, for example: "
                "make run PORT=8511 SANDBOX_PORT=8611"
            ) from None


def _answers(url: str) -> bool:
    with suppress(URLError, OSError), urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback, our own address
        return bool(answer.status == 200)
    return False


def _launch(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=ROOT, start_new_session=True, preexec_fn=_end_with_parent
    )


def _end(running: "Sequence[subprocess.Popen[bytes]]") -> None:
    """Send TERM to each, and KILL to those that do not end in time."""
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    """On Linux a child gets TERM when the supervisor dies, even by kill -9; elsewhere this does nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _welcome(settings: Settings) -> str:
    lines = [f"Coverage Desk serves at http://127.0.0.1:{settings.port}"]
    if settings.uses_own_sandbox:
        names = ", ".join(account.name for account in DEMO_ACCOUNTS)
        lines.append(f"Sandbox, invented data. Sign in as {names}; the password is {DEMO_PASSWORD} for each.")
    else:
        lines.append(f"Recall: {settings.base_url}")
    return "\n".join([*lines, "Ctrl-C ends everything."])


def _say(text: str, *, error: bool = False) -> None:
    if logs.is_set_up():
        log.log(logging.ERROR if error else logging.INFO, "%s", text)
    else:
        print(f"\n{text}\n", file=sys.stderr if error else sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
