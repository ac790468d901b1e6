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
        kind, name = part.get_content_type(), decoded(part.get_filename() or "")
        if part.get_content_disposition() != "attachment" and not name and kind in ("text/plain", "text/html"):
            (html if kind == "text/html" else texts).append(text_of(part))
        else:
            attachments.append(_attachment(part, len(attachments) + 1, name))
    text = "\n".join(texts).replace("\r\n", "\n").strip("\n")
    kind = message.get_content_type()
    params: dict[str, str] = {key.lower(): value for key, value in (message.get_params() or [])[1:]}
    return {
        "from": (_addresses(message, "From") or _addresses(message, "Sender") or [{"address": "", "name": ""}])[0],
        **_named(message, to="To", cc="Cc", replyTo="Reply-To"),
        "subject": decoded(str(message.get("Subject", ""))),
        "messageId": str(message.get("Message-ID", "")).strip(),
        "date": date_of(str(message.get("Date", "")), now),
        "text": text,
        "html": html or ([f"<p>{text}</p>"] if text else []),
        "intro": intro_of(text),
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
            return content_of(part), kind
    return None


def content_of(part: Message) -> bytes:
    """The decoded content of a part."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def text_of(part: Message) -> str:
    """The text of a part, whatever its charset."""
    charset = part.get_content_charset() or "utf-8"
    try:
        return content_of(part).decode(charset, "replace")
    except LookupError:
        return content_of(part).decode("utf-8", "replace")


def _attachment(part: Message, number: int, name: str) -> JsonObject:
    return {
        "id": f"ATT{number:05d}",
        "filename": name or f"attachment-{number}",
        "contentType": part.get_content_type(),
        "disposition": part.get_content_disposition() or "attachment",
        "transferEncoding": str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower(),
        "related": bool(part.get("Content-ID")),
        "sizeKb": max(1, -(-len(content_of(part)) // 1024)),
    }


def _named(message: Message, **headers: str) -> JsonObject:
    found = {name: _addresses(message, header) for name, header in headers.items()}
    return {name: each for name, each in found.items() if each}


def _addresses(message: Message, header: str) -> list[JsonObject]:
    texts = [str(each) for each in cast("list[Any]", message.get_all(header, []))]
    return [{"address": address, "name": decoded(name)} for name, address in getaddresses(texts) if address or name]


def decoded(text: str) -> str:
    """A header with its encoded words decoded."""
    try:
        return re.sub(r"\s+", " ", str(make_header(decode_header(text)))).strip()
    except (LookupError, ValueError):
        return text


def date_of(text: str, now: datetime) -> str:
    """The time that a header tells, or now."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return timestamp(now)
    return timestamp(moment.astimezone(UTC) if moment.tzinfo else moment)


def intro_of(text: str) -> str:
    """The first words of a text."""
    line = re.sub(r"\s+", " ", text[:2048]).strip()
    return line if len(line) <= _INTRO else line[:_INTRO].rpartition(" ")[0] + "…"
