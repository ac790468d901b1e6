"""How each dialect says in its own JSON that something failed: what the runtime is held against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from mailwright.contract import entries
from mailwright.contract import stalwart_envelope as stalwart
from mailwright.contract.document import JSON
from mailwright.contract.rpc import TAG, items_of
from mailwright.contract.told import Told


def told(envelope: str, body: object, status: int = 200) -> Told | None:
    """Reads a body the way the dialect's documentation does; None for a dialect without a reading here."""
    if envelope == "stalwart":
        return stalwart.told(body, status)
    read = {"doveadm": _doveadm, "mailcow": _mailcow, "wildduck": _wildduck}.get(envelope)
    return read(body) if read else None


def broken(envelope: str, body: Any) -> Iterator[tuple[str, Any]]:
    """Yields successful answers made into failures, with a name for each; of a command, `body` is its rows."""
    if envelope == "doveadm":
        yield from _broken_doveadm(body)
    if envelope == "stalwart":
        yield from stalwart.broken(body)
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
    return Told(
        success=False, error=True, code=failure[1], message=failure[0], explained=failure[1] in entries.SEVERAL_MEANINGS
    )


_EXIT_CODES = (2, *range(64, 79), 1002, 1003, 0, -1, 99)
_ERROR_TYPES = ("unknownMethod", "invalidRequest", "unAuthorized", "internalError", "somethingNew")


def _broken_doveadm(rows: Any) -> Iterator[tuple[str, Any]]:
    for code in _EXIT_CODES:
        yield f"exit code {code}", [["error", {"type": "exitCode", "exitCode": code}, TAG]]
    for kind in _ERROR_TYPES:
        yield kind, [["error", {"type": kind, "exitCode": 67}, TAG]]
    yield "an error without an exit code", [["error", {"type": "unknownMethod"}, TAG]]
    yield "the tag of another command", [["doveadmResponse", rows, f"{TAG}2"]]
    yield "an error with the tag of another command", [["error", {"type": "exitCode", "exitCode": 68}, f"{TAG}2"]]
    yield "an empty tag", [["doveadmResponse", rows, ""]]
    yield "a tag that is a number", [["doveadmResponse", rows, 1]]
    yield "no tag", [["doveadmResponse", rows]]
    yield "another kind", [["doveadmAnswer", rows, TAG]]
    yield "a kind that is null", [[None, rows, TAG]]
    yield "an error that is a text", [["error", "exitCode", TAG]]
    yield "an error that is a list", [["error", [], TAG]]
    yield "an error without a type", [["error", {"exitCode": 68}, TAG]]
    yield "no answer", []
    yield "two answers", [["doveadmResponse", rows, TAG], ["doveadmResponse", rows, TAG]]
    yield "no tuple", ["doveadmResponse", rows, TAG]
    yield "rows that are a text", [["doveadmResponse", "rows", TAG]]
    yield "rows that are null", [["doveadmResponse", None, TAG]]


def _doveadm(body: object) -> Told | None:
    """Reads the first of the answers, which is the only one unless several commands were sent."""
    answers = items_of(body)
    first = items_of(answers[0]) if answers else []
    if not first:
        return None
    known = len(first) == 3 and first[0] == "error" and isinstance(first[1], dict)
    told = cast("JSON", first[1]) if known else {}
    kind, code = told.get("type"), told.get("exitCode")
    # An error that has not the tag of the command is no error of it.
    if len(answers) > 1 or not isinstance(kind, str) or str(first[2]) == f"{TAG}2":
        return Told(success=False, error=False, code=None, message="")
    return Told(success=False, error=True, code=code if kind == "exitCode" else kind, message="")


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
