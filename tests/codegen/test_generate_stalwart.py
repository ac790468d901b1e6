"""The generated client of Stalwart: values without their envelope, counted pages, secrets, streams that end."""

from __future__ import annotations

import asyncio
import inspect
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart, models
from mailwright_wildduck import WildDuck

from mailwright.runtime import (
    UNSET,
    Disconnected,
    MailwrightError,
    PermissionDenied,
    Request,
    Retries,
    TimedOut,
    UsageError,
)

URL = "http://mail.test/api"
EVENTS = (("Content-Type", "text/event-stream"),)


@dataclass
class Reply:
    content: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass
class Server:
    """Gives one body after the other, the last for ever, and keeps the requests."""

    bodies: list[Any]
    requests: list[Request] = field(default_factory=list[Request])

    def send(self, request: Request, /) -> Reply:
        self.requests.append(request)
        body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
        if isinstance(body, Exception):
            raise body
        return body if isinstance(body, Reply) else Reply(json.dumps(body).encode())

    def close(self) -> None: ...

    @property
    def queries(self) -> list[str]:
        return [request.url.partition("?")[2] for request in self.requests]


@dataclass
class AsyncServer:
    inner: Server

    async def send(self, request: Request, /) -> Reply:
        return self.inner.send(request)

    async def aclose(self) -> None: ...


def client(*bodies: Any) -> tuple[Stalwart, Server]:
    server = Server(list(bodies))
    return Stalwart(URL, token="api_x", backend=server, retries=Retries(attempts=1)), server


def page(*ids: str, total: int = 3) -> dict[str, Any]:
    return {"data": {"items": list(ids), "total": total}}


def test_the_type_of_a_principal_tells_its_class() -> None:
    mail, _ = client({"data": {"type": "domain", "id": 2**63 - 1, "name": "example.org", "members": 3}})
    domain = mail.principals.get("example.org")
    assert isinstance(domain, models.Domain)
    assert (domain.id, domain.members) == (2**63 - 1, 3)


def test_hashes_of_passwords_are_in_no_repr() -> None:
    mail, _ = client({"data": {"type": "individual", "id": 1, "name": "jane", "secrets": ["$6$salt$hash"]}})
    jane = mail.principals.get("jane")
    assert isinstance(jane, models.Individual)
    assert jane.secrets == ["$6$salt$hash"]
    assert "hash" not in repr(jane)


def test_a_principal_is_created_as_what_it_is() -> None:
    mail, server = client({"data": 7})
    assert mail.principals.create(models.NewIndividual(name="jane", emails=["jane@example.org"])) == 7
    sent = server.requests[0].body()
    assert sent is not None
    assert json.loads(sent) == {"type": "individual", "name": "jane", "emails": ["jane@example.org"]}


def test_changes_are_made_of_three_actions() -> None:
    mail, server = client({"data": None})
    changes = [
        models.SetField(field_="description", value="Jane"),
        models.AddItem(field_="emails", value="j@example.org"),
        models.RemoveItem(field_="memberOf", value="staff"),
    ]
    mail.principals.update("jane", changes)
    sent = server.requests[0].body()
    assert sent is not None
    assert [each["action"] for each in json.loads(sent)] == ["set", "addItem", "removeItem"]


@pytest.mark.parametrize("plain", [True, False])
def test_pages_are_counted(plain: bool) -> None:
    server = Server([page("a", "b"), page("c")])
    if plain:
        found = list(Stalwart(URL, backend=server).reports.list_dmarc(limit=2, text="x"))
    else:

        async def collect() -> list[str]:
            mail = AsyncStalwart(URL, backend=AsyncServer(server))
            return [each async for each in mail.reports.list_dmarc(limit=2, text="x")]

        found = asyncio.run(collect())
    assert found == ["a", "b", "c"]
    assert server.queries == ["limit=2&text=x", "limit=2&text=x&page=2"]


def test_without_a_size_there_is_one_page() -> None:
    mail, server = client(page("a", "b", "c"))
    assert list(mail.reports.list_tls()) == ["a", "b", "c"]
    assert server.queries == [""]


def test_a_page_that_is_not_full_is_the_last_whatever_the_total_says() -> None:
    mail, server = client(page("a", total=100))
    assert list(mail.reports.list_tls(limit=2)) == ["a"]
    assert len(server.requests) == 1


