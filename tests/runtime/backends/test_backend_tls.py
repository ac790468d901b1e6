"""Certificates: who is trusted, and that nothing is said to anybody else."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from backend_drivers import Driver, driving, request
from raw_server import CLOSE, RESET, RawServer, http, serving

from mailwright.runtime.backends.httpx_backend import AsyncHttpxBackend, HttpxBackend
from mailwright.runtime.backends.pyreqwest_backend import PyreqwestBackend
from mailwright.runtime.errors import ConnectFailed, UsageError

CA = trustme.CA()
OTHER_CA = trustme.CA()
PEM = CA.cert_pem.bytes()


def server_tls(*names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert(*names).configure_cert(context)
    return context


TLS = server_tls("127.0.0.1", "localhost")
WRONG_NAME = server_tls("mail.example.org")


def https(server: RawServer, host: str = "127.0.0.1") -> str:
    return f"https://{host}:{server.port}/"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_server_of_a_trusted_authority_is_called(kind: str, is_async: bool, host: str) -> None:
    with serving(tls=TLS) as server, driving(kind, is_async, ca=PEM) as driver:
        answers = [driver.call(request(https(server, host), "POST", content=b"a" * 100_000)) for _ in range(3)]
    assert [answer.content for answer in answers] == [b"{}"] * 3
    assert (server.connections, server.seen[0].body) == (1, b"a" * 100_000)


def refused(driver: Driver, url: str) -> ConnectFailed:
    with pytest.raises(ConnectFailed, match=r"^cannot connect") as caught:
        driver.call(request(url, headers=[("X-Access-Token", "tok-5f3a")]))
    assert not caught.value.sent
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return caught.value


def test_unknown_authority_is_refused(kind: str, is_async: bool) -> None:
    with serving(tls=TLS) as server:
        for ca in (None, OTHER_CA.cert_pem.bytes()):
            with driving(kind, is_async, ca=ca) as driver:
                told = refused(driver, https(server)).message
                assert "certificate" in told
        assert server.seen == []


def test_wrong_host_is_refused(kind: str, is_async: bool) -> None:
    with serving(tls=WRONG_NAME) as server, driving(kind, is_async, ca=PEM) as driver:
        told = refused(driver, https(server)).message
        assert "certificate" in told
        assert server.seen == []


@pytest.mark.parametrize("before", [[http(status="400 Bad Request")], [CLOSE], [RESET]], ids=["http", "end", "reset"])
def test_server_without_tls_is_refused(driver: Driver, before: list[bytes]) -> None:
    with serving(before=before) as server:
        refused(driver, https(server))


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(kind: str, is_async: bool) -> None:
    old = server_tls("127.0.0.1")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(tls=old) as server, driving(kind, is_async, ca=PEM) as driver:
        refused(driver, https(server))


def test_environment_names_no_certificates_to_trust(
    kind: str, is_async: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(PEM)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with serving(tls=TLS) as server, driving(kind, is_async) as driver:
        if driver.is_pyreqwest:
            # The library asks the environment itself where the system's certificates are.
            assert driver.call(request(https(server))).status == 200
        else:
            refused(driver, https(server))


@pytest.mark.parametrize("make", [HttpxBackend, AsyncHttpxBackend])
@pytest.mark.parametrize("tls", [True, "ca.pem", object()])
def test_tls_that_is_no_context_is_refused(make: type[HttpxBackend], tls: object) -> None:
    with pytest.raises(UsageError, match=r"^tls must be an ssl\.SSLContext, not "):
        make(tls=tls)  # type: ignore[arg-type]


@pytest.mark.parametrize("ca_pem", ["text", b"junk", b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n", b"\xff"])
def test_ca_pem_that_holds_no_certificate_is_refused(ca_pem: object) -> None:
    # The library takes it without a word.
    with pytest.raises(UsageError, match="ca_pem"):
        PyreqwestBackend(ca_pem=ca_pem)  # type: ignore[arg-type]
