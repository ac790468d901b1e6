"""Messages as they are sent, read into the fields that WildDuck 1.51 shows of them."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Group
from email.message import EmailMessage, Message
from email.utils import getaddresses
from html.entities import codepoint2name
from typing import Any, cast

from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.wildduck.mime import content_of, date_of, decoded, intro_of, text_of

_ADDRESSES = {"from": "From", "to": "To", "cc": "Cc", "bcc": "Bcc", "replyTo": "Reply-To"}
_PARSED = frozenset({"from", "to", "cc", "bcc", "sender", "reply-to", "delivered-to", "return-path"})


def read_message(raw: bytes, now: datetime) -> JsonObject:
    """Reads headers, texts and attachments; what is no message at all is a text without headers."""
    if b"\r\n\r\n" not in raw:
        # Without an empty line all of it is headers, also what looks like none.
        raw = b"".join(line for line in raw.splitlines(keepends=True) if re.match(rb"[^\s:]+:|\s", line))
    message = cast("EmailMessage", message_from_bytes(raw, policy=policy.compat32))
    found = {name: addresses(message, header) for name, header in _ADDRESSES.items()}
    sender = found.pop("from") or addresses(message, "Sender")
    text, markup = _texts(message)
    attachments = [
        _attachment(part, number, whole=part is message) for number, part in enumerate(_files(message), start=1)
    ]
    fields: JsonObject = {
        "from": (sender or [{"name": "", "address": ""}])[0],
        **{name: each for name, each in found.items() if each},
        "subject": decoded(str(message.get("Subject", ""))),
        "messageId": str(message.get("Message-ID", "")).strip(),
        "date": date_of(str(message.get("Date", "")), now),
        "references": str(message.get("References", "")).split(),
        "inReplyTo": str(message.get("In-Reply-To", "")).split(),
        "text": text,
        "intro": intro_of(text),
        "attachmentList": attachments,
        "hasAttachments": bool(attachments),
        "contentType": _content_type(message),
        "headers": _headers(message),
        "words": _words(message),
    }
    if markup:
        fields["html"] = markup
    lists: JsonObject = {name: _listed(message, f"List-{name.title()}") for name in ("id", "unsubscribe")}
    if lists["id"] or lists["unsubscribe"]:
        fields["list"] = {"id": (lists["id"] or [None])[0], "unsubscribe": lists["unsubscribe"]}
        fields["list"] = {name: each for name, each in fields["list"].items() if each}
    return fields


def read_attachment(raw: bytes, attachment: str) -> tuple[bytes, str, str] | None:
    """The content, the media type and the file name of an attachment, or None where there is no such one."""
    message = message_from_bytes(raw, policy=policy.compat32)
    for number, part in enumerate(_files(message), start=1):
        if attachment == f"ATT{number:05d}":
            return content_of(part), part.get_content_type(), decoded(part.get_filename() or "")
    return None


def addresses(message: Message, header: str) -> list[JsonObject]:
    """The addresses of a header; groups keep their members."""
    told: list[JsonObject] = []
    for value in cast("list[Any]", message.get_all(header, [])):
        text = str(value)
        told += _grouped(text) if ":" in text and ";" in text else _plain(text)
    return told


def _plain(text: str) -> list[JsonObject]:
    return [{"address": address, "name": decoded(name)} for name, address in getaddresses([text]) if address or name]


def _grouped(text: str) -> list[JsonObject]:
    told: list[JsonObject] = []
    for group in _groups(text):
        members = [{"address": each.addr_spec, "name": each.display_name} for each in group.addresses]
        told += members if group.display_name is None else [{"name": group.display_name, "group": members}]
    return told


def _groups(text: str) -> list[Group]:
    message = EmailMessage()
    try:
        message["To"] = text
        return list(message["To"].groups)
    except (ValueError, IndexError, AttributeError):
        return []


def _listed(message: Message, header: str) -> list[JsonObject]:
    text = str(message.get(header, ""))
    found = re.findall(r"([^<>,]*)<([^<>]+)>", text)
    return [{"address": address.strip(), "name": name.strip().strip('"')} for name, address in found]


def _is_text(part: Message) -> bool:
    shown = part.get_content_disposition() != "attachment" and not part.get_filename()
    return shown and part.get_content_type() in ("text/plain", "text/html")


def _files(message: Message) -> list[Message]:
    return [part for part in message.walk() if not part.is_multipart() and not _is_text(part)]


def _texts(message: Message) -> tuple[str, list[str]]:
    texts: list[str] = []
    markup: list[str] = []
    parents = _alternatives(message)
    for part in message.walk():
        if part.is_multipart() or not _is_text(part):
            continue
        content = text_of(part).replace("\r\n", "\n")
        if not content.strip():
            continue
        if part.get_content_type() == "text/html":
            markup.append(content.strip())
            if id(part) not in parents:
                texts.append(plain_text(content))
        else:
            texts.append(content.strip())
            if id(part) not in parents:
                markup.append(_markup(content))
    return "\n".join(texts).strip(), markup


def _alternatives(message: Message) -> set[int]:
    """Parts that have another form of themselves beside them."""
    found: set[int] = set()
    for part in message.walk():
        if part.get_content_type() == "multipart/alternative" and part.is_multipart():
            found.update(id(below) for below in part.walk())
    return found


def _markup(text: str) -> str:
    encoded = re.sub(r"[^\n\x20\x21\x23-\x25\x28-\x3b\x3d\x3f-\x5f\x61-\x7e]", _reference, text)
    encoded = re.sub(r"[ \t]+$", "", encoded.strip(), flags=re.MULTILINE).strip()
    paragraphs = "</p><p>".join(re.split("\n\n+", encoded)).replace("\n", "<br/>")
    return f"<p>{paragraphs}</p>" if encoded else ""


def _reference(match: re.Match[str]) -> str:
    name = codepoint2name.get(ord(match[0]))
    return f"&{name};" if name else f"&#x{ord(match[0]):X};"


def plain_text(markup: str) -> str:
    """The text of a piece of HTML."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>", "", markup)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?i)<br\s*/?>", "\n", text)
    text = re.sub(r"(?i)\s*</(p|div|h[1-6]|li|tr)>\s*", "\n\n", text)
    return html.unescape(re.sub(r"<[^>]*>", "", text)).strip()


