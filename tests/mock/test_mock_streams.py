"""What a mock answers that is no JSON, what it takes that is none, and HTTP's own credentials, all as data."""

from __future__ import annotations

import asyncio
import base64
import copy
import io
import json
from typing import Any

import pytest

from mailwright.mock import AsyncMockBackend, Mock, MockBackend, Request, Response
from mailwright.problem import Problem
from mailwright.runtime import AsyncClient, AsyncEventStream, Basic, Client, Download, EventStream, Operation, Upload

TOKEN = "s3cret"
MESSAGE = b"Subject: x\r\n\r\n\0\xff"
BYTES = {"schema": {"type": "string", "format": "binary"}}
JSON_BODY = {"application/json": {"schema": {"type": "object", "properties": {"text": {"type": "string"}}}}}
BOX = [{"name": "box", "in": "path", "required": True, "schema": {"type": "string"}}]
SECURED = [{"login": []}, {"token": []}]


def answers(kind: str = "", status: str = "200", **more: Any) -> dict[str, Any]:
    return {status: {"description": "It.", "content": {kind: {**BYTES, **more}}} if kind else {"description": "It."}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "x-mock": {
        "pack": "wildduck",
        "ids": "counter",
        "collections": {
            "messages": {
                "fields": {"source": "$upload", "text": "$given.text"},
                "missing": {"body": {"error": "This message does not exist"}},
            }
        },
        "answers": {"create": {"success": True, "id": "$record.id"}},
    },
    "paths": {
        "/messages": {
            "post": {
                "operationId": "upload",
                "requestBody": {"content": {"message/rfc822": BYTES}},
                "responses": {"200": {"description": "It.", "content": JSON_BODY}},
                "security": SECURED,
                "x-mock": {"create": "messages"},
            }
        },
        "/messages#fields": {
            "post": {
                "operationId": "compose",
                "requestBody": {"content": JSON_BODY},
                "responses": {"200": {"description": "It.", "content": JSON_BODY}},
                "security": [],
                "x-mock": {"create": "messages", "answer": {"success": True, "text": "$record.text"}},
            }
        },
        "/messages/{box}": {
            "parameters": BOX,
            "get": {
                "operationId": "read",
                "x-stream": "binary",
                "responses": answers("message/rfc822"),
                "security": [],
                "x-mock": {"read": "messages", "by": "box", "content": "$record.source"},
            },
            "delete": {
                "operationId": "delete",
                "responses": answers(status="204"),
                "security": [],
                "x-mock": {"delete": "messages", "by": "box"},
            },
        },
        "/picture": {
            "get": {
                "operationId": "picture",
                "x-stream": "binary",
                "responses": answers("image/png"),
                "security": [],
                "x-mock": {"list": "messages", "content": {"base64": base64.b64encode(b"\x89PNG").decode()}},
            }
        },
        "/example": {
            "get": {
                "operationId": "example",
                "x-stream": "binary",
                "responses": answers("text/plain", example="It works."),
                "security": [],
                "x-mock": {"list": "messages"},
            }
        },
        "/plain": {
            "get": {
                "operationId": "plain",
                "x-stream": "binary",
                "responses": answers("application/octet-stream"),
                "security": [],
                "x-mock": {"list": "messages"},
            }
        },
        "/updates": {
            "get": {
                "operationId": "watch",
                "x-stream": "sse",
                "responses": answers("text/event-stream"),
                "security": [],
                "x-mock": {
                    "list": "messages",
                    "events": [
                        {"data": {"command": "EXISTS"}},
                        {"data": {"command": "COUNTERS", "at": "$now"}, "event": "change", "id": "b"},
                    ],
                },
            }
        },
        "/silence": {
            "get": {
                "operationId": "silence",
                "x-stream": "sse",
                "responses": answers("text/event-stream"),
                "security": [],
                "x-mock": {"list": "messages"},
            }
        },
    },
    "components": {
        "securitySchemes": {
            "login": {"type": "http", "scheme": "basic", "x-client": {"user": "admin"}},
            "token": {"type": "http", "scheme": "bearer"},
        }
    },
}
UPLOAD: Operation[dict[str, Any]] = Operation(
    "POST", "/messages", id="upload", result=dict, media_type="message/rfc822"
)
READ: Operation[bytes] = Operation("GET", "/messages/{}", id="read", result=bytes, stream="binary")
DELETE: Operation[None] = Operation("DELETE", "/messages/{}", id="delete", result=type(None), empty=True)
WATCH: Operation[dict[str, Any]] = Operation("GET", "/updates", id="watch", result=dict, stream="sse")


class Duck(Client):
    _dialect = "wildduck"


class AsyncDuck(AsyncClient):
    _dialect = "wildduck"


