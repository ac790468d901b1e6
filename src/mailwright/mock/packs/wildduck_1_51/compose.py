"""Messages that are given as fields, written the way WildDuck writes them."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import quopri
import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs.wildduck_1_51.mime import plain_text

_LINE = 76
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~. -]*")


class Composer:
    """Writes one message: `stem` makes its boundaries, which are numbered as they are needed."""

    def __init__(self, given: JsonObject, *, sender: JsonObject, message_id: str, now: datetime, stem: str) -> None:
        self._given = given
        self._sender = sender
        self._message_id = message_id
        self._now = now
        self._stem = stem
        self._parts = 0

    def write(self, headers: Sequence[tuple[str, str]] = ()) -> bytes:
        """The message, with these headers before its own."""
        given = self._given
        head = [*headers, ("From", address(self._sender))]
        for name, header in (("to", "To"), ("cc", "Cc"), ("bcc", "Bcc")):
            if given.get(name):
                head.append((header, ", ".join(map(address, given[name]))))
        if given.get("replyTo"):
            head.append(("Reply-To", address(given["replyTo"])))
        if given.get("subject"):
            head.append(("Subject", encoded_words(given["subject"])))
        head += [
            ("Date", format_datetime(self._now.replace(microsecond=0)).replace("UTC", "+0000")),
            ("Message-ID", self._message_id),
        ]
        first, second, body = self._body()
        lines = [*first, *head, *second]
        text = "".join(f"{name}: {value}\r\n" for name, value in lines)
        return (f"{text}\r\n{body}" if body else text).encode()

    def _body(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]], str]:
        given = self._given
        files: list[JsonObject] = list(given.get("attachments", ()))
        text, markup = given.get("text", ""), given.get("html", "")
        version = ("MIME-Version", "1.0")
        if markup and not text:
            text = plain_text(markup)
        if not (text or markup or files):
            return [], [version, ("Content-Type", "text/plain")], ""
        if not text and not markup and len(files) == 1:
            own, transfer, disposition, content = self._file(files[0], 1)
            return [transfer, disposition], [version, own], f"{content}\r\n"
        related = [each for each in files if each.get("cid") and markup]
        if [each for each in files if each not in related]:
            kind, body = self._mixed(text, markup, files, related)
        elif markup:
            kind, body = self._alternative(text, markup, files, related)
        else:
            encoding, content = encoded_text(text)
            second = [("Content-Transfer-Encoding", encoding), version, ("Content-Type", "text/plain; charset=utf-8")]
            return [], second, f"{content}\r\n"
        return [], [version, ("Content-Type", kind)], body

    def _mixed(
        self, text: str, markup: str, files: Sequence[JsonObject], related: Sequence[JsonObject]
    ) -> tuple[str, str]:
        mark = self._mark()
        parts: list[str] = []
        if markup:
            kind, body = self._alternative(text, markup, files, related)
            parts.append(f"Content-Type: {kind}\r\n\r\n{body}")
        elif text:
            parts.append(_text_part("plain", text))
        for number, each in enumerate(files, start=1):
            if each not in related:
                parts.append(self._file_part(each, number))
        return f'multipart/mixed; boundary="{mark}"', _joined(mark, parts)

    def _alternative(
        self, text: str, markup: str, files: Sequence[JsonObject], related: Sequence[JsonObject]
    ) -> tuple[str, str]:
        mark = self._mark()
        parts = [_text_part("plain", text)]
        if related:
            self._parts += 1
            below = self._mark()
            members = [_text_part("html", markup)]
            members += [self._file_part(each, files.index(each) + 1) for each in related]
            kind = f'multipart/related; type="text/html";\r\n boundary="{below}"'
            parts.append(f"Content-Type: {kind}\r\n\r\n{_joined(below, members)}")
        else:
            parts.append(_text_part("html", markup))
        return f'multipart/alternative;\r\n boundary="{mark}"', _joined(mark, parts)

    def _file(self, given: JsonObject, number: int) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str], str]:
        kind = (
            given.get("contentType")
            or mimetypes.guess_type(given.get("filename") or "")[0]
            or "application/octet-stream"
        )
        name = given.get("filename") or f"attachment-{number}{mimetypes.guess_extension(kind) or '.bin'}"
        disposition = given.get("contentDisposition") or "attachment"
        plain = _PLAIN.fullmatch(name) is not None
        shown = name if re.fullmatch(r"[A-Za-z0-9._-]+", name) else f'"{name if plain else encoded_words(name)}"'
        kept = f"filename={shown}" if plain else f"filename*0*=utf-8''{quote(name)}"
        return (
            ("Content-Type", f"{kind}; name={shown}"),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", f"{disposition}; {kept}"),
            _wrapped(file_content(given)),
        )

    def _file_part(self, given: JsonObject, number: int) -> str:
        kind, encoding, disposition, content = self._file(given, number)
        cid = [("Content-ID", f"<{given['cid']}>")] if given.get("cid") else []
        lines = [kind, *cid, encoding, disposition]
        return "".join(f"{name}: {value}\r\n" for name, value in lines) + f"\r\n{content}\r\n"

    def _mark(self) -> str:
        self._parts += 1
        return f"--_NmP-{self._stem}-Part_{self._parts}"


def address(given: JsonObject) -> str:
    """An address with its name, as it stands in a header."""
    name, text = given.get("name") or "", given["address"]
    if not name:
        return str(text)
    if not _PLAIN.fullmatch(name):
        return f"{encoded_words(name, mostly='Q')} <{text}>"
    quoted = name if _ATOMS.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{quoted} <{text}>"


def encoded_words(text: str, *, mostly: str = "") -> str:
    """A header text as it is sent: as it is, or in encoded words."""
    if _PLAIN.fullmatch(text):
        return text
    strange = sum(ord(letter) > 126 for letter in text)
    if mostly == "Q" or strange * 3 < len(text):
        words = [_quoted(part) for part in _slices(text, 15)]
    else:
        words = [f"=?UTF-8?B?{base64.b64encode(part.encode()).decode()}?=" for part in _slices(text, 20)]
    return "\r\n ".join(words)


def encoded_text(text: str) -> tuple[str, str]:
    """A text and its transfer encoding: as it is, quoted, or in base64, whichever fits."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    strange = sum(ord(letter) > 126 for letter in text)
    if not strange and all(len(line) <= _LINE for line in lines):
        return "7bit", "\r\n".join(lines)
    if strange * 2 > len(text) and len(text) > _LINE:
        return "base64", _wrapped("\n".join(lines).encode())
    quoted = quopri.encodestring("\n".join(lines).encode(), quotetabs=False).decode()
    return "quoted-printable", quoted.replace("\n", "\r\n")


