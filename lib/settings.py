"""Typed settings from the environment or a `.env` file, checked when they are read. docs/SETTINGS.md lists them.

Without RECALL_API_KEY everything runs against the sandbox on this machine; with it, against the real Recall.
"""

import os
import re
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lib.errors import SettingsError

Region = Literal["us-west-2", "us-east-1", "eu-central-1", "ap-northeast-1"]
REGION_HOSTS: dict[str, str] = {
    f"{region}.recall.ai": region for region in ("us-west-2", "us-east-1", "eu-central-1", "ap-northeast-1")
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SANDBOX_KEY = "sandbox-key"
SECRETS_DIR = "SECRETS_DIR"
METRICS_TOKEN_SHORTEST = 16
COOKIE_KEY_SHORTEST = 32
_BESIDE_A_PROVIDER = ("oidc_client_id", "oidc_client_secret", "public_url")
_OF_ANYBODY = frozenset({"common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"})
"""Tenants in the address of Microsoft's provider that stand for people of any organisation, or of none."""
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
_GOOGLES = "accounts.google.com"


def _blank_is_unset(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


OptionalText = Annotated[str | None, BeforeValidator(_blank_is_unset)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_blank_is_unset)]


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this machine."""
    return urlsplit(url).hostname in LOOPBACK


def recall_origin(url: str) -> str | None:
    """Scheme and host of `url` if it is a Recall region over https or this machine over http (contract 1), else None.

    This is the one check of a base URL: of the setting, and before a client is made.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    real = parts.scheme == "https" and parts.hostname in REGION_HOSTS and port in (None, 443)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK and port != 0
    more = "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment
    return f"{parts.scheme}://{parts.netloc}" if (real or local) and not more else None


def _public_address(url: str) -> str | None:
    """`url` without blanks and trailing slashes if browsers can be sent there, else None."""
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return None
    reached = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    plain = url.isascii() and url.isprintable() and not any(c in url for c in ' @?#\\"<>')
    return url if reached and parts.hostname and plain else None


def _has_one_reading(url: str) -> bool:
    """Whether every parser finds the same password in this database URL: one that took a part of it for the host would
    show it in a sentence."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return False
    behind = parts.path + parts.query
    twice = parts.netloc.count("@") > 1 or "@" in behind or "password" in parts.query.lower()
    return not twice and not parts.fragment and url.isprintable()


def _provider_address(url: str) -> bool:
    """Whether an OpenID provider may be asked at `url`: over https, or on this machine."""
    address = _public_address(url)
    return address is not None and urlsplit(address).path.endswith("/.well-known/openid-configuration")


def _signs_in_anybody(url: str) -> bool:
    """Whether the provider at `url` signs in people of more than one organisation."""
    parts = urlsplit(url.lower())
    return parts.hostname == _GOOGLES or not _OF_ANYBODY.isdisjoint(parts.path.split("/"))


def _roles_by_word(text: str) -> dict[str, str]:
    """`staff=viewer, desk-admins=admin` as a mapping. Where a name holds a comma, semicolons stand between the pairs.

    Raises `ValueError` for a part without a role, and for one that is named twice.
    """
    pairs = [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
    found = {name.strip(): role.strip().lower() for name, _, role in (pair.rpartition("=") for pair in pairs)}
    if "" in found or len(found) < len(pairs) or "" in found.values():
        raise ValueError("must be pairs such as desk-admins=admin, staff=viewer, each name once")
    return found


class Settings(BaseSettings):
    """Everything that can be set. Names are those of the environment variables, in lower case."""

    # Inputs stay out of validation errors, for one of them is the key. A blank variable counts as unset.
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, frozen=True
    )

    recall_api_key: OptionalSecret = None
    recall_region: Region = "us-west-2"
    recall_base_url: OptionalText = None
    database_url: OptionalText = Field(None, repr=False)  # may hold a password
    report_time_zone: str = "UTC"
    public_url: OptionalText = None
    google_oauth_client_id: str | None = None
    microsoft_oauth_client_id: str | None = None
    keep_personal_days: int = Field(90, ge=1, le=36_500)
    """Days after its end for which a meeting's title, description, people and links are kept."""
    sync_minutes: float = Field(3, gt=0, le=1440)
    """The pause between two passes of the sync."""
    new_staff_see_no_customer: bool = False
    """Whether new staff, admins apart, see no customer until some are assigned to them."""
    data_dir: Path = Path("data")
    secrets_dir: Path | None = None
    """A folder with a file for each setting, named like it. The environment takes precedence."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Proxies, besides those on this machine, whose X-Forwarded-For and X-Forwarded-Proto are trusted."""
    log_format: Literal["text", "json"] = "text"
    session_idle_hours: float = Field(2, gt=0, le=720)
    """Hours without a click after which a session ends."""
    session_max_hours: float = Field(8, gt=0, le=720)
    """Hours after which a session ends, however active, unless the password is typed again."""
    metrics_token: OptionalSecret = None
    """The bearer token for `/metrics`, which is not served without one."""
    cookie_key: OptionalSecret = None
    """The key that signs Streamlit's cookies; without it one is made and kept in `data_dir`."""
    oidc_client_id: OptionalText = None
    oidc_client_secret: OptionalSecret = None
    oidc_scopes: str = Field("openid email profile", pattern=r"^openid( [!-~]+)*$")
    """The scopes asked for; some providers send groups only for a scope of their own."""
    oidc_groups_claim: Annotated[tuple[str, ...], NoDecode] = Field(("groups",), min_length=1)
    """The claims with somebody's groups, or their roles in the application."""
    oidc_roles: Annotated[dict[str, str], NoDecode] = Field({}, repr=False)
    """The role of a group's members, by group."""
    oidc_emails: Annotated[dict[str, str], NoDecode] = Field({}, repr=False)
    """The role of an e-mail address's owner, by address in lower case."""
    oidc_emails_vouched_for: bool = False
    """Whether an address counts as verified although the provider does not say so."""
    oidc_name: OptionalText = Field(None, pattern=r"^[\w .&'-]{1,40}$")
    """What staff call the provider."""
    oidc_contact: str = Field("an admin of Coverage Desk", pattern=r"^[\w .,@&'+-]{1,80}$")
    """Whom to ask when a sign-in is refused, in words that end a sentence."""
    oidc_metadata_url: OptionalText = None
    """The OpenID provider's metadata; with it, staff sign in there."""
    demo: Literal["fresh"] | Annotated[int, Field(ge=1, le=30)] = 30
    """Days of past that our own sandbox starts with; `fresh`: none."""
    port: int = Field(8501, ge=1, le=65535)
    sandbox_port: int = Field(8600, ge=1, le=65535)

    @field_validator("recall_base_url")
    @classmethod
    def _recall_or_loopback(cls, value: str | None, info: ValidationInfo) -> str | None:
        origin = value and recall_origin(value)
        if value and not origin:
            raise ValueError("must be the https address of a Recall region, or http on this machine")
        if origin and info.data.get("recall_api_key") is None:
            raise ValueError("a Recall is named, so RECALL_API_KEY is needed beside it")
        return origin

    @field_validator("database_url")
    @classmethod
    def _is_unambiguous(cls, value: str | None) -> str | None:
        if value and value.startswith("postgresql") and not _has_one_reading(value):
            raise ValueError(
                "must be postgresql://USER:PASSWORD@HOST/DATABASE, in which signs of the password such as @ / ? # "
                "are written as %40 %2F %3F %23"
            )
        waits = parse_qs(urlsplit(value or "").query, keep_blank_values=True).get("timeout", ["1"])
        if len(waits) > 1 or not _NUMBER.fullmatch(waits[0]):
            raise ValueError("its timeout must be one number of seconds, such as ?timeout=5")
        return value

    @field_validator("public_url")
    @classmethod
    def _address_of_ours(cls, value: str | None) -> str | None:
        """Without a slash at its end: paths are added to it, and a redirect must be registered to the letter."""
        address = value and _public_address(value)
        if value and (not address or urlsplit(address).path):
            raise ValueError(
                "must be the https address that people open, or http on this machine: a whole host, not below a path"
            )
        return address

    @field_validator("report_time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone such as UTC or Europe/Berlin") from None
        return value

    @field_validator("trusted_proxies", "oidc_groups_claim", mode="before")
    @classmethod
    def _written_with_commas(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("metrics_token", "cookie_key")
    @classmethod
    def _cannot_be_guessed(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        shortest = COOKIE_KEY_SHORTEST if info.field_name == "cookie_key" else METRICS_TOKEN_SHORTEST
        if value and len(value.get_secret_value().encode()) < shortest:
            raise ValueError(f"must have {shortest} bytes or more")
        return value

    @field_validator("oidc_roles", "oidc_emails", mode="before")
    @classmethod
    def _written_as_pairs(cls, value: object) -> object:
        return _roles_by_word(value) if isinstance(value, str) else value

    @field_validator("oidc_emails")
    @classmethod
    def _addresses_in_lower_case(cls, value: dict[str, str]) -> dict[str, str]:
        return {email.lower(): role for email, role in value.items()}

    @field_validator("oidc_metadata_url")
    @classmethod
    def _all_that_a_provider_needs(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        if not _provider_address(value):
            raise ValueError("must be https, or http on this machine, and end in /.well-known/openid-configuration")
        if missing := [name for name in _BESIDE_A_PROVIDER if not info.data.get(name)]:
            raise ValueError(f"a provider is named, so these are needed beside it: {', '.join(missing).upper()}")
        if not info.data.get("oidc_roles") and not info.data.get("oidc_emails"):
            raise ValueError("a provider is named, so OIDC_ROLES or OIDC_EMAILS must say who may do what")
        if info.data.get("oidc_emails_vouched_for") and _signs_in_anybody(value):
            raise ValueError(
                "OIDC_EMAILS_VOUCHED_FOR is for a provider of your own people alone, and this one signs in anybody's; "
                "name your own tenant in its address, or unset OIDC_EMAILS_VOUCHED_FOR"
            )
        return value.strip()

    @field_validator("sandbox_port")
    @classmethod
    def _ports_differ(cls, value: int, info: ValidationInfo) -> int:
        if value == info.data.get("port"):
            raise ValueError("must differ from PORT")
        return value

    @field_validator("data_dir")
    @classmethod
    def _fits_into_an_address(cls, value: Path) -> Path:
        if "?" in str(value):
            raise ValueError("must not hold a question mark: the store's address would end there")
        return value

    @property
    def uses_own_sandbox(self) -> bool:
        """No key is set: `make run` starts a sandbox, and demo accounts may exist."""
        return self.recall_api_key is None

    @property
    def provider_name(self) -> str | None:
        """What staff call the OpenID provider, else its host; None without one."""
        return self.oidc_metadata_url and (self.oidc_name or urlsplit(self.oidc_metadata_url).hostname)

    @property
    def base_url(self) -> str:
        """Where Recall is: scheme and host, without a trailing slash."""
        if self.recall_base_url:
            return self.recall_base_url
        if self.uses_own_sandbox:
            return f"http://127.0.0.1:{self.sandbox_port}"
        return f"https://{self.recall_region}.recall.ai"

    @property
    def sandbox_state(self) -> Path:
        """Where our own sandbox keeps what is written to it."""
        return self.data_dir.resolve() / "sandbox-state.json"

    @property
    def workspace_url(self) -> str:
        """What a store remembers it was filled from: our own sandbox is one workspace, whatever its port."""
        return "http://127.0.0.1" if self.uses_own_sandbox else self.base_url

    @property
    def api_key(self) -> SecretStr:
        """The workspace's API key; the sandbox's own when none is set."""
        return self.recall_api_key or SecretStr(SANDBOX_KEY)

    @property
    def secrets(self) -> frozenset[str]:
        """Every setting that no log line may hold, passwords both quoted and plain."""
        values = (getattr(self, name) for name in type(self).model_fields)
        known = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
        password = urlsplit(self.database_url or "").password or ""
        return frozenset(known | {password, unquote(password)}) - {""}

    @property
    def region(self) -> str | None:
        """The region of the real Recall; None on this machine."""
        return REGION_HOSTS.get(urlsplit(self.base_url).hostname or "")

    @cached_property
    def store_url(self) -> str:
        """SQLAlchemy URL of the store. The sandbox and the real Recall have different default files."""
        if self.database_url:
            return self.database_url
        name = "sandbox.db" if is_loopback(self.base_url) else "desk.db"
        return f"sqlite:///{(self.data_dir / name).resolve()}"


def load_settings() -> Settings:
    """Read and check the settings. Raises `SettingsError`, which names the variables and never their values."""
    try:
        return Settings(_secrets_dir=_folder_of_secrets())
    except ValidationError as error:
        problems = "; ".join(
            f"{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False)
        )
        raise SettingsError(f"These settings are wrong. {problems}. Correct them and start again.") from None
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not text in UTF-8. Save it as UTF-8 and start again.") from None


def _folder_of_secrets() -> Path | None:
    """The folder with a file for each secret, as containers and systemd provide them; None without one."""
    named = os.environ.get(SECRETS_DIR, "").strip()
    if named and not Path(named).is_dir():
        raise SettingsError(f"{SECRETS_DIR} names no folder. Correct it, or unset it, and start again.")
    return Path(named) if named else None
