"""The contract run judges uploads, downloads, events, empty answers, consent and HTTP's own credentials."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import pytest

from mailwright.contract.bindings import Client
from mailwright.contract.findings import Finding
from mailwright.contract.run import run
from mailwright.runtime import MailwrightError
from mailwright.runtime.upload import Upload

Patch = pytest.MonkeyPatch
RUNTIME = "mailwright.runtime"


def test_the_generated_client_keeps_the_contract(shapes: Client) -> None:
    suite = run(shapes, list(shapes.document.operations.values()), cases=5, seed=1)
    assert [str(finding) for finding in suite.findings] == []
    assert suite.coverage.operations == set(shapes.document.operations)
    halves = ("encode", "decode", "hostile")
    assert all(suite.counts[name, half] for name in shapes.document.operations for half in halves)
    assert suite.counts["(client)", "hostile"] > 50
    assert suite.coverage.gaps() == []


def module(name: str) -> Any:
    return importlib.import_module(name)


def mail() -> Any:
    return module("mailwright_shapes.v1.mail")


def media_type_forgotten(patch: Patch) -> None:
    patch.setattr(mail(), "UPLOAD_MESSAGE", replace(mail().UPLOAD_MESSAGE, media_type="application/json"))


def first_of_several_bodies_sent(patch: Patch) -> None:
    patch.setattr(mail(), "COMPOSE_MESSAGE", replace(mail().COMPOSE_MESSAGE, media_type="message/rfc822"))


def upload_read_as_text(patch: Patch) -> None:
    original = Upload.chunks
    patch.setattr(
        Upload, "chunks", lambda self: (c.decode("latin-1").replace("\r\n", "\n").encode() for c in original(self))
    )


def upload_from_the_start_of_its_file(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.upload._position", lambda source: 0)


def second_piece_of_an_upload_lost(patch: Patch) -> None:
    original = Upload.chunks

    def first(self: Upload) -> Iterator[bytes]:
        yield next(original(self), b"")

    patch.setattr(Upload, "chunks", first)


def text_taken_for_an_upload(patch: Patch) -> None:
    original = module(f"{RUNTIME}.upload")._checked
    patch.setattr(
        f"{RUNTIME}.upload._checked", lambda given: original(given.encode() if isinstance(given, str) else given)
    )


def a_piece_of_a_download_lost(patch: Patch) -> None:
    original = module(f"{RUNTIME}.download")._pieces
    patch.setattr(f"{RUNTIME}.download._pieces", lambda opened, **kind: list(original(opened, **kind))[:2])


def download_cut_short_taken(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.download._Tally.finish", lambda self: None)


def download_left_open(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.opened.Opened.close", lambda self: None)


def error_taken_for_a_download(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.opened._may_be_error", lambda exchange, reply: False)


def lines_of_data_joined_without_an_end(patch: Patch) -> None:
    original = module(f"{RUNTIME}.event_course").EventCourse._data
    patch.setattr(
        f"{RUNTIME}.event_course.EventCourse._data",
        lambda self, event, exchange: original(self, replace(event, data=event.data.partition("\n")[0]), exchange),
    )


def last_id_forgotten(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.event_course.EventCourse.headers", lambda self: self.own_headers)


def id_of_an_event_dropped(patch: Patch) -> None:
    original = module(f"{RUNTIME}.server_sent_events").EventParser._dispatch

    def forgetful(self: Any) -> object:
        event = original(self)
        self._id = ""
        return event

    patch.setattr(f"{RUNTIME}.server_sent_events.EventParser._dispatch", forgetful)


def event_cut_off_given(patch: Patch) -> None:
    parser = module(f"{RUNTIME}.server_sent_events").EventParser
    original = parser.feed

    def hasty(self: Any, chunk: bytes) -> Iterator[object]:
        yield from original(self, chunk)
        if self._data and len(chunk) > 1:
            yield self._dispatch()

    patch.setattr(parser, "feed", hasty)


def field_of_events_dropped(patch: Patch) -> None:
    result = msgspec.defstruct("Partial", [("command", str)])
    patch.setattr(mail(), "WATCH", replace(mail().WATCH, result=result))


def html_taken_for_events(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.opened._is_stream", lambda exchange, reply: 200 <= reply.status < 300)


def nothing_taken_for_a_value(patch: Patch) -> None:
    patch.setattr(mail(), "COUNT_MESSAGES", replace(mail().COUNT_MESSAGES, empty=False))


def anything_taken_where_nothing_is_due(patch: Patch) -> None:
    patch.setattr(mail(), "CLEAR_BOX", replace(mail().CLEAR_BOX, result=dict))


def error_without_a_body_taken(patch: Patch) -> None:
    original = module(f"{RUNTIME}.exchange").check_answer

    def careless(dialect: Any, status: int, headers: Any, content: bytes, *, empty: bool, bare: bool) -> None:
        if not (empty and b'"error"' in content):
            original(dialect, status, headers, content, empty=empty, bare=bare)

    patch.setattr(f"{RUNTIME}.exchange.check_answer", careless)
    anything_taken_where_nothing_is_due(patch)


def consent_taken_for_granted(patch: Patch) -> None:
    patch.setattr(mail(), "check_destroy", lambda operation, destroy: None)


def consent_read_loosely(patch: Patch) -> None:
    original = mail().check_destroy
    patch.setattr(mail(), "check_destroy", lambda operation, destroy: original(operation, bool(destroy)))


def filters_not_asked_for(patch: Patch) -> None:
    patch.setattr(mail(), "check_filtered", lambda operation, everything, filters, **more: None)


def everything_read_loosely(patch: Patch) -> None:
    original = mail().check_filtered
    loose = lambda operation, word, *given, **more: original(operation, bool(word), *given, **more)  # noqa: E731
    patch.setattr(mail(), "check_filtered", loose)


def empty_text_taken_for_a_filter(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.destroying._is_said", lambda value: isinstance(value, str))
    patch.setattr(f"{RUNTIME}.destroying._is_blank", lambda value: value.isspace())


def past_time_taken_for_a_filter(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.destroying._is_to_come", lambda value: isinstance(value, datetime))


def filters_not_enough(patch: Patch) -> None:
    original = mail().check_filtered
    patch.setattr(mail(), "check_filtered", lambda operation, word, *given, **more: original(operation, word, {}))


def heed_forgotten(name: str) -> Callable[[Patch], None]:
    """A check that knows nothing of one kind of what the server ignores."""

    def bug(patch: Patch) -> None:
        original = mail().Heeds
        patch.setattr(mail(), "Heeds", lambda **given: original(**{**given, name: original().__getattribute__(name)}))

    bug.__name__ = f"{name}_forgotten"
    return bug


def blanks_taken_for_a_filter(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.destroying._is_blank", lambda value: False)


def flag_sent_as_false(patch: Patch) -> None:
    patch.setattr(mail(), "as_flag", lambda operation, name, value: value)


def empty_filter_sent(patch: Patch) -> None:
    patch.setattr(mail(), "not_empty", lambda operation, name, value: value)


def flag_read_loosely(patch: Patch) -> None:
    original = mail().as_flag
    patch.setattr(mail(), "as_flag", lambda operation, name, value: original(operation, name, bool(value)))


def null_sent_as_a_body(patch: Patch) -> None:
    patch.setattr(mail(), "no_null", lambda operation, name, body: body)


def password_sent_in_latin_1(patch: Patch) -> None:
    patch.setattr(
        f"{RUNTIME}.credentials.Basic._encoded",
        lambda self: (
            module("base64").b64encode(f"{self.username}:{self.password}".encode("latin-1", "replace")).decode()
        ),
    )


def credentials_sent_to_open_operations(patch: Patch) -> None:
    patch.setattr(mail(), "COUNT_MESSAGES", replace(mail().COUNT_MESSAGES, secured=True))


@dataclass(frozen=True)
class Mutant:
    """One seeded bug, the operation that has it, and what the run has to say of it."""

    bug: Callable[[Patch], None]
    operation: str
    said: str


MUTANTS = [
    Mutant(media_type_forgotten, "uploadMessage", "encode: header content-type"),
    Mutant(first_of_several_bodies_sent, "composeMessage", "encode: header content-type"),
    Mutant(upload_read_as_text, "uploadMessage", "encode: bytes: body"),
    Mutant(upload_from_the_start_of_its_file, "uploadMessage", "an open file, from where it stands: body"),
    Mutant(second_piece_of_an_upload_lost, "uploadMessage", "encode: a path: body"),
    Mutant(text_taken_for_an_upload, "uploadMessage", "hostile: a text was taken for an upload"),
    Mutant(a_piece_of_a_download_lost, "readMessage", "decode: every byte, in pieces: a file changed"),
    Mutant(download_cut_short_taken, "readMessage", "fewer bytes than announced: what is no whole file was taken"),
    Mutant(download_left_open, "readMessage", "decode: every byte, in pieces: a stream was not closed"),
    Mutant(error_taken_for_a_download, "readMessage", "decode: success is false: an error was taken for a success"),
    Mutant(lines_of_data_joined_without_an_end, "watch", "decode: data on two lines: events were refused"),
    Mutant(last_id_forgotten, "watch", "decode: the id that the second request goes on behind"),
    Mutant(id_of_an_event_dropped, "watch", "decode: an id that stays: names and ids of events"),
    Mutant(event_cut_off_given, "watch", "decode: an event that is cut off: names and ids of events"),
    Mutant(field_of_events_dropped, "watch", "decode: an answer changed at $.unseen"),
    Mutant(html_taken_for_events, "watch", "decode: HTML at 200: what is no stream was taken"),
    Mutant(nothing_taken_for_a_value, "countMessages", "no content at 202: an answer without content was refused"),
    Mutant(anything_taken_where_nothing_is_due, "clearBox", "something was taken where nothing is due"),
    Mutant(error_without_a_body_taken, "clearBox", "an error was taken for a success"),
    Mutant(consent_taken_for_granted, "clearBox", "hostile: it destroys without being told to"),
    Mutant(consent_read_loosely, "clearBox", "hostile: it destroys without being told to"),
    Mutant(filters_not_asked_for, "clearBoxes", "hostile: it destroys everything without being told to"),
    Mutant(everything_read_loosely, "clearBoxes", "hostile: it destroys everything without being told to"),
    Mutant(empty_text_taken_for_a_filter, "clearBoxes", "hostile: it destroys everything without being told to"),
    Mutant(past_time_taken_for_a_filter, "clearBoxes", "hostile: it destroys everything without being told to"),
    Mutant(heed_forgotten("longest"), "clearBoxes", "hostile: box: a value that must be refused was sent"),
    Mutant(heed_forgotten("words"), "clearBoxes", "hostile: kind: a value that must be refused was sent"),
    Mutant(heed_forgotten("numbers"), "clearBoxes", "hostile: size: a value that must be refused was sent"),
    Mutant(heed_forgotten("needs"), "clearBoxes", "hostile: page: a value that must be refused was sent"),
    Mutant(heed_forgotten("hides"), "clearBoxes", "hostile: it destroys everything without being told to"),
    Mutant(heed_forgotten("unsure"), "clearBoxes", "hostile: it destroys everything without being told to"),
    Mutant(blanks_taken_for_a_filter, "clearBoxes", "hostile: text: a value that must be refused was sent"),
    Mutant(filters_not_enough, "clearBoxes", "hostile: what is narrowed down was refused"),
    Mutant(flag_sent_as_false, "countMessages", "hostile: unseen: "),
    Mutant(empty_filter_sent, "countMessages", "hostile: of: a value that must be refused was sent"),
    Mutant(flag_read_loosely, "countMessages", "hostile: unseen: a flag that is neither true nor false was taken"),
    Mutant(null_sent_as_a_body, "listBoxes", "hostile: names: null was sent as a whole body"),
    Mutant(password_sent_in_latin_1, "(client)", "hostile: a token changed"),
    Mutant(credentials_sent_to_open_operations, "countMessages", "encode: headers with the token"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug.__name__)
def test_a_seeded_bug_is_found_and_can_be_repeated(
    shapes: Client, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant.bug(monkeypatch)
    operation = "uploadMessage" if mutant.operation == "(client)" else mutant.operation
    suite = run(shapes, [shapes.document.operations[operation]], cases=3, seed=1)
    told = [finding for finding in suite.findings if mutant.said in str(finding)]
    assert told, "\n".join(map(str, suite.findings)) or "nothing was found"
    assert told[0].operation == mutant.operation
    assert repeats(told[0])


def repeats(finding: Finding) -> bool:
    """Runs the line a finding gives, as a person would who has the bug."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(finding.repeat, {})
        except (MailwrightError, TypeError) as error:
            print(type(error).__name__)
    return bool(printed.getvalue().strip())
