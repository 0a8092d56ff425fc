"""A supervisor as a process of its own, and its children."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep

WAITS_SECONDS = 150
SERVES = "Ctrl-C ends everything."


@dataclass
class Run:
    """A supervisor that was started."""

    process: "Popen[bytes]"
    log: Path
    ports: tuple[int, int]
    seen: dict[int, str] = field(default_factory=dict)
    """Its children so far: command by process id."""

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for it; bounded."""
        ends_at = monotonic() + WAITS_SECONDS
        while not condition():
            assert monotonic() < ends_at, self.said
            sleep(0.05)

    def until_it_serves(self) -> "Run":
        self.until(lambda: SERVES in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        self.seen = children_of(self.process.pid)
        return self

    def until_it_watches(self) -> "Run":
        """Until the second of the days before a first start."""
        self.until(lambda: "Watching day 2 of" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        self.seen = children_of(self.process.pid)
        assert len(self.seen) == 2
        return self

    def child(self, word: str) -> int:
        """The process id of the child whose command holds the word."""
        return next(pid for pid, command in self.seen.items() if word in command)

    def ended(self) -> int:
        """The exit status, once it has one."""
        return self.process.wait(WAITS_SECONDS)

    def nothing_is_left(self) -> bool:
        return not any(_is_running(pid) for pid in self.seen)


Start = Callable[..., Run]


def children_of(pid: int) -> dict[int, str]:
    ids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in ids}


def _is_running(pid: int) -> bool:
    """Whether the process lives; one that has ended and only waits to be fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
