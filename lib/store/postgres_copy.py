"""Copies of a PostgreSQL store, by pg_dump and pg_restore, which must be on the PATH and as new as the server.

All that they need to connect goes into their environment: other users of the machine can read a command line.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL

from lib.errors import StoreError

_LONGEST_SECONDS = 6 * 3600
_MISSING = "{program} is not installed here. Install PostgreSQL's client programs (apt-get install postgresql-client)."


def copy_to(url: URL, file: Path) -> None:
    """A dump in the custom format, of one moment, made while others write."""
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={file}")


def copy_from(url: URL, file: Path) -> None:
    """Into a database without these tables, all of it or none."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password")
    _run(url, "pg_restore", *options, f"--dbname={url.database}", str(file))


def facts_of(file: Path) -> tuple[frozenset[str], str | None]:
    """Versions of the schema in a backup, and the Recall it was filled from; no version for what is no backup."""
    wanted = ("--data-only", "--table=alembic_version", "--table=meta", "--file=-", str(file))
    try:
        rows = _run(None, "pg_restore", *wanted)
    except StoreError:
        if not file.exists() or file.read_bytes()[:5] == b"PGDMP":
            raise
        return frozenset(), None
    versions = re.search(r"^COPY \S*alembic_version .*?\n(.*?)^\\\.$", rows, re.DOTALL | re.MULTILINE)
    belongs_to = re.search(r"^recall_base_url\t(.*)$", rows, re.MULTILINE)
    return frozenset(versions[1].split() if versions else ()), belongs_to and belongs_to[1]


def _run(url: URL | None, program: str, *options: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, and no shell
            [program, *options],
            env=_environment(url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST_SECONDS,
        )
    except FileNotFoundError as error:
        raise StoreError(_MISSING.format(program=program)) from error
    if ran.returncode != 0:
        raise StoreError(f"{program} could not do it. {_last_line(ran.stderr)}")
    return ran.stdout


def _environment(url: URL | None) -> dict[str, str]:
    """What libpq reads: PGHOST and so on, and every parameter of the address by its name there."""
    if url is None:
        return dict(os.environ)
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    query.pop("timeout", None)
    named = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, **query}
    given = {f"PG{name.upper()}": str(value) for name, value in named.items() if value is not None}
    return {**os.environ, **given, "PGDATABASE": url.database or ""}


def _last_line(said: str) -> str:
    lines: Sequence[str] = said.strip().splitlines() or ("It said nothing.",)
    return lines[-1][:300]
