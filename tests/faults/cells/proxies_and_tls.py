"""Proxies that nobody asked for, proxies that fail, and servers that cannot prove who they are."""

from __future__ import annotations

import socket
from typing import Any

from answers import DONE, GOOD, JSON, OK, THING, answer, body, head, http, redirect
from cell import Cell, Differs, at_once, create, download, get, listing, raises, replace, value
from journal import Journal
from steps import CLOSE, RESET, STALL, Drip, Wire
from tunnel import ESTABLISHED, tunnel
from wire_checks import WITH_TOKEN, all_of, never, sent, targets

from mailwright.runtime import ConnectFailed, Disconnected, ProtocolError, TimedOut, TransportError

NOT_SENT = raises(ConnectFailed, attempts=1, sent=False, status=None)
PROXY_AUTHORIZATION = "Basic amFuZTpvZi10aGUtcHJveHk="
HTML = b"Content-Type: text/html\r\n"

ENVIRONMENT = [
    Cell(
        name=f"the environment names {name}",
        base_url=base_url,
        environment=environment,
        answers=[GOOD],
        wants=value(THING),
        requests=1,
        check=all_of(targets("/api/things/7"), never("Proxy-Authorization", "Proxy-Connection", "Via")),
    )
    for name, base_url, environment in (
        ("a proxy", "%home%/api", {"HTTP_PROXY": "%elsewhere%"}),
        ("a proxy in small letters (CGI's httpoxy, CVE-2016-5385)", "%home%/api", {"http_proxy": "%elsewhere%"}),
        ("a proxy for https", "%tls%/api", {"HTTPS_PROXY": "%elsewhere%", "https_proxy": "%elsewhere%"}),
        ("a proxy for everything", "%home%/api", {"ALL_PROXY": "%elsewhere%", "all_proxy": "%elsewhere%"}),
        (
            "a proxy with a password",
            "%home%/api",
            {"HTTP_PROXY": "http://jane:of-the-proxy@127.0.0.1:%elsewhere-port%"},
        ),
        (
            "a SOCKS proxy, which needs another package",
            "%home%/api",
            {"ALL_PROXY": "socks5://127.0.0.1:%elsewhere-port%"},
        ),
        ("a proxy that is no URL", "%home%/api", {"HTTP_PROXY": "::not a url::", "ALL_PROXY": "http://[::1"}),
        ("exceptions that are none", "%home%/api", {"HTTP_PROXY": "%elsewhere%", "NO_PROXY": "::1,[::1]:80,*.,://,*"}),
    )
]


def through(name: str, proxy: str = "%elsewhere%", **more: Any) -> Cell:
    """A call through a proxy, to https unless another base URL is given."""
    return Cell(
        **{
            "name": f"a proxy {name}",
            "base_url": "%tls%/api",
            "proxy": proxy,
            "answers": [GOOD],
            "elsewhere": [tunnel],
            "may_go_elsewhere": True,
            "requests": 1,
            **more,
        }
    )


def lent(kind: type[TransportError]) -> dict[str, Differs]:
    """What a lent client does about a proxy that fails it."""
    return {
        "borrowed": Differs(raises(kind, attempts=1), because="httpcore does not tell a proxy's end from the server's")
    }


def asked_to_connect(*, authorization: str | None = None, times: int = 1) -> Any:
    """The proxy was asked for a tunnel to the server, and for nothing else."""

    def check(journal: Journal) -> str:
        asked = [seen for seen in journal.elsewhere if seen.phase == "judged"]
        wanted = [("CONNECT", journal.authority, journal.authority, authorization)] * times
        came = [(one.method, one.target, one.header("host"), one.header("proxy-authorization")) for one in asked]
        return "" if came == wanted else f"the proxy was asked {came}, not {wanted}"

    return check


def is_plain(journal: Journal) -> str:
    """The one request went through the proxy with the host in letters of ASCII."""
    came = [(seen.target, seen.header("host")) for seen in journal.everything if seen.phase == "judged"]
    return "" if came == [("http://xn--bcher-kva.example/api/things/7", "xn--bcher-kva.example")] else f"it was {came}"


