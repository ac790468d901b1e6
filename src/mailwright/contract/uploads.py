"""Uploads: every byte must be sent as it was given, from wherever it was given, and nothing but bytes taken."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from mailwright.contract.bindings import Argument, Call
from mailwright.contract.calling import Mode
from mailwright.contract.document import JSON, Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, is_refusal, judge_sent, judge_token
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite

_MODES: tuple[Mode, ...] = ("sync", "async")
_ALL = bytes(range(256))
# Two of them are larger than what is read of a file at once.
_CONTENTS = (b"", b"\0", b"Subject: x\r\n\r\n.\r\n", _ALL, _ALL * 1024, _ALL * 4097)


def check(suite: Suite, operation: Operation) -> None:
    """Uploads bytes from every kind of source, and what is no upload; an operation without one has nothing to check."""
    argument = next((each for each in suite.client.method(operation).arguments if each.upload), None)
    if argument is None:
        return
    case = sample_case(suite.document, operation)
    call = suite.client.bind(operation, case)
    with tempfile.TemporaryDirectory(prefix="mailwright-uploads-") as folder:
        for content in _CONTENTS:
            for mode in _MODES:
                _check_content(suite, operation, argument, case, call, content, Path(folder) / "upload", mode)
        for name, source in _wrong(Path(folder)):
            _check_refused(suite, operation, argument, call, name, source)


def _check_content(
    suite: Suite,
    operation: Operation,
    argument: Argument,
    case: JSON,
    call: Call,
    content: bytes,
    file: Path,
    mode: Mode,
) -> None:
    file.write_bytes(b"before" + content)
    with ExitStack() as stack:
        for name, source in _sources(content, file, stack):
            suite.counts[operation.id, "encode"] += 1
            given = _with(call, argument, source)
            outcome = suite.caller.call(suite.client.method(operation), given, suite.good_answer(operation), mode=mode)
            wanted = b"before" + content if name == "a path" else content
            faults = [*judge_sent(suite, operation, {**case, "body": wanted}, outcome, BASE_PATH)]
            faults += judge_token(suite, operation, outcome)
            if outcome.error is not None:
                faults.append(Fault("a good answer was refused", "a value", error_text(outcome.error)))
            for fault in faults:
                named = replace(fault, kind=f"{name}: {fault.kind}")
                # A file that is gone by then would repeat nothing.
                suite.report(operation, "encode", named, _with(call, argument, wanted), [], mode=mode)


def _sources(content: bytes, file: Path, stack: ExitStack) -> Iterator[tuple[str, object]]:
    yield "bytes", content
    yield "a path", file
    opened = stack.enter_context(file.open("rb"))
    opened.seek(len(b"before"))
    yield "an open file, from where it stands", opened
    yield "a file in memory", io.BytesIO(content)


def _wrong(folder: Path) -> Iterator[tuple[str, object]]:
    yield "a text", "Subject: x"
    yield "None", None
    yield "a number", 7
    yield "a list", [b"x"]
    yield "a file in text mode", io.StringIO("x")
    yield "a folder", folder
    yield "a path that leads nowhere", folder / "none"


def _check_refused(
    suite: Suite, operation: Operation, argument: Argument, call: Call, name: str, source: object
) -> None:
    suite.counts[operation.id, "hostile"] += 1
    given = _with(call, argument, source)
    outcome = suite.caller.call(suite.client.method(operation), given, suite.good_answer(operation))
    if is_refusal(outcome.error) and not outcome.requests:
        return
    got = error_text(outcome.error) if outcome.error else shown([each.content for each in outcome.requests])
    suite.report(operation, "hostile", Fault(f"{name} was taken for an upload", "UsageError", got), call, [])


def _with(call: Call, argument: Argument, source: object) -> Call:
    keywords: dict[str, Any] = {**call.keywords, argument.name: source}
    return Call(call.arguments, keywords, call.page)
