"""What can be set from outside, what it means, and what is said when it is wrong."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import make_url
from urllib3.util import parse_url

from lib.errors import SettingsError
from lib.settings import LOOPBACK, REGION_HOSTS, SANDBOX_KEY, Settings, is_loopback, load_settings

KEY = "key-4f1c9a7e"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no `.env` of whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, **variables)
    return str(refused.value)


def test_with_nothing_set_everything_is_a_sandbox_on_this_machine() -> None:
    settings = load_settings()
    assert settings.uses_own_sandbox
    assert settings.base_url == "http://127.0.0.1:8600"
    assert settings.region is None
    assert settings.api_key.get_secret_value() == SANDBOX_KEY
    assert (settings.port, settings.report_time_zone) == (8501, "UTC")


def test_the_sandbox_is_sought_where_it_is_told_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, SANDBOX_PORT="8700").base_url == "http://127.0.0.1:8700"


def test_a_key_means_the_real_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, RECALL_API_KEY=KEY)
    assert not settings.uses_own_sandbox
    assert settings.base_url == "https://us-west-2.recall.ai"
    assert settings.api_key.get_secret_value() == KEY


@pytest.mark.parametrize("region", sorted(REGION_HOSTS.values()))
def test_each_region_has_its_address(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    settings = load(monkeypatch, RECALL_API_KEY=KEY, RECALL_REGION=region)
    assert (settings.base_url, settings.region) == (f"https://{region}.recall.ai", region)


def test_an_address_goes_before_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://eu-central-1.recall.ai/"
    settings = load(monkeypatch, RECALL_API_KEY=KEY, RECALL_REGION="us-east-1", RECALL_BASE_URL=url)
    assert (settings.base_url, settings.region) == ("https://eu-central-1.recall.ai", "eu-central-1")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost:9000/", "http://[::1]:9000"])
def test_a_recall_on_this_machine_may_be_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    settings = load(monkeypatch, RECALL_API_KEY=KEY, RECALL_BASE_URL=url)
    assert settings.base_url == url.rstrip("/")
    assert is_loopback(settings.base_url)


@pytest.mark.parametrize(
    "url",
    [
        "https://recall.example",
        "http://us-west-2.recall.ai",  # the key would travel in the clear
        "https://us-west-2.recall.ai.evil.example",
        "https://us-west-2.recall.ai@evil.example",
        "https://:password@us-west-2.recall.ai",
        "https://us-west-2.recall.ai:8443",
        "https://us-west-2.recall.ai:99999",
        "https://us-west-2.recall.ai/api/v1",
        "https://us-west-2.recall.ai?a=b",
        "https://127.0.0.1:8600",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:99999",
        "http://[bad",
        "ftp://127.0.0.1",
        "us-west-2",
    ],
)
def test_any_other_address_is_refused_with_what_it_must_be(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    said = refusal(monkeypatch, RECALL_API_KEY=KEY, RECALL_BASE_URL=url)
    assert "RECALL_BASE_URL: must be the https address of a Recall region, or http on this machine" in said
    assert url not in said


PIECES = ["https://", "http://", "us-west-2.recall.ai", "127.0.0.1", "[::1]", "evil.example"]
SIGNS = ["@", "\\", "/", "//", "?", "#", ":", ":443", ":80", ".", " ", "\t", "%2e", "%40", "；", "。", "ａ", ";"]


@given(st.lists(st.sampled_from(PIECES + SIGNS), max_size=7).map("".join) | st.text(max_size=30))
@example("https://evil.example\\@us-west-2.recall.ai")
@example("https://us-west-2.recall.ai\\@evil.example")
@example("HTTPS://US-EAST-1.RECALL.AI")
def test_no_spelling_of_an_address_leads_the_client_elsewhere(url: str) -> None:
    try:
        accepted = Settings(recall_api_key=KEY, recall_base_url=url).base_url
    except ValidationError:
        return
    contacted = parse_url(accepted)  # as the client's own library reads it
    assert (contacted.host or "").strip("[]").lower() in {*REGION_HOSTS, *LOOPBACK}
    assert contacted.auth is None
    assert contacted.request_uri == "/"


def test_the_real_recall_is_not_asked_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, RECALL_BASE_URL="https://us-east-1.recall.ai")
    assert "RECALL_API_KEY is needed" in said


def test_the_sandbox_and_the_real_recall_have_different_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_sandbox = load_settings().store_url
    assert on_sandbox == f"sqlite:///{tmp_path / 'data' / 'sandbox.db'}"
    assert load(monkeypatch, RECALL_API_KEY=KEY).store_url == f"sqlite:///{tmp_path / 'data' / 'desk.db'}"


def test_the_own_sandbox_is_one_workspace_whichever_port_it_listens_on(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_settings().workspace_url
    assert load(monkeypatch, SANDBOX_PORT="8700").workspace_url == usual
    assert is_loopback(usual)


def test_any_recall_that_is_named_is_a_workspace_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = load_settings().workspace_url
    named = load(monkeypatch, RECALL_API_KEY=KEY, RECALL_BASE_URL="http://127.0.0.1:8600").workspace_url
    real = load(monkeypatch, RECALL_API_KEY=KEY, RECALL_BASE_URL="").workspace_url
    assert real == "https://us-west-2.recall.ai"
    assert len({own, named, real}) == 3


def test_files_are_kept_where_data_dir_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert load(monkeypatch, DATA_DIR=str(elsewhere)).store_url == f"sqlite:///{elsewhere / 'sandbox.db'}"


def test_a_database_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, DATABASE_URL="sqlite:////somewhere/x.db").store_url == "sqlite:////somewhere/x.db"


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
@pytest.mark.parametrize("blank", ["", "env file"])
def test_a_variable_left_blank_is_one_that_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, blank: str
) -> None:
    unset = load_settings()
    if blank:
        (tmp_path / ".env").write_text(f"{name}=\n")
        assert load_settings() == unset
    else:
        assert load(monkeypatch, **{name: ""}) == unset


def test_a_key_of_spaces_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, RECALL_API_KEY="  \t").uses_own_sandbox


def test_settings_may_stand_in_a_file_and_the_environment_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nSANDBOX_PORT=9002\nSOMETHING_ELSE=1\n")
    settings = load(monkeypatch, PORT="9003")
    assert (settings.port, settings.sandbox_port) == (9003, 9002)


def test_a_file_that_is_no_text_is_told_so(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env is not text"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("SANDBOX_PORT", "eighty"),
        ("RECALL_REGION", "mars-north-1"),
        ("REPORT_TIME_ZONE", "Europe/Bielefelt"),
        ("REPORT_TIME_ZONE", "../../etc/passwd"),
        ("KEEP_PERSONAL_DAYS", "0"),
        ("KEEP_PERSONAL_DAYS", "1.5"),
        ("KEEP_PERSONAL_DAYS", "100000"),
        ("SYNC_MINUTES", "0"),
        ("SYNC_MINUTES", "-1"),
        ("SYNC_MINUTES", "nan"),
        ("SYNC_MINUTES", "inf"),
        ("SYNC_MINUTES", "often"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = refusal(monkeypatch, **{name: value})
    assert f"{name}: " in said
    assert "Correct them and start again." in said
    assert f"'{value}'" not in said


def test_the_sync_pauses_for_minutes_and_personal_details_are_kept_for_days(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_settings()
    assert (usual.sync_minutes, usual.keep_personal_days) == (3, 90)
    settings = load(monkeypatch, SYNC_MINUTES="0.05", KEEP_PERSONAL_DAYS="1")
    assert (settings.sync_minutes, settings.keep_personal_days) == (0.05, 1)


def test_all_wrong_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, PORT="x", RECALL_REGION="y")
    assert "PORT: " in said
    assert "RECALL_REGION: " in said


@given(st.text(max_size=30) | st.sampled_from(["Europe", "America", "zone.tab", "tzdata.zi", "UTC\0", ".", "..", "/"]))
def test_any_text_as_a_time_zone_is_a_zone_or_refused(text: str) -> None:
    try:
        settings = Settings(report_time_zone=text)
    except ValidationError:
        return
    assert settings.report_time_zone == text


def test_neither_the_key_nor_the_databases_password_is_ever_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"RECALL_API_KEY": KEY, "DATABASE_URL": "postgresql://desk:pass-77ab@db/desk"}
    settings = load(monkeypatch, **secrets)
    said = refusal(monkeypatch, PORT="x", **secrets)
    for words in (repr(settings), str(settings), said):
        assert KEY not in words
        assert "pass-77ab" not in words


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:p@ss-77ab@db/desk",  # the host would be ss-77ab@db, which sentences name
        "postgresql://desk:p@5:ss-77ab/x@db/desk",
        "postgresql://desk:p@ss-77ab:5432@db/desk",
        "postgresql://desk:ss-77ab/x@db/desk",
        "postgresql://desk:5/ss-77ab@db/desk",
        "postgresql://desk:ss-77ab?x@db/desk",
        "postgresql://desk:5?ss-77ab@db/desk",
        "postgresql://desk:5#ss-77ab@db/desk",
        "postgresql://desk:[ss-77ab@db/desk",
        "postgresql+psycopg://desk:p@ss-77ab@db/desk",
        "postgresql://db/desk?user=desk&password=ss-77ab",
        "postgresql://db/desk?sslPassword=ss-77ab",
        "postgresql://desk:ss-77ab@db:port/desk",
    ],
)
def test_a_database_whose_password_could_be_taken_for_something_else_is_refused_and_not_spelled_out(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    said = refusal(monkeypatch, DATABASE_URL=url)
    assert "DATABASE_URL: must be postgresql://USER:PASSWORD@HOST/DATABASE" in said
    assert "ss-77ab" not in said


@pytest.mark.parametrize("wait", ["soon", "", "-1", "nan", "1e3", "1&timeout=2", "٣"])
@pytest.mark.parametrize("database", ["sqlite:////srv/desk.db", "postgresql://desk:secret@db/desk"])
def test_a_database_that_is_to_be_waited_for_must_say_how_long_in_seconds(
    monkeypatch: pytest.MonkeyPatch, database: str, wait: str
) -> None:
    said = refusal(monkeypatch, DATABASE_URL=f"{database}?timeout={wait}")
    assert "DATABASE_URL: its timeout must be one number of seconds, such as ?timeout=5" in said
    assert load(monkeypatch, DATABASE_URL=f"{database}?timeout=0.5").store_url.endswith("=0.5")


@pytest.mark.parametrize("password", ["p@ss/w:rd?a#b", "100%41 [::1]", "ü😀&password=x", "plain"])
def test_a_password_of_any_signs_may_be_written_with_percents_and_is_known_as_a_secret(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    for host in ("db", "db:5432", "", "[::1]:5432"):
        url = f"postgresql://desk:{quote(password, safe='')}@{host}/desk?host=/run/postgresql&connect_timeout=3"
        settings = load(monkeypatch, DATABASE_URL=url)
        assert {password, quote(password, safe="")} <= settings.secrets
        assert settings.store_url == url
        assert make_url(url).password == password, "what connects reads the same"


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 9000  # type: ignore[misc]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://desk.acme.example/", "https://desk.acme.example"),
        (" https://acme.example:8443// ", "https://acme.example:8443"),
        ("http://127.0.0.1:8501", "http://127.0.0.1:8501"),
    ],
)
def test_our_own_address_is_kept_without_a_slash_at_its_end(
    monkeypatch: pytest.MonkeyPatch, typed: str, kept: str
) -> None:
    assert load(monkeypatch, PUBLIC_URL=typed).public_url == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://desk.acme.example",
        "desk.acme.example",
        "https://",
        "https://a@desk.acme.example",
        "https://desk.acme.example/?a=1",
        "https://desk.acme.example/#a",
        "https://desk.acme.example:port",
        "https://acme.example/desk",
        "https://acme.example/desk/",
        "https://acme.example/%2e",
        "https://dęsk.example",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_customers_cannot_be_sent_to_is_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    said = refusal(monkeypatch, PUBLIC_URL=typed)
    assert "PUBLIC_URL" in said
    assert "https address that people open" in said
    assert "not below a path" in said


def test_a_setting_may_be_a_file_and_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "recall_api_key").write_text(f"{KEY}\n")
    (folder / "database_url").write_text("sqlite:////srv/desk.db")
    monkeypatch.setenv("SECRETS_DIR", str(folder))
    settings = load(monkeypatch, DATABASE_URL="sqlite:////srv/other.db")
    assert settings.api_key.get_secret_value() == KEY
    assert settings.store_url == "sqlite:////srv/other.db"


def test_a_folder_of_secrets_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert refusal(monkeypatch, SECRETS_DIR=str(tmp_path / "gone")).startswith("SECRETS_DIR names no folder.")


def test_proxies_are_addresses_and_networks_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1 ,2001:db8::/32,")
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]
    assert load(monkeypatch, TRUSTED_PROXIES="").trusted_proxies == ()


@pytest.mark.parametrize("value", ["*", "proxy.internal", "10.0.0.1/8", "10.0.0.1;10.0.0.2"])
def test_a_proxy_that_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert "TRUSTED_PROXIES: " in refusal(monkeypatch, TRUSTED_PROXIES=value)


def test_a_token_for_metrics_cannot_be_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, METRICS_TOKEN="a-short-word")
    assert "METRICS_TOKEN: must have 16 bytes or more" in said
    assert "a-short-word" not in said


def test_all_secrets_are_known_by_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://desk:p%40ss@db/desk"
    settings = load(monkeypatch, RECALL_API_KEY=KEY, DATABASE_URL=url, METRICS_TOKEN="a-token-for-metrics")
    assert {KEY, "p%40ss", "p@ss", "a-token-for-metrics"} <= settings.secrets
    assert "a-token-for-metrics" not in repr(settings)


PROVIDER = {
    "OIDC_METADATA_URL": "https://idp.acme.example/.well-known/openid-configuration",
    "OIDC_CLIENT_ID": "desk",
    "OIDC_CLIENT_SECRET": "a-secret-of-the-client",
    "PUBLIC_URL": "https://desk.acme.example",
    "OIDC_ROLES": "desk-admins=admin, staff = Viewer",
}


def test_a_provider_is_named_after_its_host_unless_it_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().provider_name is None
    settings = load(monkeypatch, **PROVIDER)
    assert settings.provider_name == "idp.acme.example"
    assert settings.oidc_roles == {"desk-admins": "admin", "staff": "viewer"}
    assert load(monkeypatch, OIDC_NAME="Acme ID").provider_name == "Acme ID"


def test_groups_whose_names_hold_commas_are_parted_by_semicolons_and_addresses_are_in_lower_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load(monkeypatch, OIDC_ROLES="cn=desk,ou=staff=admin; all=viewer", OIDC_EMAILS="Ann@Acme.example=editor")
    assert settings.oidc_roles == {"cn=desk,ou=staff": "admin", "all": "viewer"}
    assert settings.oidc_emails == {"ann@acme.example": "editor"}


@pytest.mark.parametrize("missing", ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "PUBLIC_URL"])
def test_a_provider_needs_all_that_belongs_to_it(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    said = refusal(monkeypatch, **{**PROVIDER, missing: " "})
    assert missing in said
    assert PROVIDER["OIDC_CLIENT_SECRET"] not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_METADATA_URL", "http://idp.acme.example/.well-known/openid-configuration"),
        ("OIDC_METADATA_URL", "https://idp.acme.example"),
        ("OIDC_ROLES", " "),
        ("OIDC_ROLES", "staff"),
        ("OIDC_ROLES", "staff="),
        ("OIDC_ROLES", "staff=viewer, staff=admin"),
        ("OIDC_ROLES", "=admin"),
        ("OIDC_NAME", "[x](http://y)"),
        ("OIDC_CONTACT", "**IT**"),
        ("OIDC_SCOPES", "email"),
    ],
)
def test_what_would_let_in_the_wrong_ones_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert "OIDC_" in refusal(monkeypatch, **{**PROVIDER, name: value})


def test_groups_may_be_told_under_several_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, **PROVIDER).oidc_groups_claim == ("groups",)
    assert load(monkeypatch, OIDC_GROUPS_CLAIM="roles").oidc_groups_claim == ("roles",)
    both = load(monkeypatch, OIDC_GROUPS_CLAIM="groups, https://acme.example/roles")
    assert both.oidc_groups_claim == ("groups", "https://acme.example/roles")
    assert "OIDC_GROUPS_CLAIM" in refusal(monkeypatch, OIDC_GROUPS_CLAIM=" , ")


@pytest.mark.parametrize(
    ("address", "is_one_tenants"),
    [
        ("https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0", True),
        ("https://login.microsoftonline.com/acme.onmicrosoft.com/v2.0", True),
        ("https://common.acme.example", True),
        ("https://login.microsoftonline.com/common/v2.0", False),
        ("https://login.microsoftonline.com/Organizations/v2.0", False),
        ("https://login.microsoftonline.us/consumers/v2.0", False),
        ("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", False),
        ("https://accounts.google.com", False),
    ],
)
def test_addresses_are_vouched_for_only_at_a_provider_of_ones_own_people(
    monkeypatch: pytest.MonkeyPatch, address: str, is_one_tenants: bool
) -> None:
    there = {**PROVIDER, "OIDC_METADATA_URL": f"{address}/.well-known/openid-configuration"}
    assert load(monkeypatch, **there).oidc_emails_vouched_for is False
    if is_one_tenants:
        assert load(monkeypatch, OIDC_EMAILS_VOUCHED_FOR="true").oidc_emails_vouched_for
    else:
        said = refusal(monkeypatch, OIDC_EMAILS_VOUCHED_FOR="true")
        assert "OIDC_EMAILS_VOUCHED_FOR is for a provider of your own people alone" in said


def test_a_short_cookie_key_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, COOKIE_KEY="only-31-bytes-are-not-enough-ok")
    assert "COOKIE_KEY" in said
    assert "only-31" not in said