def test_a_page_has_the_numbers_of_its_neighbours() -> None:
    mail, server = client(page("c", "d", total=6))
    middle = mail.reports.list_arf(limit=2).page(next="2")
    assert (middle.next_cursor, middle.previous_cursor) == ("3", "1")
    assert server.queries == ["limit=2&page=2"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", "٣", "1" * 101])
def test_what_is_no_number_of_a_page_is_refused(number: str) -> None:
    mail, server = client(page("a"))
    with pytest.raises(UsageError, match="cursor that a page gave"):
        mail.reports.list_arf(limit=2).page(next=number)
    assert server.requests == []


def test_a_flag_is_sent_as_true_or_not_at_all() -> None:
    mail, server = client({"data": {"warnings": {}, "errors": {}}})
    mail.reload.settings(dry_run=True)
    mail.reload.settings()
    assert server.queries == ["dry-run=true", ""]


CHANGING_GETS: dict[str, tuple[Any, ...]] = {
    "reload.settings": (),
    "reload.all_settings": (),
    "reload.lookups": (),
    "reload.certificates": (),
    "reload.blocked_ips": (),
    "reload.restart": (),
    "reload.update_spam_filter": (),
    "reload.update_webadmin": (),
    "store.purge_blobs": (),
    "store.purge_data": (),
    "store.purge_data_of": ("rocksdb",),
    "store.purge_in_memory": (),
    "store.purge_in_memory_of": ("redis",),
    "store.purge_in_memory_class": ("redis", "greylist"),
    "store.purge_accounts": (),
    "store.purge_account": ("jane",),
    "store.delete_global_bayes": (),
    "store.delete_account_bayes": ("jane",),
    "store.reindex_all": (),
    "store.reindex": ("email",),
    "store.reindex_account": ("jane",),
    "store.reindex_account_index": ("email", "jane"),
    "spam_filter.start_training": (),
    "spam_filter.stop_training": (),
    "spam_filter.reset_training": (),
    "spam_filter.delete_training": (),
}
FAULTS: dict[str, Reply | Exception] = {
    "503": Reply(b"", 503, ()),
    "429": Reply(b"", 429, (("Retry-After", "0"),)),
    "drop": Disconnected("gone"),
    "timeout": TimedOut("too late"),
}
AT_ONCE = Retries(attempts=3, wait=lambda failed: 0.0)


def called(mail: Any, method: str) -> Any:
    resource, name = method.split(".")
    consent: dict[str, Any] = {"destroy": True} if name == "purge_in_memory_class" else {}
    return getattr(getattr(mail, resource), name)(*CHANGING_GETS.get(method, ()), **consent)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("method", CHANGING_GETS)
def test_a_get_that_changes_something_is_not_tried_again(method: str, fault: Reply | Exception) -> None:
    server = Server([fault])
    with pytest.raises(MailwrightError):
        called(Stalwart(URL, token="api_x", backend=server, retries=AT_ONCE), method)
    assert [request.method for request in server.requests] == ["GET"]

    async def once() -> None:
        async with AsyncStalwart(URL, token="api_x", backend=AsyncServer(server), retries=AT_ONCE) as mail:
            await called(mail, method)

    with pytest.raises(MailwrightError):
        asyncio.run(once())
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_get_that_changes_nothing_is_tried_again(fault: Reply | Exception) -> None:
    server = Server([fault])
    with pytest.raises(MailwrightError):
        called(Stalwart(URL, token="api_x", backend=server, retries=AT_ONCE), "queue.is_running")
    assert len(server.requests) == 3


def test_all_gets_that_change_something_are_known_and_say_so() -> None:
    mail, _ = client({"data": None})
    says_so = {
        f"{resource}.{name}"
        for resource in ("reload", "store", "spam_filter", "queue", "principals", "settings", "dkim", "dns", "account")
        for name, method in inspect.getmembers(type(getattr(mail, resource)), inspect.isfunction)
        if "It changes something on the server, so it is never tried again." in (method.__doc__ or "")
    }
    assert says_so == set(CHANGING_GETS)


def test_the_token_of_a_stream_is_sent_and_not_shown() -> None:
    mail, server = client(Reply(b'{"type":"about:blank","status":403,"detail":"bad token tok-secret-1"}', 403))
    with pytest.raises(MailwrightError) as caught:
        list(mail.telemetry.watch_metrics(metrics="a,b", token="tok-secret-1"))
    assert server.queries == ["metrics=a%2Cb&token=tok-secret-1"]
    assert "tok-secret-1" not in f"{caught.value} {caught.value!r} {caught.value.url}"
    assert caught.value.url.endswith("?metrics=a%2Cb&token=***")


def test_a_delivery_check_is_over_when_its_stream_ends() -> None:
    stream = b'event: event\ndata: [{"type":"mxLookupStart","domain":"example.org"}]\n\n'
    stream += b'event: event\ndata: [{"type":"completed"}]\n\n'
    mail, server = client({"data": "tok-1"}, Reply(stream, 200, EVENTS))
    steps = [step for event in mail.troubleshoot.check_delivery("jane@example.org") for step in event.data]
    assert [type(step) for step in steps] == [models.StepMxLookupStart, models.StepCompleted]
    assert server.queries == ["", "token=tok-1"]


GAUGE = Reply(b'retry: 0\nevent: metrics\ndata: [{"id":"queue.count","type":"gauge","value":3}]\n\n', 200, EVENTS)
TRACE = Reply(b"retry: 0\nevent: trace\ndata: []\n\n", 200, EVENTS)
STEP = Reply(b'event: event\ndata: [{"type":"completed"}]\n\n', 200, EVENTS)
NO_MORE = Reply(b"", 204, ())
STREAMS: dict[str, tuple[str, str, tuple[str, ...], Reply]] = {
    "telemetry.watch_metrics": ("/telemetry/live/metrics-token", "/telemetry/metrics/live", (), GAUGE),
    "telemetry.watch_traces": ("/telemetry/live/tracing-token", "/telemetry/traces/live", (), TRACE),
    "troubleshoot.check_delivery": ("/troubleshoot/token", "/troubleshoot/delivery/j%40a.org", ("j@a.org",), STEP),
}


def events_of(server: Server, method: str, plain: bool, **given: Any) -> list[Any]:
    resource, name = method.split(".")
    path = STREAMS[method][2]
    if plain:
        mail: Any = Stalwart(URL, token="api_x", backend=server)
        return [event.data for event in getattr(getattr(mail, resource), name)(*path, **given)]

    async def collect() -> list[Any]:
        mail: Any = AsyncStalwart(URL, token="api_x", backend=AsyncServer(server))
        return [event.data async for event in getattr(getattr(mail, resource), name)(*path, **given)]

    return asyncio.run(collect())


def authorized(server: Server) -> list[bool]:
    return [any(name == "Authorization" for name, _ in request.headers) for request in server.requests]


@pytest.mark.parametrize("plain", [True, False], ids=["sync", "async"])
@pytest.mark.parametrize("method", STREAMS)
def test_each_connection_of_a_stream_has_a_token_of_its_own(
    method: str, plain: bool, caplog: pytest.LogCaptureFixture
) -> None:
    token, path, _, events = STREAMS[method]
    again = [] if events is STEP else [{"data": "tok-secret-2"}, events, {"data": "tok-secret-3"}, NO_MORE]
    server = Server([{"data": "tok-secret-1"}, events, *again])
    with caplog.at_level("DEBUG"):
        found = events_of(server, method, plain)
    connections = 1 if events is STEP else 3
    assert len(found) == (1 if events is STEP else 2)
    assert [request.url.removeprefix(URL) for request in server.requests] == [
        url for number in range(1, connections + 1) for url in (token, f"{path}?token=tok-secret-{number}")
    ]
    assert authorized(server) == [True, False] * connections
    assert "tok-secret" not in caplog.text


@pytest.mark.parametrize("plain", [True, False], ids=["sync", "async"])
@pytest.mark.parametrize("method", STREAMS)
def test_a_token_that_is_given_is_used(method: str, plain: bool) -> None:
    _, path, _, events = STREAMS[method]
    server = Server([events, NO_MORE])
    assert len(events_of(server, method, plain, token="mine")) == 1
    assert {request.url.removeprefix(URL) for request in server.requests} == {f"{path}?token=mine"}
    assert not any(authorized(server))


@pytest.mark.parametrize("plain", [True, False], ids=["sync", "async"])
@pytest.mark.parametrize("method", STREAMS)
def test_a_fetched_token_is_in_no_error(method: str, plain: bool) -> None:
    problem = Reply(b'{"type":"about:blank","status":403,"detail":"no tok-secret-1"}', 403)
    with pytest.raises(MailwrightError) as caught:
        events_of(Server([{"data": "tok-secret-1"}, problem]), method, plain)
    error = caught.value
    shown = [str(error), repr(error), repr(error.args), error.url, repr(getattr(error, "details", None))]
    assert not any("tok-secret" in text for text in shown)
    assert error.url.endswith("token=***")


@pytest.mark.parametrize("plain", [True, False], ids=["sync", "async"])
def test_who_gets_no_token_is_told_by_the_call_for_it(plain: bool) -> None:
    server = Server([Reply(b'{"type":"about:blank","status":403,"detail":"not yours"}', 403)])
    with pytest.raises(PermissionDenied) as caught:
        events_of(server, "telemetry.watch_metrics", plain)
    assert caught.value.operation == "createMetricsToken"
    assert len(server.requests) == 1


def test_what_is_not_given_is_not_sent() -> None:
    assert models.NewDomain(name="example.org").quota is UNSET


@pytest.mark.parametrize("kind", [Stalwart, AsyncStalwart])
def test_the_docstring_shows_a_base_url_with_the_path_that_the_api_has(kind: type[Any]) -> None:
    told = inspect.getdoc(kind) or ""
    (line,) = [each for each in told.splitlines() if each.strip().startswith("base_url:")]
    assert "https://mail.example.com/api" in line
    assert "`/api`" in line
    kind("https://mail.example.com/api", token="api_x")


def test_other_servers_have_no_path_to_tell_of() -> None:
    assert "base_url: Where the server is, such as `http://127.0.0.1:8080`." in (inspect.getdoc(WildDuck) or "")
