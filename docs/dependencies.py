"""What the dashboard is made of besides its own code: whose licences hold, and its locks as projects that uv can audit.

python -m docs.dependencies licences              writes docs/LICENCES.md
python -m docs.dependencies project LOCK FOLDER   writes a pyproject.toml that asks for just what the lock holds
"""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LICENCES = ROOT / "docs" / "LICENCES.md"
RUNTIME = ROOT / "requirements.lock"
PERMISSIVE = frozenset(
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 MIT MIT-0 MIT-CMU PSF-2.0 Zlib".split()  # noqa: SIM905
)
"""Licences that ask for their own text to be passed on, and no more."""
COPYLEFT = {
    "certifi": "a list of certificates, passed on as it is",
    "orjson": "a part of it is under MPL-2.0; a library of its own, unchanged",
    "psycopg": "a library of its own, unchanged, that anybody can replace; needed for PostgreSQL alone",
    "psycopg-binary": "the same",
}
"""What asks that changes to itself be passed on too, and why that fits: we change none of it."""
_SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
}
_NO_WORD = 60
"""Letters: what is longer is the text of a licence and not its name."""
_HEAD = """# Licences

What is installed with the dashboard, by `requirements.lock`, and under which licence each stands by its own word.
`make licences` writes this page; a test holds it true. The dashboard itself is under the licence in
[LICENSE](../LICENSE); its letters, IBM Plex, are under the SIL Open Font License, whose text lies beside them. Tools
for tests and checks are not passed on and not listed.

| Package | Version | Licence |
|---|---|---|
"""
_COPYLEFT_HEAD = """
All of these ask for no more than that their text is passed on, but for the following, which ask that changes to
themselves are passed on too. None is changed here.

"""


def pinned(lock: Path) -> dict[str, str]:
    """Package -> its requirement in the lock, with its marker and without its hashes."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    wanted = [line.rstrip(" \\") for line in lines if re.match(r"[a-z0-9]", line)]
    return {re.split(r"[\[=]", line, maxsplit=1)[0]: line for line in wanted}


def version_of(requirement: str) -> str:
    """`2.0` of `name==2.0 ; python_version > '3'`."""
    return re.split(r"[ ;]", requirement.partition("==")[2], maxsplit=1)[0]


def licence_of(package: str) -> str | None:
    """By the package's own word, as SPDX writes it where it is known; None where it is not installed here."""
    try:
        said = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return None
    kinds = [word.rpartition(" :: ")[2] for word in said.get_all("Classifier") or [] if word.startswith("License")]
    words = [*said.get_all("License-Expression", []), *said.get_all("License", []), " AND ".join(kinds)]
    found = next((word for word in words if word not in ("", "UNKNOWN") and len(word) <= _NO_WORD), "unknown")
    return _SPDX.get(found, found)


def page() -> str:
    """docs/LICENCES.md."""
    rows = (f"| {name} | {version_of(line)} | {_told(name)} |" for name, line in sorted(pinned(RUNTIME).items()))
    reasons = (f"- {name}: {why}." for name, why in COPYLEFT.items())
    return _HEAD + "\n".join(rows) + "\n" + _COPYLEFT_HEAD + "\n".join(reasons) + "\n"


def project(lock: Path) -> str:
    """A pyproject.toml that asks for exactly what the lock holds."""
    wanted = ",\n  ".join(f'"{line}"' if "'" in line else f"'{line}'" for line in pinned(lock).values())
    head = '[project]\nname = "coverage-desk-locked"\nversion = "0"\nrequires-python = ">=3.11"\n'
    return f"{head}dependencies = [\n  {wanted},\n]\n"


def _told(package: str) -> str:
    return licence_of(package) or "installed on other kinds of machines only"


def main(words: list[str]) -> None:
    """Write what is asked for."""
    match words:
        case ["licences"]:
            LICENCES.write_text(page(), encoding="utf-8")
        case ["project", lock, folder]:
            Path(folder).mkdir(parents=True, exist_ok=True)
            Path(folder, "pyproject.toml").write_text(project(Path(lock)), encoding="utf-8")
        case _:
            sys.exit((__doc__ or "").rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
