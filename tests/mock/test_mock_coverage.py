from __future__ import annotations

from typing import Any

from mock_caller import Caller, Clock, Fit
from test_mock_authentication import seed_of

from mailwright.mock import Mock
from mailwright.mock.packs.wildduck.totp import code


def test_every_operation_of_the_document_succeeds_and_fits_it(
    call: Caller, mock: Mock, clock: Clock, fit: Fit, document: Any
) -> None:
    user = call.user(tags=["a"], name="Jane", ip="192.0.2.1", retention=5)
    base = f"/users/{user}"
    call("GET", "/users?limit=1&query=jane&tags=a&requiredTags=a")
    call("GET", base)
    call("PUT", base, {"name": "Joe", "targets": ["x@example.org"], "retention": 0})
    call("PUT", f"{base}/logout", {"reason": "x"})
    call("POST", "/authenticate", {"username": "jane", "password": "a-password"})
    call("GET", f"{base}/authlog")
    asp = call("POST", f"{base}/asps", {"description": "x", "generateMobileconfig": True})
    call("POST", "/authenticate", {"username": "jane", "password": asp["password"], "scope": "imap"})
    call("GET", f"{base}/asps")
    call("GET", f"{base}/authlog?limit=1")
    call("DELETE", f"{base}/asps/{asp['id']}")
    address = call("POST", f"{base}/addresses", {"address": "x@example.org", "main": False})["id"]
    call("GET", f"{base}/addresses/{address}")
    call("GET", f"{base}/addresses")
    call("GET", "/addresses?limit=1&query=x")
    mailbox = call("POST", f"{base}/mailboxes", {"path": "x"})["id"]
    call("PUT", f"{base}/mailboxes/{mailbox}", {"path": "y"})
    call("GET", f"{base}/mailboxes/{mailbox}")
    call("GET", f"{base}/mailboxes?counters=true")
    call("DELETE", f"{base}/mailboxes/{mailbox}")
    call("POST", f"{base}/2fa/totp/setup", {"issuer": "x"})
    call("POST", f"{base}/2fa/totp/enable", {"token": code(seed_of(mock, user), clock.now)})
    call("POST", f"{base}/2fa/totp/check", {"token": code(seed_of(mock, user), clock.now)})
    call("POST", "/authenticate", {"username": "jane", "password": "a-password"})
    call("GET", base)
    call("DELETE", f"{base}/2fa/totp")
    call("DELETE", f"{base}/2fa")
    call("POST", f"{base}/quota/reset", {})
    call("POST", f"{base}/password/reset", {})
    call("PUT", f"{base}/addresses/{address}", {"main": True})
    first = next(each["id"] for each in call("GET", f"{base}/addresses")["results"] if each["id"] != address)
    call("DELETE", f"{base}/addresses/{first}")
    call("DELETE", base)

    operations = [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    ]
    assert len(operations) == 29
    assert fit.succeeded == set(operations)
