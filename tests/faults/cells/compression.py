"""Packed bodies: cut off, corrupt, packed in too many layers, and bombs."""

from __future__ import annotations

import gzip
import struct
import zlib
from functools import cache

from answers import GOOD, JSON, OK, THING, body, chunk, http, redirect
from cell import Cell, at_once, download, events, listing, raises, save, value
from steps import CLOSE, Drip

from mailwright.runtime import Disconnected, LimitExceeded, NotFound, ProtocolError, ResponseInvalid, ServerError
from mailwright.runtime.limits import Limits, MiB

THE_BODY = body(THING)
PACKED = gzip.compress(THE_BODY, mtime=0)
FILE = bytes(range(256)) * 64
BYTES = b"Content-Type: application/octet-stream\r\n"
SSE = b"Content-Type: text/event-stream\r\n"
EMPTY_MEMBER = gzip.compress(b"", mtime=0)
SMALL = Limits(decoded_bytes=MiB)


def packed(content: bytes, encoding: bytes = b"gzip", *, status: str = "200 OK", headers: bytes = JSON) -> bytes:
    """A whole answer with a Content-Encoding."""
    return http(content, status=status, headers=headers + b"Content-Encoding: %s\r\n" % encoding)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without the header and the end of zlib, as some servers mean it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def with_gzip_fields(data: bytes) -> bytes:
    """Gzip with everything that its header may hold: extra bytes, a name, a comment, and a sum of the header."""
    start = b"\x1f\x8b\x08\x1e\0\0\0\0\0\xff" + struct.pack("<H", 4) + b"abcd" + b"name\0" + b"comment\0"
    return start + struct.pack("<H", zlib.crc32(start) & 0xFFFF) + gzip.compress(data, mtime=0)[10:]


def layers(data: bytes, count: int) -> bytes:
    """Packed so many times."""
    for _ in range(count):
        data = gzip.compress(data, mtime=0)
    return data


@cache
def gzip_bomb(mebibytes: int = 200) -> bytes:
    """About a thousandth of what it unpacks to: members of 1 MiB, one behind the other."""
    return gzip.compress(b'{"success": true, "name": "', mtime=0) + gzip.compress(bytes(MiB), mtime=0) * mebibytes


@cache
def deflate_bomb(mebibytes: int = 200) -> bytes:
    """The same in one stream, whose end never comes into sight."""
    packer = zlib.compressobj()
    start = packer.compress(b'{"success": true, "name": "') + packer.flush(zlib.Z_FULL_FLUSH)
    return start + (packer.compress(b"k" * MiB) + packer.flush(zlib.Z_FULL_FLUSH)) * mebibytes


def unpacks(name: str, content: bytes, encoding: bytes = b"gzip") -> Cell:
    """One that a client must take."""
    return Cell(name=name, answers=[packed(content, encoding)], wants=value(THING))


def refused(name: str, content: bytes, encoding: bytes = b"gzip") -> Cell:
    """One that does not unpack."""
    return Cell(name=name, answers=[packed(content, encoding)], wants=raises(ProtocolError, attempts=1))


