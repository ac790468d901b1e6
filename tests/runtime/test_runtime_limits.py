"""How much of an answer a client takes in, and how it unpacks it."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import json
import os
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_api import GET_USER, ONCE, AsyncDuck, CannedReply, Duck, scripted
from stream_samples import GET_SOURCE

from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    Disconnected,
    LimitExceeded,
    Limits,
    MailwrightError,
    NotFound,
    Operation,
    ProtocolError,
    RateLimited,
    Request,
    ResponseInvalid,
    ResponseModel,
    ServerError,
    UsageError,
)
from mailwright.runtime.receiving import Body, check_nesting

MiB = 1024 * 1024
USER = b'{"success":true,"id":"1"}'
ANYTHING: Operation[object] = Operation("GET", "/anything", id="anything", result=object)


def packed(*encodings: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", "application/json"), *(("Content-Encoding", encoding) for encoding in encodings))


def deflated(data: bytes, window: int = -15, level: int = 9) -> bytes:
    packing = zlib.compressobj(level, zlib.DEFLATED, window)
    return packing.compress(data) + packing.flush()


def get(reply: object, limits: Limits | None = None) -> object:
    mail = Duck("http://mail.test", backend=scripted(lambda _: reply), retries=ONCE, limits=limits or Limits())  # type: ignore[arg-type,return-value]
    return mail.call(GET_USER, "x").id


@dataclass
class Pieces:
    """An answer that comes in pieces of `size` bytes."""

    content: bytes
    size: int = 1
    status: int = 200
    headers: tuple[tuple[str, str], ...] = packed("gzip")
    closed: int = 0

    def chunks(self) -> Iterator[bytes]:
        yield from (self.content[at : at + self.size] for at in range(0, len(self.content), self.size))

    def close(self) -> None:
        self.closed += 1


class AsyncPieces(Pieces):
    async def chunks(self) -> AsyncIterator[bytes]:  # type: ignore[override]
        for piece in super().chunks():
            yield piece

    async def aclose(self) -> None:
        self.close()


# Each limit, crossed and not


CROSSED: dict[str, tuple[CannedReply, Limits, Limits]] = {
    "response_bytes": (CannedReply(USER), Limits(response_bytes=len(USER) - 1), Limits(response_bytes=len(USER))),
    "decoded_bytes": (
        CannedReply(gzip.compress(USER), headers=packed("gzip")),
        Limits(decoded_bytes=len(USER) - 1),
        Limits(decoded_bytes=len(USER)),
    ),
    "encodings": (
        CannedReply(gzip.compress(gzip.compress(gzip.compress(USER))), headers=packed("gzip, gzip", "x-gzip")),
        Limits(),
        Limits(encodings=3),
    ),
    "nesting": (
        CannedReply(b'{"success":true,"id":"1","deep":' + b"[" * 100 + b"]" * 100 + b"}"),
        Limits(),
        Limits(nesting=101),
    ),
    "headers": (CannedReply(USER, headers=(("X-A", "1"),) * 201), Limits(), Limits(headers=201)),
}


@pytest.mark.parametrize("name", CROSSED)
def test_limit_names_itself_when_crossed_and_can_be_raised(name: str) -> None:
    reply, limits, enough = CROSSED[name]
    with pytest.raises(LimitExceeded) as caught:
        get(reply, limits)
    error = caught.value
    assert error.limit == name
    assert f"beyond limits.{name} ({getattr(limits, name):,})" in error.message
    assert "give the client other limits" in error.message
    assert (error.operation, error.status, error.attempts) == ("getUser", 200, 1)
    assert get(reply, enough) == "1"


@pytest.mark.parametrize("name", CROSSED)
def test_async_client_has_the_same_limits(name: str) -> None:
    reply, limits, enough = CROSSED[name]

    async def get_id(limits: Limits) -> str:
        backend = AsyncOne(reply)
        return (await AsyncDuck("http://mail.test", backend=backend, limits=limits).call(GET_USER, "x")).id

    with pytest.raises(LimitExceeded) as caught:
        asyncio.run(get_id(limits))
    assert caught.value.limit == name
    assert asyncio.run(get_id(enough)) == "1"


@dataclass
class AsyncOne:
    reply: object

    async def send(self, request: Request, /) -> CannedReply:
        return self.reply  # type: ignore[return-value]

    async def aclose(self) -> None: ...


def test_identity_counts_for_both_limits_of_bytes() -> None:
    reply = CannedReply(USER, headers=packed("identity"))
    assert get(reply) == "1"
    with pytest.raises(LimitExceeded) as caught:
        get(reply, Limits(decoded_bytes=5))
    assert caught.value.limit == "decoded_bytes"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ({"response_bytes": 0}, "limits.response_bytes must be above 0"),
        ({"nesting": True}, "limits.nesting must be a whole number, not bool"),
        ({"headers": 2.0}, "limits.headers must be a whole number, not float"),
        ({"encodings": None}, "limits.encodings must be a whole number, not NoneType"),
        ({"stream_bytes": "1"}, "limits.stream_bytes must be a whole number, not str"),
        ({"event_bytes": -(10**5000)}, "limits.event_bytes must be above 0"),
    ],
)
def test_limits_are_whole_numbers_above_zero(answer: dict[str, object], cause: str) -> None:
    with pytest.raises(UsageError) as caught:
        Limits(**answer)  # type: ignore[arg-type]
    assert caught.value.message.startswith(cause)


def test_every_limit_is_checked() -> None:
    names = {field.name for field in dataclasses.fields(Limits)}
    assert names == {*CROSSED, "stream_bytes", "event_bytes"}


# Memory and time


def peak(reply: object, limits: Limits | None = None) -> tuple[int, BaseException | None]:
    tracemalloc.start()
    error: BaseException | None = None
    try:
        get(reply, limits)
    except MailwrightError as raised:
        error = raised
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most, error


@pytest.mark.parametrize("size", [1000, 10**9])
def test_bomb_is_stopped_before_it_fills_the_memory(size: int) -> None:
    bomb = gzip.compress(b" " * (64 * MiB))
    most, error = peak(Pieces(bomb, size), Limits(decoded_bytes=2 * MiB))
    assert isinstance(error, LimitExceeded)
    assert error.limit == "decoded_bytes"
    assert most < 8 * MiB


def test_bomb_in_a_bomb_is_stopped_though_nothing_comes_out_of_it() -> None:
    # Empty deflate blocks: the inner layer takes them in for ever.
    nothing = b"\0\0\0\xff\xff" * (16 * MiB // 5)
    most, error = peak(Pieces(gzip.compress(nothing), headers=packed("deflate", "gzip")), Limits(decoded_bytes=2 * MiB))
    assert isinstance(error, LimitExceeded)
    assert most < 8 * MiB


def test_very_many_members_with_nothing_in_them_are_refused() -> None:
    with pytest.raises(ProtocolError, match="very many gzip members"):
        get(CannedReply(gzip.compress(b"", mtime=0) * 20_000, headers=packed("gzip")))


def test_many_members_with_something_in_them_are_read() -> None:
    content = b'{"success":true,"id":"1"' + b" " * (3 * MiB) + b"}"
    members = b"".join(gzip.compress(content[at : at + 2000], 1) for at in range(0, len(content), 2000))
    assert get(CannedReply(members, headers=packed("gzip"))) == "1"


@pytest.mark.parametrize("size", [2, 3])
def test_small_pieces_take_no_more_memory_than_large_ones(size: int) -> None:
    content = b'{"success":true,"id":"1","text":"' + os.urandom(50_000).hex().encode() + b'"}'
    most, error = peak(Pieces(content, size, headers=packed()))
    assert error is None
    assert most < 4 * len(content)


def test_reply_is_closed_when_a_limit_is_crossed() -> None:
    reply = Pieces(gzip.compress(b" " * 5000))
    with pytest.raises(LimitExceeded):
        get(reply, Limits(decoded_bytes=4000))
    assert reply.closed == 1


def test_nothing_more_is_read_when_a_limit_is_crossed() -> None:
    came: list[int] = []

    class Endless(Pieces):
        def chunks(self) -> Iterator[bytes]:
            while True:
                came.append(1)
                yield b" " * 1000

    with pytest.raises(LimitExceeded) as caught:
        get(Endless(b"", headers=packed()), Limits(response_bytes=10_500))
    assert caught.value.limit == "response_bytes"
    assert len(came) == 11


def test_stream_has_a_limit_of_its_own() -> None:
    def source(limits: Limits) -> int:
        reply = Pieces(b"a" * 5000, 100, headers=())
        opened = Duck("http://mail.test", backend=scripted(lambda _: reply), limits=limits).open(GET_SOURCE, "x", 1)  # type: ignore[arg-type,return-value]
        return sum(map(len, opened.chunks()))

    assert source(Limits(response_bytes=1, decoded_bytes=1)) == 5000
    assert source(Limits(stream_bytes=None)) == 5000
    assert source(Limits(stream_bytes=5000)) == 5000
    with pytest.raises(LimitExceeded, match=r"limits\.stream_bytes \(4,999\)") as caught:
        source(Limits(stream_bytes=4999))
    assert (caught.value.operation, caught.value.status) == ("getMessageSource", 200)


def test_packed_stream_is_held_to_the_same_limit() -> None:
    reply = Pieces(gzip.compress(b"a" * MiB), 100)
    opened = Duck("http://mail.test", backend=scripted(lambda _: reply), limits=Limits(stream_bytes=1000)).open(  # type: ignore[arg-type,return-value]
        GET_SOURCE, "x", 1
    )
    with pytest.raises(LimitExceeded) as caught:
        list(opened.chunks())
    assert caught.value.limit == "stream_bytes"


# Nesting


def depth_of(text: str) -> int:
    """Reads JSON letter by letter."""
    depth = deepest = 0
    quoted = escaped = False
    for mark in text:
        if quoted:
            quoted = escaped or mark != '"'
            escaped = mark == "\\" and not escaped
        elif mark == '"':
            quoted = True
        elif mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


LETTERS = st.text(st.sampled_from('[]{}"\\,: aä\n\u2028'), max_size=12)
VALUES = st.recursive(
    st.none() | st.integers() | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=40,
)


@given(value=VALUES, more=st.integers(0, 6), ascii_only=st.booleans(), times=st.sampled_from([1, 1000]))
@settings(max_examples=200, deadline=None)
def test_nesting_is_counted_outside_of_strings(value: object, more: int, ascii_only: bool, times: int) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    # Large enough to be looked at slice by slice.
    text = "[" * more + ",".join([text] * times) + "]" * more
    depth = depth_of(text)
    check_nesting(text.encode(), Limits(nesting=max(1, depth)))
    if depth > 1:
        with pytest.raises(LimitExceeded) as caught:
            check_nesting(text.encode(), Limits(nesting=depth - 1))
        assert caught.value.limit == "nesting"


@given(st.binary(max_size=300), st.integers(1, 5))
def test_nesting_of_what_is_no_json_is_counted_without_failing(content: bytes, limit: int) -> None:
    # What is deeper than all of its brackets together is never found.
    check_nesting(content, Limits(nesting=len(content) + 1))
    with suppress(LimitExceeded):
        check_nesting(content, Limits(nesting=limit))


@pytest.mark.parametrize("slices", [1, 2, 5])
@pytest.mark.parametrize("filler", [b"[],", b'["["],', b'"[[[[","",', b'{"a":[{}]},', b'"\\"[",'])
def test_nesting_is_counted_across_slices(filler: bytes, slices: int) -> None:
    content = b"[" * 50 + filler * (slices * 65_536 // len(filler) + 1) + b"[" * 50 + b"]" * 100
    check_nesting(content, Limits(nesting=100))
    with pytest.raises(LimitExceeded):
        check_nesting(content, Limits(nesting=99))


@pytest.mark.parametrize("nesting", [100, 100_000])
@pytest.mark.parametrize("start", [b"[", b'{"a":'])
def test_json_without_end_to_its_depth_is_one_typed_error(start: bytes, nesting: int) -> None:
    mail = Duck("http://mail.test", backend=scripted(start * 90_000), retries=ONCE, limits=Limits(nesting=nesting))
    with pytest.raises(ResponseInvalid):
        mail.call(ANYTHING)


@pytest.mark.parametrize("depth", [300, 600, 900])
def test_deep_json_that_is_read_laxly_is_a_value_or_one_typed_error(depth: int) -> None:
    class Loose(ResponseModel):
        count: int
        rest: object = None

    called = Operation("GET", "/loose", id="loose", result=Loose)
    content = b'{"success":true,"count":"1","rest":' + b"[" * depth + b'"\\u0000"' + b"]" * depth + b"}"
    mail = Duck("http://mail.test", backend=scripted(content), retries=ONCE, limits=Limits(nesting=5000))
    with suppress(ResponseInvalid):
        assert mail.call(called).count == 1


# Errors stay errors


HUGE = b'{"error":"' + b"a" * 5000 + b'"}'
ERRORS: dict[str, CannedReply] = {
    "huge": CannedReply(HUGE),
    "huge when unpacked": CannedReply(gzip.compress(HUGE), headers=packed("gzip")),
    "deep": CannedReply(b'{"error":"no","details":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "not UTF-8": CannedReply(b'{"error":"\xff"}'),
    "not JSON": CannedReply(b"oops"),
    "cut off": CannedReply(b'{"error":'),
    "empty": CannedReply(b""),
    "HTML": CannedReply(b"<html>", headers=(("Content-Type", "text/html"),)),
    "not packed as it says": CannedReply(b'{"error":"no"}', headers=packed("gzip")),
    "packed in an unknown way": CannedReply(b"?", headers=packed("br")),
    "packed too often": CannedReply(b"?", headers=packed("gzip,gzip,gzip")),
    "many headers": CannedReply(b"{}", headers=(("X-A", "1"),) * 201),
}


@pytest.mark.parametrize("flaw", ERRORS)
@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthenticationFailed), (404, NotFound), (429, RateLimited), (503, ServerError)]
)
def test_error_stays_an_error_when_its_explanation_cannot_be_read(flaw: str, status: int, kind: type[APIError]) -> None:
    reply = dataclasses.replace(ERRORS[flaw], status=status)
    reply.headers += (("Retry-After", "7"),)
    with pytest.raises(kind) as caught:
        get(reply, Limits(response_bytes=300_000, decoded_bytes=1000))
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.retry_after) == (status, 7.0)
    assert caught.value.message


# Packing


WAYS = {
    "gzip": gzip.compress(USER),
    "x-gzip": gzip.compress(USER),
    "GZIP": gzip.compress(USER),
    "deflate": zlib.compress(USER),
    "deflate ": deflated(USER),
    "identity": USER,
    "": USER,
    " , ": USER,
    "identity, gzip": gzip.compress(USER),
    "deflate, gzip": gzip.compress(deflated(USER)),
    "gzip, deflate": zlib.compress(gzip.compress(USER)),
}


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
@pytest.mark.parametrize("way", WAYS)
def test_body_is_unpacked_however_it_is_cut_in_pieces(way: str, size: int) -> None:
    assert get(Pieces(WAYS[way], size, headers=packed(way))) == "1"


def test_async_client_unpacks_piece_by_piece() -> None:
    async def get_id() -> str:
        backend = AsyncOne(AsyncPieces(gzip.compress(USER)))
        return (await AsyncDuck("http://mail.test", backend=backend).call(GET_USER, "x")).id

    assert asyncio.run(get_id()) == "1"


@pytest.mark.parametrize("size", [1, 9, 10_000])
def test_gzip_of_several_members_is_one_body(size: int) -> None:
    members = b"".join(gzip.compress(part) for part in (USER[:5], b"", USER[5:]))
    assert get(Pieces(members, size)) == "1"


@pytest.mark.parametrize("way", ["gzip", "deflate", "identity"])
def test_empty_body_is_empty_however_it_is_packed(way: str) -> None:
    with pytest.raises(ResponseInvalid, match="an empty body"):
        get(CannedReply(b"", headers=packed(way)))


@pytest.mark.parametrize("garbage", [b"\0", b"x", b"\x1f", b"\x1f\x8b", USER])
@pytest.mark.parametrize("way", ["gzip", "deflate", "deflate ", "gzip, deflate"])
def test_something_behind_the_packed_body_is_a_protocol_error(way: str, garbage: bytes) -> None:
    with pytest.raises((ProtocolError, Disconnected)):
        get(CannedReply(WAYS[way] + garbage, headers=packed(way)))


@pytest.mark.parametrize("way", ["br", "zstd", "compress", "gzip2", "x", "aes128gcm"])
def test_unknown_packing_is_named(way: str) -> None:
    with pytest.raises(ProtocolError, match=f"packed as '{way}'"):
        get(CannedReply(USER, headers=packed(way)))


@pytest.mark.parametrize("way", ["gzip", "deflate", "deflate ", "deflate, gzip", "gzip, deflate"])
def test_packed_body_cut_off_anywhere_is_disconnected(way: str) -> None:
    whole = WAYS[way]
    for end in range(1, len(whole)):
        with pytest.raises(Disconnected, match="in the middle of the packed body"):
            get(CannedReply(whole[:end], headers=packed(way)))


@pytest.mark.parametrize("way", ["gzip", "deflate", "deflate ", "deflate, gzip"])
def test_packed_body_corrupt_anywhere_is_a_documented_error_or_the_value(way: str) -> None:
    for at in range(len(WAYS[way])):
        for bit in (1, 16, 128, 255):
            corrupt = bytearray(WAYS[way])
            corrupt[at] ^= bit
            try:
                found = get(CannedReply(bytes(corrupt), headers=packed(way)))
            except (ProtocolError, Disconnected, ResponseInvalid):
                continue
            # The time stamp and the flags of gzip's header; raw deflate has no checksum at all.
            assert found == "1" or way == "deflate "


@given(data=st.binary(max_size=200), size=st.integers(1, 50), way=st.sampled_from(["gzip", "deflate", "deflate,gzip"]))
def test_no_bytes_make_unpacking_raise_a_builtin(data: bytes, size: int, way: str) -> None:
    with pytest.raises(MailwrightError):
        get(Pieces(data, size, headers=packed(way)))


@pytest.mark.parametrize("window", [-15, 15, 31])
@pytest.mark.parametrize(
    "length", [*range(256 * 1024 - 3, 256 * 1024 + 3), *range(256 * 1024 + 5, 256 * 1024 + 300, 9)]
)
def test_body_is_unpacked_to_its_last_byte_around_the_size_of_a_piece(window: int, length: int) -> None:
    body = Body([("Content-Encoding", "gzip" if window > 15 else "deflate")], Limits())
    pieces = list(body.pieces(deflated(b"a" * length, window)))
    body.finish()
    assert sum(map(len, pieces)) == length
    assert max(map(len, pieces)) <= 256 * 1024
