"""Mock servers, each built from the bundled document of a target.

    mock = Mock(bundled_document("wildduck-1.0.107"), token="secret")        # from mailwright.targets
    client = WildDuck("http://mock.test", access_token="secret", backend=MockBackend(mock))

`Mock.handle` is a plain function from `Request` to `Response`; `MockBackend`, `AsyncMockBackend` and `Application`
(ASGI) put it behind a client or a socket. What a mock does is data: see `mailwright.mock.vocabulary`.
"""

from __future__ import annotations

from mailwright.mock.asgi import Application
from mailwright.mock.backend import AsyncMockBackend, MockBackend
from mailwright.mock.faults import Fault
from mailwright.mock.journal import Entry, Journal
from mailwright.mock.message import Request, Response
from mailwright.mock.server import Mock

__all__ = [
    "Application",
    "AsyncMockBackend",
    "Entry",
    "Fault",
    "Journal",
    "Mock",
    "MockBackend",
    "Request",
    "Response",
]
