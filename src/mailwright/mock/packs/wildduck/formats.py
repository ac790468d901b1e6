"""Values that WildDuck checks in words of its own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from mailwright.mock.findings import Format
from mailwright.mock.json_value import Json, as_list
from mailwright.mock.packs import BadCursor
from mailwright.mock.packs.wildduck.cursors import read_cursor

ASP_SCOPES = ("imap", "pop3", "smtp", "*")

_UIDS = re.compile(r"[0-9]{1,300}(,[0-9]{1,300})*|[0-9]{1,300}:[0-9]{1,300}")
_ATTACHMENT = re.compile(r"ATT[0-9]+", re.IGNORECASE)
_USERNAME = re.compile(r"[a-z](\.?[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+")
_SPECIAL = re.compile(r"\w+@\*")


def _id(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f'"{name}" must be a string']
    texts: list[str] = []
    if not re.fullmatch("[0-9a-fA-F]*", value):
        texts.append(f'"{name}" must only contain hexadecimal characters')
    if len(value) != 24:
        texts.append(f'"{name}" length must be 24 characters long')
    return texts


def _username(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f'"{name}" must be a string']
    texts: list[str] = []
    # Capitals are turned into small letters before the pattern sees them.
    if not _USERNAME.fullmatch(value.lower()):
        texts.append(f'"{name}" with value "{value.lower()}" fails to match the username pattern')
    if len(value) > 32:
        texts.append(f'"{name}" length must be less than or equal to 32 characters long')
    return texts


def _email(name: str, value: Json) -> list[str]:
    if not isinstance(value, str):
        return [f'"{name}" must be a string']
    return [] if _EMAIL.fullmatch(value) else [f'"{name}" must be a valid email']


def _special_email(name: str, value: Json) -> list[str]:
    texts = _email(name, value)
    if not texts or not isinstance(value, str) or _SPECIAL.fullmatch(value):
        return texts if not isinstance(value, str) else []
    return [*texts, f'"{name}" with value "{value}" fails to match the special address pattern']


def _ip(name: str, value: Json) -> list[str]:
    try:
        ipaddress.ip_address(value if isinstance(value, str) else "")
    except ValueError:
        return [
            f'"{name}" must be a valid ip address of one of the following versions [ipv4, ipv6] with a forbidden CIDR'
        ]
    return []


def _cursor(name: str, value: Json) -> list[str]:
    try:
        read_cursor(value if isinstance(value, str) else "")
    except BadCursor:
        return [f'"{name}" needs to be an extended JSON object']
    return []


def _scopes(name: str, value: Json) -> list[str]:
    scopes = split_scopes(value)
    if scopes is None:
        return [f'"{name}" must be an array']
    wrong = [place for place, scope in enumerate(scopes) if scope not in ASP_SCOPES]
    known = ", ".join(ASP_SCOPES)
    texts = [f'"{name}" at position {place} fails because ["{place}" must be one of [{known}]]' for place in wrong]
    if len(wrong) == len(scopes):
        texts.append(f'"{name}" does not contain 1 required value(s)')
    return texts


def _text(name: str, value: Json) -> list[str]:
    return [] if isinstance(value, str) else [f'"{name}" must be a string']


def _boolean(name: str, value: Json) -> list[str]:
    return [] if isinstance(value, bool) else [f'"{name}" must be a boolean']


def split_scopes(value: Json) -> list[Json] | None:
    """Scopes as a list, given as one or as text with commas; None for anything else."""
    if isinstance(value, str):
        return [scope.strip() for scope in value.split(",") if scope.strip()]
    return as_list(value)


def _uid(name: str, value: Json) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        return [f'"{name}" must be a number']
    return [] if value >= 1 else [f'"{name}" must be larger than or equal to 1']


def _uids(name: str, value: Json) -> list[str]:
    if isinstance(value, str) and _UIDS.fullmatch(value):
        return []
    return [f'"{name}" with value "{value}" fails to match the required pattern: /^\\d+(,\\d+)*$|^\\d+:\\d+$/i']


def _attachment(name: str, value: Json) -> list[str]:
    if isinstance(value, str) and _ATTACHMENT.fullmatch(value):
        return []
    return [f'"{name}" with value "{value}" fails to match the required pattern: /^ATT\\d+$/i']


def _any(_name: str, _value: Json) -> list[str]:
    return []


FORMATS: Mapping[str, Format] = {
    "id": _id,
    "uid": _uid,
    "uids": _uids,
    "attachment": _attachment,
    "any": _any,
    "username": _username,
    "email": _email,
    "special_email": _special_email,
    "ip": _ip,
    "cursor": _cursor,
    "scopes": _scopes,
    "text": _text,
    "boolean": _boolean,
}
