"""Answers that no API gives on purpose: cut off, of another kind, or no answer at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from mailwright.contract.recording import JSON_HEADERS, Answer
from mailwright.runtime import ConnectFailed, Disconnected, MailwrightError, ResponseInvalid, TimedOut, TransportError

_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_PAGE = b"<!DOCTYPE html><html><body>Bad Gateway</body></html>"


@dataclass(frozen=True, slots=True)
class Broken:
    """One such answer; `wanted` is the exception it must raise, `or_value` allows a value as well.

    `whole` says that only its JSON is odd, so that an operation without an envelope may take it for a value.
    """

    name: str
    answer: Answer
    wanted: type[MailwrightError] = MailwrightError
    or_value: bool = False
    whole: bool = False


def broken_answers(good: bytes) -> Iterator[Broken]:
    """Yields them all, made from a good answer where they need one.

    What is not JSON by its own standard must be refused; where JSON leaves a choice, a value is allowed too.
    """
    invalid = ResponseInvalid
    yield Broken("an empty body", Answer(b""), invalid)
    yield Broken("an empty body at 204", Answer(b"", 204, ()), invalid)
    yield Broken("blanks only", Answer(b" \r\n"), invalid)
    yield Broken("cut off by three bytes", Answer(good[:-3]), invalid)
    yield Broken("cut off in the middle", Answer(good[: len(good) // 2]), invalid)
    yield Broken("something after the end", Answer(good + b"}"), invalid)
    yield Broken("HTML at 200", Answer(_PAGE, 200, _HTML), invalid)
    yield Broken("HTML at 200 that calls itself JSON", Answer(_PAGE), invalid)
    yield Broken("HTML at 502", Answer(_PAGE, 502, _HTML))
    yield Broken("JSON that calls itself a picture", Answer(good, 200, (("Content-Type", "image/png"),)), invalid)
    yield Broken("JSON without a content type", Answer(good, 200, ()), or_value=True)
    yield Broken("a success at 500", Answer(good, 500))
    yield Broken("a success at 404", Answer(good, 404))
    yield Broken("a redirect", Answer(good, 302, (*JSON_HEADERS, ("Location", "http://elsewhere.test/"))), invalid)
    yield Broken("status 99", Answer(good, 99))
    yield Broken("status 599", Answer(b'{"error": "it failed"}', 599))
    yield Broken("NaN", Answer(_with(good, b"NaN")), invalid)
    yield Broken("Infinity", Answer(_with(good, b"-Infinity")), invalid)
    yield Broken("an int of 5,000 digits", Answer(_with(good, b"9" * 5000)), or_value=True)
    yield Broken("a number beyond floats", Answer(_with(good, b"1e400")), or_value=True)
    yield Broken("100,000 lists deep", Answer(b"[" * 100_000 + b"]" * 100_000), invalid)
    yield Broken("a field 100,000 lists deep", Answer(_with(good, b"[" * 100_000 + b"]" * 100_000)), or_value=True)
    yield Broken("bytes that are no UTF-8", Answer(_with(good, b'"\xff\xfe"')), invalid)
    yield Broken("a lone surrogate", Answer(_with(good, b'"\\ud800"')), or_value=True)
    yield Broken("a field twice", Answer(_with_twice(good)), or_value=True)
    yield Broken("a byte order mark", Answer(b"\xef\xbb\xbf" + good), or_value=True)
    yield Broken("UTF-16", Answer(good.decode().encode("utf-16")), invalid)
    for text in (b"null", b"[]", b"{}", b"true", b"false", b"0", b'"success"', b"[[]]"):
        yield Broken(f"{text.decode()} as the whole answer", Answer(text), MailwrightError, whole=True)
    yield Broken("a refused connection", Answer(error=ConnectionRefusedError("refused")), ConnectFailed)
    yield Broken("a closed connection", Answer(error=ConnectionResetError("reset by peer")), Disconnected)
    yield Broken("a time-out", Answer(error=TimeoutError("timed out")), TimedOut)
    yield Broken("a backend's own error", Answer(error=Disconnected("the connection ended")), TransportError)


def _with_twice(good: bytes) -> bytes:
    """Repeats a field of a JSON object: `success` with another value, else the first one as it is."""
    body: Any = json.loads(good)
    if not isinstance(body, dict) or not body or "success" in body:
        return _with(good, b"1", name=b"success")
    name, value = next(iter(cast("dict[str, Any]", body).items()))
    return _with(good, json.dumps(value).encode(), name=json.dumps(name)[1:-1].encode())


def _with(good: bytes, value: bytes, *, name: bytes = b"zzz") -> bytes:
    """Puts one more field at the end of a JSON object."""
    return good[:-1] + b', "' + name + b'": ' + value + b"}"
