from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailwright.runtime.errors import LimitExceeded
from mailwright.runtime.limits import Limits
from mailwright.runtime.server_sent_events import EventParser, ServerSentEvent

Triple = tuple[str, str, str]

# One example a rule of the standard: its bytes, then the events as name, data, id.
RULES: dict[str, tuple[bytes, list[Triple]]] = {
    "plain": (b"data: a\n\n", [("message", "a", "")]),
    "named": (b"event: add\ndata: 73857293\n\n", [("add", "73857293", "")]),
    "name holds for one event": (b"event: x\ndata: 1\n\ndata: 2\n\n", [("x", "1", ""), ("message", "2", "")]),
    "last name wins": (b"event: x\nevent: y\ndata\n\n", [("y", "", "")]),
    "empty name is message": (b"event: x\nevent\ndata: 1\n\n", [("message", "1", "")]),
    "lines of data": (b'data: {\ndata:   "a": 1\ndata: }\n\n', [("message", '{\n  "a": 1\n}', "")]),
    "standard's stocks": (b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", "YHOO\n+2\n10", "")]),
    "standard's empty data": (b"data\n\ndata\ndata\n\ndata:", [("message", "", ""), ("message", "\n", "")]),
    "one blank goes": (b"data:test\n\ndata: test\n\n", [("message", "test", "")] * 2),
    "only one blank goes": (b"data:  a \n\n", [("message", " a ", "")]),
    "a tab stays": (b"data:\ta\n\n", [("message", "\ta", "")]),
    "colons stay": (b"data: a: b:\n\n", [("message", "a: b:", "")]),
    "no data, no event": (b"event: x\n\ndata: 1\n\n", [("message", "1", "")]),
    "no data, but an id": (b"id: 7\n\ndata: 1\n\n", [("message", "1", "7")]),
    "id stays": (b"id: 7\ndata: 1\n\ndata: 2\n\n", [("message", "1", "7"), ("message", "2", "7")]),
    "empty id resets": (b"id: 7\ndata: 1\n\nid\ndata: 2\n\n", [("message", "1", "7"), ("message", "2", "")]),
    "id with NUL is ignored": (
        b"id: 7\ndata: 1\n\nid: 8\0\ndata: 2\n\n",
        [("message", "1", "7"), ("message", "2", "7")],
    ),
    "comments": (b": hi\ndata: 1\n:\ndata: 2\n: :data: 3\n\n", [("message", "1\n2", "")]),
    "other fields": (b"Data: 0\n data: 0\nfoo: 0\nfoo\ndata: 1\n\n", [("message", "1", "")]),
    "LF": (b"data: 1\ndata: 2\n\n", [("message", "1\n2", "")]),
    "CR": (b"data: 1\rdata: 2\r\r", [("message", "1\n2", "")]),
    "CRLF": (b"data: 1\r\ndata: 2\r\n\r\n", [("message", "1\n2", "")]),
    "mixed ends": (b"data: 1\rdata: 2\r\ndata: 3\n\r\n", [("message", "1\n2\n3", "")]),
    "LF CR is two ends": (b"data: 1\n\rdata: 2\n\n", [("message", "1", ""), ("message", "2", "")]),
    "CR LF LF ends once": (b"data: 1\r\n\ndata: 2\n\n", [("message", "1", ""), ("message", "2", "")]),
    "other line ends are none": (
        "data: a\x0bb\x0cc\x1cd\x85e\u2028f\n\n".encode(),
        [("message", "a\x0bb\x0cc\x1cd\x85e\u2028f", "")],
    ),
    "BOM": (b"\xef\xbb\xbfdata: 1\n\n", [("message", "1", "")]),
    "one BOM only": (b"\xef\xbb\xbf\xef\xbb\xbfdata: 0\n\ndata: 1\n\n", [("message", "1", "")]),
    "BOM later": (b"data: 1\n\n\xef\xbb\xbfdata: 0\n\n", [("message", "1", "")]),
    "BOM in data": (b"data: \xef\xbb\xbf\n\n", [("message", "\ufeff", "")]),
    "bad UTF-8": (b"data: a\xffb\xe2\x82\ndata: \xf0\x9f\x92\n\n", [("message", "a\ufffdb\ufffd\n\ufffd", "")]),
    "UTF-8": ("event: é\nid: ü\ndata: 😀\n\n".encode(), [("é", "😀", "ü")]),
    "cut off before the blank line": (b"data: 1\n\ndata: 2\n", [("message", "1", "")]),
    "cut off in a line": (b"data: 1\n\ndata: 2", [("message", "1", "")]),
    "nothing": (b"", []),
    "blank lines": (b"\n\r\r\n\n", []),
}


def parsed(chunks: Iterable[bytes], limits: Limits | None = None) -> tuple[list[ServerSentEvent], EventParser]:
    parser = EventParser(limits or Limits())
    return [event for chunk in chunks for event in parser.feed(chunk)], parser


def triples(events: Iterable[ServerSentEvent]) -> list[Triple]:
    return [(event.event, event.data, event.id) for event in events]


def by_the_book(stream: bytes) -> tuple[list[Triple], str, float | None]:
    """Reads a whole stream as the standard writes it: decode, split into lines, then line by line."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\n|\r", text)
    events: list[Triple] = []
    data = name = buffered_id = last_id = ""
    retry: float | None = None
    for line in lines[:-1]:
        if line == "":
            last_id = buffered_id
            if data:
                events.append((name or "message", data[:-1], last_id))
            data = name = ""
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value[1:] if value[:1] == " " else value
            if field == "event":
                name = value
            elif field == "data":
                data += value + "\n"
            elif field == "id" and "\0" not in value:
                buffered_id = value
            elif field == "retry" and re.fullmatch("[0-9]+", value):
                retry = float(value) / 1000
    return events, last_id, retry


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_of_the_standard(rule: str) -> None:
    stream, events = RULES[rule]
    assert triples(parsed([stream])[0]) == events
    assert triples(parsed(bytes([byte]) for byte in stream)[0]) == events
    assert by_the_book(stream)[0] == events


PIECES = st.sampled_from(
    b"data event id retry : 12 x \xef\xbb\xbf \xe2\x82 \xff \x85 \xc2\x85 \xf0\x9f\x98\x80".split()
) | st.sampled_from([b" ", b": ", b"\n", b"\r", b"\r\n", b"\n\n", b"\0"])


@given(
    stream=st.lists(PIECES | st.binary(max_size=3), max_size=60).map(b"".join),
    cuts=st.lists(st.integers(0, 200), max_size=12),
)
@example(stream=b"data: 1\r\n\r\n", cuts=[8, 10])
@example(stream=b"\xef\xbb\xbfdata: \xf0\x9f\x98\x80\n\n", cuts=[1, 2, 10, 11, 12])
def test_however_a_stream_is_split_its_events_are_those_of_the_standard(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    events, parser = parsed(stream[start:end] for start, end in pairwise(edges))
    assert (triples(events), parser.last_event_id, parser.retry) == by_the_book(stream)


@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    step=st.integers(1, 50),
    end=st.sampled_from([b"\n", b"\r", b"\r\n"]),
)
def test_limit_falls_at_the_same_event_however_the_stream_is_split(sizes: list[int], step: int, end: bytes) -> None:
    stream = b"".join(b"data:" + b"x" * size + end + end for size in sizes)
    given_whole = counted_until_limit([stream])
    given_in_steps = counted_until_limit(stream[at : at + step] for at in range(0, len(stream), step))
    # The line end counts too, as one byte.
    within = next((number for number, size in enumerate(sizes) if size + 6 > 30), len(sizes))
    assert given_whole == given_in_steps == (within, within < len(sizes))


def counted_until_limit(chunks: Iterable[bytes]) -> tuple[int, bool]:
    parser = EventParser(Limits(event_bytes=30))
    count = 0
    try:
        for chunk in chunks:
            for _ in parser.feed(chunk):
                count += 1
    except LimitExceeded:
        return count, True
    return count, False


@pytest.mark.parametrize(
    ("value", "retry"),
    [
        (b"3000", 3.0),
        (b"0", 0.0),
        (b"007", 0.007),
        (b"9" * 5000, float("inf")),
        (b"", None),
        (b"-1", None),
        (b"1.5", None),
        (b"+1", None),
        (b"1_0", None),
        (b" 1", None),
        (b"1e3", None),
        ("٣".encode(), None),
        ("²".encode(), None),
    ],
)
def test_retry_takes_ascii_digits_alone(value: bytes, retry: float | None) -> None:
    events, parser = parsed([b"retry: " + value + b"\ndata: 1\n\n"])
    assert parser.retry == retry
    assert triples(events) == [("message", "1", "")]


def test_id_counts_only_once_its_event_is_whole() -> None:
    events, parser = parsed([b"id: 1\ndata: a\n\nid: 2\ndata: b\n"])
    assert triples(events) == [("message", "a", "1")]
    assert parser.last_event_id == "1"


def test_id_without_data_is_kept_for_the_next_connection() -> None:
    events, parser = parsed([b"id: 9\n\n"])
    assert events == []
    assert parser.last_event_id == "9"


def test_id_of_an_earlier_connection_holds_until_the_server_names_another() -> None:
    parser = EventParser(Limits(), last_event_id="41")
    assert triples(parser.feed(b"data: a\n\nid: 42\ndata: b\n\n")) == [("message", "a", "41"), ("message", "b", "42")]


def test_repr_of_an_event_leaves_its_data_out() -> None:
    assert "hunter2" not in repr(ServerSentEvent("message", "hunter2", "1"))


ENDLESS = {
    "line": (b"data: ", b"x" * 4096),
    "line without a colon": (b"", b"x" * 4096),
    "comment": (b":", b"x" * 4096),
    "data lines": (b"", b"data: x\n" * 512),
    "empty data lines": (b"", b"data\n" * 512),
    "comments in an event": (b"data: 1\n", b": x\n" * 512),
    "fields nobody knows": (b"", b"x: y\n" * 512),
    "ids": (b"", b"id: 1\r\n" * 512),
    "bad UTF-8": (b"data:", b"\xff" * 4096),
}


def feed_endlessly(parser: EventParser, start: bytes, chunk: bytes) -> None:
    assert list(parser.feed(start)) == []
    for _ in range(10_000):
        assert list(parser.feed(chunk)) == []


@pytest.mark.parametrize("what", ENDLESS)
def test_endless_event_is_refused_in_little_memory(what: str) -> None:
    start, chunk = ENDLESS[what]
    parser = EventParser(Limits(event_bytes=100_000))
    tracemalloc.start()
    try:
        with pytest.raises(LimitExceeded, match="event_bytes") as caught:
            feed_endlessly(parser, start, chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.limit == "event_bytes"
    assert peak < 3_000_000


def test_large_chunk_of_line_ends_takes_little_memory() -> None:
    parser = EventParser(Limits())
    chunk = b"\n" * 8_000_000
    tracemalloc.start()
    try:
        assert list(parser.feed(chunk)) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_signs_of_life_between_events_may_go_on_for_ever() -> None:
    parser = EventParser(Limits(event_bytes=100))
    for _ in range(1000):
        assert list(parser.feed(b": idling 15\n")) == []
    assert triples(parser.feed(b"data: 1\n\n")) == [("message", "1", "")]


def test_events_before_one_that_is_too_large_are_given_first() -> None:
    assert counted_until_limit([b"data: 1\n\ndata: 2\n\ndata:" + b"x" * 40]) == (2, True)
