"""Bodies that are not JSON, JSON that does not fit, numbers and characters at their limits, and wrong media types."""

from __future__ import annotations

import codecs

from answers import THING, answer, body, http
from cell import Cell, at_once, create, delete, get, listing, raises, value

from mailwright.runtime import (
    InvalidRequest,
    LimitExceeded,
    NotFound,
    RateLimited,
    ResponseInvalid,
    ServerError,
)
from mailwright.runtime.errors import MailwrightError
from mailwright.runtime.limits import Limits

START = b'{"success": true, "id": "7", "name": "kettle"'
THE_BODY = body(THING)


def reads(name: str, content: bytes, wants: object = THING, *, media_type: bytes = b"application/json") -> Cell:
    """A body that a client must take."""
    return Cell(name=name, answers=[_typed(content, media_type)], wants=value(wants))


def refused(name: str, content: bytes, *, media_type: bytes = b"application/json", **has: object) -> Cell:
    """A body that this API does not have."""
    return Cell(
        name=name,
        answers=[_typed(content, media_type)],
        wants=raises(ResponseInvalid, status=200, content=content, **has),
    )


def _typed(content: bytes, media_type: bytes) -> bytes:
    return http(content, headers=b"Content-Type: %s\r\n" % media_type)


def with_field(field: bytes) -> bytes:
    """The thing with one more field, of which a client may know the name or not."""
    return START + b", " + field + b"}"


def named(name: bytes) -> bytes:
    """A thing of that name, byte by byte."""
    return b'{"success": true, "id": "7", "name": "' + name + b'"}'


def thing(**fields: object) -> dict[str, object]:
    """What a client makes of it."""
    return {**THING, **fields}


def nested(depth: int, *, closed: bool = True) -> bytes:
    """The thing with arrays so deep in a field it does not know, the thing itself counted."""
    return with_field(b'"x": ' + b"[" * (depth - 1) + (b"]" * (depth - 1) if closed else b""))


NOT_JSON = [
    refused(f"no JSON: {text}", content)
    for text, content in {
        "blanks only": b" \r\n\t ",
        "cut off in a string": THE_BODY[:-4],
        "cut off behind a value": THE_BODY[:-1],
        "a word": b"OK",
        "something behind the end": THE_BODY + b" ok",
        "two answers in one body": THE_BODY + THE_BODY,
        "a line of JSON each": THE_BODY + b"\n" + THE_BODY + b"\n",
        "a call of a function (JSONP)": b"callback(" + THE_BODY + b");",
        "a guard against scripts in front": b")]}',\n" + THE_BODY,
        "a comma too many": START + b",}",
        "a comma too few": START.replace(b", ", b" ") + b"}",
        "a comment": START + b" /* comment */}",
        "single quotes": THE_BODY.replace(b'"', b"'"),
        "keys without quotes": b'{success: true, "id": "7", "name": "kettle"}',
        "Python's words": b"{'success': True, 'id': None}",
        "a line break in a string": named(b"ket\ntle"),
        "NUL in a string": named(b"ket\0tle"),
        "an escape that is none": named(b"\\x41"),
        "half of an escape": named(b"\\u00"),
        "a form feed as a blank": b"\x0c" + THE_BODY,
        "a no-break space as a blank": "\u00a0".encode() + THE_BODY,
        "bytes of no text": bytes(range(128, 256)),
        "YAML": b"success: true\nid: '7'\n",
        "XML": b'<?xml version="1.0"?><thing/>',
    }.items()
]

