"""Messages as they are sent, read into the fields that WildDuck shows of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, cast

from mailwright.mock.json_value import JsonObject
from mailwright.mock.values import timestamp

_INTRO = 128


def read_message(raw: bytes, now: datetime) -> JsonObject:
    """Reads headers, texts and attachments; what is no message at all is a text without headers."""
    message = cast("EmailMessage", message_from_bytes(raw, policy=policy.compat32))
    texts: list[str] = []
    html: list[str] = []
    attachments: list[JsonObject] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), _decoded(part.get_filename() or "")
        if part.get_content_disposition() != "attachment" and not name and kind in ("text/plain", "text/html"):
            (html if kind == "text/html" else texts).append(_text(part))
        else:
            attachments.append(_attachment(part, len(attachments) + 1, name))
    text = "\n".join(texts).replace("\r\n", "\n").strip("\n")
    kind = message.get_content_type()
    params: dict[str, str] = {key.lower(): value for key, value in (message.get_params() or [])[1:]}
    return {
        "from": (_addresses(message, "From") or _addresses(message, "Sender") or [{"address": "", "name": ""}])[0],
        **_named(message, to="To", cc="Cc", replyTo="Reply-To"),
        "subject": _decoded(str(message.get("Subject", ""))),
        "messageId": str(message.get("Message-ID", "")).strip(),
        "date": _date(str(message.get("Date", "")), now),
        "text": text,
        "html": html or ([f"<p>{text}</p>"] if text else []),
        "intro": _intro(text),
        "attachmentList": attachments,
        "contentType": {"value": kind, **({"params": params} if params else {})},
    }


def read_attachment(raw: str, attachment: str) -> tuple[bytes, str] | None:
    """Returns the content and the media type of an attachment, or None where there is no such one."""
    number = 0
    for part in message_from_bytes(raw.encode("latin-1"), policy=policy.compat32).walk():
        kind = part.get_content_type()
        shown = part.get_content_disposition() != "attachment" and not part.get_filename()
        if part.is_multipart() or (shown and kind in ("text/plain", "text/html")):
            continue
        number += 1
        if attachment == f"ATT{number:05d}":
            return _content(part), kind
    return None


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return _content(part).decode(charset, "replace")
    except LookupError:
        return _content(part).decode("utf-8", "replace")


def _attachment(part: Message, number: int, name: str) -> JsonObject:
    return {
        "id": f"ATT{number:05d}",
        "filename": name or f"attachment-{number}",
        "contentType": part.get_content_type(),
        "disposition": part.get_content_disposition() or "attachment",
        "transferEncoding": str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower(),
        "related": bool(part.get("Content-ID")),
        "sizeKb": max(1, -(-len(_content(part)) // 1024)),
    }


def _named(message: Message, **headers: str) -> JsonObject:
    found = {name: _addresses(message, header) for name, header in headers.items()}
    return {name: each for name, each in found.items() if each}


def _addresses(message: Message, header: str) -> list[JsonObject]:
    texts = [str(each) for each in cast("list[Any]", message.get_all(header, []))]
    return [{"address": address, "name": _decoded(name)} for name, address in getaddresses(texts) if address or name]


def _decoded(text: str) -> str:
    try:
        return re.sub(r"\s+", " ", str(make_header(decode_header(text)))).strip()
    except (LookupError, ValueError):
        return text


def _date(text: str, now: datetime) -> str:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return timestamp(now)
    return timestamp(moment.astimezone(UTC) if moment.tzinfo else moment)


def _intro(text: str) -> str:
    line = re.sub(r"\s+", " ", text[:2048]).strip()
    return line if len(line) <= _INTRO else line[:_INTRO].rpartition(" ")[0] + "…"
