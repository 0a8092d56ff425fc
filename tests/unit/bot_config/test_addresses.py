"""Addresses in a preset: each kind has its own finding, and one that is in order has none; how findings are listed."""

import pytest

from lib.bot_config import Finding, Level
from lib.bot_config.addresses import address_findings
from lib.bot_config.listing import CONTEXT, listing

OWN_MACHINE, PRIVATE, EXAMPLE, SECRET = "the bot's own machine", "private network", "an example's", "the secret in this"


def says(address: str) -> list[tuple[Level, str]]:
    """The level of each finding, and which of the four it is."""
    found = list(address_findings({"deep": [{"url": f"see {address} there"}]}))
    assert {each.path for each in found} <= {("deep", 0, "url")}
    kinds = (OWN_MACHINE, PRIVATE, EXAMPLE, SECRET)
    return [(each.level, next(kind for kind in kinds if kind in each.sentence)) for each in found]


@pytest.mark.parametrize("scheme", ["https", "http", "WSS", "ws", "rtmp", "rtmps"])
def test_an_address_that_anybody_can_reach_and_that_holds_no_secret_is_in_order(scheme: str) -> None:
    assert says(f"{scheme}://hooks.acme.com") == []
    assert says("ftp://localhost/in") == []


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("localhost", OWN_MACHINE),
        ("desk.localhost", OWN_MACHINE),
        ("LOCALHOST.", OWN_MACHINE),
        ("127.0.0.9", OWN_MACHINE),
        ("0.0.0.0", OWN_MACHINE),  # noqa: S104 - an address in a preset
        ("[::1]", OWN_MACHINE),
        ("192.168.1.20", PRIVATE),
        ("10.0.0.1", PRIVATE),
        ("[fd00::1]", PRIVATE),
        ("intranet", PRIVATE),
        ("hooks.corp", PRIVATE),
        ("hooks.local", PRIVATE),
        ("hooks.acme.example", EXAMPLE),
        ("example.com", EXAMPLE),
        ("hooks.test", EXAMPLE),
    ],
)
def test_an_address_that_nothing_arrives_at_is_warned_of(host: str, kind: str) -> None:
    assert says(f"https://{host}:8443/in") == [(Level.WARNING, kind)]


@pytest.mark.parametrize("public", ["8.8.8.8", "[2606:4700::1111]", "hooks.acme.com", "acme.com."])
def test_an_address_of_the_internet_is_in_order(public: str) -> None:
    assert says(f"https://{public}/in") == []


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.com/in?token=abc",
        "https://acme.com?abc",
        "https://acme.com/services/T024BE7LD8F0aB1c2D3e",
        "https://acme.com#abc",
        "https://anna:pw@acme.com/in",
        "rtmp://live.acme.com/app/stream-key",
    ],
)
def test_a_secret_in_an_address_is_noted(address: str) -> None:
    assert says(address) == [(Level.NOTE, SECRET)]


def test_an_address_that_cannot_be_read_says_nothing() -> None:
    assert says("https://[::1/in") == []


def finding(line: int, level: Level = Level.ERROR, sentence: str = "So it is.") -> Finding:
    return Finding(level=level, path=(), sentence=sentence, line=line)


def test_a_finding_stands_under_its_line_as_far_in_as_that_with_two_lines_around() -> None:
    text = "\n".join(["{", *(f"{' ' * n}line {n}" for n in range(2, 9)), "}"])
    assert listing(text, [finding(5)]).splitlines() == [
        "⋯",
        "3 │    line 3",
        "4 │     line 4",
        "5 │      line 5",
        "  │      ✗ So it is.",
        "6 │       line 6",
        "7 │        line 7",
        "⋯",
    ]
    assert CONTEXT == 2


@pytest.mark.parametrize(("blanks", "indent"), [(0, 0), (19, 19), (20, 20), (21, 20), (90, 20)])
def test_a_finding_is_never_further_in_than_twenty(blanks: int, indent: int) -> None:
    rows = listing(f"{' ' * blanks}x", [finding(1)]).splitlines()
    assert rows == [f"1 │ {' ' * blanks}x", f"  │ {' ' * indent}✗ So it is."]


def test_a_line_that_is_too_long_is_cut_and_one_that_just_fits_is_not() -> None:
    assert listing("x" * 160, [finding(1)]).splitlines()[0] == f"1 │ {'x' * 160}"
    assert listing("x" * 161, [finding(1)]).splitlines()[0] == f"1 │ {'x' * 159}…"


def test_a_finding_behind_the_last_line_stands_under_that_and_each_level_has_its_sign() -> None:
    rows = listing("a\nb", [finding(9, level) for level in (Level.ERROR, Level.WARNING, Level.NOTE)]).splitlines()
    assert rows == ["1 │ a", "2 │ b", "  │ ✗ So it is.", "  │ ! So it is.", "  │ i So it is."]


def test_a_long_sentence_goes_on_under_its_first_word() -> None:
    rows = listing("a", [finding(1, sentence="word " * 30)]).splitlines()
    assert rows[1].startswith("  │ ✗ word")
    assert all(row.startswith("  │   word") for row in rows[2:])
    assert len(rows) == 3
    assert all(len(row) <= 94 for row in rows)
