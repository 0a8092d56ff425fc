"""What deploy/ holds, looked at without a container engine: linters, schemas, and what must hold between the files."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from lib.settings import Settings
from lib.ui.sign_in.session_cookie import SESSION_COOKIE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
TEMPLATE = (DEPLOY / "nginx" / "desk.conf.template").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OURS = {"schema", "dashboard", "sync"}
STARTS_AGAIN_AT = "/opt/coverage-desk/"
BIN = Path(sys.executable).parent
PLAIN_LINES = "{extends: default, rules: {line-length: {max: 160}, document-start: disable}}"


@pytest.mark.parametrize(
    "command",
    [
        ("hadolint", "deploy/Dockerfile"),
        ("yamllint", "--strict", "-d", PLAIN_LINES, "deploy/compose.yaml"),
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml"),
    ],
    ids=lambda command: command[0],
)
def test_what_no_engine_runs_here_is_linted(command: tuple[str, ...]) -> None:
    ran = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_units_are_understood_and_shut_in(tmp_path: Path) -> None:
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(f"{STARTS_AGAIN_AT}.venv/bin", str(BIN)))
    files = [str(tmp_path / unit.name) for unit in UNITS]
    for words in (["verify", "--man=no", *files], ["security", "--offline=true", "--threshold=20", files[0]]):
        ran = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=60)  # noqa: S607
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_nothing_of_ours_runs_as_root_can_write_its_code_or_be_reached_but_by_the_proxy() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert not re.search(r"^(ADD|COPY) (?!--from).*--chown", DOCKERFILE, re.MULTILINE)
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert ("ports" in service) == (name == "proxy"), name
    assert COMPOSE["networks"]["store"]["internal"] is True
    assert "proxy" not in {name for name, service in SERVICES.items() if "store" in service["networks"]}


def test_whatever_is_asked_of_over_http_has_its_health_looked_at() -> None:
    unwatched = {name for name, service in SERVICES.items() if service.get("healthcheck", {}).get("disable")}
    assert unwatched == {"schema", "sync"}  # they listen nowhere
    assert "HEALTHCHECK --interval=10s" in DOCKERFILE
    assert '"status":"ok"' in " ".join(SERVICES["proxy"]["healthcheck"]["test"])


def test_secrets_are_files_and_stand_nowhere_else() -> None:
    named = set(COMPOSE["secrets"])
    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} == named
    settings = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    given = {name for name in OURS for name in SERVICES[name]["environment"]}
    assert not {name.upper() for name in settings | {"database_url"}} & given
    assert set(SERVICES["dashboard"]["secrets"]) <= settings | {"database_url"}
    assert given <= {name.upper() for name in Settings.model_fields}
    assert not re.search(r"^(ARG|ENV).*(KEY|TOKEN|PASSWORD|SECRET)", DOCKERFILE, re.MULTILINE)


def test_only_what_the_image_needs_is_sent_to_its_build() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {words[0] for words in map(str.split, re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE))}
    assert let_in == copied
    assert all((ROOT / name).exists() for name in let_in)


def test_the_proxy_keeps_a_visitor_by_the_cookie_that_the_dashboard_sets() -> None:
    assert f"map $cookie_{SESSION_COOKIE} $desk_visitor" in TEMPLATE
    assert "hash $desk_visitor consistent;" in TEMPLATE


def test_the_proxy_waits_longer_than_the_pings_are_apart_and_the_dashboard_may_finish() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text()
    ping = re.search(r"^websocketPingInterval = (\d+)", config, re.MULTILINE)
    assert ping is not None
    silent = int(SERVICES["proxy"]["environment"]["SILENT_FOR"].removesuffix("s"))
    assert silent >= 2 * int(ping[1])
    assert SERVICES["dashboard"]["stop_grace_period"] == "30s"
    assert all("TimeoutStopSec=30" in unit.read_text() for unit in UNITS)


def test_every_place_left_open_in_the_proxys_configuration_is_filled_by_the_compose_file_and_explained() -> None:
    places = set(re.findall(r"\$\{(\w+)\}", TEMPLATE))
    assert places == set(SERVICES["proxy"]["environment"])
    guide = (ROOT / "docs" / "RUNNING.md").read_text()
    assert {place for place in places if f"`{place}`" not in guide} == set()


def test_the_dashboard_believes_the_proxy_and_nobody_else() -> None:
    address = SERVICES["proxy"]["networks"]["web"]["ipv4_address"]
    assert SERVICES["dashboard"]["environment"]["TRUSTED_PROXIES"] == address


def test_the_dashboard_is_started_as_the_image_and_the_unit_say_it_is() -> None:
    [command] = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert '"streamlit", "run", "app.py", "--server.address", "0.0.0.0"' in command
    dashboard = next(unit.read_text() for unit in UNITS if "dashboard" in unit.name)
    assert "bin/streamlit run app.py --server.address 127.0.0.1" in dashboard
    assert "ExecStartPre=/opt/coverage-desk/.venv/bin/python -m lib.store" in dashboard


@pytest.mark.parametrize(
    ("answer", "status"), [(b'{"status":"ok"}', 0), (b'{"status":"unavailable"}', 1), (b"<html>", 1)]
)
def test_the_image_looks_at_what_the_dashboard_says_and_not_at_that_it_answers(answer: bytes, status: int) -> None:
    with serving(answer) as port:
        ran = subprocess.run(
            [sys.executable, DEPLOY / "healthcheck.py"], env={"PORT": str(port)}, capture_output=True, timeout=30
        )
    assert ran.returncode == status


@contextmanager
def serving(body: bytes) -> Iterator[int]:
    """A server that answers everything with 200 and `body`; its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