NUMBERS = [
    *(
        refused(f"no number: {text}", with_field(field))
        for text, field in {
            "NaN": b'"score": NaN',
            "NaN in a field that is not known": b'"x": NaN',
            "Infinity": b'"score": Infinity',
            "minus Infinity": b'"x": -Infinity',
            "1e400, which a float cannot hold": b'"score": 1e400',
            "nan in a string": b'"score": "nan"',
            "minus inf in a string": b'"score": "-inf"',
            "nan in a string of escapes": b'"score": "\\u006e\\u0061\\u006e"',
            "Infinity in a string, beside a number in one": b'"size": "1", "score": "Infinity"',
            "a zero in front": b'"size": 01',
            "a plus": b'"size": +1',
            "nothing behind the point": b'"score": 1.',
            "nothing before the point": b'"score": .5',
            "hexadecimal": b'"size": 0x10',
            "two signs": b'"size": --1',
            "five thousand digits": b'"size": ' + b"9" * 5000,
            "a million digits": b'"size": ' + b"9" * 1_000_000,
            "a fraction for a whole number": b'"size": 1.5',
            "digits of another script in a string": '"size": "١"'.encode(),
        }.items()
    ),
    *(
        reads(f"a number: {text}", with_field(field), thing(**wants))
        for text, field, wants in (
            ("2 to the power of 53, and 1", b'"size": 9007199254740993', {"size": 2**53 + 1}),
            ("2 to the power of 64", b'"size": 18446744073709551616', {"size": 2**64}),
            ("2 to the power of 200", b'"size": %d' % 2**200, {"size": 2**200}),
            ("-2 to the power of 63, and 1 less", b'"size": %d' % (-(2**63) - 1), {"size": -(2**63) - 1}),
            ("a whole one for a fraction", b'"score": 3', {"score": 3.0}),
            ("a whole one with a point", b'"size": 1.0', {"size": 1}),
            ("a whole one in a string", b'"size": "12"', {"size": 12}),
            ("0.1, to its last bit", b'"score": 0.1000000000000000055', {"score": 0.1}),
            ("one too small for a float", b'"score": 1e-400', {"score": 0.0}),
            ("a thousand digits behind the point", b'"score": 0.' + b"3" * 1000, {"score": 1 / 3}),
            ("five thousand digits in a field that is not known", b'"x": ' + b"9" * 5000, {}),
        )
    ),
]

NESTING = [
    reads("JSON as deep as a client takes", nested(100)),
    *(
        Cell(
            name=name,
            answers=[answer_of],
            wants=raises(LimitExceeded, limit="nesting", status=200),
            limits=limits,
        )
        for name, answer_of, limits in (
            ("JSON one step deeper than a client takes", http(nested(101)), None),
            ("JSON a hundred thousand steps deep", http(nested(100_000)), None),
            ("JSON a hundred thousand steps deep that never ends", http(nested(100_000, closed=False)), None),
            ("objects a thousand deep", http(with_field(b'"x": ' + b'{"x": ' * 1000 + b"1" + b"}" * 1000)), None),
            ("JSON deeper than this client is told to take", http(nested(6)), Limits(nesting=5)),
            (
                "arrays that are opened and closed, and then ten thousand deep",
                http(with_field(b'"y": [' + b"[]," * 1000 + b"0], " + b'"x": ' + b"[" * 10_000)),
                None,
            ),
        )
    ),
    reads("a thousand brackets in a string", named(b"[" * 1000), thing(name="[" * 1000)),
    reads("a thousand brackets behind an escaped quote", named(b'\\"' + b"[" * 1000), thing(name='"' + "[" * 1000)),
    reads(
        "a thousand brackets behind a backslash at a string's end",
        b'{"x": "\\\\", "y": "' + b"{" * 1000 + b'", ' + THE_BODY[1:],
    ),
    reads("a thousand lists side by side", with_field(b'"x": [' + b"[], " * 1000 + b"[]]")),
    Cell(
        name="an error a hundred thousand steps deep",
        answers=[http(b'{"error": ' + b"[" * 100_000, status="500 Oops")],
        wants=raises(ServerError, status=500),
    ),
]

