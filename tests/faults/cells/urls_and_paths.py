"""Arguments and base URLs that are out to become another request than the one that was meant."""

from __future__ import annotations

import json
from datetime import date
from math import inf, nan
from typing import Any

from answers import CREATED, GOOD, THING, answer
from cell import Call, Cell, Check, Differs, create, delete, get, listing, raises, replace, value
from journal import Journal
from wire_checks import all_of, never, sent, targets

from mailwright.runtime import ConnectFailed, UsageError

QUOTED_TOKEN = "s3cr3t%2BT0ken%2Fof%3DJane-4711"
HUGE = 10**40 + 7
TOO_MANY_DIGITS = 10**5000
LONG = "x" * 20_000


def refused(name: str, call: Call | None = None, says: str = "", **more: Any) -> Cell:
    """What is not sent at all."""
    return Cell(
        name=f"refused: {name}",
        answers=[GOOD],
        call=call or get(),
        wants=raises(UsageError, says=says, attempts=0, status=None),
        requests=0,
        **more,
    )


def exact(name: str, call: Call, target: str) -> Cell:
    """What is sent, letter by letter."""
    return Cell(name=name, answers=[GOOD], call=call, wants=value(THING), requests=1, check=targets(target))


PATHS_REFUSED = [
    refused(f"path {name}", call(argument), says)
    for name, argument, says, call in (
        ("of nothing, which is the list", "", "names another path", delete),
        ("of one dot", ".", "names another path", get),
        ("of two dots, which is the list's parent", "..", "names another path", delete),
        ("with NUL", "7\0.txt", "NUL", get),
        ("of half a character", "\ud800", "surrogate", get),
        ("with the other half of one", "7\udfff7", "surrogate", replace),
        ("of no text: None", None, "str or an int", get),
        ("of no text: True", True, "str or an int", delete),
        ("of no text: bytes", b"7", "str or an int", get),
        ("of no text: a float", 7.0, "str or an int", get),
        ("of no text: a list", ["7"], "str or an int", get),
        ("of more digits than Python writes", TOO_MANY_DIGITS, "digits", get),
    )
]

PATHS = [
    exact(f"path {name}", get(argument), f"/api/things/{wire}")
    for name, argument, wire in (
        ("with a slash", "a/b", "a%2Fb"),
        ("that goes up", "../../users", "..%2F..%2Fusers"),
        ("that goes up and is absolute", "/../etc/passwd", "%2F..%2Fetc%2Fpasswd"),
        ("that goes up with backslashes", "..\\..\\users", "..%5C..%5Cusers"),
        ("that goes up with Tomcat's semicolon", "..;/users", "..%3B%2Fusers"),
        ("that goes up after a blank", ".. ", "..%20"),
        ("of three dots", "...", "..."),
        ("that begins with a dot", ".htaccess", ".htaccess"),
        ("of dots that are quoted already", "%2e%2e", "%252e%252e"),
        ("with a slash that is quoted already", "..%2fusers", "..%252fusers"),
        ("with NUL that is quoted already", "7%00", "7%2500"),
        ("that is quoted twice already", "%252F", "%25252F"),
        ("with a stray percent sign", "100%", "100%25"),
        ("of dots that are none in ASCII", "．．／x", "%EF%BC%8E%EF%BC%8E%EF%BC%8Fx"),
        ("with a query", "7?admin=true&x=#y", "7%3Fadmin%3Dtrue%26x%3D%23y"),
        (
            "with an end of the request's line",
            "7 HTTP/1.1\r\nX-Evil: 1\r\n\r\n",
            "7%20HTTP%2F1.1%0D%0AX-Evil%3A%201%0D%0A%0D%0A",
        ),
        ("of a URL", "http://127.0.0.1:1/x", "http%3A%2F%2F127.0.0.1%3A1%2Fx"),
        ("of another server", "//example.org/x", "%2F%2Fexample.org%2Fx"),
        ("of a user", "@example.org", "%40example.org"),
        ("with a placeholder", "{thing}{}%s", "%7Bthing%7D%7B%7D%25s"),
        (
            "with every sign of ASCII",
            "!\"#$&'()*+,-:;<=>?@[]^_`|~",
            "%21%22%23%24%26%27%28%29%2A%2B%2C-%3A%3B%3C%3D%3E%3F%40%5B%5D%5E_%60%7C~",
        ),
        ("with control characters", "\x01\t\x7f\x85", "%01%09%7F%C2%85"),
        ("in Latin-1's letters", "Müller", "M%C3%BCller"),
        ("that is not normalised", "e\u0301", "e%CC%81"),
        ("of an emoji", "👩‍💻", "%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB"),
        ("that is written backwards", "\u202egpj.exe\ufeff", "%E2%80%AEgpj.exe%EF%BB%BF"),
        ("of 20,000 letters", LONG, LONG),
        ("of a number beyond 2^53", 2**53 + 1, "9007199254740993"),
        ("of a number beyond 2^64", 2**64 + 1, "18446744073709551617"),
        ("of a number of 41 digits", HUGE, str(HUGE)),
        ("of a negative number", -1, "-1"),
    )
]

