"""Writes the Python line that repeats one call against the client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

import msgspec

from mailwright.contract.bindings import Call, Client, Method
from mailwright.contract.calling import BASE_URL, TOKEN, Mode
from mailwright.contract.recording import JSON_HEADERS, Answer

_LONG = 200


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
    token = client.document.token_argument
    made = f"{name}({BASE_URL!r}, {f'{token}={TOKEN!r}, ' if token else ''}backend={recorder}({_prepared(answers)}))"
    text = f"{made}.{method.resource}.{method.method}({', '.join(written)})"
    if method.paged and not walk:
        text += f".page({', '.join(f'{key}={expression(value)}' for key, value in call.page.items())})"
    imports = [f"from mailwright.contract import {recorder}", f"from {client.target.import_name} import {name}"]
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
        return _repetition(value)
    return _plain(value)


def _prepared(answers: Sequence[Answer]) -> str:
    first = answers[0] if answers else Answer()
    parts = [expression(each.content) for each in answers] or ["b''"]
    if first.status != 200:
        parts.append(f"status={first.status}")
    if first.headers != JSON_HEADERS:
        parts.append(f"headers={first.headers!r}")
    if first.error is not None:
        module = "runtime." if type(first.error).__module__.startswith("mailwright.") else ""
        parts.append(f"error={module}{type(first.error).__name__}({str(first.error)!r})")
    return ", ".join(parts)


def _repetition(value: str | bytes) -> str:
    """Writes `'a' * 100000` where a long value is one character, or two halves of one each."""
    half = len(value) // 2
    pieces = [value] if len(set(value)) == 1 else [value[:half], value[half:]]
    if any(len(set(piece)) > 1 for piece in pieces):
        return _plain(value)
    return " + ".join(f"{_plain(piece[:1])} * {len(piece)}" for piece in pieces)


def _plain(value: object) -> str:
    # The line must survive a terminal and a file: characters beyond ASCII are written as escapes.
    return ascii(value)
