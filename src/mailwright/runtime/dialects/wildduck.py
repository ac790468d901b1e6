"""WildDuck: success is `"success": true`; all else is failure, told by `error` or `message`, and often `code`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mailwright.runtime.decoding import decode
from mailwright.runtime.dialects.parts import value_of
from mailwright.runtime.dialects.protocol import Failure, kind_of_status
from mailwright.runtime.errors import (
    APIError,
    AuthenticationFailed,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    ResponseInvalid,
)

# Codes come first: later servers send UserExistsError with status 500.
_BY_CODE: dict[str | int, type[APIError]] = {
    "AuthFail": AuthenticationFailed,
    "AuthFailed": AuthenticationFailed,
    "InvalidToken": AuthenticationFailed,
    "InvalidAuthScope": PermissionDenied,
    "MissingPrivileges": PermissionDenied,
    "NONEXISTENT": NotFound,
    "ALREADYEXISTS": Conflict,
    11000: Conflict,  # MongoDB's duplicate key
    "InputValidationError": InvalidRequest,
    "InvalidContent": InvalidRequest,
    "MethodNotAllowed": InvalidRequest,
}
_BY_CODE_ENDING: tuple[tuple[str, type[APIError]], ...] = (
    ("NotFound", NotFound),
    ("Exists", Conflict),
    ("ExistsError", Conflict),
)
_BY_CODE_START: tuple[tuple[str, type[APIError]], ...] = (("NoSuch", NotFound), ("RateLimited", RateLimited))

# A wrong token has status 403 like a missing right; before it got a code, its words were the only difference.
_WRONG_TOKEN = "Invalid accessToken"  # noqa: S105
# Servers of 2017 and 2018 give many errors at status 200 and without a code: there only the words are left.
_BY_WORDS: tuple[tuple[str, type[APIError]], ...] = (
    ("Authentication failed", AuthenticationFailed),
    ("code ALREADYEXISTS", Conflict),
    ("already exists", Conflict),
    ("code NONEXISTENT", NotFound),
    ("does not exist", NotFound),
    ("not found", NotFound),
    ("Invalid or unknown address", NotFound),
)


_ABSENT = msgspec.Raw(b"null")


class _Envelope(msgspec.Struct):
    success: msgspec.Raw = _ABSENT
    error: msgspec.Raw = _ABSENT
    message: msgspec.Raw = _ABSENT
    code: msgspec.Raw = _ABSENT
    details: msgspec.Raw = _ABSENT


_DECODER = msgspec.json.Decoder(_Envelope)


class WildDuckDialect:
    """Reads WildDuck's flat envelope, of every version."""

    empty_answer = ""

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        """Returns what went wrong, or None when the body says `"success": true`."""
        envelope = decode(content, _DECODER)
        success = value_of(envelope.success)
        if success is True:
            return None
        texts = map(value_of, (envelope.error, envelope.message))
        told = next((text for text in texts if isinstance(text, str) and text), "")
        code = _code(value_of(envelope.code))
        if not told and code is None and success is not False and status < 400:
            raise ResponseInvalid("the answer has neither 'success': true nor an error in it", content=content)
        message = told or (
            f"the server answered {code}" if code is not None else f"the server refused, status {status}"
        )
        return Failure(_kind(status, code, told), message, code, value_of(envelope.details))

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        """Returns what the status means: only what stands before WildDuck answers in anything but JSON."""
        return Failure(kind_of_status(status), flaw)


def _code(code: object) -> str | int | None:
    return code if isinstance(code, (str, int)) and not isinstance(code, bool) and code != "" else None


def _kind(status: int, code: str | int | None, message: str) -> type[APIError]:
    if code is not None:
        if code in _BY_CODE:
            return _BY_CODE[code]
        for ending, kind in _BY_CODE_ENDING:
            if str(code).endswith(ending):
                return kind
        for start, kind in _BY_CODE_START:
            if str(code).startswith(start):
                return kind
    elif message.startswith(_WRONG_TOKEN):
        return AuthenticationFailed
    elif status < 300:
        for words, kind in _BY_WORDS:
            if words in message:
                return kind
    return kind_of_status(status)
