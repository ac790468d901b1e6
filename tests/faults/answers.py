"""Whole answers and parts of them, for cells to break."""

from __future__ import annotations

import json

JSON = b"Content-Type: application/json\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
THING = {"success": True, "id": "7", "name": "kettle"}
DONE = {"success": True}
CREATED = {"success": True, "id": "7"}


def body(value: object) -> bytes:
    """A JSON body."""
    return json.dumps(value).encode()


def http(content: bytes = b"", *, status: str = "200 OK", headers: bytes = JSON, length: int | None = None) -> bytes:
    """A whole answer; `headers` are lines with their ends, `length` a Content-Length that is not the real one."""
    length = len(content) if length is None else length
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status.encode("latin-1"), headers, length, content)


def answer(value: object = THING, *, status: str = "200 OK", headers: bytes = b"") -> bytes:
    """A whole answer with a JSON body."""
    return http(body(value), status=status, headers=JSON + headers)


def failure(status: str = "500 Oops", *, error: str = "It broke", code: str = "Broken", headers: bytes = b"") -> bytes:
    """An error as the API tells it."""
    return answer({"success": False, "error": error, "code": code}, status=status, headers=headers)


def redirect(location: bytes, status: str = "302 Found", *, content: bytes = b"", headers: bytes = b"") -> bytes:
    """A whole answer that sends the client elsewhere."""
    return http(content, status=status, headers=b"Location: %s\r\n%s" % (location, headers))


def head(length: int, *, status: str = "200 OK", headers: bytes = JSON) -> bytes:
    """An answer without its body."""
    return http(b"", status=status, headers=headers, length=length)


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
GOOD = answer()
"""What the server answers when it is not broken."""
