"""What hooks, the log and spans see of a call, and that no secret is in it."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from sample_api import (
    CREATE_USER,
    GET_USER,
    LIST_USERS,
    ONCE,
    Answer,
    AsyncDuck,
    AsyncScripted,
    CannedReply,
    CreateUser,
    Duck,
    scripted,
)
from stream_samples import GET_SOURCE, Streamed

from mailwright.runtime import (
    ApiKey,
    Attempt,
    Client,
    ConnectFailed,
    Disconnected,
    MailwrightError,
    NotFound,
    Response,
    ResponseInvalid,
    Retries,
    ServerError,
    UsageError,
    watching,
)

NOW = Retries(wait=lambda _: 0)
GOOD = CannedReply()
TOKEN = "tok-5f3a/9+==&x"
QUOTED = "tok-5f3a%2F9%2B%3D%3D%26x"
PASSWORD = "correct horse/battery"


class QueryDuck(Client):
    _dialect = "wildduck"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(watching, "_tracer", lambda: provider.get_tracer("mailwright"))
    yield exporter
    provider.shutdown()


Send = Callable[..., "Response[object]"]


def send_sync(*answers: Answer, **options: object) -> Response[object]:
    return Duck("http://mail.test", backend=scripted(*answers), **options).send(GET_USER, "x")  # type: ignore[arg-type,return-value]


def send_async(*answers: Answer, **options: object) -> Response[object]:
    backend = AsyncScripted(scripted(*answers))
    return asyncio.run(AsyncDuck("http://mail.test", backend=backend, **options).send(GET_USER, "x"))  # type: ignore[arg-type,return-value]


BOTH = pytest.mark.parametrize("send", [send_sync, send_async])


# Hooks


@BOTH
def test_hooks_see_each_attempt_in_order(send: Send) -> None:
    seen: list[tuple[object, ...]] = []

    def before(attempt: Attempt) -> None:
        seen.append(("before", attempt.number, attempt.status, attempt.error, attempt.elapsed))

    def after(attempt: Attempt) -> None:
        seen.append(("after", attempt.number, attempt.status, type(attempt.error), attempt.elapsed > 0))

    refused = CannedReply(b'{"error":"no"}', 503)
    send(Disconnected("x"), refused, GOOD, before_send=before, after_response=after, retries=NOW)
    assert seen == [
        ("before", 1, None, None, 0.0),
        ("after", 1, None, Disconnected, True),
        ("before", 2, None, None, 0.0),
        ("after", 2, 503, ServerError, True),
        ("before", 3, None, None, 0.0),
        ("after", 3, 200, type(None), True),
    ]


@BOTH
def test_hook_sees_what_is_called_and_what_came(send: Send) -> None:
    seen: list[Attempt] = []
    send(GOOD, after_response=seen.append)
    attempt = seen[0]
    assert (attempt.operation, attempt.method, attempt.path) == ("getUser", "GET", "/users/{}")
    assert (attempt.url, attempt.size) == ("http://mail.test/users/x", len(GOOD.content))


@BOTH
def test_both_hooks_get_the_same_attempt_and_each_attempt_is_new(send: Send) -> None:
    seen: list[Attempt] = []
    send(ConnectFailed("x"), GOOD, before_send=seen.append, after_response=seen.append, retries=NOW)
    first, same, second, same_again = seen
    assert first is same
    assert second is same_again
    assert first is not second


def test_redirect_is_an_attempt_of_its_own() -> None:
    seen: list[tuple[int, str, object]] = []

    def after(attempt: Attempt) -> None:
        seen.append((attempt.number, attempt.url, attempt.status))

    send_sync(CannedReply(b"", 307, (("Location", "/moved"),)), GOOD, after_response=after, follow_redirects=True)
    assert seen == [(1, "http://mail.test/users/x", 307), (2, "http://mail.test/moved", 200)]


def test_stream_is_seen_when_its_headers_are_there() -> None:
    seen: list[Attempt] = []
    backend = scripted(lambda _: Streamed([b"abc"], 200, ()))  # type: ignore[arg-type,return-value]
    opened = Duck("http://mail.test", backend=backend, after_response=seen.append).open(GET_SOURCE, "x", 1)
    assert [(each.status, each.size, each.error) for each in seen] == [(200, None, None)]
    opened.close()


def headers_sent(hook: Callable[[Attempt], None], *answers: Answer, **options: object) -> list[list[tuple[str, str]]]:
    backend = scripted(*(answers or (GOOD,)))
    mail = Duck("http://mail.test", access_token="t", backend=backend, before_send=hook, retries=NOW, **options)  # type: ignore[arg-type]
    mail.users.get("x")
    return [[pair for pair in sent.headers if pair[0].startswith("X-")] for sent in backend.requests]


def test_hook_adds_headers_to_its_attempt_only() -> None:
    def hook(attempt: Attempt) -> None:
        attempt.add_header("X-Attempt", str(attempt.number))
        attempt.add_header("X-Name", "grün")

    token = ("X-Access-Token", "t")
    assert headers_sent(hook, ConnectFailed("x"), GOOD) == [
        [token, ("X-Attempt", "1"), ("X-Name", "grün")],
        [token, ("X-Attempt", "2"), ("X-Name", "grün")],
    ]


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("X-A", "a\r\nX-B: b", "header X-A has a line break"),
        ("X-A", "a\nb", "header X-A has a line break"),
        ("X-A", "a\0b", "header X-A has a line break, NUL"),
        ("X-A", " a", "header X-A has blanks around it"),
        ("X-A", "€", "header X-A has a character outside Latin-1"),
        ("X-A", "\ud800", "header X-A has a character outside Latin-1"),
        ("X-A: b\r\nX-B", "b", "'X-A: b\\r\\nX-B' is not a header name"),
        ("", "b", "'' is not a header name"),
        ("X A", "b", "'X A' is not a header name"),
        ("Grün", "b", "'Grün' is not a header name"),
        (5, "b", "5 is not a header name"),
        (b"X-A", "b", "b'X-A' is not a header name"),
        ("X-A", b"b", "header X-A cannot be sent: bytes has no text form"),
        ("X-A", ["b"], "header X-A cannot be sent: list has no text form"),
    ],
)
def test_header_that_cannot_be_sent_is_refused_and_nothing_is_sent(name: object, value: object, cause: str) -> None:
    backend = scripted()
    mail = Duck("http://mail.test", backend=backend, before_send=lambda attempt: attempt.add_header(name, value))  # type: ignore[arg-type]
    with pytest.raises(UsageError) as caught:
        mail.users.get("x")
    assert caught.value.message.startswith(cause)
    assert (caught.value.operation, caught.value.attempts) == ("getUser", 0)
    assert backend.requests == []


class Bug(Exception): ...


@BOTH
@pytest.mark.parametrize("error", [Bug("mine"), ConnectionResetError("mine"), TimeoutError("mine"), KeyError("mine")])
@pytest.mark.parametrize("name", ["before_send", "after_response"])
def test_error_of_a_hook_passes_as_it_is(send: Send, name: str, error: Exception) -> None:
    calls: list[str] = []

    def failing(attempt: Attempt) -> None:
        calls.append("failing")
        raise error

    def other(attempt: Attempt) -> None:
        calls.append(f"other, {attempt.status}")

    other_name = "after_response" if name == "before_send" else "before_send"
    with pytest.raises(type(error)) as caught:
        send(GOOD, retries=NOW, **{name: failing, other_name: other})
    assert caught.value is error
    # What began before the attempt ends with it, too.
    assert calls == (["failing", "other, None"] if name == "before_send" else ["other, None", "failing"])


def test_answer_is_closed_when_a_hook_fails() -> None:
    streamed = Streamed([b"abc"], 200, ())

    def failing(attempt: Attempt) -> None:
        raise Bug

    backend = scripted(lambda _: streamed)  # type: ignore[arg-type,return-value]
    with pytest.raises(Bug):
        Duck("http://mail.test", backend=backend, after_response=failing).open(GET_SOURCE, "x", 1)
    assert streamed.closed == 1


def test_cancelled_call_ends_its_attempt() -> None:
    seen: list[Attempt] = []

    class Hanging:
        async def send(self, request: object, /) -> CannedReply:
            await asyncio.Event().wait()
            return GOOD

        async def aclose(self) -> None: ...

    async def main() -> None:
        async with asyncio.timeout(0.02):
            await AsyncDuck("http://mail.test", backend=Hanging(), after_response=seen.append).users.get("x")

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert [(each.status, each.error, each.elapsed > 0) for each in seen] == [(None, None, True)]


# The log


@BOTH
def test_call_that_goes_well_is_one_line_at_debug(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send(GOOD)
    # The scripted backend has no connections: what httpcore tells is of one that another test forgot, and that the
    # garbage collector closes just now.
    records = [record for record in caplog.records if record.name.partition(".")[0] not in ("asyncio", "httpcore")]
    assert [(record.name, record.levelno) for record in records] == [("mailwright", logging.DEBUG)]
    assert records[0].getMessage().startswith("getUser: GET http://mail.test/users/x: 200, 25 bytes in ")


@BOTH
def test_attempt_that_is_repeated_is_told_at_info_and_the_last_at_debug(
    send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "mailwright")
    with pytest.raises(ConnectFailed):
        send(ConnectFailed("refused"), retries=Retries(attempts=2, wait=lambda _: 0.01))
    (_, first, told), (_, second, told_last) = [record for record in caplog.record_tuples if record[0] == "mailwright"]
    assert (first, second) == (logging.INFO, logging.DEBUG)
    assert told.startswith("getUser: GET http://mail.test/users/x: ConnectFailed: refused (attempt 1, ")
    assert told.endswith(" ms); again in 0.01 s")
    assert "again" not in told_last
    assert "(attempt 2, " in told_last


def test_other_ends_of_an_attempt_are_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mailwright")
    backend = scripted(lambda _: Streamed([b"abc"], 200, ()))  # type: ignore[arg-type,return-value]
    Duck("http://mail.test", backend=backend).open(GET_SOURCE, "x", 1).close()
    with pytest.raises(ZeroDivisionError):
        send_sync(ZeroDivisionError())
    with pytest.raises(NotFound):
        send_sync(CannedReply(b'{"error":"no user"}', 404))
    streamed, given_up, failed = caplog.messages
    assert ": 200, a stream in " in streamed
    assert ": given up after " in given_up
    assert ": NotFound: no user (attempt 1, " in failed


def test_no_level_no_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mailwright")
    send_sync(GOOD)
    with pytest.raises(ConnectFailed):
        send_sync(ConnectFailed("x"), retries=ONCE)
    assert caplog.messages == []
    send_sync(ConnectFailed("x"), GOOD, retries=NOW)
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\x0b", "\x1b[2J", "\x85", "\u2028", "\u202e", "\0"])
def test_server_cannot_forge_a_line_of_the_log(mark: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mailwright")
    text = json.dumps({"error": f"no{mark}2026-01-01 CRITICAL root: all mail is lost"})
    with pytest.raises(MailwrightError):
        send_sync(CannedReply(text.encode(), 400))
    assert len(caplog.messages) == 1
    assert caplog.messages[0].isprintable()


# Secrets

TELLING: dict[str, Answer] = {
    "in an error": CannedReply(json.dumps({"error": f"bad token {TOKEN}"}).encode(), 403),
    "quoted in an error": CannedReply(json.dumps({"error": f"bad URL /users?accessToken={QUOTED}"}).encode(), 403),
    "quoted in small letters": CannedReply(json.dumps({"error": QUOTED.lower()}).encode(), 403),
    "in the code": CannedReply(json.dumps({"error": "no", "code": TOKEN}).encode(), 403),
    "in the details": CannedReply(json.dumps({"error": "no", "details": [{"a": TOKEN, TOKEN: 1}]}).encode(), 403),
    "in JSON in an error": CannedReply(json.dumps({"error": json.dumps([TOKEN])}).encode(), 403),
    "the password in an error": CannedReply(json.dumps({"error": f"{PASSWORD} is too short"}).encode(), 200),
    "the password quoted": CannedReply(b'{"error":"correct%20horse%2Fbattery, correct+horse%2Fbattery"}', 400),
    "in a retried error": CannedReply(json.dumps({"error": TOKEN}).encode(), 503),
    "in Location": CannedReply(b"", 302, (("Location", f"http://elsewhere.test/{QUOTED}?accessToken={QUOTED}"),)),
    "in a path of Location": CannedReply(b"", 302, (("Location", f"/{QUOTED}/{TOKEN}"),)),
    "in Content-Type": CannedReply(b"x", headers=(("Content-Type", TOKEN),)),
    "in Content-Encoding": CannedReply(b"x", headers=(("Content-Encoding", TOKEN),)),
    "in Retry-After": CannedReply(b'{"error":"no"}', 429, (("Retry-After", TOKEN),)),
    "in a value": CannedReply(json.dumps({"success": True, "id": TOKEN}).encode()),
    "in a value that does not fit": CannedReply(json.dumps({"success": TOKEN, "id": 5}).encode()),
    "in what is no JSON": CannedReply(TOKEN.encode()),
    "in a long error": CannedReply(json.dumps({"error": "x" * 9990 + (TOKEN + "y") * 5000}).encode(), 400),
    "in an error of the backend": ConnectionResetError(f"reset while sending {TOKEN}"),
    "in an error of the backend of ours": ConnectFailed(f"cannot connect with {TOKEN}"),
}


@pytest.mark.parametrize("location", ["header", "query"])
@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize("follow", [False, True])
def test_no_hook_log_nor_span_shows_a_secret(
    name: str, location: str, follow: bool, caplog: pytest.LogCaptureFixture, spans: InMemorySpanExporter
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[Attempt] = []
    key = ApiKey(location, "accessToken", TOKEN)  # type: ignore[arg-type]
    mail = QueryDuck(
        "http://mail.test",
        credentials=(key,),
        backend=scripted(TELLING[name]),
        before_send=seen.append,
        after_response=seen.append,
        follow_redirects=follow,
        retries=NOW,
    )
    shown: list[str] = []
    calls: list[Callable[[], object]] = [
        lambda: mail.call(CREATE_USER, body=CreateUser(username="jane", password=PASSWORD)),
    ]
    if "password" not in name:
        calls.append(lambda: mail.call(LIST_USERS))
    for call in calls:
        try:
            call()
        except MailwrightError as error:
            shown += [str(error), repr(error), repr(error.code), repr(getattr(error, "details", "")), error.url]
            shown += [repr(getattr(error, "retry_after", ""))]
    shown += [caplog.text, *map(repr, seen)]
    shown += [span.to_json() for span in spans.get_finished_spans()]
    assert seen
    assert len(spans.get_finished_spans()) >= len(calls)
    everything = " ".join(shown).lower()
    for secret in (TOKEN, QUOTED, PASSWORD, "correct%20horse", "correct+horse", "tok-5f3a"):
        assert secret.lower() not in everything


# OpenTelemetry


def attributes(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


@BOTH
def test_each_attempt_is_a_client_span(send: Send, spans: InMemorySpanExporter) -> None:
    send(CannedReply(b'{"error":"no"}', 503), Disconnected("broke"), GOOD, retries=NOW)
    first, second, third = spans.get_finished_spans()
    assert {span.name for span in (first, second, third)} == {"GET /users/{}"}
    assert {span.kind for span in (first, second, third)} == {SpanKind.CLIENT}
    common = {
        "http.request.method": "GET",
        "mailwright.operation": "getUser",
        "url.full": "http://mail.test/users/x",
        "url.template": "/users/{}",
        "server.address": "mail.test",
        "server.port": 80,
    }
    assert attributes(first) == {**common, "http.response.status_code": 503, "error.type": "ServerError"}
    assert attributes(second) == {**common, "http.request.resend_count": 1, "error.type": "Disconnected"}
    assert attributes(third) == {**common, "http.request.resend_count": 2, "http.response.status_code": 200}
    assert [span.status.status_code for span in (first, second, third)] == [
        StatusCode.ERROR,
        StatusCode.ERROR,
        StatusCode.UNSET,
    ]
    # An exception would be told with its traceback.
    assert [span.events for span in (first, second, third)] == [(), (), ()]


@pytest.mark.parametrize(
    ("base_url", "server"),
    [
        ("https://mail.test", ("mail.test", 443)),
        ("http://[::1]:8080/api", ("::1", 8080)),
        ("http://mail.test:8080", ("mail.test", 8080)),
    ],
)
@pytest.mark.parametrize("password", ["8080", "1", "mail.test", "443", "https"])
def test_span_knows_the_server_whatever_the_secrets_are(
    base_url: str, server: tuple[str, int], password: str, spans: InMemorySpanExporter
) -> None:
    moved = CannedReply(b"", 307, (("Location", "/moved"),))
    mail = Duck(base_url, access_token=password, backend=scripted(moved, GOOD), follow_redirects=True)
    mail.users.get("x")
    found = [attributes(span) for span in spans.get_finished_spans()]
    assert [(each["server.address"], each["server.port"]) for each in found] == [server] * 2


@BOTH
def test_span_ends_also_when_a_hook_fails(send: Send, spans: InMemorySpanExporter) -> None:
    def failing(attempt: Attempt) -> None:
        raise Bug

    for name in ("before_send", "after_response"):
        with pytest.raises(Bug):
            send(GOOD, **{name: failing})
    assert len(spans.get_finished_spans()) == 2


def test_span_of_a_refused_answer_says_so(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ResponseInvalid):
        send_sync(CannedReply(b"<html>"))
    assert attributes(spans.get_finished_spans()[0])["error.type"] == "ResponseInvalid"


def test_tracer_is_the_one_of_the_program() -> None:
    script = (
        "from opentelemetry import trace\n"
        "from opentelemetry.sdk.trace import TracerProvider\n"
        "from opentelemetry.sdk.trace.export import SimpleSpanProcessor\n"
        "from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter\n"
        "from mailwright.runtime.watching import _tracer\n"
        "_tracer()  # a first call before the program has set up its tracing\n"
        "exporter = InMemorySpanExporter()\n"
        "provider = TracerProvider()\n"
        "provider.add_span_processor(SimpleSpanProcessor(exporter))\n"
        "trace.set_tracer_provider(provider)\n"
        "_tracer().start_span('x').end()\n"
        "print([span.instrumentation_scope.name for span in exporter.get_finished_spans()])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['mailwright']"


def test_everything_works_without_opentelemetry(caplog: pytest.LogCaptureFixture) -> None:
    script = (
        "import sys\n"
        "sys.modules['opentelemetry'] = None\n"
        "from mailwright.runtime import Client, Operation, Retries, ConnectFailed\n"
        "class Backend:\n"
        "    answers = [ConnectFailed('x'), None]\n"
        "    status, headers, content = 200, (), b'{\"success\":true}'\n"
        "    def send(self, request):\n"
        "        answer = self.answers.pop(0)\n"
        "        if answer:\n"
        "            raise answer\n"
        "        return self\n"
        "    def close(self): ...\n"
        "mail = type('C', (Client,), {'_dialect': 'wildduck'})('http://mail.test', backend=Backend(),\n"
        "    retries=Retries(wait=lambda _: 0))\n"
        "print(mail.call(Operation('GET', '/x', id='x', result=object)))\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry.')])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["{'success': True}", "[]"]
    assert ran.stderr == ""
