"""Streams of events that stay open: what is sent, when, and what ends them, in process, under ASGI and over HTTP."""

from __future__ import annotations

import asyncio
import http.client
import importlib
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from mailwright_wildduck.v1_51 import AsyncWildDuck, WildDuck

from mailwright.mock import Application, AsyncMockBackend, Fault, Mock, MockBackend, Request
from mailwright.mock.live import Live, async_follow, follow
from mailwright.targets import bundled_document

LETTER = b"From: a@example.org\r\nSubject: one\r\n\r\nx\r\n"
TARGETS = ["wildduck-1.0.89", "wildduck-1.0.107", "wildduck-1.51"]
BEGINNING = "0" * 24


@pytest.fixture
def mock() -> Mock:
    return Mock(bundled_document("wildduck-1.51"))


def commands(target: str, mock: Mock, last_event_id: str = "", number: int = 2) -> list[str]:
    module = importlib.import_module(
        f"mailwright_{target.partition('-')[0]}.v{target.partition('-')[2].replace('.', '_')}"
    )
    with module.WildDuck("http://mock.test", backend=MockBackend(mock)) as mail:
        user = mail.users.create(username="jane", password="a-password").id
        mock.deliver("jane@example.test", LETTER)
        told: list[str] = []
        with mail.updates.stream(user, last_event_id=last_event_id) as stream:
            mail.mailboxes.create(user, path="Plans")
            for event in stream:
                told.append(str(event.data.command))
                if len(told) == number:
                    break
        return told


@pytest.mark.parametrize("target", TARGETS)
def test_a_stream_tells_what_happens_while_it_is_open_and_nothing_old(target: str) -> None:
    mock = Mock(bundled_document(target), stream_seconds=5)
    assert commands(target, mock, number=1) == ["CREATE"]


@pytest.mark.parametrize("target", TARGETS)
def test_what_happened_behind_a_named_event_comes_first(target: str) -> None:
    mock = Mock(bundled_document(target), stream_seconds=5)
    assert commands(target, mock, BEGINNING, number=3) == ["EXISTS", "COUNTERS", "CREATE"]


def client(mock: Mock) -> WildDuck:
    return WildDuck("http://mock.test", backend=MockBackend(mock))


def test_changes_are_told_in_order_and_counted_where_they_count(mock: Mock) -> None:
    with client(mock) as mail:
        user = mail.users.create(username="jane", password="a-password").id
        boxes = {each.path: each.id for each in mail.mailboxes.list(user)}
        told: list[tuple[str, str]] = []
        with mail.updates.stream(user) as stream:
            events = iter(stream)

            def take(number: int) -> None:
                for _ in range(number):
                    event = next(events)
                    told.append((str(event.data.command), "with id" if event.id != seen[-1] else "same id"))
                    seen.append(event.id)

            seen = [""]
            mail.messages.upload(user, boxes["INBOX"], LETTER)
            take(2)
            mail.messages.update(user, boxes["INBOX"], "1", flagged=True)
            take(1)
            mail.messages.update(user, boxes["INBOX"], "1", seen=False)
            take(2)
            mail.messages.update(user, boxes["INBOX"], "1", move_to=boxes["Trash"])
            take(4)
            made = mail.mailboxes.create(user, path="Plans").id
            mail.mailboxes.update(user, made, path="Old")
            mail.mailboxes.delete(user, made)
            take(4)
            mail.users.logout(user, reason="why")
            take(1)
    assert told == [
        ("EXISTS", "with id"),
        ("COUNTERS", "same id"),
        ("FETCH", "with id"),
        ("FETCH", "with id"),
        ("COUNTERS", "same id"),
        ("EXPUNGE", "with id"),
        ("EXISTS", "with id"),
        ("COUNTERS", "same id"),
        ("COUNTERS", "same id"),
        ("CREATE", "with id"),
        ("RENAME", "with id"),
        ("DROP", "same id"),
        ("DELETE", "with id"),
        ("LOGOUT", "same id"),
    ]


def test_what_was_for_those_who_listened_is_not_told_again(mock: Mock) -> None:
    with client(mock) as mail:
        user = mail.users.create(username="jane", password="a-password").id
        mail.mailboxes.delete(user, mail.mailboxes.create(user, path="Plans").id)
        mail.users.logout(user)
    answer = mock.handle(Request("GET", f"/users/{user}/updates", (("Last-Event-ID", BEGINNING),)))
    assert re.findall(r'"command": "(\w+)"', answer.content.decode()) == ["CREATE", "DELETE"]
    assert (answer.header("cache-control"), answer.header("content-length")) == ("no-cache", None)


def test_an_id_that_is_none_is_refused(mock: Mock) -> None:
    mock.populate(1)
    user = next(mock.state.all("users"))["id"]
    answer = mock.handle(Request("GET", f"/users/{user}/updates", (("Last-Event-ID", "xyz"),)))
    assert (answer.status, answer.live) == (400, None)
    assert list(json.loads(answer.content)["details"]) == ["Last-Event-ID"]


