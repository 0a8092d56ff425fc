"""A process whose lines nobody takes goes on, and counts what it left out."""

import subprocess
import sys

from tests.running import ROOT

MANY = 30_000
PROGRAM = f"""
import logging, sys
from lib import logs
writer = logs.set_up("the test", secrets=["a secret of the test"])
log = logging.getLogger("many")
for number in range({MANY}):
    log.info("line %d with a secret of the test for ada@acme.example " + "x" * 100, number)
print(writer.dropped, flush=True)
sys.stdin.readline()
logs.flush()
"""


def test_a_pipe_that_nobody_reads_stops_nobody_and_is_written_to_again_when_somebody_does() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    dropped = int(process.stdout.readline())  # it came to its end though not one line was taken
    assert 0 < dropped < MANY
    _, lines = process.communicate(b"\n", timeout=60)
    told = lines.decode().splitlines()
    assert sum("INFO the test many: line" in line for line in told) == MANY - dropped
    assert any("lines of the log were left out" in line for line in told)
    assert b"a secret of the test" not in lines
    assert b"@" not in lines
