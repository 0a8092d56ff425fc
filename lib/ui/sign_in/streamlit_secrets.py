"""What Streamlit is told in the place of a secrets.toml: the key of its cookies, and what `st.login` looks for."""

from typing import Any

from streamlit import config

from lib.settings import Settings, load_settings
from lib.staff.cookie_key import cookie_key
from lib.ui.sign_in.openid import redirect_uri


def login_secrets() -> dict[str, Any]:
    """The secrets of the server that is about to be made. Raises `SettingsError`.

    Streamlit asks for the key before it has read its secrets too, when it makes what signs the cookie of a sign-in that
    has begun: from its configuration, where it stands in no file.
    """
    settings = load_settings()
    key = cookie_key(settings).get_secret_value()
    config.set_option("server.cookieSecret", key)
    return {"auth": {"cookie_secret": key, **_provider_section(settings)}}


def _provider_section(settings: Settings) -> dict[str, str]:
    if settings.oidc_metadata_url is None or settings.oidc_client_secret is None:
        return {}
    return {
        "redirect_uri": redirect_uri(settings),
        "client_id": str(settings.oidc_client_id),
        "client_secret": settings.oidc_client_secret.get_secret_value(),
        "server_metadata_url": settings.oidc_metadata_url,
    }
