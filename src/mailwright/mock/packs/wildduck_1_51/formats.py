"""Values that WildDuck 1.51 checks in words of its own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from mailwright.mock import json_value
from mailwright.mock.findings import Format
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.packs import BadCursor
from mailwright.mock.packs.wildduck.cursors import decode
from mailwright.mock.packs.wildduck.formats import FORMATS as EARLY
from mailwright.mock.packs.wildduck_1_51.envelope import labelled
from mailwright.mock.values import timestamp

ASP_SCOPES = ("imap", "pop3", "smtp", "*")

_USERNAME = re.compile(r"[a-z0-9-]+(?:[._=:][a-z0-9-]+)*(?:@[a-z0-9-]+(?:[._=:][a-z0-9-]+)*)?")
_EMAIL = re.compile(r"[^@\s\x00-\x1f,;<>\"]+@[^@\s\x00-\x1f.,;<>\"]+(\.[^@\s\x00-\x1f.,;<>\"]+)+")
_SPECIAL = re.compile(r"[^@\s*]*\*?[^@\s*]*@[^@\s]+|[^@\s]+@\*")
_UIDS = re.compile(r"[0-9]{1,300}(,[0-9]{1,300})*|[0-9]{1,300}:([0-9]{1,300}|\*)")
_ATTACHMENT = re.compile(r"ATT[0-9]+")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
_DEEP, _LONG = 128, 512


def parse_time(value: Json) -> datetime | None:
    """A time given as text or in milliseconds, in UTC; None for anything else."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        moment = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
    except (ValueError, OverflowError, OSError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def tidy_time(value: Json) -> Json:
    """A time in the one form that answers have; what is none stays as it is."""
    moment = parse_time(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    return value if moment is None else timestamp(moment)


def meta_data(value: Json) -> JsonObject:
    """An object that was given as one, or as JSON text."""
    if isinstance(value, str):
        try:
            value = json_value.read(value.encode())
        except json_value.BadJson:
            return {}
    return as_object(value) or {}


def as_text(value: Json) -> list[str]:
    """A list that may be given as one, or as text with commas."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    return [str(each) for each in as_list(value) or []]


def is_address(value: Json) -> bool:
    """Whether this is an email address."""
    return isinstance(value, str) and _EMAIL.fullmatch(value) is not None


def _id(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f"{labelled(name)} must be a string"]
    if not value:
        return [f"{labelled(name)} is not allowed to be empty"]
    texts: list[str] = []
    if not re.fullmatch("[0-9a-fA-F]*", value):
        texts.append(f"{labelled(name)} must only contain hexadecimal characters")
    if len(value) != 24:
        texts.append(f"{labelled(name)} length must be 24 characters long")
    return texts


def _mailbox(name: str, value: Json) -> list[str]:
    return [] if value == "resolve" else _id(name, value)


def _username(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f"{labelled(name)} must be a string"]
    if not value:
        return [f"{labelled(name)} is not allowed to be empty"]
    if len(value) > 128:
        return [f"{labelled(name)} length must be less than or equal to 128 characters long"]
    if not _USERNAME.fullmatch(value.lower()):
        return [f'{labelled(name)} with value "{value.lower()}" fails to match the username pattern']
    return []


def _login(name: str, value: Json) -> list[str]:
    if is_address(value) or not _username(name, value):
        return []
    return [f"{labelled(name)} does not match any of the allowed types"]


def _email(name: str, value: Json) -> list[str]:
    return [] if is_address(value) else [f"{labelled(name)} must be a valid email"]


def _special_email(name: str, value: Json) -> list[str]:
    if is_address(value) or (isinstance(value, str) and "*" in value and _SPECIAL.fullmatch(value)):
        return []
    return [f"{labelled(name)} does not match any of the allowed types"]


def _resolvable(name: str, value: Json) -> list[str]:
    return [] if not _special_email(name, value) or not _id(name, value) else _special_email(name, value)


def _targets(name: str, value: Json) -> list[str]:
    items = as_list(value)
    if items is None:
        return [f"{labelled(name)} must be an array"]
    return [
        f"{labelled(name, [place])} does not match any of the allowed types"
        for place, item in enumerate(items)
        if not is_address(item) and not is_url(item)
    ]


def is_url(value: Json) -> bool:
    """Whether this is the URL of a mail server or of a web page."""
    return isinstance(value, str) and re.fullmatch(r"(smtps?|https?)://[^\s/]+\S*", value, re.IGNORECASE) is not None


def _url(name: str, value: Json) -> list[str]:
    return (
        []
        if is_url(value)
        else [f"{labelled(name)} must be a valid uri with a scheme matching the smtps?|https? pattern"]
    )


def _ip(name: str, value: Json) -> list[str]:
    if value == "":
        return [f"{labelled(name)} is not allowed to be empty"]
    try:
        ipaddress.ip_address(value if isinstance(value, str) else "")
    except ValueError:
        versions = "[ipv4, ipv6] with a forbidden CIDR"
        return [f"{labelled(name)} must be a valid ip address of one of the following versions {versions}"]
    return []


def _cursor(name: str, value: Json) -> list[str]:
    try:
        if not isinstance(value, str) or re.search("[^A-Za-z0-9_-]", value):
            raise BadCursor("no base64url")
        decode(value)
    except BadCursor:
        return [f"{labelled(name)} contains an invalid value"]
    return []


def _time(name: str, value: Json) -> list[str]:
    return [] if parse_time(value) else [f"{labelled(name)} must be a valid date"]


def _time_or_none(name: str, value: Json) -> list[str]:
    return [] if value in (False, "") else _time(name, value)


def _scopes(name: str, value: Json) -> list[str]:
    scopes = as_text(value) if isinstance(value, str) else as_list(value)
    if scopes is None:
        return [f"{labelled(name)} must be an array"]
    wrong = [place for place, scope in enumerate(scopes) if scope not in ASP_SCOPES]
    texts = [f"{labelled(name, [place])} must be one of [{', '.join(ASP_SCOPES)}]" for place in wrong]
    if len(wrong) == len(scopes):
        texts.append(f"{labelled(name)} does not contain 1 required value(s)")
    return texts


def _asp_password(name: str, value: Json) -> list[str]:
    if isinstance(value, str) and re.fullmatch("[a-z]{16}", value):
        return []
    return [f'{labelled(name)} with value "{value}" fails to match the password pattern']


def _code(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f"{labelled(name)} must be a string"]
    return [] if len(value) == 6 else [f"{labelled(name)} length must be 6 characters long"]


def _uid(name: str, value: Json) -> list[str]:
    if isinstance(value, str) and re.fullmatch("[0-9]{1,15}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return [f"{labelled(name)} must be a number"]
    return [] if value >= 1 else [f"{labelled(name)} must be greater than or equal to 1"]


def _queue_id(name: str, value: Json) -> list[str]:
    text = str(value)
    texts = [] if re.fullmatch("[0-9a-fA-F]*", text) else [f"{labelled(name)} must only contain hexadecimal characters"]
    if len(text) < 18:
        texts.append(f"{labelled(name)} length must be at least 18 characters long")
    if len(text) > 24:
        texts.append(f"{labelled(name)} length must be less than or equal to 24 characters long")
    return texts


def _dkim_key(name: str, value: Json) -> list[str]:
    good = isinstance(value, str) and re.match(r"-----BEGIN (RSA )?PRIVATE KEY-----|[A-Za-z0-9+/]{43}=$", value.strip())
    return [] if good else [f"{labelled(name)} does not match any of the allowed types"]


def _filter_action(name: str, value: Json) -> list[str]:
    action = as_object(value)
    if action is None:
        return [f"{labelled(name)} must be of type object"]
    texts: list[str] = []
    for key, each in action.items():
        told = labelled(name, [key])
        if key in ("seen", "flag", "delete", "spam"):
            texts += [] if each is None or each == "" or isinstance(each, bool) else [f"{told} must be a boolean"]
        elif key == "mailbox":
            texts += [] if each == "" else [text.replace(labelled(key), told) for text in _id(key, each)]
        elif key == "targets":
            below = [] if each == "" else _targets(key, each)
            texts += [text.replace('"targets', f'"{name}.targets') for text in below]
        else:
            texts.append(f"{told} is not allowed")
    return texts


def _uids(name: str, value: Json) -> list[str]:
    if isinstance(value, str) and _UIDS.fullmatch(value):
        return []
    pattern = r"/^\d+(,\d+)*$|^\d+:(\d+|\*)$/i"
    return [f'{labelled(name)} with value "{value}" fails to match the required pattern: {pattern}']


def _attachment(name: str, value: Json) -> list[str]:
    text = str(value).upper()
    if _ATTACHMENT.fullmatch(text):
        return []
    return [f'{labelled(name)} with value "{text}" fails to match the required pattern: /^ATT\\d+$/i']


def _meta(name: str, value: Json) -> list[str]:
    if as_object(value) is not None:
        return []
    try:
        good = isinstance(value, str) and as_object(json_value.read(value.encode())) is not None
    except json_value.BadJson:
        good = False
    return [] if good else [f"{labelled(name)} contains an invalid value"]


def _path(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f"{labelled(name)} must be a string"]
    if not value:
        return [f"{labelled(name)} is not allowed to be empty"]
    if re.search("//|/$", value):
        return [f'{labelled(name)} with value "{value}" matches the inverted pattern: /\\/{{2,}}|\\/$/']
    parts = value.split("/")
    if len(parts) > _DEEP:
        return [f"The mailbox path cannot be more than {_DEEP} levels deep"]
    if any(len(part) > _LONG for part in parts):
        return [f"Any part of the mailbox path cannot be longer than {_LONG} chars long"]
    return []


def _host(name: str, value: Json) -> list[str]:
    if isinstance(value, str) and _HOST.fullmatch(value) and not urlsplit(f"//{value}").port:
        return []
    return [f"{labelled(name)} must be a valid hostname"]


FORMATS: Mapping[str, Format] = {
    "any": EARLY["any"],
    "boolean": EARLY["boolean"],
    "id": _id,
    "mailbox": _mailbox,
    "uid": _uid,
    "uids": _uids,
    "queue_id": _queue_id,
    "dkim_key": _dkim_key,
    "filter_action": _filter_action,
    "attachment": _attachment,
    "username": _username,
    "login": _login,
    "email": _email,
    "special_email": _special_email,
    "resolvable": _resolvable,
    "targets": _targets,
    "url": _url,
    "ip": _ip,
    "cursor": _cursor,
    "time": _time,
    "time_or_none": _time_or_none,
    "scopes": _scopes,
    "asp_password": _asp_password,
    "code": _code,
    "meta": _meta,
    "path": _path,
    "host": _host,
}