CHARACTERS = [
    *(
        refused(f"no UTF-8: {text}", named(name), media_type=media_type)
        for text, name, media_type in (
            ("Latin-1", "Kessel für Tee".encode("latin-1"), b"application/json"),
            ("Latin-1, as its charset says", "für".encode("latin-1"), b"application/json; charset=iso-8859-1"),
            ("a byte that never is", b"\xff", b"application/json"),
            ("half of a character", "€".encode()[:2], b"application/json"),
            ("a slash in two bytes", b"\xc0\xaf", b"application/json"),
            ("half of a surrogate pair in three bytes", b"\xed\xa0\x80", b"application/json"),
            ("a character beyond Unicode", b"\xf5\x80\x80\x80", b"application/json"),
            ("UTF-7, as its charset says", b"\xa3", b"application/json; charset=utf-7"),
        )
    ),
    refused("no UTF-8 in a field that is not known", with_field(b'"x": "\xff"')),
    refused("no UTF-8 in a key", with_field(b'"\xff": 1')),
    refused(
        "UTF-16, as its charset says",
        THE_BODY.decode().encode("utf-16"),
        media_type=b"application/json; charset=utf-16",
    ),
    refused("UTF-32 without a charset", THE_BODY.decode().encode("utf-32-be")),
    refused("a byte order mark in front", codecs.BOM_UTF8 + THE_BODY),
    refused("a lone surrogate as an escape", named(b"\\ud800"), place=""),
    refused("a surrogate pair the wrong way round", named(b"\\ude00\\ud83d")),
    *(
        reads(f"characters: {text}", named(name), thing(name=wants))
        for text, name, wants in (
            ("a surrogate pair of escapes", b"\\ud83d\\ude00", "😀"),
            ("four bytes", "😀".encode(), "😀"),
            ("NUL as an escape", b"a\\u0000b", "a\0b"),
            ("line and paragraph separators", "a\u2028b\u2029c".encode(), "a\u2028b\u2029c"),
            ("an escaped slash", b"a\\/b", "a/b"),
            ("an accent of its own, which stays so", "e\u0301".encode(), "e\u0301"),
            ("a byte order mark in a string", "\ufeffa".encode(), "\ufeffa"),
            ("a noncharacter", "\uffff".encode(), "\uffff"),
            ("right to left", "\u202eabc".encode(), "\u202eabc"),
        )
    ),
]

CHARSETS = [
    reads(f"UTF-8 {text}", named("für €".encode()), thing(name="für €"), media_type=b"application/json" + parameters)
    for text, parameters in (
        ("whose charset is not known", b"; charset=x-nothing"),
        ("whose charset says Latin-1", b"; charset=ISO-8859-1"),
        ("whose charset is empty", b"; charset="),
        ("whose charset is in quotes", b'; charset="utf-8"'),
        ("with two charsets", b"; charset=utf-8; charset=utf-16"),
        ("whose charset names a codec that is no charset", b"; charset=zlib_codec"),
    )
]

SHAPES = [
    refused("an array where an object is due", b"[" + THE_BODY + b"]"),
    refused("null where an object is due", b"null"),
    refused("a string where an object is due", b'"kettle"'),
    refused("a number where an object is due", b"7"),
    refused("an object without anything in it", b"{}"),
    refused("a field that is missing", b'{"success": true, "id": "7"}', place="$"),
    refused("a field in other letters", b'{"success": true, "id": "7", "Name": "kettle"}', place="$"),
    refused("null where text is due", b'{"success": true, "id": "7", "name": null}', place="$.name"),
    refused("a number where text is due", b'{"success": true, "id": 7, "name": "kettle"}', place="$.id"),
    refused("an object where text is due", with_field(b'"tags": [{}]'), place="$.tags[0]"),
    refused("text where a list is due", with_field(b'"tags": "a,b"'), place="$.tags"),
    refused("text where true is due", b'{"success": "true", "id": "7", "name": "kettle"}'),
    refused("1 where true is due", b'{"success": 1, "id": "7", "name": "kettle"}'),
    refused(
        "a wrong type three steps down", with_field(b'"parent": {"parent": {"id": 7}}'), place="$.parent.parent.id"
    ),
    reads("fields that are not known", with_field(b'"self": 1, "__class__": "x", "from": null, "": []')),
    reads("a key twice, of which the last counts", b'{"id": "8", "name": "pot", ' + THE_BODY[1:]),
    reads(
        "ten thousand fields that are not known", with_field(b", ".join(b'"x%d": %d' % (n, n) for n in range(10_000)))
    ),
    reads("null where it may be, which is like nothing", with_field(b'"parent": {"parent": null}'), thing(parent={})),
    reads("blanks and line ends around it", b"\r\n\t " + THE_BODY.replace(b" ", b"\r\n") + b"\n\n"),
    Cell(
        name="a page whose list is null",
        answers=[http(b'{"success": true, "results": null}')],
        call=listing(),
        wants=raises(ResponseInvalid, place="$.results"),
    ),
    Cell(
        name="a flaw on the second page",
        answers=[
            answer({"success": True, "results": [{"id": "1"}], "nextCursor": "two"}),
            answer({"success": True, "results": [{"id": "2"}, {}]}),
        ],
        call=listing(),
        wants=raises(ResponseInvalid, place="$.results[1]"),
        requests=2,
    ),
    Cell(
        name="a body that does not fit, which is not asked for again",
        answers=[http(b"{}")],
        retries=at_once(3),
        wants=raises(ResponseInvalid, attempts=1),
        requests=1,
    ),
    Cell(
        name="an answer to a POST that does not fit, which is not sent again",
        answers=[http(b'{"success": true}')],
        call=create(),
        retries=at_once(3),
        wants=raises(ResponseInvalid, attempts=1, place="$"),
        requests=1,
    ),
    Cell(name="an empty body where JSON is due", answers=[http(b"")], call=delete(), wants=raises(ResponseInvalid)),
]