FITTING = [
    unpacks("gzip", PACKED),
    unpacks("x-gzip, its old name", PACKED, b"x-gzip"),
    unpacks("GZIP in capitals", PACKED, b"GZIP"),
    unpacks("deflate", zlib.compress(THE_BODY), b"deflate"),
    unpacks("deflate without its header, as some servers mean it", raw_deflate(THE_BODY), b"deflate"),
    unpacks("identity, which is no packing", THE_BODY, b"identity"),
    unpacks("a Content-Encoding of nothing", THE_BODY, b""),
    unpacks("gzip in gzip", layers(THE_BODY, 2), b"gzip, gzip"),
    unpacks(
        "deflate in gzip, in two headers", gzip.compress(zlib.compress(THE_BODY)), b"deflate\r\nContent-Encoding: gzip"
    ),
    unpacks("gzip with a name, a comment and more in its header", with_gzip_fields(THE_BODY)),
    unpacks("gzip in two members", gzip.compress(THE_BODY[:20]) + gzip.compress(THE_BODY[20:])),
    unpacks("gzip without any compression", gzip.compress(THE_BODY, 0)),
    Cell(name="gzip byte by byte on the wire", answers=[Drip(packed(PACKED), every=0.0)], wants=value(THING)),
    Cell(
        name="gzip in chunks of one byte",
        answers=[
            OK
            + JSON
            + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"".join(chunk(PACKED[at : at + 1]) for at in range(len(PACKED)))
            + b"0\r\n\r\n"
        ],
        wants=value(THING),
    ),
    Cell(
        name="an error that is packed",
        answers=[
            packed(
                gzip.compress(body({"success": False, "error": "No kettle", "code": "ThingNotFound"})),
                status="404 Not Found",
            )
        ],
        wants=raises(NotFound, status=404, code="ThingNotFound"),
    ),
    Cell(
        name="a download that is packed although it was not asked for",
        answers=[packed(gzip.compress(FILE), headers=BYTES)],
        call=download(),
        wants=value(FILE),
    ),
    Cell(
        name="a download that is a gzip file itself, and stays one",
        answers=[http(gzip.compress(FILE, mtime=0), headers=b"Content-Type: application/gzip\r\n")],
        call=save(),
        wants=value(gzip.compress(FILE, mtime=0)),
    ),
    Cell(
        name="events that are packed although it was not asked for",
        answers=[packed(gzip.compress(b'data: {"kind": "a"}\n\n'), headers=SSE)],
        call=events(reconnect=False),
        wants=value([{"event": "message", "data": {"kind": "a"}, "id": ""}]),
    ),
]

CUT_OFF = [
    Cell(
        name=f"{what}, in a body that is whole",
        answers=[packed(content, encoding)],
        wants=raises(Disconnected, attempts=1),
    )
    for what, content, encoding in (
        ("half of the gzip data", PACKED[:30], b"gzip"),
        ("all of the gzip data, but not the sum at its end", PACKED[:-8], b"gzip"),
        ("three bytes of gzip's header", PACKED[:3], b"gzip"),
        ("deflate without its last byte", zlib.compress(THE_BODY)[:-1], b"deflate"),
        ("the second layer without its end", gzip.compress(PACKED[:-4]), b"gzip, gzip"),
        ("the second member without its end", gzip.compress(b" ") + PACKED[:-4], b"gzip"),
    )
]

STREAMS_CUT_OFF = [
    Cell(
        name="half of the gzip data, and the end of the connection",
        answers=[[http(PACKED[:30], headers=JSON + b"Content-Encoding: gzip\r\n", length=len(PACKED)), CLOSE]],
        wants=raises(Disconnected),
    ),
    Cell(
        name="half of the gzip data without a length, and all of it when asked again",
        answers=[[OK + JSON + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:30], CLOSE], packed(PACKED)],
        retries=at_once(2),
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="a download to a file whose gzip data is cut off",
        answers=[packed(gzip.compress(FILE)[:-20], headers=BYTES)],
        call=save(),
        wants=raises(Disconnected),
    ),
]

CORRUPT = [
    refused("JSON that says it is gzip", THE_BODY),
    refused("gzip with a wrong sum at its end", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:]),
    refused("gzip with a wrong length at its end", PACKED[:-4] + b"\xff\0\0\0"),
    refused("gzip with damage in the middle", PACKED[:10] + bytes(byte ^ 0xFF for byte in PACKED[10:20]) + PACKED[20:]),
    refused("deflate with a wrong sum at its end", zlib.compress(THE_BODY)[:-4] + b"\0\0\0\0", b"deflate"),
    refused("gzip that says it is deflate", PACKED, b"deflate"),
    refused("something behind the end of the gzip data", PACKED + b"something"),
    refused("gzip packed once, but twice by its header", PACKED, b"gzip, gzip"),
    refused("br, which was not asked for", b"\x8b\x16\x80" + THE_BODY + b"\x03", b"br"),
    refused("a charset in the place of an encoding", THE_BODY, b"UTF-8"),
    Cell(
        name="gzip packed twice, but once by its header",
        answers=[packed(layers(THE_BODY, 2))],
        wants=raises(ResponseInvalid, status=200),
    ),
    Cell(
        name="gzip of nothing", answers=[packed(EMPTY_MEMBER)], wants=raises(ResponseInvalid, status=200, content=b"")
    ),
    Cell(name="nothing that says it is gzip", answers=[packed(b"")], wants=raises(ResponseInvalid, content=b"")),
    Cell(
        name="an error that does not unpack, and stays one",
        answers=[packed(THE_BODY, status="503 Busy"), GOOD],
        wants=raises(ServerError, status=503, attempts=1),
    ),
]

