"""How each dialect says in its own JSON that something failed: what the runtime is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from mailwright.contract import entries
from mailwright.contract.document import JSON


@dataclass(frozen=True, slots=True)
class Told:
    """What a body says: whether it speaks of success, whether it tells an error, and which."""

    success: bool
    error: bool
    code: str | int | None
    message: str


def told(envelope: str, body: object) -> Told | None:
    """Reads a body the way the dialect's documentation does; None for a dialect without a reading here."""
    if envelope == "mailcow":
        return _mailcow(body)
    return _wildduck(body) if envelope == "wildduck" else None


def broken(envelope: str, body: Any) -> Iterator[tuple[str, Any]]:
    """Yields successful answers made into failures, with a name for each."""
    if envelope == "mailcow":
        yield from entries.broken(body)
    if envelope != "wildduck" or not isinstance(body, dict):
        return
    good = cast("JSON", body)
    for name, value in (("false", False), ("null", None), ("'true'", "true"), ("1", 1), ("0", 0), ("''", "")):
        yield f"success is {name}", {**good, "success": value}
    yield "success is missing", {key: value for key, value in good.items() if key != "success"}
    yield "an error in the place of an answer", {"error": "it does not exist", "code": "UserNotFound"}
    yield "an error with a number for a code", {"error": "duplicate", "code": 11000}
    yield "an error without a code", {"error": "it failed"}
    yield "an error beside success: false", {"success": False, "error": "it failed", "code": "NoSuchMailbox"}
    yield "an error of the framework", {"code": "ResourceNotFound", "message": "/x does not exist"}


def _mailcow(body: object) -> Told:
    failure = entries.first_failure(body)
    if failure is None:
        return Told(success=True, error=False, code=None, message="")
    return Told(success=False, error=True, code=failure[1], message=failure[0])


def _wildduck(body: object) -> Told:
    given = cast("JSON", body) if isinstance(body, dict) else {}
    code = given.get("code")
    known = isinstance(code, (str, int)) and not isinstance(code, bool) and code != ""
    texts = (given.get("error"), given.get("message"))
    message = next((text for text in texts if isinstance(text, str) and text), "")
    return Told(
        success=given.get("success") is True,
        error=bool(message) or known or given.get("success") is False,
        code=code if known else None,
        message=message,
    )