def _attachment(part: Message, number: int, *, whole: bool) -> JsonObject:
    body = str(part.get_payload()) if isinstance(part.get_payload(), str) else ""
    lines = body.replace("\r\n", "\n")
    encoded = (lines if whole else lines.strip("\n")).replace("\n", "\r\n").encode("utf-8", "surrogateescape")
    kind, cid = part.get_content_type(), part.get("Content-ID")
    transfer = str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    return {
        "hash": hashlib.sha256(encoded).hexdigest(),
        "id": f"ATT{number:05d}",
        "filename": decoded(part.get_filename() or "") or f"attachment-{number}.{kind.partition('/')[2]}",
        "contentType": kind,
        "disposition": part.get_content_disposition() or "attachment",
        "transferEncoding": transfer,
        "cid": str(cid).strip() if cid else None,
        "related": cid is not None,
        "sizeKb": -(-_decoded_size(len(encoded), transfer) // 1024),
        "size": len(encoded),
        "fileContentHash": base64.b64encode(hashlib.sha256(content_of(part)).digest()).decode(),
    }


def _decoded_size(size: int, transfer: str) -> int:
    """The size of an attachment as the server reckons it: lines of base64 have 76 letters and an end."""
    return -(-(size - size // 78 * 2) * 3 // 4) if transfer == "base64" else size


def _content_type(message: Message) -> JsonObject:
    parameters = _parameters(message)
    return {"value": message.get_content_type(), **({"params": parameters} if parameters else {})}


def _parameters(message: Message) -> dict[str, str]:
    return {key.lower(): str(value) for key, value in (message.get_params() or [])[1:]}


def _headers(message: Message) -> JsonObject:
    told: JsonObject = {}
    for name in {str(key).lower() for key in message}:
        values = [re.sub(r"\r?\n\s*", " ", str(value)) for value in message.get_all(name, [])]
        if name in _PARSED:
            told[name] = addresses(message, name)
        elif name != "content-type":
            told[name] = values[0] if len(values) == 1 else values
    kind, parameters = message.get_content_type(), _parameters(message)
    main, _, sub = kind.partition("/")
    more: JsonObject = {"hasParams": True} if parameters else {}
    told["content-type"] = {"value": kind, "type": main, "subtype": sub, "params": parameters, **more}
    return told


def _words(message: Message) -> dict[str, str]:
    """Headers that are searched, as text."""
    names = ("from", "to", "cc", "subject")
    return {name: decoded(", ".join(str(value) for value in message.get_all(name, []))) for name in names}
