"""No secret lies in the repository, as it is and as it ever was."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOKS_LIKE_A_SECRET = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}",
    "a key of a cloud": rb"\bAKIA[0-9A-Z]{16}\b",
    "a token of a code host": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,}|glpat-[\w-]{20})\b",
    "a token of a chat": rb"\bxox[abprs]-[\w-]{10,}",
    "a key of Google": rb"\bAIza[0-9A-Za-z_-]{35}\b",
    "a client secret of Google": rb"\bGOCSPX-[\w-]{20,}",
    "a signed token": rb"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}",
    "a password in an address": rb"\b(?:postgres(?:ql)?(?:\+\w+)?|https?)://[\w.-]+:[^\s@/:{}<>$'\"]{8,}@(?![\w.-]*(?:example|internal|test|invalid|localhost)\b|127\.)[\w-]+\.[\w.-]+",
    "an API key of Recall": rb"(?i:recall_api_key|authorization: token)[ =:\"']+[0-9a-f]{40}\b",
}
PATTERN = re.compile(b"|".join(b"(?:%s)" % pattern for pattern in LOOKS_LIKE_A_SECRET.values()))
SECRET_FILES = re.compile(
    r"(^|/)(\.env(\..*)?|secrets\.toml|.*\.(pem|p12|pfx|key)|id_(rsa|ed25519)|.*\.(db|sqlite3?))$"
)
EXAMPLES = re.compile(r"(^|/)\.env\.example$")

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="there is no history without git"
)


def git(*words: str, says: bytes = b"") -> bytes:
    run = subprocess.run(["git", *words], cwd=ROOT, input=says, capture_output=True, timeout=120, check=True)  # noqa: S607
    return run.stdout


def every_text() -> list[bytes]:
    """Each version of each file that any commit ever held, once; pictures and the like left out."""
    named = [line.partition(b" ") for line in git("rev-list", "--objects", "--all").splitlines()]
    texts = [oid for oid, _, name in named if name and not name.endswith((b".png", b".woff2"))]
    return git("cat-file", "--batch", says=b"\n".join(texts)).split(b"\n\n")


@needs_git
def test_no_version_of_any_file_holds_what_looks_like_a_secret() -> None:
    assert [found.group()[:60] for text in every_text() for found in PATTERN.finditer(text)] == []


@needs_git
def test_no_commit_ever_held_a_file_that_is_for_secrets() -> None:
    names = {line.partition(b" ")[2].decode() for line in git("rev-list", "--objects", "--all").splitlines()}
    assert {"README.md", "lib/errors.py"} <= names
    assert {name for name in names if SECRET_FILES.search(name) and not EXAMPLES.search(name)} == set()


PLANTED = {
    "a private key": b"-----BEGIN RSA PRIVATE" + b" KEY-----\n" + b"A" * 64,
    "a key of a cloud": b"AKIA" + b"ABCDEFGH12345678",
    "a token of a code host": b"ghp_" + b"a1B2" * 9,
    "a token of a chat": b"xoxb-" + b"1234567890-abcdef",
    "a key of Google": b"AIza" + b"x" * 35,
    "a client secret of Google": b"GOCSPX-" + b"x" * 28,
    "a signed token": b".".join([b"eyJ" + b"hbGciOiJIUzI1NiJ9", b"eyJ" + b"zdWIiOiIxMjM0In0", b"x" * 43]),
    "a password in an address": b"postgresql+psycopg://desk:" + b"long-enough@db.planted.dev/desk",
    "an API key of Recall": b"RECALL_API_KEY=" + b"0123456789" * 4,
}


@pytest.mark.parametrize("kind", LOOKS_LIKE_A_SECRET)
def test_a_secret_of_each_kind_would_be_found(kind: str) -> None:
    assert PATTERN.search(b"x = '" + PLANTED[kind] + b"'")