def test_a_stream_ends_after_its_time() -> None:
    mock = Mock(bundled_document("wildduck-1.51"), stream_seconds=0.05)
    mock.populate(1)
    with client(mock) as mail:
        stream = mail.updates.stream(next(mock.state.all("users"))["id"]).with_options(reconnect=False)
        assert list(stream) == []


@pytest.mark.parametrize("end", ["end_streams", "reset"])
def test_the_mock_ends_a_stream_that_waits(mock: Mock, end: str) -> None:
    mock.populate(1)
    user = next(mock.state.all("users"))["id"]
    reading = threading.Event()
    events: list[Any] = []

    def read() -> None:
        with client(mock) as mail, mail.updates.stream(user).with_options(reconnect=False) as stream:
            reading.set()
            events.extend(stream)

    thread = threading.Thread(target=read)
    thread.start()
    assert reading.wait(5)
    getattr(mock, end)()
    thread.join(5)
    assert not thread.is_alive()
    assert events == []


def test_a_client_closes_its_stream_from_another_thread(mock: Mock) -> None:
    mock.populate(1)
    with client(mock) as mail:
        stream = mail.updates.stream(next(mock.state.all("users"))["id"])
        alarm = threading.Timer(0.05, stream.close)
        alarm.start()
        with stream:
            assert list(stream) == []


def test_where_nothing_happens_comments_are_counted() -> None:
    comments = follow(Live(bytes, lasts=5, idle=0.001, idled=1))
    assert [next(comments), next(comments)] == [b": idling 2\n\n", b": idling 3\n\n"]


def test_silence_beyond_the_client_s_time_is_a_timeout() -> None:
    with pytest.raises(TimeoutError, match="nothing came within"):
        next(follow(Live(bytes, lasts=5), read=0.001))

    async def wait() -> None:
        await anext(async_follow(Live(bytes, lasts=5), read=0.001))

    with pytest.raises(TimeoutError, match="nothing came within"):
        asyncio.run(wait())


def test_an_asynchronous_client_is_told_too(mock: Mock) -> None:
    async def story() -> list[str]:
        async with AsyncWildDuck("http://mock.test", backend=AsyncMockBackend(mock)) as mail:
            user = (await mail.users.create(username="jane", password="a-password")).id
            told: list[str] = []
            async with asyncio.timeout(5), mail.updates.stream(user) as stream:
                creation = asyncio.create_task(mail.mailboxes.create(user, path="Plans"))
                async for event in stream:
                    told.append(str(event.data.path))
                    break
            await creation
            return told

    assert asyncio.run(story()) == ["Plans"]


@pytest.mark.parametrize("kind", ["html", "empty", "truncate", "reset"])
def test_a_fault_leaves_no_stream_open(kind: Any) -> None:
    mock = Mock(bundled_document("wildduck-1.51"), faults=[Fault("streamUpdates", kind)])
    mock.populate(1)
    user = next(mock.state.all("users"))["id"]
    assert mock.handle(Request("GET", f"/users/{user}/updates")).live is None


def test_under_asgi_a_client_that_goes_ends_its_stream(mock: Mock) -> None:
    mock.populate(1)
    user = next(mock.state.all("users"))["id"]
    sent: list[Any] = []

    async def story() -> None:
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if sent:
                await gone.wait()
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            sent.append(message)
            if b"EXISTS" in message.get("body", b""):
                gone.set()
            elif b": idling 1" in message.get("body", b""):
                mock.deliver("user1@example.test", LETTER)

        path = f"/users/{user}/updates"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        async with asyncio.timeout(5):
            await Application(mock)(scope, receive, send)

    asyncio.run(story())
    assert sent[0]["type"] == "http.response.start"
    assert not sent[-1]["more_body"]
    assert [name for name, _ in sent[0]["headers"] if name == b"content-length"] == []


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "mailwright.cli", "mock", "wildduck-1.51", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield process, found[0]
    finally:
        process.kill()
        process.wait()


def opened(place: str, user: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(place, timeout=5)
    connection.request("GET", f"/users/{user}/updates")
    return connection, connection.getresponse()


def test_a_served_mock_sends_events_as_they_happen_and_stops_while_streams_are_open() -> None:
    with served("--users", "1") as (process, place), WildDuck(f"http://{place}") as mail:
        user = next(iter(mail.users.list())).id
        connection, answer = opened(place, user)
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.readline() == b": idling 1\n"
        mail.mailboxes.create(user, path="Plans")
        while b"Plans" not in (line := answer.readline()):
            assert line
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert answer.read().endswith(b"\n\n")
        connection.close()


def test_a_served_mock_ends_streams_after_the_time_it_is_told() -> None:
    with served("--users", "1", "--stream-seconds", "0.05") as (_, place), WildDuck(f"http://{place}") as mail:
        connection, answer = opened(place, next(iter(mail.users.list())).id)
        assert answer.read() == b": idling 1\n\n"
        connection.close()
