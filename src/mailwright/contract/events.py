"""Streams of events: the data of each typed and equal, read by the rules of the standard, opened again behind the last.

What a stream must give is written out here by hand: nothing is shared with the runtime's parser.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from mailwright.contract.calling import Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.faults import broken_answers
from mailwright.contract.feeding import MODES, Feeder
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, judge_misfit, judge_sent, judge_value, undocumented
from mailwright.contract.recording import Answer
from mailwright.contract.samples import sample, sample_case
from mailwright.contract.suite import Fault, Suite
from mailwright.runtime import APIError, Event, MailwrightError, ResponseInvalid, TransportError

_ID = "7f/+é"


def check(suite: Suite, operation: Operation) -> None:
    """Feeds a stream with events, errors and broken answers, and reports what came of them where that is wrong."""
    feeder = _Events(suite, operation)
    feeder.successes()
    feeder.frames()
    feeder.again()
    feeder.failures()
    feeder.envelopes({"success": True})
    feeder.broken()


class _Events(Feeder):
    def __init__(self, suite: Suite, operation: Operation) -> None:
        super().__init__(suite, operation)
        assert operation.event is not None
        self.schema: JSON = operation.event
        self.good = sample(suite.document, self.schema)
        self.kind = (("Content-Type", operation.answer_type),)

    def successes(self) -> None:
        """Data that fits, and data that does not, each the only event of a stream."""
        for fitting in (True, False):
            for value in self.suite.values(self.schema, fitting=fitting):
                mode = self.mode()
                answer = self._answer(_frame(value.data, pretty=self.number % 2 == 0))
                self.add(self._data_fault(value.data, self.outcome(answer, mode)), answer, "", mode)
                if self._fits(value.data):
                    suite, status = self.suite, self.operation.status
                    suite.coverage.answer(self.operation, status, self.schema, value.data, suite.equality)
                self.count()

    def frames(self) -> None:
        """The ways to write events, each with the names and ids that must come of it."""
        data = json.dumps(self.good).encode()
        for name, content, wanted in _frames(data):
            for pieces in (0, 1):
                answer = self._answer(content, pieces=pieces)
                for mode in MODES:
                    self.add(self._frame_fault(wanted, self.outcome(answer, mode)), answer, name, mode)
                self.count()

    def again(self) -> None:
        """A stream that ends is opened again behind its last id, until the server says that there is no more."""
        if self.operation.once:
            self._over()
            return
        content = b"retry: 1\nid: " + _ID.encode() + b"\n" + _frame(self.good)
        answers = [self._answer(content), Answer(b"", 204, ())]
        for mode in MODES:
            outcome = self.suite.caller.call(self.method, self.call, *answers, mode=mode, reconnect=True)
            fault = self._again_fault(outcome)
            if fault is not None:
                self.suite.report(self.operation, "decode", fault, self.call, answers[:1], mode=mode)
            self.count()
        self.suite.coverage.status(self.operation, 204)

    def _over(self) -> None:
        """A stream that is over when it ends is opened once, whatever the reader asks for."""
        answer = self._answer(b"retry: 1\nid: 7\n" + _frame(self.good))
        for mode in MODES:
            # A client that opens it again is told that there is no more, or else it would go on for ever.
            end = Answer(b"", 204, ())
            outcome = self.suite.caller.call(self.method, self.call, answer, end, mode=mode, reconnect=True)
            fault = self._frame_fault([("message", "7")], outcome)
            if len(outcome.requests) != 1:
                fault = Fault("requests for a stream that is over when it ends", "1", str(len(outcome.requests)))
            self.add(fault, answer, "a stream that ends", mode)
            self.count()

    def broken(self) -> None:
        """Answers that are no stream, data that is no JSON, and streams that break off."""
        for name, wanted, answer in self._broken():
            mode = self.mode()
            self.add(self._broken_fault(wanted, self.outcome(answer, mode)), answer, name, mode)
            self.count()

    def _broken(self) -> Iterator[tuple[str, type[MailwrightError], Answer]]:
        good = json.dumps(self.good).encode()
        # Broken data of an event is what a broken answer is to a call.
        for case in broken_answers(b'{"success": true}'):
            answer = case.answer
            if answer.error is None and answer.status == 204:
                continue
            yield case.name, case.wanted, answer
        yield "a stream that calls itself JSON", MailwrightError, Answer(_frame(self.good), self.operation.status)
        for data in (b"{", good + b"}", b"\xff\xfe", b"NaN", b"[" * 100_000, b"<html>"):
            yield f"{data[:8]!r} as data", ResponseInvalid, self._answer(b"data: " + data + b"\n\n")
        yield "an event that tells an error", APIError, self._answer(b"event: error\ndata: it failed\n\n")
        reset = ConnectionResetError("reset by peer")
        yield "half an event", TransportError, self._answer(b"data: " + good, pieces=5, cut=reset)
        yield "a stall", TransportError, self._answer(b": wait\n", pieces=5, cut=TimeoutError("timed out"))

    def _answer(self, content: bytes, *, pieces: int = 0, cut: Exception | None = None) -> Answer:
        return Answer(content, self.operation.status, self.kind, pieces=pieces, cut=cut)

    def _fits(self, body: Any) -> bool:
        return not isinstance(body, bytes) and self.suite.fits(self.schema, body)

    def _data_fault(self, body: Any, outcome: Outcome) -> Fault | None:
        judge = judge_value if self._fits(body) else judge_misfit
        if outcome.error is None:
            found = _events(outcome)
            if len(found) != 1:
                return Fault("events of a stream with one", "1 event", f"{len(found)} events")
            outcome = Outcome(outcome.requests, value=found[0].data)
        return judge(self.suite, self.operation, self.schema, body, outcome)

    def _frame_fault(self, wanted: list[tuple[str, str]], outcome: Outcome) -> Fault | None:
        if outcome.error is not None:
            return Fault("events were refused", f"{len(wanted)} events", error_text(outcome.error))
        got = [(event.event, event.id) for event in _events(outcome)]
        if got != wanted:
            return Fault("names and ids of events", shown(wanted), shown(got))
        if outcome.open:
            return Fault("a stream was not closed", "0 open", f"{outcome.open} open")
        values = (Outcome([], value=event.data) for event in _events(outcome))
        faults = (judge_value(self.suite, self.operation, self.schema, self.good, value) for value in values)
        return next((fault for fault in faults if fault is not None), None)

    def _again_fault(self, outcome: Outcome) -> Fault | None:
        if outcome.error is not None:
            return Fault("a stream that ended was not opened again", "a second request", error_text(outcome.error))
        if len(outcome.requests) != 2:
            return Fault("requests for a stream that ends and is over", "2", str(len(outcome.requests)))
        first, second = outcome.requests
        named = [(name, value) for name, value in second.headers if name.lower() == "last-event-id"]
        if [value for _, value in named] != [_ID.encode().decode("latin-1")]:
            return Fault("the id that the second request goes on behind", shown(_ID), shown(named))
        rest = [pair for pair in second.headers if pair not in named]
        if first.url != second.url or sorted(rest) != sorted(
            pair for pair in first.headers if pair[0].lower() != "last-event-id"
        ):
            return Fault("the second request for a stream", shown(first.url), shown((second.url, rest)))
        case = sample_case(self.suite.document, self.operation)
        return next(judge_sent(self.suite, self.operation, case, Outcome([first]), BASE_PATH), None)

    def _broken_fault(self, wanted: type[MailwrightError], outcome: Outcome) -> Fault | None:
        if outcome.error is None:
            return Fault("what is no stream was taken", wanted.__name__, shown(outcome.value))
        if fault := undocumented(self.operation, outcome.error):
            return fault
        if not isinstance(outcome.error, wanted):
            return Fault("the wrong exception came", wanted.__name__, error_text(outcome.error))
        return None


def _events(outcome: Outcome) -> list[Event[Any]]:
    return cast("list[Event[Any]]", outcome.value)


def _frame(body: Any, *, pretty: bool = False) -> bytes:
    """Writes one event; the data of a pretty one stands on several lines."""
    if isinstance(body, bytes):
        lines = body.splitlines() or [b""]
    else:
        lines = json.dumps(body, ensure_ascii=False, indent=1 if pretty else None).encode().split(b"\n")
    return b"".join(b"data: " + line + b"\n" for line in lines) + b"\n"


def recorded_events(content: bytes) -> list[Any]:
    """Reads the data of each whole event in a recorded stream: as JSON, or as text where it is none."""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found: list[Any] = []
    for block in text.split("\n\n")[:-1]:
        lines = [line.removeprefix("data").removeprefix(":") for line in block.split("\n") if line.startswith("data")]
        data = "\n".join(line.removeprefix(" ") for line in lines)
        try:
            found += [json.loads(data)] if lines else []
        except (ValueError, RecursionError):
            found.append(data)
    return found


def _frames(data: bytes) -> Iterator[tuple[str, bytes, list[tuple[str, str]]]]:
    """Ways to write events: name, text, and the name and id of each event that is in it."""
    one = ("message", "")
    event = b"data: " + data
    yield "nothing at all", b"", []
    yield "lines that end with LF", event + b"\n\n", [one]
    yield "lines that end with CR LF", event + b"\r\n\r\n", [one]
    yield "lines that end with CR", event + b"\r\r", [one]
    yield "a byte order mark", b"\xef\xbb\xbf" + event + b"\n\n", [one]
    yield "comments", b": idling 1\n\n:\n" + event + b"\n: more\n\n", [one]
    yield "no blank behind the colon", b"data:" + data + b"\n\n", [one]
    yield "a field nobody knows", b"answer: 42\nanswer\n" + event + b"\n\n", [one]
    yield "an event with a name", b"event: change\n" + event + b"\n\n" + event + b"\n\n", [("change", ""), one]
    yield (
        "an id that stays",
        b"id: 1\n" + event + b"\n\n" + event + b"\n\nid\n" + event + b"\n\n",
        [
            ("message", "1"),
            ("message", "1"),
            one,
        ],
    )
    yield "an id with NUL", b"id: 1\n" + event + b"\n\nid: 2\0\n" + event + b"\n\n", [("message", "1")] * 2
    yield "names and ids without data", b"event: change\nid: 9\n\n" + event + b"\n\n", [("message", "9")]
    yield "a pause that is none", b"retry: soon\nretry: -1\n" + event + b"\n\n", [one]
    yield "an event that is cut off", event + b"\n\n" + event + b"\n", [one]
    if data[:1] in (b"{", b"["):
        yield "data on two lines", b"data: " + data[:1] + b"\ndata: " + data[1:] + b"\n\n", [one]
