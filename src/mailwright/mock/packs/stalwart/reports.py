"""Reports: those that wait to be sent, and DMARC, TLS and abuse reports that came in."""

from __future__ import annotations

from mailwright.mock import json_value
from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart.arguments import page, paged, text
from mailwright.mock.packs.stalwart.envelope import Stopped
from mailwright.mock.state import Record


def list_all(call: Call) -> None:
    """One page of names of reports."""
    call.made["data"] = paged(call, [each["name"] for each in _matching(call)])


def read(call: Call) -> None:
    """All of one report."""
    record = _named(call)
    head = {"id": record["name"]} if record["kind"] == "queued" else {}
    call.made["data"] = {**head, **record["content"]}


def delete(call: Call) -> None:
    """Deletes one report."""
    call.state.remove("reports", _named(call)["id"])
    call.made["data"] = True


def delete_all(call: Call) -> None:
    """Deletes all reports that a filter finds."""
    found = page(call, _matching(call))
    for each in found:
        call.state.remove("reports", each["id"])
    call.made["data"] = bool(found)


def _kind(call: Call) -> str:
    parts = call.operation.path.split("/")
    return "queued" if parts[1] == "queue" else parts[2]


def _named(call: Call) -> Record:
    record = call.state.first("reports", kind=_kind(call), name=str(call.path["report_id"]))
    if record is None:
        raise Stopped(404)
    return record


def _matching(call: Call) -> list[Record]:
    domain, kind, wanted = text(call, "domain").lower(), text(call, "type"), text(call, "text").lower()
    return [
        each
        for each in call.state.all("reports", kind=_kind(call))
        if domain in each["content"].get("domain", "")
        and (kind not in ("dmarc", "tls") or kind == each["content"].get("type"))
        and wanted in json_value.write(each["content"]).decode().lower()
    ]


HOOKS = {"list_reports": list_all, "read_report": read, "delete_report": delete, "delete_reports": delete_all}