QUERIES = [
    exact(f"query: {name}", call, f"/api/things/7{wire}")
    for name, call, wire in (
        ("another parameter inside a value", get(note="x&token=evil&note=y"), "?note=x%26token%3Devil%26note%3Dy"),
        ("a fragment and a second question mark", get(note="a?b#c"), "?note=a%3Fb%23c"),
        ("a plus, which is no blank", get(note="1+1 = 2"), "?note=1%2B1%20%3D%202"),
        ("quoted already", get(note="%26%00%zz"), "?note=%2526%2500%25zz"),
        ("line breaks and NUL", get(note="a\r\nb\0"), "?note=a%0D%0Ab%00"),
        ("a semicolon, which some take for an ampersand", get(note="a;b=c"), "?note=a%3Bb%3Dc"),
        ("brackets, which some take for lists", get(note="a[0]={}"), "?note=a%5B0%5D%3D%7B%7D"),
        ("UTF-8", get(note="ü€👍"), "?note=%C3%BC%E2%82%AC%F0%9F%91%8D"),
        ("characters that look like ampersands", get(note="＆＝"), "?note=%EF%BC%86%EF%BC%9D"),
        ("20,000 letters", get(note=LONG), f"?note={LONG}"),
        ("nothing is left out", get(note=""), ""),
        ("None is left out", get(note=None, count=None, x_trace=None), ""),
        ("a number of 41 digits", get(count=HUGE), f"?count={HUGE}"),
        ("a negative number", get(count=-(2**63) - 1), "?count=-9223372036854775809"),
        ("a number that is a truth", get(count=True), "?count=true"),
        ("a number with a fraction", get(count=0.1), "?count=0.1"),
        ("a number with an exponent", get(count=1e300), "?count=1e%2B300"),
        ("a date", get(note=date(2026, 11, 21)), "?note=2026-11-21"),
        ("a list in one parameter", get(tags=["a", "b&c", "d e"]), "?tags=a%2Cb%26c%2Cd%20e"),
        ("a tuple", get(tags=("a", "b")), "?tags=a%2Cb"),
        ("an empty list is left out", get(tags=[]), ""),
        ("all of them, in their order", get(note="n", tags=["t"], count=0), "?note=n&tags=t&count=0"),
    )
] + [
    Cell(
        name="query: a value that looks like the token's parameter, beside the token",
        token="query",
        answers=[GOOD],
        call=get(note="&token=evil"),
        wants=value(THING),
        requests=1,
        check=all_of(targets(f"/api/things/7?note=%26token%3Devil&token={QUOTED_TOKEN}"), never("X-Token")),
        differs={
            "borrowed": Differs(
                raises(UsageError, says="log"),
                because="an httpx client writes each URL to its log, so a token in the query is refused",
                requests=0,
            )
        },
    ),
    Cell(
        name="query: a cursor that looks like a whole query",
        answers=[
            answer({"success": True, "results": [], "nextCursor": "x&limit=1#"}),
            answer({"success": True, "results": [{"id": "1"}], "nextCursor": False}),
        ],
        call=listing(query="a=b&c"),
        wants=value([{"id": "1"}]),
        requests=2,
        check=targets("/api/things?query=a%3Db%26c", "/api/things?query=a%3Db%26c&next=x%26limit%3D1%23"),
    ),
]

QUERIES_REFUSED = [
    refused(f"query: {name}", call, says)
    for name, call, says in (
        ("half a character", get(note="a\udc80"), "surrogate"),
        ("half a character in a list", get(tags=["a", "\ud83d"]), "surrogate"),
        ("a comma in a list that is separated by commas", get(tags=["a,b"]), "comma"),
        ("an empty item", get(tags=["a", ""]), "empty item"),
        ("NaN", get(count=nan), "nan"),
        ("infinity", get(count=-inf), "inf"),
        ("bytes", get(note=b"7"), "bytes"),
        ("a dict", get(note={"a": 1}), "dict"),
        ("more digits than Python writes", get(count=TOO_MANY_DIGITS), "digits"),
    )
]


