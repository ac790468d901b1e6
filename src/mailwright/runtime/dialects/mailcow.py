"""mailcow: a write answers with a list of entries, at status 200 also where some or all of it failed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from mailwright.runtime.decoding import decode
from mailwright.runtime.dialects.mailcow_keys import meaning_of
from mailwright.runtime.dialects.protocol import Failure, kind_of_status
from mailwright.runtime.errors import PartialFailure, PermissionDenied, ResponseInvalid

_FAILED = ("danger", "error")
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")

_NO_ACCESS_FROM = "api access denied for ip"


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """An entry and nothing else: lines of logs have the same keys, and more."""

    type: str
    msg: str | list[Any]
    log: msgspec.Raw = msgspec.Raw(b"null")


_DECODER: msgspec.json.Decoder[list[_Entry] | _Entry] = msgspec.json.Decoder(list[_Entry] | _Entry)


class MailcowDialect:
    """Reads mailcow's lists of entries, and the one entry that stands for an answer that is none."""

    empty_answer = (
        "mailcow answers so when a key is missing, or when it failed while it worked: a part may have been done"
    )

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        """Returns what went wrong: an error at any status, and any entry of danger in a list.

        `details` has all entries, each with `type` and `msg`; where some of them tell a success, it is a
        `PartialFailure`.
        """
        entries = _entries(content)
        failed = next((entry for entry in entries if entry.type in _FAILED), None)
        if failed is None:
            return None
        details = [{"type": entry.type, "msg": entry.msg} for entry in entries]
        message, code = _text(failed.msg), _code(failed.msg)
        meaning = meaning_of(code)
        if status >= 400:
            refused_place = message.startswith(_NO_ACCESS_FROM)
            return Failure(PermissionDenied if refused_place else kind_of_status(status), message, code, details)
        in_part = any(entry.type == "success" for entry in entries)
        told = f"{message}; {meaning.meanings}" if meaning.meanings else message
        return Failure(PartialFailure if in_part else meaning.kind, told, code, details)

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        """Returns what went wrong: errors are JSON that calls itself text/html."""
        told: Failure | None = None
        with suppress(ResponseInvalid):
            told = self.failure(status, headers, content)
        return told or Failure(kind_of_status(status), flaw)


def _entries(content: bytes) -> list[_Entry]:
    """Reads the entries of an answer; none where it is something else."""
    try:
        found = _DECODER.decode(content)
    except msgspec.ValidationError:
        return []
    except (ValueError, OverflowError, RecursionError):
        # Raises what is wrong with the body in its own words.
        found = decode(content, _DECODER)
    return [found] if isinstance(found, _Entry) else found


def _text(msg: str | list[Any]) -> str:
    """Writes a message for people: `mailbox_quota_exceeded: 10240`."""
    if isinstance(msg, str):
        return msg
    try:
        texts = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in msg]
    except RecursionError:
        # Nested as deep as that, it explains nothing to anybody.
        texts = [msg[0]] if isinstance(msg[0], str) else []
    return ": ".join(part for part in (texts[0], ", ".join(texts[1:])) if part) if texts else ""


def _code(msg: str | list[Any]) -> str | None:
    key = msg if isinstance(msg, str) else next(iter(msg), None)
    return key if isinstance(key, str) and _KEY.fullmatch(key) else None
