"""mailcow's own way of failing where no operation is reached, and its answers that are no list of entries."""

from __future__ import annotations

from collections.abc import Sequence

from mailwright.mock.arguments import BadBody
from mailwright.mock.call import Answer
from mailwright.mock.findings import Finding
from mailwright.mock.json_value import write

HEADERS = (("server", "nginx"), ("set-cookie", "MCSESSID=mock; path=/; secure; HttpOnly; SameSite=Lax"))
JSON = "application/json"
HTML = "text/html; charset=UTF-8"

CRASHED = Answer({}, content=b"", media_type=JSON)
NO_PAGE = Answer({}, 403, content=b"", media_type=HTML)


def error(message: str, status: int = 200) -> Answer:
    """A failure that is one object."""
    return Answer({"type": "error", "msg": message}, status)


DENIED = error("API read/write access denied", 403)
NO_ATTRIBUTES = error("Cannot find attributes in post data")
NO_JSON = error("Request body doesn't contain valid json!", 400)
DONE = Answer({"type": "success", "msg": "Task completed"})
NO_SUCH_KEY = Answer({}, 401, content=write({"type": "error", "msg": "authentication failed"}), media_type=HTML)


def unknown_path(path: str) -> Answer:
    """A path that is no route; a status that is none is answered without a body."""
    if path.startswith("/api/v1/get/status/"):
        return CRASHED
    return error("Invalid search category" if path.startswith("/api/v1/search/") else "route not found", 404)


def wrong_method(method: str, allowed: Sequence[str]) -> Answer:
    """A method that the route has not; where a write is asked for with GET, its attributes are what is missing."""
    if method.upper() == "GET":
        return NO_ATTRIBUTES
    return error(f"only {' / '.join(allowed)} method is allowed", 405)


def bad_body(problem: BadBody) -> Answer:
    """A body that cannot be read."""
    return NO_JSON


def bad_token() -> Answer:
    """A key that nobody has."""
    return NO_SUCH_KEY


def invalid(findings: Sequence[Finding]) -> Answer:
    """Arguments that the document does not allow, which this server judges by itself."""
    raise NotImplementedError("hooks of this pack judge what they are given")


def failure(status: int) -> Answer:
    """Any failure: what an asked for fault looks like."""
    if status == 401:
        return NO_SUCH_KEY
    if status >= 500:
        text = "<center style='font-family:sans-serif;'>Connection to Redis failed.<br /></center>\n"
        return Answer({}, status, content=text.encode(), media_type=HTML)
    return error({403: "API read/write access denied", 404: "route not found"}.get(status, "failed"), status)
