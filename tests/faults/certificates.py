"""Certificates of a private authority, good ones and bad ones."""

from __future__ import annotations

import datetime
import ssl
import warnings
from dataclasses import dataclass

import trustme


@dataclass(frozen=True)
class Authority:
    """`known` is what a client is told to trust, `unknown` what it is not."""

    known: trustme.CA
    unknown: trustme.CA

    def trusting(self) -> ssl.SSLContext:
        """What a client needs to trust the known authority, and nobody else."""
        return ssl.create_default_context(cadata=self.pem.decode())

    @property
    def pem(self) -> bytes:
        """The same as a certificate."""
        return self.known.cert_pem.bytes()


def authority() -> Authority:
    """Makes both authorities."""
    return Authority(trustme.CA(), trustme.CA())


def contexts(authority: Authority) -> dict[str, ssl.SSLContext]:
    """The TLS origins by name."""
    long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    one_day, later = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2120, 2121))
    known = authority.known
    old = _serving(known.issue_cert("127.0.0.1"))
    with warnings.catch_warnings():
        # That it is no longer to be used is why it is here.
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    asking = _serving(known.issue_cert("127.0.0.1"))
    asking.verify_mode = ssl.CERT_REQUIRED
    known.configure_trust(asking)
    return {
        "tls": _serving(authority.known.issue_cert("127.0.0.1", "localhost")),
        "tls-elsewhere": _serving(authority.known.issue_cert("127.0.0.1", "localhost")),
        "tls-other-name": _serving(authority.known.issue_cert("example.org")),
        "tls-expired": _serving(authority.known.issue_cert("127.0.0.1", "localhost", not_after=long_ago)),
        "tls-not-yet": _serving(known.issue_cert("127.0.0.1", not_before=one_day, not_after=later)),
        "tls-common-name": _serving(known.issue_cert("example.org", common_name="127.0.0.1")),
        "tls-wildcard": _serving(known.issue_cert("*.0.0.1")),
        "tls-old": old,
        "tls-asking": asking,
        "tls-unknown": _serving(authority.unknown.issue_cert("127.0.0.1", "localhost")),
    }


def _serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
