"""Over TLS: the deadline holds there too, and a certificate that nobody vouches for ends it before it begins."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lib.recall_api.deadline import BoundedAdapter, Timeouts, bounded
from lib.recall_api.responses import NoResponse
from lib.recall_api.transport import reason
from tests.contract.recall_api.scripted_recall import USERS, ScriptedRecall, answer, serving, slow_body


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that only those who have it trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return file


@pytest.fixture
def server(certificate: Path) -> Iterator[ScriptedRecall]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with serving(context) as recall:
        yield recall


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", BoundedAdapter(4))
        yield session


def test_the_deadline_ends_an_answer_that_trickles_in(
    server: ScriptedRecall, session: requests.Session, certificate: Path
) -> None:
    server.script("GET", USERS, answer(["fine"]), slow_body([]))
    with bounded(Timeouts(5, 5, 5)):
        assert session.get(server.url + USERS, verify=str(certificate), timeout=5).json() == ["fine"]
    began = monotonic()
    with bounded(Timeouts(0.5, 5, 5)), pytest.raises(requests.RequestException) as caught:
        session.get(server.url + USERS, verify=str(certificate), timeout=5)
    assert 0.2 <= monotonic() - began < 1.5
    assert reason(caught.value, answering=True) is NoResponse.TOO_LATE


def test_a_certificate_that_nobody_vouches_for_is_told_apart_and_nothing_is_sent(
    server: ScriptedRecall, session: requests.Session
) -> None:
    with bounded(Timeouts(5, 5, 5)), pytest.raises(requests.RequestException) as caught:
        session.get(server.url + USERS, timeout=5)
    assert reason(caught.value, answering=False) is NoResponse.DISTRUSTED
    assert server.sent == []
