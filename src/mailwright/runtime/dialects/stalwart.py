"""Stalwart up to 0.15: a success has `data`; a failure has `error` at 200, or is a problem with its own status."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mailwright.runtime.decoding import decode
from mailwright.runtime.dialects.parts import value_of
from mailwright.runtime.dialects.protocol import Failure, kind_of_status
from mailwright.runtime.errors import (
    APIError,
    Conflict,
    InvalidRequest,
    NotFound,
    OneTimePasswordNeeded,
    ResponseInvalid,
)
from mailwright.runtime.redaction import STARS

_TOTP_NEEDED = 402
_TOTP = "a one-time password is needed: put `$` and its digits after the password"
# What management tells at status 200.
_BY_KIND: dict[str, type[APIError]] = {
    "fieldAlreadyExists": Conflict,
    "assertFailed": Conflict,
    "notFound": NotFound,
    "fieldMissing": InvalidRequest,
    "unsupported": InvalidRequest,
    "other": InvalidRequest,
}
_ABSENT = msgspec.Raw(b"")
# From 0.16 on /api has other operations, whose answers are not wrapped.
_NEWER = "Stalwart 0.16 and later have no such API (management moved to JMAP), this client is for 0.11 to 0.15"
_UNWRAPPED = f"the answer has neither 'data' nor 'error' in it; {_NEWER}"
_PLAIN = f"the answer is plain text, not JSON; {_NEWER}"
_BASE = "base_url must end in /api, as in https://mail.example.org/api"
_TEXT = "text/plain"
_NO_SUCH_PLACE = 404


class _Envelope(msgspec.Struct):
    data: msgspec.Raw = _ABSENT
    error: msgspec.Raw = _ABSENT
    field: msgspec.Raw = _ABSENT
    value: msgspec.Raw = _ABSENT
    item: msgspec.Raw = _ABSENT
    details: msgspec.Raw = _ABSENT
    reason: msgspec.Raw = _ABSENT
    title: msgspec.Raw = _ABSENT
    detail: msgspec.Raw = _ABSENT
    limit: msgspec.Raw = _ABSENT


_DECODER = msgspec.json.Decoder(_Envelope)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class StalwartDialect:
    """Reads the two ways in which Stalwart says that something failed."""

    empty_answer = ""

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        """Returns what went wrong, or None when there is `data` and no error of the protocol.

        The `code` is the kind of a failure, or the limit that a problem names. `details` are its other fields, without
        the value that is in the way of a new one: it is a private key at times.
        """
        envelope = decode(content, _DECODER)
        if status < 400:
            if envelope.data is not _ABSENT:
                return None
            kind = _text(envelope.error)
            if not kind:
                raise ResponseInvalid(_UNWRAPPED, content=content)
            return _of_management(kind, envelope, status, content)
        kind = _text(envelope.error)
        if kind and status != _TOTP_NEEDED:
            return _of_management(kind, envelope, status, content)
        told = _text(envelope.detail) or _text(envelope.title) or f"the server refused, status {status}"
        limit = _text(envelope.limit) or None
        return _of_status(status, told, limit)

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        """Returns what the status means, which is all there is."""
        return _of_status(status, flaw)

    def foreign(self, media_type: str) -> str:
        """Returns the sentence for tokens, which later versions give as plain text."""
        return _PLAIN if media_type == _TEXT else ""


def _of_status(status: int, told: str, limit: str | None = None) -> Failure:
    if status == _TOTP_NEEDED:
        return Failure(OneTimePasswordNeeded, f"{told} ({_TOTP})", limit)
    if status == _NO_SUCH_PLACE:
        # The answer for what is missing, and the one for a path that there is not, are the same.
        told = f"{told} (if nothing is found at all: {_BASE}; {_NEWER})"
    return Failure(kind_of_status(status), told, limit)


def _of_management(kind: str, envelope: _Envelope, status: int, content: bytes) -> Failure:
    details = {
        name: value_of(raw)
        for name, raw in (
            ("field", envelope.field),
            ("item", envelope.item),
            ("details", envelope.details),
            ("reason", envelope.reason),
        )
        if raw is not _ABSENT
    }
    shown: bytes | None = None
    if envelope.value is not _ABSENT:
        details["value"] = STARS
        shown = _without_value(content)
    field, item = _text(envelope.field), _text(envelope.item)
    said = ": ".join(part for part in (_text(envelope.details), _text(envelope.reason)) if part)
    if kind == "notFound":
        message = f"there is no {item}" if item else "there is no such thing"
    elif kind == "fieldAlreadyExists":
        message = f"there is one with this {field or 'value'} already"
    elif kind == "fieldMissing":
        message = f"{field or 'a field'} is missing"
    elif kind == "assertFailed":
        message = "there is something already where nothing should be"
    else:
        message = said or f"the server answered {kind}"
    known = _BY_KIND.get(kind) or (InvalidRequest if status < 400 else kind_of_status(status))
    return Failure(known, message, kind, details, shown)


def _without_value(content: bytes) -> bytes:
    """Returns the body with stars for the value that is in the way: it is a private key at times."""
    fields = decode(content, _FIELDS)
    fields["value"] = msgspec.Raw(f'"{STARS}"'.encode())
    return msgspec.json.encode(fields)


def _text(raw: msgspec.Raw) -> str:
    value = value_of(raw)
    return value if isinstance(value, str) else ""
