"""doveadm: a success is `["doveadmResponse", rows, tag]`, a failure `["error", {type, exitCode}, tag]`, both at 200.

What is no such tuple is refused as a whole, with a status of 400 or more and its reason as plain text, if any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from mailwright.runtime.decoding import decode
from mailwright.runtime.dialects.exit_codes import ExitCode
from mailwright.runtime.dialects.protocol import Failure, kind_of_status
from mailwright.runtime.errors import (
    APIError,
    Conflict,
    InvalidRequest,
    NotFound,
    PartialFailure,
    PermissionDenied,
    ResponseInvalid,
    ServerError,
)
from mailwright.runtime.response import media_type_of

_BY_EXIT_CODE: dict[int, type[APIError]] = {
    ExitCode.CHANGED: PartialFailure,
    ExitCode.USAGE: InvalidRequest,
    ExitCode.NOT_POSSIBLE: Conflict,
    ExitCode.NO_INPUT: InvalidRequest,
    ExitCode.NO_USER: NotFound,
    ExitCode.NOT_FOUND: NotFound,
    ExitCode.NO_PERMISSION: PermissionDenied,
    ExitCode.EXPIRED: Conflict,
}
_EXIT_CODE = "exitCode"
_BY_TYPE: dict[str, tuple[type[APIError], str]] = {
    "unknownMethod": (InvalidRequest, "the server does not know the command; is it of another version or of a plugin?"),
    "invalidRequest": (InvalidRequest, "the server does not know one of the parameters, or cannot read its value"),
    "unAuthorized": (PermissionDenied, "the server's doveadm_allowed_commands does not have the command"),
    "internalError": (ServerError, "the server failed in itself"),
}
_SAID_NOTHING = {
    401: "the server does not accept the password or the key",
    500: "the server failed; it may have neither a doveadm_password nor a doveadm_api_key",
}
_TEXT = "text/plain"
_SHOWN = 1_000
_ANSWERS = msgspec.json.Decoder(list[list[msgspec.Raw]])
_TEXTS = msgspec.json.Decoder(str)


class _Error(msgspec.Struct):
    type: str
    code: int = msgspec.field(name="exitCode", default=0)


_ERRORS = msgspec.json.Decoder(_Error)


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """The answer to one command: the parts between kind and tag, as they came, or what went wrong."""

    tag: str
    parts: tuple[msgspec.Raw, ...]
    failure: Failure | None


def read_answers(content: bytes) -> list[CommandAnswer]:
    """Reads the answers to all commands of a request; raises `ResponseInvalid` for what is none."""
    return [_answer(each, content) for each in decode(content, _ANSWERS)]


def read_answer(content: bytes) -> CommandAnswer:
    """Reads the answer to a request of one command; raises `ResponseInvalid` for what is none, or more than one."""
    answers = read_answers(content)
    if len(answers) != 1:
        raise ResponseInvalid(f"there are {len(answers)} answers to one command", content=content)
    return answers[0]


def _answer(elements: list[msgspec.Raw], content: bytes) -> CommandAnswer:
    if len(elements) < 3:
        raise ResponseInvalid("the answer to a command has not a kind, rows and a tag", content=content)
    kind, *parts, tag = elements
    try:
        told, known = _TEXTS.decode(kind), _TEXTS.decode(tag)
        failure = None if told != "error" or len(parts) > 1 else _failure(_ERRORS.decode(parts[0]))
    except ValueError as error:
        raise ResponseInvalid(f"the answer to a command is none of its API: {error}", content=content) from None
    if told not in ("doveadmResponse", "error") or (told == "error" and failure is None):
        raise ResponseInvalid(f"the answer to a command is of no known kind: {told[:40]!r}", content=content)
    return CommandAnswer(known, tuple(parts), failure)


def _failure(error: _Error) -> Failure:
    details = {"type": error.type, _EXIT_CODE: error.code}
    if error.type != _EXIT_CODE:
        # The exit code beside another type is one of an earlier command.
        kind, message = _BY_TYPE.get(error.type, (ServerError, f"the server answered {error.type[:40]}"))
        return Failure(kind, message, error.type, details)
    try:
        code: int = ExitCode(error.code)
        meaning = ExitCode(error.code).meaning
    except ValueError:
        code, meaning = error.code, "no table tells what it means"
    message = f"the command failed with exit code {error.code}: {meaning[:1].lower()}{meaning[1:]}"
    return Failure(_BY_EXIT_CODE.get(code, ServerError), message, code, details)


class DoveadmDialect:
    """Reads the answer to one command, and what is said where none was run."""

    empty_answer = ""

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        """Returns what went wrong, or None when the one command went well."""
        return read_answer(content).failure

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        """Returns what went wrong in the server's own words, where it has any."""
        text = content[:_SHOWN].decode("utf-8", "replace").strip()
        if not text:
            flaw = _SAID_NOTHING.get(status, flaw)
        elif media_type_of(headers) == _TEXT:
            flaw = text
        return Failure(kind_of_status(status), flaw)
