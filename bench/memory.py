"""What a process holds in memory, as Linux tells it."""

from pathlib import Path


def megabytes(process_id: int) -> float:
    """Now."""
    return _told(process_id, "VmRSS:")


def most_megabytes(process_id: int) -> float:
    """The most that it has held since it began."""
    return _told(process_id, "VmHWM:")


def _told(process_id: int, word: str) -> float:
    status = Path(f"/proc/{process_id}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith(word))
    return int(kilobytes) * 1024 / 1e6
