"""Operations that are more than JSON both ways: bytes, events, empty answers, consent, and HTTP's own credentials."""

from __future__ import annotations

import asyncio
import base64
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
from shape_apis import AsyncEar, Ear, Told, client, models

from mailwright.runtime import AsyncDownload, AsyncEventStream, Download, EventStream, NotFound, UsageError

EML = b"Subject: x\r\n\r\n\0\xff"


def told(kind: str, content: bytes, status: int = 200) -> Ear:
    return Ear(told=Told(status, (("Content-Type", kind),) if kind else (), content))


def header(backend: Ear, name: str) -> str | None:
    return dict(backend.requests[0].headers).get(name)


@pytest.mark.parametrize("source", ["bytes", "path", "file"])
def test_an_upload_is_bytes_a_path_or_a_file(generated: Path, tmp_path: Path, source: str) -> None:
    file = tmp_path / "x.eml"
    file.write_bytes(EML)
    backend = Ear()
    with file.open("rb") as opened:
        given: Any = {"bytes": EML, "path": file, "file": opened}[source]
        client("bytes", backend).things.upload_message("in box", given, draft=True)
        assert backend.requests[0].body() == EML
    assert (backend.requests[0].method, backend.requests[0].url) == (
        "POST",
        "http://host/boxes/in%20box/messages?draft=true",
    )
    assert header(backend, "Content-Type") == "message/rfc822"


def test_an_upload_is_sent_as_the_kind_the_document_names(generated: Path) -> None:
    backend = Ear()
    client("bytes", backend).things.replace_message("b", 7, b"x")
    assert backend.requests[0].url == "http://host/boxes/b/messages/7.eml"
    assert header(backend, "Content-Type") == "text/plain; charset=utf-8"


def test_an_upload_of_something_else_is_refused(generated: Path) -> None:
    backend = Ear()
    with pytest.raises(UsageError, match="not str"):
        client("bytes", backend).things.upload_message("b", "text")
    assert backend.requests == []


def test_of_several_bodies_the_one_that_is_named_is_sent(generated: Path) -> None:
    backend = Ear()
    client("bytes", backend).things.compose_message("b", subject="x")
    assert (header(backend, "Content-Type"), backend.requests[0].content) == (
        "application/vnd.mail+json",
        b'{"subject":"x"}',
    )


def test_a_download_asks_when_it_is_read(generated: Path) -> None:
    backend = told("message/rfc822", EML)
    download = client("bytes", backend).things.bytes("b", 7, seen=False, x_part=2)
    assert backend.requests == []
    with download as message:
        assert (message.media_type, message.read()) == ("message/rfc822", EML)
    assert backend.requests[0].url == "http://host/boxes/b/messages/7.eml?seen=false"
    assert (header(backend, "X-Part"), header(backend, "Accept")) == ("2", "*/*")


def test_a_download_may_be_asked_for_by_a_body(generated: Path) -> None:
    backend = told("application/zip", b"PK")
    assert client("bytes", backend).things.make_archive(["a"]).read() == b"PK"
    assert backend.requests[0].content == b'["a"]'


def test_events_are_typed(generated: Path) -> None:
    backend = told("text/event-stream", b'id: 7\ndata: {"command":\ndata: "EXISTS"}\n\n')
    with client("events", backend).things.watch("jane", interval=5, last_event_id="6") as stream:
        event = next(iter(stream))
    assert event.data == models("events").Change(command="EXISTS")
    assert backend.requests[0].url == "http://host/users/jane/updates?interval=5"
    assert (header(backend, "Last-Event-ID"), header(backend, "Accept")) == ("6", "text/event-stream")


def test_events_may_be_one_of_several_types(generated: Path) -> None:
    backend = told("text/event-stream", b'data: [1.5]\n\ndata: {"interval": 3}\n\n')
    with client("events", backend).things.measure() as stream:
        events = iter(stream)
        assert [next(events).data, next(events).data] == [[1.5], models("events").Ping(interval=3)]


def test_streams_of_the_async_client_read_the_same(generated: Path) -> None:
    async def read() -> tuple[bytes, Any]:
        mail = importlib.import_module("mailwright_bytes").AsyncBytes(
            "http://host", backend=AsyncEar(told("message/rfc822", EML))
        )
        content = await mail.things.bytes("b", 7).read()
        events = importlib.import_module("mailwright_events").AsyncEvents(
            "http://host", backend=AsyncEar(told("text/event-stream", b'data: {"command": "EXISTS"}\n\n'))
        )
        async with events.things.watch("jane") as stream:
            async for event in stream:
                return content, event.data
        raise AssertionError("no event")

    assert asyncio.run(read()) == (EML, models("events").Change(command="EXISTS"))


