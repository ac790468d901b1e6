"""Writes the Python line that repeats one call against the client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import cast

import msgspec

from mailwright.contract.bindings import Call, Client, Method
from mailwright.contract.calling import BASE_URL, TOKEN, Mode
from mailwright.contract.recording import JSON_HEADERS, Answer

_LONG = 200
_RUN = re.compile(r"(.)\1{99,}", re.DOTALL)


def line(
    client: Client,
    method: Method,
    call: Call,
    answers: Sequence[Answer] = (),
    *,
    mode: Mode = "sync",
    walk: bool = False,
) -> str:
    """Gives one line of Python that makes the call over a recorder that gives these answers."""
    is_async = mode == "async"
    name = client.bindings.async_client if is_async else client.bindings.client
    recorder = "AsyncRecorder" if is_async else "Recorder"
    written = [expression(argument) for argument in call.arguments]
    written += [f"{key}={expression(value)}" for key, value in call.keywords.items()]
    given = client.credentials[0].arguments(TOKEN) if client.credentials else {}
    told = "".join(f"{key}={value!r}, " for key, value in given.items())
    made = f"{name}({BASE_URL!r}, {told}backend={recorder}({_prepared(answers)}))"
    text = f"{made}.{method.resource}.{method.method}({', '.join(written)})"
    if method.paged and not walk:
        text += f".page({', '.join(f'{key}={expression(value)}' for key, value in call.page.items())})"
    reader = ("async_read" if is_async else "read") if method.stream else ""
    text = f"{reader}({text})" if reader else text
    used = ", ".join(filter(None, (recorder, reader)))
    imports = [f"from mailwright.contract import {used}", f"from {client.target.import_name} import {name}"]
    if is_async:
        text = f"asyncio.run({text})"
        imports.insert(0, "import asyncio")
    elif walk:
        text = f"list({text})"
    # Only what the call needs, so that the line stays short.
    imports += [f"import {module}" for module in ("datetime", "msgspec") if f"{module}." in text]
    imports += [f"from {client.target.import_name} import models"] if "models." in text else []
    imports += ["from mailwright import runtime"] if "runtime." in text else []
    return f"{'; '.join(imports)}; print({text})"


def expression(value: object) -> str:
    """Gives Python that evaluates to the value; nothing is hidden, for the values are made up."""
    if isinstance(value, msgspec.Struct):
        fields = [(name, getattr(value, name)) for name in value.__struct_fields__]
        written = ", ".join(f"{name}={expression(each)}" for name, each in fields if each is not msgspec.UNSET)
        return f"models.{type(value).__name__}({written})"
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return "{" + ", ".join(f"{expression(key)}: {expression(each)}" for key, each in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(expression, cast("list[object]", value))) + "]"
    if isinstance(value, date):
        return f"datetime.{type(value).__name__}.fromisoformat({value.isoformat()!r})"
    if isinstance(value, float):
        return f"float({str(value)!r})" if value != value or value in (float("inf"), -float("inf")) else repr(value)
    if isinstance(value, (str, bytes)) and len(value) > _LONG:
        return _short(value)
    return _plain(value)


def _prepared(answers: Sequence[Answer]) -> str:
    first = answers[0] if answers else Answer()
    parts = [expression(each.content) for each in answers] or ["b''"]
    if first.status != 200:
        parts.append(f"status={first.status}")
    if first.headers != JSON_HEADERS:
        parts.append(f"headers={first.headers!r}")
    if first.pieces:
        parts.append(f"pieces={first.pieces}")
    if first.tags:
        parts.append(f"tags={first.tags!r}")
    for name, error in (("error", first.error), ("cut", first.cut)):
        if error is not None:
            module = "runtime." if type(error).__module__.startswith("mailwright.") else ""
            parts.append(f"{name}={module}{type(error).__name__}({str(error)!r})")
    return ", ".join(parts)


def _short(value: str | bytes) -> str:
    """Writes `'a' * 100000` for each long run of one character, so that the line can be read."""
    pieces: list[tuple[str | bytes, int]]
    if isinstance(value, bytes):
        # Latin-1 has every byte as the character of the same number.
        pieces = [(piece.encode("latin-1"), size) for piece, size in _runs(value.decode("latin-1"))]
    else:
        pieces = [*_runs(value)]
    return " + ".join(f"{_plain(piece)} * {size}" if size > 1 else _plain(piece) for piece, size in pieces)


def _runs(text: str) -> Iterator[tuple[str, int]]:
    end = 0
    for run in _RUN.finditer(text):
        if run.start() > end:
            yield text[end : run.start()], 1
        yield run[1], len(run[0])
        end = run.end()
    if end < len(text):
        yield text[end:], 1


def _plain(value: object) -> str:
    # The line must survive a terminal and a file: characters beyond ASCII are written as escapes.
    return ascii(value)