MEDIA_TYPES = [
    refused("an HTML page with status 200", b"<!doctype html><title>Log in</title>", media_type=b"text/html"),
    refused("an HTML page that says it is JSON", b"\n<html><body>Log in</body></html>"),
    refused("JSON that says it is HTML", THE_BODY, media_type=b"text/html; charset=utf-8"),
    refused("JSON that says it is text", THE_BODY, media_type=b"text/plain"),
    refused("a file where JSON is due", b"\x89PNG\r\n", media_type=b"image/png"),
    refused("events where JSON is due", b"data: {}\n\n", media_type=b"text/event-stream"),
    reads("JSON by another name", THE_BODY, media_type=b"application/vnd.things.v1+json; charset=utf-8"),
    reads("text/json", THE_BODY, media_type=b"text/json"),
    reads("an empty media type", THE_BODY, media_type=b""),
]


def fails(
    name: str, status: str, content: bytes, kind: type[MailwrightError], *, says: str = "", **has: object
) -> Cell:
    """An error that stays one, whatever its body is."""
    headers = b"Content-Type: text/html\r\n" if content.startswith(b"<") else b"Content-Type: application/json\r\n"
    return Cell(
        name=name,
        answers=[http(content, status=status, headers=headers)],
        call=get(),
        wants=raises(kind, says=says, status=int(status[:3]), attempts=1, **has),
    )


ERRORS = [
    fails("an HTML page of a proxy with status 502", "502 Bad Gateway", b"<html>nginx</html>", ServerError),
    fails("an HTML page with status 404", "404 Not Found", b"<html>Not Found</html>", NotFound),
    fails("an error without a body", "500 Oops", b"", ServerError),
    fails("an error that is cut off within its length", "400 Bad Request", b'{"success": false, "err', InvalidRequest),
    fails("an error with NaN in it", "429 Slow Down", b'{"error": "slow", "wait": NaN}', RateLimited),
    fails("an error that is no UTF-8", "500 Oops", b'{"error": "f\xfcr"}', ServerError),
    fails("an error that is an array", "404 Not Found", b'["error"]', NotFound),
    fails(
        "an error whose text is an object", "500 Oops", b'{"success": false, "error": {"message": "x"}}', ServerError
    ),
    fails(
        "an error whose code is an object", "404 Not Found", b'{"error": "No kettle", "code": {}}', NotFound, code=None
    ),
    fails("an error that says it went well", "500 Oops", THE_BODY, ServerError),
    fails(
        "an error under status 200",
        "200 OK",
        b'{"success": false, "error": "No kettle", "code": "ThingNotFound"}',
        NotFound,
    ),
    fails(
        "an error whose text has characters of all kinds",
        "500 Oops",
        '{"error": "für \\u0000 😀"}'.encode(),
        ServerError,
        says="für",
    ),
]

CELLS = [
    *NOT_JSON,
    *NUMBERS,
    *NESTING,
    *CHARACTERS,
    *CHARSETS,
    *SHAPES,
    *MEDIA_TYPES,
    *ERRORS,
]