BOMBS = [
    Cell(
        name="200 MiB in 200 KiB (urllib3 CVE-2025-66471)",
        answers=[packed(gzip_bomb())],
        limits=SMALL,
        wants=raises(LimitExceeded, limit="decoded_bytes", attempts=1),
    ),
    Cell(
        name="200 MiB in 200 KiB, by the limits a client has when it is told none",
        answers=[packed(gzip_bomb())],
        timeout=5.0,
        wants=raises(LimitExceeded, limit="decoded_bytes"),
        cap_bytes=64 * MiB,
    ),
    Cell(
        name="200 MiB of one deflate stream",
        answers=[packed(deflate_bomb(), b"deflate")],
        limits=SMALL,
        wants=raises(LimitExceeded, limit="decoded_bytes"),
    ),
    Cell(
        name="200 MiB in two layers, in less than 2 KiB",
        answers=[packed(gzip.compress(gzip_bomb()), b"gzip, gzip")],
        limits=SMALL,
        wants=raises(LimitExceeded, limit="decoded_bytes"),
    ),
    Cell(
        name="a bomb in an error, which stays one",
        answers=[packed(gzip_bomb(), status="502 Bad Gateway")],
        limits=SMALL,
        retries=at_once(3),
        wants=raises(ServerError, status=502, attempts=3),
        requests=3,
    ),
    Cell(
        name="a bomb in a redirect that is followed (urllib3 CVE-2026-21441)",
        answers=[redirect(b"/api/things/8", headers=b"Content-Encoding: gzip\r\n", content=gzip_bomb()), GOOD],
        follow_redirects=True,
        limits=SMALL,
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="a bomb on the second page",
        answers=[
            http(body({"success": True, "results": [{"id": "1"}], "nextCursor": "two"})),
            packed(gzip_bomb()),
        ],
        call=listing(),
        limits=SMALL,
        wants=raises(LimitExceeded, limit="decoded_bytes"),
    ),
    Cell(
        name="a bomb in a download to a file",
        answers=[packed(gzip_bomb(), headers=BYTES)],
        call=save(),
        limits=Limits(stream_bytes=4 * MiB),
        wants=raises(LimitExceeded, limit="stream_bytes"),
    ),
    Cell(
        name="a bomb in an event",
        answers=[packed(gzip_bomb(), headers=SSE)],
        call=events(reconnect=False),
        wants=raises(LimitExceeded, limit="event_bytes"),
    ),
    Cell(
        name="a bomb behind an answer that fits",
        answers=[packed(PACKED + gzip.compress(bytes(MiB), mtime=0) * 200)],
        limits=SMALL,
        wants=raises(LimitExceeded, limit="decoded_bytes"),
    ),
    Cell(
        name="a hundred thousand members of nothing",
        answers=[packed(PACKED + EMPTY_MEMBER * 100_000)],
        wants=raises(ProtocolError, attempts=1),
    ),
]

CHAINS = [
    Cell(
        name="gzip in three layers, one more than a client unpacks",
        answers=[packed(layers(THE_BODY, 3), b"gzip, gzip, gzip")],
        wants=raises(LimitExceeded, limit="encodings", attempts=1),
    ),
    Cell(
        name="fifty layers (urllib3 CVE-2025-66418)",
        answers=[packed(layers(THE_BODY, 50), b", ".join([b"gzip"] * 50))],
        wants=raises(LimitExceeded, limit="encodings"),
    ),
    Cell(
        name="fifty layers in as many headers (curl CVE-2022-32206)",
        answers=[packed(layers(THE_BODY, 50), b"\r\nContent-Encoding: ".join([b"gzip"] * 50))],
        wants=raises(LimitExceeded, limit="encodings"),
    ),
    Cell(
        name="five layers, where so many are allowed",
        answers=[packed(layers(THE_BODY, 5), b", ".join([b"gzip"] * 5))],
        limits=Limits(encodings=5),
        wants=value(THING),
    ),
    Cell(
        name="identity fifty times, which is no layer",
        answers=[packed(PACKED, b", ".join([b"identity"] * 50 + [b"gzip"]))],
        wants=value(THING),
    ),
]

CELLS = [*FITTING, *CUT_OFF, *STREAMS_CUT_OFF, *CORRUPT, *BOMBS, *CHAINS]