def header(name: str, given: str, wire: str | None, **more: Any) -> Cell:
    """A header argument that is sent."""
    return Cell(
        name=f"header: {name}",
        answers=[GOOD],
        call=get(x_trace=given),
        wants=value(THING),
        requests=1,
        check=all_of(sent("X-Trace", wire), never("X-Evil")),
        **more,
    )


HEADERS = [
    *(
        refused(f"header with {name}", get(x_trace=given), says)
        for name, given, says in (
            ("a line of its own", "1\r\nX-Evil: 1", "line break"),
            ("a body of its own", "1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n", "line break"),
            ("LF", "1\nX-Evil: 1", "line break"),
            ("CR", "1\rX-Evil: 1", "line break"),
            ("a fold", "1\r\n X-Evil: 1", "line break"),
            ("NUL", "1\0", "NUL"),
            ("another control character", "1\x0b\x7f", "control"),
            ("a blank before it", " 1", "blanks"),
            ("a tab after it", "1\t", "blanks"),
            ("a letter beyond Latin-1", "1€", "Latin-1"),
            ("letters that some turn into line breaks", "1\u560d\u560aX-Evil: 1", "Latin-1"),
            ("half a character", "1\ud800", "Latin-1"),
            ("a type that has no text", b"1", "bytes"),
        )
    ),
    header("a tab inside", "a\tb", "a\tb"),
    header(
        "Latin-1",
        "Déjà vu",
        "Déjà vu",
        differs={
            "pyreqwest": Differs(
                raises(UsageError, says="beyond ASCII"),
                because="pyreqwest cannot send headers beyond ASCII",
                requests=0,
            )
        },
    ),
    header("separators and quotes", 'a, b; c="d\\"', 'a, b; c="d\\"'),
    header("8 KB", "x" * 8_000, "x" * 8_000),
    header("None is left out", None, None),
]


def body_is(wanted: object) -> Any:
    """The body is this JSON, numbers in all their digits."""

    def check(journal: Journal) -> str:
        came = journal.requests[0].body
        return "" if json.loads(came) == wanted else f"the body was {came[:200]!r}"

    return check


SECRET = {"password": "c0rrect & h0rse=battery 4712"}
BODIES = [
    Cell(
        name=f"body: {name}",
        answers=[answer(CREATED)],
        call=create(**given),
        wants=value(CREATED),
        requests=1,
        check=body_is({**SECRET, "name": "kettle", **given}),
    )
    for name, given in (
        ("a number beyond 2^64", {"size": 2**64 + 1}),
        ("a number of 41 digits", {"size": HUGE}),
        ("a negative number beyond 2^63", {"size": -(2**63) - 1}),
        ("line separators, NUL and quotes", {"name": '"\\\u2028\u2029\0\x1f\x7f</script>'}),
        ("an emoji", {"name": "👩‍💻", "tags": ["ü", "\uffff"]}),
    )
] + [
    refused(f"body: {name}", create(**given), says)
    for name, given, says in (
        ("half a character", {"name": "\ud800"}, "surrogate"),
        ("half a character in a list", {"tags": ["\udc00"]}, "surrogate"),
        ("NaN", {"size": nan}, "nan"),
        ("bytes", {"name": b"kettle"}, "bytes"),
        ("more digits than Python writes", {"size": TOO_MANY_DIGITS}, "digits"),
    )
]


def to(base_url: str, path: str = "/api", **more: Any) -> Cell:
    """A base URL that can be used."""
    return Cell(
        base_url=base_url,
        answers=[GOOD],
        wants=value(THING),
        requests=1,
        check=targets(f"{path}/things/7"),
        **more,
    )


def arrived(*hosts: str) -> Check:
    """All requests came home, with one of these as their Host."""

    def check(journal: Journal) -> str:
        came = {(seen.origin, seen.header("host")) for seen in journal.everything}
        ports = {seen.header("host").rpartition(":")[2] for seen in journal.everything}
        allowed = {("home", f"{host}:{port}") for host in hosts for port in ports}
        return "" if came and came <= allowed else f"the requests came to {came}"

    return check