def file_content(given: JsonObject) -> bytes:
    """The bytes of a file that is given as text; bad base64 gives what can be read of it."""
    content: Json = given["content"]
    if given.get("encoding", "base64") == "base64":
        return decode_base64(str(content))
    if given.get("encoding") == "hex":
        digits = re.sub("[^0-9a-fA-F]", "", str(content))
        return bytes.fromhex(digits[: len(digits) // 2 * 2])
    return str(content).encode("utf-8", "replace")


def decode_base64(text: str) -> bytes:
    """Base64 as a lenient server reads it: what stands behind the padding is left out."""
    letters = re.sub("[^A-Za-z0-9+/]", "", text.partition("=")[0].replace("-", "+").replace("_", "/"))
    try:
        return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return b""


def _text_part(kind: str, text: str) -> str:
    encoding, content = encoded_text(text)
    return f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{content}\r\n"


def _joined(mark: str, parts: Sequence[str]) -> str:
    middle = f"--{mark}\r\n"
    return middle + middle.join(_spaced(part) for part in parts) + f"--{mark}--\r\n"


def _spaced(part: str) -> str:
    # A part that ends with a boundary of its own is followed by an empty line.
    return (
        f"{part}\r\n" if part.rstrip("\r\n").endswith("--") and "boundary=" in part.partition("\r\n\r\n")[0] else part
    )


def _wrapped(content: bytes) -> str:
    text = base64.b64encode(content).decode()
    return "\r\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))


def _slices(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _quoted(text: str) -> str:
    letters: list[Any] = []
    for letter in text:
        if re.fullmatch("[A-Za-z0-9]", letter):
            letters.append(letter)
        elif letter == " ":
            letters.append("_")
        else:
            letters.append("".join(f"={byte:02X}" for byte in letter.encode()))
    return f"=?UTF-8?Q?{''.join(letters)}?="
