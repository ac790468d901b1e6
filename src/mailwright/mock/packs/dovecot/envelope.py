"""The tuples of doveadm over HTTP: commands in, rows or errors out, refusals as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mailwright.mock import json_value
from mailwright.mock.arguments import BadBody
from mailwright.mock.call import Answer, Call
from mailwright.mock.document import Operation
from mailwright.mock.findings import Finding
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.packs import Commands
from mailwright.mock.packs.dovecot.failing import USAGE, Dropped, Failed, NotRun, Unreadable
from mailwright.mock.packs.dovecot.parameters import read_parameters

JSON_TYPE = "application/json; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_SCHEMES = (("WWW-Authenticate", "X-Dovecot-API"), ("WWW-Authenticate", 'Basic Realm="doveadm"'))


def refusal(status: int, text: str) -> Answer:
    """An answer in plain text."""
    return Answer({}, status, content=f"{text}\r\n".encode() if text else b"", media_type=_TEXT)


def bad_body(error: BadBody) -> Answer:
    """A body of the listing, which has none, that cannot be read."""
    return refusal(400, str(error))


def unknown_path(path: str) -> Answer:
    """No such path."""
    return refusal(404, "Path Not Found")


def wrong_method(method: str, allowed: Sequence[str]) -> Answer:
    """A path with another method is no path of the server's either."""
    return refusal(404, "Path Not Found")


def bad_token() -> Answer:
    """Neither password nor key, or a wrong one."""
    return Answer({}, 401, _SCHEMES, content=b"", media_type=_TEXT)


def invalid(findings: Sequence[Finding]) -> Answer:
    """Only the listing gets here, which has no arguments."""
    return refusal(400, "Bad Request")


def failure(status: int) -> Answer:
    """Any failure with this status."""
    return refusal(status, f"The mock was told to answer {status}")


class Tuples:
    """Answers a request; of Dovecot 2.3 where `old`."""

    def __init__(self, *, old: bool) -> None:
        self._old = old

    def __call__(self, request: Commands) -> Answer:
        """Runs the commands one after the other; a malformed one ends it after the earlier ones were run."""
        names = {_words(name): operation for name, operation in request.operations.items()}
        written = "["
        code = 0
        try:
            for number, (name, parameters, tag) in enumerate(_commands(request.content)):
                if tag == "" and not self._old:
                    # 2.4 breaks at it, whether it is to spare its callers or not.
                    raise Dropped
                kind = "doveadmResponse"
                try:
                    result = self._run(request, names.get(_words(name)), parameters)
                except NotRun as error:
                    # The exit code is still that of the command before.
                    kind, result = "error", {"type": error.kind, "exitCode": code}
                except Failed as error:
                    code = error.code
                    kind, result = "error", {"type": "exitCode", "exitCode": code}
                early = kind == "error" and result["type"] != "exitCode"
                written += "," if number and not (early and self._old and request.quirks) else ""
                written += json_value.write([kind, *self._parts(result, quirks=request.quirks), tag]).decode()
        except Unreadable as error:
            return refusal(400, str(error))
        except Dropped:
            return Answer({}, cut="reset", content=b"", media_type=_TEXT)
        return Answer({}, content=f"{written}]".encode(), media_type=JSON_TYPE)

    def _run(self, request: Commands, operation: Operation | None, parameters: JsonObject) -> Any:
        if operation is None:
            raise NotRun("unknownMethod")
        try:
            given = read_parameters(operation, parameters, old=self._old, quirks=request.quirks)
            return request.run(operation, given).get("rows", [])
        except Dropped:
            if request.quirks:
                raise
            raise Failed(USAGE) from None

    def _parts(self, result: Json, *, quirks: bool) -> list[Json]:
        """What stands between kind and tag: the rows of `who` in 2.3 are several parts (2.3.19.1 n=222, but n=223)."""
        rows = as_list(result) or []
        if self._old and quirks and len(rows) > 1 and "connections" in rows[0]:
            return [rows[:1], *rows[1:]]
        return [result]


def _commands(content: bytes) -> Sequence[tuple[str, JsonObject, str]]:
    """Reads the commands one by one; what is wrong with one is told when it is its turn."""
    try:
        payload = json_value.read(content)
    except json_value.BadJson as error:
        raise Unreadable(f"JSON parse error: {error}") from None
    commands = as_list(payload)
    if commands is None:
        raise Unreadable("Request must be a JSON array")
    return _Turns(commands)


class _Turns(Sequence[tuple[str, JsonObject, str]]):
    """Commands that are looked at when they are reached."""

    def __init__(self, commands: list[Json]) -> None:
        self._raw = commands

    def __len__(self) -> int:
        return len(self._raw)

    def __getitem__(self, index: Any) -> Any:
        return _command(self._raw[index])


def _command(raw: Json) -> tuple[str, JsonObject, str]:
    elements = as_list(raw)
    if elements is None:
        raise Unreadable("Command must be a JSON array")
    name, parameters, tag = [*elements, None, None, None][:3]
    if not isinstance(name, str):
        raise Unreadable("Command name must be a string")
    given = as_object(parameters)
    if given is None:
        raise Unreadable("Parameters must be contained in a JSON object")
    if not isinstance(tag, str):
        raise Unreadable("Command ID must be a string")
    if len(elements) > 3:
        raise Unreadable("Unexpected JSON element at end of command")
    return name, given, tag


def _words(name: str) -> str:
    """Writes `mailboxList`, `mailbox list` and `mailbox-list` alike; capitals elsewhere stay wrong."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f" {found[1].lower()}", name).replace("-", " ")


def list_commands(call: Call) -> None:
    """Lists the commands that the mock knows, and all their parameters."""
    found = [
        {
            "command": operation.command,
            "parameters": [{"name": value.name, "type": min(value.kinds)} for value in operation.values],
        }
        for operation in call.commands.values()
    ]
    call.answer = Answer({}, content=json_value.write(found), media_type=JSON_TYPE)
