"""Metrics and traces, stored and live: what only the enterprise edition has."""

from __future__ import annotations

import re

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs.stalwart.arguments import flag, moment, page, read_time, text, words, written
from mailwright.mock.packs.stalwart.callers import token_for
from mailwright.mock.packs.stalwart.envelope import need_enterprise
from mailwright.mock.state import Record

_PING = 30_000
_NO_KEYS = ("filter", "token")
_CAPITAL = re.compile(r"(?=[A-Z])")


def list_metrics(call: Call) -> None:
    """Counts of this moment, if that is in the span asked for."""
    need_enterprise(call)
    after, before = moment(call, "after"), moment(call, "before")
    inside = (after is None or call.now > after) and (before is None or call.now < before)
    stamp = written(call.now)
    call.made["data"] = [{**each, "timestamp": stamp} for each in _metrics(call)] if inside else []


def metrics_token(call: Call) -> None:
    """A token for the stream of metrics."""
    need_enterprise(call)
    call.made["data"] = token_for(call, "metrics")


def watch_metrics(call: Call) -> None:
    """The metrics of this moment, all or some, as one event."""
    need_enterprise(call)
    wanted = words(call, "metrics")
    found = [each for each in _metrics(call) if not wanted or each["id"] in wanted]
    call.events = [{"event": "metrics", "data": found}]


def tracing_token(call: Call) -> None:
    """A token for the stream of traces."""
    need_enterprise(call)
    call.made["data"] = token_for(call, "traces")


def list_traces(call: Call) -> None:
    """One page of numbers of traces, or of the first event of each."""
    need_enterprise(call)
    found = [each for each in call.state.all("spans") if _fits(call, each)]
    items: list[Json] = [each["events"][0] if flag(call, "values") else int(each["number"]) for each in found]
    call.made["data"] = {"items": page(call, items), "total": len(items)}


def read_trace(call: Call) -> None:
    """The events of a trace; where several are asked for, a list for each."""
    need_enterprise(call)
    lists = [_events(call, each) for each in str(call.path["trace_id"]).split(",")]
    call.made["data"] = lists[0] if len(lists) == 1 else lists


def read_traces(call: Call) -> None:
    """The events of several traces, a list for each."""
    need_enterprise(call)
    call.made["data"] = [_events(call, each) for each in words(call, "id")]


def watch_traces(call: Call) -> None:
    """The events of all traces that a filter lets through, in one event of the stream."""
    need_enterprise(call)
    keys = {name: text(call, name) for name in call.given if name not in _NO_KEYS and text(call, name)}
    found = [
        event
        for each in call.state.all("spans")
        for event in each["events"]
        if _has(event["data"], keys, text(call, "filter"))
    ]
    ping: JsonObject = {"event": "ping", "data": {"interval": _PING}}
    call.events = [{"event": "trace", "data": found}, ping] if found else [ping]


def _has(data: JsonObject, keys: dict[str, str], wanted: str) -> bool:
    """Whether an event has all these keys with these texts, and any key with another; only texts are compared."""
    texts = {_CAPITAL.sub("-", name).lower(): value for name, value in data.items() if isinstance(value, str)}
    everywhere = not wanted or any(wanted in value for value in texts.values())
    return everywhere and all(value in texts.get(name, "") for name, value in keys.items())


def _events(call: Call, number: str) -> list[JsonObject]:
    found = call.state.first("spans", number=number)
    return found["events"] if found else []


def _fits(call: Call, record: Record) -> bool:
    first = record["events"][0]
    created = read_time(first["createdAt"])
    after, before = moment(call, "after"), moment(call, "before")
    return (
        text(call, "type") in ("", first["type"])
        and text(call, "filter").lower() in str(record["events"]).lower()
        and text(call, "queue_id") in ("", str(first["data"].get("queueId", "")))
        and (created is None or after is None or created > after)
        and (created is None or before is None or created < before)
    )


def _metrics(call: Call) -> list[JsonObject]:
    counts = call.state.count()
    return [
        {"id": "queue.count", "type": "gauge", "value": counts["queued"]},
        {"id": "user.count", "type": "gauge", "value": sum(1 for _ in call.state.all("principals", type="individual"))},
        {"id": "domain.count", "type": "gauge", "value": sum(1 for _ in call.state.all("principals", type="domain"))},
        {"id": "message-ingest.spam", "type": "counter", "value": counts["samples"]},
        {"id": "message.size", "type": "histogram", "count": counts["queued"], "sum": _bytes(call)},
    ]


def _bytes(call: Call) -> int:
    return sum(len(each["content"]) for each in call.state.all("queued"))


HOOKS = {
    "list_metrics": list_metrics,
    "metrics_token": metrics_token,
    "watch_metrics": watch_metrics,
    "tracing_token": tracing_token,
    "list_traces": list_traces,
    "read_trace": read_trace,
    "read_traces": read_traces,
    "watch_traces": watch_traces,
}