def test_streams_are_given_at_once_by_both_clients(generated: Path) -> None:
    things = importlib.import_module("mailwright_bytes.v1.things")
    updates = importlib.import_module("mailwright_events.v1.things")
    for resource, method, kind in (
        (things.Things, "bytes", Download),
        (things.AsyncThings, "bytes", AsyncDownload),
        (updates.Things, "watch", EventStream),
        (updates.AsyncThings, "watch", AsyncEventStream),
    ):
        function = getattr(resource, method)
        assert not inspect.iscoroutinefunction(function)
        assert inspect.signature(function).return_annotation.startswith(kind.__name__)
    assert (things.BYTES.stream, things.MAKE_ARCHIVE.stream, updates.WATCH.stream) == ("binary", "binary", "sse")


def test_streams_carry_their_response_themselves(generated: Path) -> None:
    things = client("bytes", told("message/rfc822", EML)).things
    assert things.with_response.bytes("b", 7).read() == EML
    assert things.with_response.upload_message  # an upload is a call like any other


@pytest.mark.parametrize("status", [200, 204, 205])
def test_an_answer_without_content_is_none(generated: Path, status: int) -> None:
    assert client("empty", told("", b"", status)).things.delete_thing("x") is None


def test_an_answer_may_be_a_value_or_nothing(generated: Path) -> None:
    assert client("empty", told("", b"", 204)).things.find_thing("x") is None
    found = client("empty", Ear(told=Told(content=b'{"success": true, "name": "x"}'))).things
    assert found.find_thing("x") == found.touch_thing("x") == models("empty").Found(success=True, name="x")
    with pytest.raises(NotFound):
        client("empty", told("", b"", 404)).things.delete_thing("x")


@pytest.mark.parametrize("destroy", [False, 1, "yes", None])
def test_what_destroys_asks_for_it_in_so_many_words(generated: Path, destroy: object) -> None:
    backend = Ear()
    things = client("destructive", backend).things
    with pytest.raises(UsageError, match="destroy=True"):
        things.clear_queue(destroy=destroy)
    with pytest.raises(TypeError, match="destroy"):
        things.clear_queue()
    assert backend.requests == []
    assert things.clear_queue(destroy=True).success


def test_the_async_client_asks_too(generated: Path) -> None:
    async def clear(destroy: object) -> list[Any]:
        backend = AsyncEar(told("", b"", 204))
        package = importlib.import_module("mailwright_destructive")
        await package.AsyncDestructive("http://host", backend=backend).things.flush_queue(queue="q", destroy=destroy)
        return [request.content for request in backend.ear.requests]

    with pytest.raises(UsageError, match="flushQueue"):
        asyncio.run(clear(False))
    assert asyncio.run(clear(True)) == [b'{"queue":"q"}']


def test_what_is_lost_is_told_in_the_docstring(generated: Path) -> None:
    things = client("destructive", Ear()).things
    assert "destroy: Must be True: All mail that waits is lost." in things.clear_queue.__doc__
    assert "destroy: Must be True" in things.flush_queue.__doc__


def test_basic_authentication_with_the_one_user_there_is(generated: Path) -> None:
    backend = Ear()
    client("basic", backend, password="s3cret").things.ping()
    assert header(backend, "Authorization") == "Basic " + base64.b64encode(b"doveadm:s3cret").decode()
    assert header(client_without(backend), "Authorization") is None


def client_without(backend: Ear) -> Ear:
    backend.requests.clear()
    client("basic", backend).things.ping()
    return backend


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"token": "t0ken"}, "Bearer t0ken"),
        ({"username": "jane", "password": "s3cret"}, "Basic " + base64.b64encode(b"jane:s3cret").decode()),
        ({"raw": "Custom x", "key": "k"}, "Custom x"),
    ],
)
def test_of_several_credentials_one_is_given(generated: Path, given: dict[str, str], sent: str) -> None:
    backend = Ear()
    things = client("either", backend, **given).things
    things.ping()
    headers = {name.lower(): value for name, value in backend.requests[0].headers}
    assert (headers["authorization"], headers.get("x-key")) == (sent, given.get("key"))
    things.look()
    assert "authorization" not in {name.lower() for name, _ in backend.requests[1].headers}


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"token": "t0ken", "username": "jane", "password": "s3cret"}, "same header"),
        ({"token": "t0ken", "raw": "x"}, "same header"),
        ({"password": "s3cret"}, "no username"),
        ({"token": "Bearer t0ken"}, "without the word"),
    ],
)
def test_credentials_that_cannot_be_sent_are_refused(generated: Path, given: dict[str, str], cause: str) -> None:
    with pytest.raises(UsageError, match=cause):
        client("either", Ear(), **given)
