"""Whatever somebody pastes or uploads is read or refused at a cost that grows with its length and no faster."""

import resource
import subprocess
import sys

import pytest
from hypothesis import given, settings

from lib.bot_config import check
from lib.commands.bulk import parse_selection
from lib.customer.csv_file import read_customers
from lib.customer.plan import UserAssignment, plan_of
from lib.domain import CalendarUser, Connection
from tests.running import ROOT
from tests.steps import SHAPES, steps_of

OF_A_LETTER, OF_ANY = 30, 60_000
"""Steps. A check that looks at every option of a preset makes some thousands before it has read a letter."""
USERS = [CalendarUser(f"id-{n}", f"ext,{n}", (Connection("google", True, f"u{n % 3}@a.example"),)) for n in range(30)]
CPU_SECONDS, MEMORY = 25, 3_000_000_000


def budget(text: str) -> int:
    return OF_ANY + OF_A_LETTER * len(text)


@settings(deadline=None)
@given(SHAPES)
def test_a_preset(text: str) -> None:
    assert steps_of(lambda: check(text)) <= budget(text)


ENDPOINT = '{"recording_config": {"realtime_endpoints": [{"type": "websocket", "url": "wss://a.com", "events": [%s]}]}}'


@pytest.mark.parametrize("text", ["{%s}", '{"recording_config": {"transcript": {"provider": {%s}}}}', ENDPOINT])
def test_a_preset_in_which_thousands_of_names_are_nearly_right(text: str) -> None:
    """To find what was meant costs a comparison with all that is known: only for those that are shown."""
    names = [f'"participant_events.meeting_captions.metadata_{number}"' for number in range(9_000)]
    text %= ",".join(names if text is ENDPOINT else [f"{name}: {{}}" for name in names])
    assert steps_of(lambda: check(text)) <= budget(text)


@settings(deadline=None)
@given(SHAPES)
def test_a_list_of_users(text: str) -> None:
    assert steps_of(lambda: parse_selection(text, USERS)) <= budget(text)


@settings(deadline=None)
@given(SHAPES)
def test_a_csv_of_customers(text: str) -> None:
    for content in (text, f"user,customer\n{text}"):
        assert steps_of(lambda content=content: read_customers(content.encode())) <= budget(content)  # type: ignore[misc]


def test_a_plan_of_what_a_file_would_do_to_many_who_share_an_address() -> None:
    shared = (Connection("google", True, "all@a.example"),)
    users = [UserAssignment(CalendarUser(f"id-{n}", f"ext-{n}", shared), None) for n in range(200)]
    file = read_customers(b"user,customer\n" + b"all@a.example,Acme\n" * 2_000)
    assert steps_of(lambda: plan_of(file, users, {}, ())) <= 40 * (2_000 + 200)


READS = """
import sys
from contextlib import suppress
from lib.bot_config import check
from lib.bot_config.redaction import redacted
from lib.commands.bulk import parse_selection
from lib.customer.csv_file import read_customers
from lib.errors import DeskError

SHAPES = {"accents": "\\u0301\\u0323", "queries": "?", "angles": "<", "lines": "a\\n", "empty": "\\n", "commas": ","}
shape, million = SHAPES[sys.argv[1]], 999_000
text = shape * (million // len(shape))
for read in (
    lambda: check(text),
    lambda: check('{"a": "' + text.replace(chr(10), " ") + '"}'),
    lambda: check('{"a": ["' + '", "'.join("https://a" + text[:9_000].strip() for _ in range(100)) + '"]}'),
    lambda: redacted({"a": "https://a/" + text}),
    lambda: parse_selection(text, []),
    lambda: read_customers(("user,customer\\n" + text * 5)[:4_900_000].encode()),
    lambda: read_customers(("user,customer\\n" + (text[:900] + ",b\\n") * 5_000)[:4_900_000].encode()),
):
    with suppress(DeskError):
        read()
"""


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("shape", ["accents", "queries", "angles", "lines", "empty", "commas"])
def test_a_million_letters_of_one_shape_within_what_a_process_may_take(shape: str) -> None:
    """What is one step to Python may be a long way in C. The time is that of the processor, which others do not take,
    and many times what is needed."""
    done = subprocess.run(
        [sys.executable, "-c", READS, shape], cwd=ROOT, preexec_fn=_bounded, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