WITH_PASSWORD = "http://jane:of-the-proxy@127.0.0.1:%elsewhere-port%"
PROXIES = [
    through(
        "is told of a request without TLS what it needs",
        "%home%",
        base_url="http://things.example/api",
        wants=value(THING),
        check=all_of(targets("http://things.example/api/things/7"), sent("Host", "things.example"), WITH_TOKEN),
    ),
    through(
        "is told of a port, and of a path that looks like a URL",
        "%home%",
        base_url="http://things.example:8080",
        call=get("http://evil.example/"),
        wants=value(THING),
        check=all_of(
            targets("http://things.example:8080/things/http%3A%2F%2Fevil.example%2F"),
            sent("Host", "things.example:8080"),
        ),
    ),
    through(
        "is told of an international host in ASCII",
        "%home%",
        base_url="http://bücher.example/api",
        token="none",
        wants=value(THING),
        requests=None,
        check=is_plain,
    ),
    through(
        "is asked for a tunnel, and sees neither token nor path",
        wants=value(THING),
        check=all_of(asked_to_connect(), targets("/api/things/7"), WITH_TOKEN),
    ),
    through(
        "is asked for a tunnel, and sees no password",
        call=replace(),
        answers=[answer(DONE)],
        wants=value(DONE),
        check=asked_to_connect(),
    ),
    through(
        "gets its password, the server does not (requests CVE-2023-32681)",
        WITH_PASSWORD,
        wants=value(THING),
        check=all_of(asked_to_connect(authorization=PROXY_AUTHORIZATION), sent("Proxy-Authorization", None)),
    ),
    through(
        "gets its password, and a redirect changes nothing of that (urllib3 GHSA-qccp)",
        WITH_PASSWORD,
        answers=[[redirect(b"/moved", headers=b"Connection: close\r\n"), CLOSE], GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=all_of(
            asked_to_connect(authorization=PROXY_AUTHORIZATION, times=2), sent("Proxy-Authorization", None), WITH_TOKEN
        ),
    ),
    through(
        "is asked for one tunnel for two requests",
        call=listing(),
        answers=[
            answer({"success": True, "nextCursor": "c", "results": [{"id": "1"}]}),
            answer({"success": True, "nextCursor": False, "results": [{"id": "2"}]}),
        ],
        wants=value([{"id": "1"}, {"id": "2"}]),
        requests=2,
        check=asked_to_connect(),
    ),
    *(
        through(name, elsewhere=[steps], wants=NOT_SENT, requests=0, differs=differs)
        for name, steps, differs in (
            ("wants a password", http(b"", status="407 Auth", headers=b"Proxy-Authenticate: Basic\r\n"), {}),
            ("finds no server", http(b"<html>Bad", status="502 Bad Gateway", headers=HTML), {}),
            ("has a page of its own for the answer (FalseCONNECT, CVE-2016-5597)", answer(status="403 No"), {}),
            ("sends the client elsewhere", redirect(b"%home%/api/things/7"), {}),
            ("ends the connection", CLOSE, lent(Disconnected)),
            ("breaks the connection", RESET, lent(Disconnected)),
            ("speaks no HTTP", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", CLOSE], lent(ProtocolError)),
            ("agrees, and ends the connection", [ESTABLISHED, CLOSE], {}),
            ("agrees, and speaks no TLS", [ESTABLISHED + GOOD, CLOSE], {}),
        )
    ),
    through(
        "says nothing",
        elsewhere=[STALL],
        timeout=0.3,
        wants=raises(TimedOut, attempts=1),
        requests=0,
    ),
    through("that is not there", "%refused%", wants=NOT_SENT, requests=0, afterwards=raises(ConnectFailed)),
    Cell(
        name="a line of the PROXY protocol before the answer",
        greets=[b"PROXY TCP4 192.0.2.1 192.0.2.2 5 80\r\n"],
        answers=[GOOD],
        wants=raises(ProtocolError, attempts=1),
    ),
]

CERTIFICATES = [
    Cell(
        name=f"a certificate {name}",
        base_url=f"%{origin}%/api",
        answers=[GOOD],
        call=call,
        retries=at_once(attempts),
        wants=raises(ConnectFailed, attempts=attempts, sent=False, status=None),
        afterwards=raises(ConnectFailed),
        requests=0,
    )
    for name, origin, call, attempts in (
        ("that is over", "tls-expired", get(), 1),
        ("that is not valid yet", "tls-not-yet", get(), 1),
        ("of an unknown authority", "tls-unknown", create(), 1),
        ("of an unknown authority, which is not trusted at the third try either", "tls-unknown", get(), 3),
        ("of another host", "tls-other-name", create(), 1),
        ("with the host in its common name alone", "tls-common-name", get(), 1),
        ("with a pattern that an address would fit", "tls-wildcard", get(), 1),
    )
]

HANDSHAKES = [
    Cell(
        name=f"in the place of a handshake: {name}",
        base_url="%tls-silent%/api",
        greets=greets,
        wants=wants,
        call=create(),
        requests=0,
    )
    for name, greets, wants in (
        ("the end", [CLOSE], NOT_SENT),
        ("a reset", [RESET], NOT_SENT),
        ("an alert", [b"\x15\x03\x03\x00\x02\x02\x28", CLOSE], NOT_SENT),
        (
            "an answer of HTTP",
            [http(b"400 The plain HTTP request was sent to HTTPS port", status="400 Bad"), CLOSE],
            NOT_SENT,
        ),
        ("a mail server's greeting", [b"220 mail.example.org ESMTP\r\n", CLOSE], NOT_SENT),
        ("a record of 64 KiB", [b"\x16\x03\x03\xff\xff" + bytes(65_535), CLOSE], NOT_SENT),
        ("half a record", [b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", CLOSE], NOT_SENT),
    )
] + [
    Cell(
        name="a server that speaks TLS 1.1 and no later one",
        base_url="%tls-old%/api",
        wants=NOT_SENT,
        afterwards=raises(ConnectFailed),
        requests=0,
    ),
    Cell(
        name="a server that asks for a certificate",
        base_url="%tls-asking%/api",
        # With TLS 1.3 the refusal comes after the client has sent its request.
        wants=raises(ConnectFailed, Disconnected, attempts=1),
        afterwards=raises(ConnectFailed, Disconnected),
        requests=0,
    ),
    Cell(
        name="a server that speaks TLS where http is due",
        base_url="http://127.0.0.1:%tls-port%/api",
        token="none",
        wants=raises(Disconnected, ProtocolError, attempts=1),
        afterwards=raises(Disconnected, ProtocolError),
        requests=0,
    ),
]


async def cut(wire: Wire) -> None:
    """Ends a TLS connection as an attacker can: without the word that it is the end."""
    wire.writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
    wire.ended = True


NOT_NOTICED = "httpx's own connections do not tell whether the server or somebody on the way ended them"
UNTIL_THE_END = OK + b"Content-Type: application/octet-stream\r\nConnection: close\r\n\r\n"
SESSIONS = [
    Cell(name="TLS with an address", base_url="%tls%/api", answers=[GOOD], wants=value(THING), requests=1),
    Cell(name="TLS with a name", base_url="%tls-localhost%/api", answers=[GOOD], wants=value(THING), requests=1),
    Cell(
        name="TLS, a record for each byte",
        base_url="%tls%/api",
        answers=[Drip(GOOD, every=0.001)],
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="TLS, ended in good order with the answer",
        base_url="%tls%/api",
        answers=[[GOOD, CLOSE]],
        before=[get()],
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="TLS, ended in good order in the body",
        base_url="%tls%/api",
        answers=[[head(100) + body(THING), CLOSE]],
        wants=raises(Disconnected, attempts=1),
        requests=1,
    ),
    Cell(
        name="TLS, cut off after a whole answer",
        base_url="%tls%/api",
        answers=[[GOOD, cut]],
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="TLS, cut off in a body whose end is the connection's",
        base_url="%tls%/api",
        answers=[[UNTIL_THE_END + b"half of it", cut]],
        call=download(),
        wants=raises(Disconnected, attempts=1),
        differs={"borrowed": Differs(value(b"half of it"), because=NOT_NOTICED)},
        requests=1,
    ),
    Cell(
        name="TLS, cut off in JSON that could be whole",
        base_url="%tls%/api",
        answers=[[OK + JSON + b"Connection: close\r\n\r\n" + body(THING), cut]],
        wants=raises(Disconnected, attempts=1),
        differs={"borrowed": Differs(value(THING), because=NOT_NOTICED)},
        requests=1,
    ),
    Cell(
        name="a server that wants https from now on: the base URL is what counts",
        answers=[answer(headers=b"Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n")],
        before=[get()],
        wants=value(THING),
        requests=1,
    ),
]

CELLS = [*ENVIRONMENT, *PROXIES, *CERTIFICATES, *HANDSHAKES, *SESSIONS]
