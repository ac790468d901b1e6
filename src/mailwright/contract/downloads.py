"""Downloads: every byte must arrive as it was sent, and what is no file must raise."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

from mailwright.contract.calling import Outcome
from mailwright.contract.document import Operation
from mailwright.contract.envelopes import told
from mailwright.contract.feeding import MODES, Feeder
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, undocumented
from mailwright.contract.recording import Answer
from mailwright.contract.suite import Fault, Suite
from mailwright.runtime import APIError, Disconnected, MailwrightError, ResponseInvalid, TransportError

_ALL = bytes(range(256))
_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_PAGE = b"<!DOCTYPE html><html><body>Bad Gateway</body></html>"


def check(suite: Suite, operation: Operation) -> None:
    """Feeds a download with files, errors and broken answers, and reports what came of them where that is wrong."""
    feeder = _Download(suite, operation)
    feeder.files()
    feeder.failures()
    feeder.envelopes({"success": True})
    feeder.broken()


class _Download(Feeder):
    def files(self) -> None:
        """Files of every kind, whole, in pieces and packed."""
        for name, content, answer in self._files():
            for mode in MODES:
                self.add(_file_fault(content, self.outcome(answer, mode)), answer, name, mode)
            self.suite.coverage.status(self.operation, answer.status)
            self.count()

    def broken(self) -> None:
        """Answers that are no file, or not all of one."""
        for name, wanted, answer in self._broken():
            for mode in MODES:
                self.add(_broken_fault(self.operation, wanted, self.outcome(answer, mode)), answer, name, mode)
            self.count()

    def failure_fault(self, answer: Answer, body: Any, outcome: Outcome) -> Fault | None:
        """JSON that tells no error in the API's words may be the file itself."""
        told_here = told(self.suite.document.envelope, body, answer.status)
        if outcome.error is None and answer.status < 300 and not (told_here and told_here.error):
            return _file_fault(answer.content, outcome)
        return super().failure_fault(answer, body, outcome)

    def _files(self) -> Iterator[tuple[str, bytes, Answer]]:
        kind = ("Content-Type", self.operation.answer_type)
        status = self.operation.status
        for name, content in (
            ("a file without bytes", b""),
            ("one byte", b"\0"),
            ("every byte", _ALL * 4),
            ("lines that end in every way", b"a\nb\r\nc\rd"),
            ("a file larger than any buffer", _ALL * 8192),
        ):
            length = ("Content-Length", str(len(content)))
            yield name, content, Answer(content, status, (kind, length))
            yield f"{name}, in pieces", content, Answer(content, status, (kind,), pieces=max(1, len(content) // 3))
        packed = (kind, ("Content-Encoding", "gzip"))
        yield "a packed file", _ALL, Answer(gzip.compress(_ALL, mtime=0), status, packed)
        yield "a file of another kind", _PAGE, Answer(_PAGE, status, (("Content-Type", "x-other/kind"),))
        json = (("Content-Type", "application/json"), ("Content-Disposition", "attachment"))
        yield "a file that is JSON", b'{"error": "x"}', Answer(b'{"error": "x"}', status, json)

    def _broken(self) -> Iterator[tuple[str, type[MailwrightError], Answer]]:
        kind = ("Content-Type", self.operation.answer_type)
        status = self.operation.status
        yield "HTML at 502", APIError, Answer(_PAGE, 502, _HTML)
        yield "nothing at 404", APIError, Answer(b"", 404, ())
        yield "a file at 500", APIError, Answer(_ALL, 500, (kind,))
        yield "a redirect", ResponseInvalid, Answer(b"", 302, (("Location", "http://elsewhere.test/"),))
        yield "status 99", ResponseInvalid, Answer(_ALL, 99, (kind,))
        yield "fewer bytes than announced", Disconnected, Answer(b"abc", status, (kind, ("Content-Length", "5")))
        yield "more bytes than announced", TransportError, Answer(b"abcdef", status, (kind, ("Content-Length", "5")))
        torn = gzip.compress(_ALL, mtime=0)[:-9]
        yield "half of a packed file", TransportError, Answer(torn, status, (kind, ("Content-Encoding", "gzip")))
        reset = ConnectionResetError("reset by peer")
        yield "half a file", TransportError, Answer(_ALL, status, (kind,), pieces=100, cut=reset)
        yield "a stall", TransportError, Answer(_ALL, status, (kind,), pieces=100, cut=TimeoutError("timed out"))
        yield "a closed connection", TransportError, Answer(error=reset)
        yield "a refused connection", TransportError, Answer(error=ConnectionRefusedError("refused"))


def _file_fault(content: bytes, outcome: Outcome) -> Fault | None:
    if outcome.error is not None:
        return Fault("a file was refused", "its bytes", error_text(outcome.error))
    if outcome.value != content:
        return Fault("a file changed", shown(content), shown(outcome.value))
    return _leak(outcome)


def _broken_fault(operation: Operation, wanted: type[MailwrightError], outcome: Outcome) -> Fault | None:
    if outcome.error is None:
        return Fault("what is no whole file was taken", wanted.__name__, shown(outcome.value))
    if fault := undocumented(operation, outcome.error):
        return fault
    if not isinstance(outcome.error, wanted):
        return Fault("the wrong exception came", wanted.__name__, error_text(outcome.error))
    return _leak(outcome)


def _leak(outcome: Outcome) -> Fault | None:
    return Fault("a stream was not closed", "0 open", f"{outcome.open} open") if outcome.open else None
