"""The journal: every exchange, without its secrets, to look at in a test or to save as HAR."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from mailwright.mock import json_value
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.message import Request, Response
from mailwright.mock.values import timestamp

REDACTED = "[redacted]"

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange; `operation` is empty where no operation was meant. Bodies are text."""

    started: str
    operation: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    status: int
    response_headers: tuple[tuple[str, str], ...]
    response_body: str


class Journal:
    """The last exchanges, the oldest first."""

    def __init__(self, headers: Iterable[str], names: Iterable[str], *, size: int = 1000) -> None:
        self._entries: deque[Entry] = deque(maxlen=size)
        self._headers = _SECRET_HEADERS | {name.lower() for name in headers}
        self._names = frozenset(names)
        self.total = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, place: int) -> Entry:
        return self._entries[place]

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()
        self.total = 0

    def add(self, request: Request, response: Response, operation: str, moment: datetime) -> None:
        """Adds one exchange, its secrets replaced by `[redacted]` before they are kept."""
        self.total += 1
        self._entries.append(
            Entry(
                started=timestamp(moment),
                operation=operation,
                method=request.method,
                url=self._url(request.url),
                request_headers=self._pairs(request.headers),
                request_body=self._body(request.content, request.media_type),
                status=response.status,
                response_headers=self._pairs(response.headers),
                response_body=self._body(response.content, (response.header("content-type") or "").split(";")[0]),
            )
        )

    def har(self) -> JsonObject:
        """The journal as an HTTP Archive 1.2 document."""
        creator = {"name": "mailwright mock", "version": "1"}
        return {"log": {"version": "1.2", "creator": creator, "entries": [_har_entry(each) for each in self]}}

    def _pairs(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, REDACTED if name.lower() in self._headers else value) for name, value in headers)

    def _url(self, url: str) -> str:
        place, _, query = url.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        if not any(name in self._names for name, _ in pairs):
            return url
        return f"{place}?{urlencode([(name, REDACTED if name in self._names else value) for name, value in pairs])}"

    def _body(self, content: bytes, media_type: str) -> str:
        if not content:
            return ""
        if media_type == "application/x-www-form-urlencoded":
            pairs = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)
            return urlencode([(name, REDACTED if name in self._names else value) for name, value in pairs])
        try:
            value = json_value.read(content)
        except json_value.BadJson:
            # Half a body may hold a whole password, so nothing of it is kept.
            return f"[{len(content)} bytes that are not JSON]"
        return json_value.write(self._clean(value)).decode()

    def _clean(self, value: Json) -> Json:
        if (items := as_list(value)) is not None:
            return [self._clean(item) for item in items]
        if (entries := as_object(value)) is not None:
            return {name: REDACTED if name in self._names else self._clean(item) for name, item in entries.items()}
        return value


def _har_entry(entry: Entry) -> JsonObject:
    query = parse_qsl(entry.url.partition("?")[2], keep_blank_values=True)
    request: JsonObject = {
        "method": entry.method,
        "url": entry.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(entry.request_headers),
        "queryString": _named(query),
        "headersSize": -1,
        "bodySize": len(entry.request_body.encode()),
    }
    if entry.request_body:
        media_type = {name.lower(): value for name, value in entry.request_headers}.get("content-type", "")
        request["postData"] = {"mimeType": media_type, "text": entry.request_body}
    content_type = {name.lower(): value for name, value in entry.response_headers}.get("content-type", "")
    size = len(entry.response_body.encode())
    return {
        "startedDateTime": entry.started,
        "time": 0,
        "request": request,
        "response": {
            "status": entry.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(entry.response_headers),
            "content": {"size": size, "mimeType": content_type, "text": entry.response_body},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }


def _named(pairs: Iterable[tuple[str, str]]) -> list[JsonObject]:
    return [{"name": name, "value": value} for name, value in pairs]