@pytest.fixture
def mock() -> Mock:
    return Mock(DOCUMENT, token=TOKEN)


@pytest.fixture
def duck(mock: Mock) -> Client:
    return Duck("http://mock", credentials=(Basic("admin", TOKEN),), backend=MockBackend(mock))


def ask(mock: Mock, method: str, path: str, content: bytes = b"", **headers: str) -> Response:
    return mock.handle(Request(method, path, tuple((k.replace("_", "-"), v) for k, v in headers.items()), content))


def test_what_is_uploaded_can_be_downloaded_and_deleted(duck: Client) -> None:
    assert duck.call(UPLOAD, body=Upload(io.BytesIO(MESSAGE))) == {"success": True, "id": "1"}
    with Download(duck, READ, "1") as download:
        assert (download.media_type, download.size, download.read()) == ("message/rfc822", len(MESSAGE), MESSAGE)
    duck.call(DELETE, "1")
    with pytest.raises(Exception, match="This message does not exist"):
        Download(duck, READ, "1").read()


def test_an_answer_without_content_has_no_headers_about_it(mock: Mock, duck: Client) -> None:
    duck.call(UPLOAD, body=Upload(MESSAGE))
    answer = ask(mock, "DELETE", "/messages/1")
    assert (answer.status, answer.content) == (204, b"")
    assert answer.header("content-type") is answer.header("content-length") is None


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("/picture", "image/png", b"\x89PNG"),
        ("/example", "text/plain", b"It works."),
        ("/plain", "application/octet-stream", b"Subject: a file of the mock\r\n\r\n"),
    ],
)
def test_a_file_comes_from_the_mock_s_words_or_the_document_s_example(
    mock: Mock, path: str, kind: str, content: bytes
) -> None:
    answer = ask(mock, "GET", path)
    assert (answer.status, answer.header("content-type"), answer.content) == (200, kind, content)


def test_content_that_is_none_is_told(mock: Mock) -> None:
    wrong = copy.deepcopy(DOCUMENT)
    wrong["paths"]["/picture"]["get"]["x-mock"]["content"] = "$given.nothing"
    with pytest.raises(Problem, match="picture x-mock: the content is nothing"):
        ask(Mock(wrong), "GET", "/picture")


def test_events_are_told_once(duck: Client) -> None:
    with EventStream(duck, WATCH, last_event_id="") as stream:
        events = list(stream)
    assert [(event.data["command"], event.event, event.id) for event in events] == [
        ("EXISTS", "message", "1"),
        ("COUNTERS", "change", "b"),
    ]
    assert "T" in events[1].data["at"]
    with EventStream(duck, WATCH, last_event_id="1") as stream:
        assert [event.id for event in stream] == ["b"]


def test_an_async_client_reads_them_too(mock: Mock) -> None:
    async def read() -> list[str]:
        duck = AsyncDuck("http://mock", backend=AsyncMockBackend(mock))
        async with AsyncEventStream(duck, WATCH) as stream:
            return [event.id async for event in stream]

    assert asyncio.run(read()) == ["1", "b"]


def test_a_stream_without_events_is_over(mock: Mock) -> None:
    assert ask(mock, "GET", "/silence").status == 204
    assert ask(mock, "GET", "/updates", last_event_id="b").status == 204
    assert ask(mock, "GET", "/updates").header("cache-control") == "no-store"


def test_of_two_operations_on_one_path_the_body_tells_which_is_meant(mock: Mock) -> None:
    composed = ask(mock, "POST", "/messages", b'{"text": "hello"}', content_type="application/json")
    assert json.loads(composed.content) == {"success": True, "text": "hello"}
    assert ask(mock, "POST", "/messages", MESSAGE, content_type="message/rfc822").status == 403


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (basic("admin", TOKEN), 200),
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (basic("jane", TOKEN), 403),
        (basic("admin", "other"), 403),
        (f"Bearer {TOKEN}x", 403),
        (TOKEN, 403),
        ("Basic !!!", 403),
        ("Basic /w==", 403),
        ("", 403),
    ],
)
def test_the_mock_checks_http_s_own_credentials(mock: Mock, given: str, status: int) -> None:
    answer = ask(mock, "POST", "/messages", MESSAGE, content_type="message/rfc822", authorization=given)
    assert answer.status == status
    assert TOKEN not in json.dumps(mock.journal.har())


def test_uploads_and_files_are_not_kept_in_the_journal(mock: Mock, duck: Client) -> None:
    duck.call(UPLOAD, body=Upload(MESSAGE))
    Download(duck, READ, "1").read()
    told = [(entry.request_body, entry.response_body) for entry in mock.journal]
    assert told[0][0] == told[1][1] == f"[{len(MESSAGE)} bytes that are not JSON]"