BASE_URLS = [
    to("%home%", "", name="base_url without a path"),
    to("%home%/", "", name="base_url with a slash alone"),
    to("%home%/api///", name="base_url with slashes at its end"),
    to("%home%/a//b", "/a//b", name="base_url with an empty segment"),
    to("%home%/a%2Fb/%C3%A9%20", "/a%2Fb/%C3%A9%20", name="base_url that is quoted already"),
    to("%home%/é/ü", "/%C3%A9/%C3%BC", name="base_url with letters to quote"),
    to("%home%/a;v=1/~me/@x:y/$&'()*+,=!", "/a;v=1/~me/@x:y/$&'()*+,=!", name="base_url with signs to keep"),
    to("%home%/.well-known/...", "/.well-known/...", name="base_url with dots in its names"),
    to("HTTP://127.0.0.1:%home-port%/api", name="base_url with its scheme in capitals"),
    to("%home-localhost%/api", name="base_url with a name for the address"),
    *(
        Cell(
            name=f"base_url with {name}",
            base_url=base_url,
            token="none",
            answers=[GOOD],
            wants=value(THING),
            may_go_elsewhere=True,
            check=arrived(*hosts),
        )
        for name, base_url, hosts in (
            ("its host in capitals", "http://LOCALHOST:%home-port%/api", ("LOCALHOST", "localhost")),
            (
                "an IPv6 address",
                "http://[::FFFF:127.0.0.1]:%home-port%/api",
                ("[::FFFF:127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
            ),
        )
    ),
    *(
        Cell(
            name=f"base_url with {name}",
            base_url=base_url,
            wants=raises(ConnectFailed),
            afterwards=raises(ConnectFailed),
        )
        for name, base_url in (
            ("a host that is not there", "http://no-such-host.invalid/api"),
            ("a host in umlauts that is not there", "http://bücher.invalid/api"),
            ("a host in Punycode that is not there", "http://xn--bcher-kva.invalid/api"),
            ("a host with an underscore", "http://no_such_host.invalid/api"),
            ("an IPv6 address where nobody listens", "http://[::1]:1/api"),
        )
    ),
]

BASE_URLS_REFUSED = [
    refused(f"base_url {name}", None, says, base_url=base_url)
    for name, base_url, says in (
        ("of nothing", "", "empty"),
        ("of FTP", "ftp://127.0.0.1:%home-port%/api", "http:// or https://"),
        ("of a file", "file:///api", "http:// or https://"),
        ("without a scheme", "127.0.0.1:%home-port%/api", "http:// or https://"),
        ("without slashes", "http:127.0.0.1:%home-port%/api", "no host"),
        ("without a host", "http:///api", "no host"),
        ("with a port alone", "http://:%home-port%/api", "no host"),
        ("with a user", "http://jane@127.0.0.1:%home-port%/api", "user"),
        ("with a user that is empty", "http://@127.0.0.1:%home-port%/api", "user"),
        ("with a query", "%home%/api?x=1", "query"),
        ("with an empty query", "%home%/api?", "query"),
        ("with a fragment", "%home%/api#x", "fragment"),
        ("with a blank before it", " %home%/api", "blank"),
        ("with a line break in its scheme", "ht\ntp://127.0.0.1:%home-port%/api", "control"),
        ("with a tab after it", "%home%/api\t", "control"),
        ("with backslashes", "http:\\\\127.0.0.1:%home-port%\\api", "backslash"),
        ("with half a character", "%home%/\ud800", "control"),
        ("that goes up", "%home%/api/..", "'..'"),
        ("with a dot for a segment", "%home%/./api", "'.'"),
        ("that goes up in quotes", "%home%/api/%2e%2E/", "'..'"),
        ("with a port of 0", "http://127.0.0.1:0/api", "port"),
        ("with a port of 65536", "http://127.0.0.1:65536/api", "port"),
        ("with a negative port", "http://127.0.0.1:-1/api", "port"),
        ("with a port in letters", "http://127.0.0.1:http/api", "port"),
        ("with a port in digits of another script", "http://127.0.0.1:８０/api", "port"),
        ("with an IPv6 address without brackets", "http://::1/api", "port"),
        ("with half an IPv6 address", "http://[::1/api", "host"),
        ("with an IPv6 address that is none", "http://[::g]/api", "host"),
        ("with text after an IPv6 address", "http://[::1]x:80/api", "host"),
        ("with an empty label", "http://a..example.org/api", "host"),
        ("with a label of 64 letters", f"http://{'x' * 64}.example.org/api", "host"),
        ("with a slash that is none", "http://127.0.0.1／evil.example.org/api", "host"),
        ("with a host that is quoted", "http://127.0.0.1%2Fevil.example.org/api", "host"),
        (
            "with an international host that takes long to read (idna CVE-2024-3651)",
            f"http://{'٠' * 20_000}.org/",
            "host",
        ),
    )
]

CELLS = [
    *PATHS_REFUSED,
    *PATHS,
    *QUERIES,
    *QUERIES_REFUSED,
    *HEADERS,
    *BODIES,
    *BASE_URLS,
    *BASE_URLS_REFUSED,
]
