"""Settings: what the server has, and what of it was changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.refusals import invalid_value

_GB = 1 << 30
_DAY = 24 * 60 * 60 * 1000
_DEFERRED = ", ".join(("5m", "7m", "8m", "25m", "75m", "2h", *("4h",) * 11))


class _Setting(NamedTuple):
    name: str
    description: str
    default: Json
    kind: str


_SETTINGS: dict[str, _Setting] = {
    "const:archive:time": _Setting(
        "Archive time", "Milliseconds that deleted messages are kept", 25 * _DAY, "duration"
    ),
    "const:asp:limit": _Setting("ASP limit", "Application passwords that a user can have", 50, "number"),
    "const:authlog:time": _Setting("Auth log time", "Milliseconds that log entries are kept", 30 * _DAY, "duration"),
    "const:autoreply:interval": _Setting(
        "Autoreply interval", "Milliseconds between two autoreplies to one sender", _DAY // 6, "duration"
    ),
    "const:domaincache:enabled": _Setting(
        "Domain cache enabled status", "Whether mail is taken only for domains of the cache", False, "boolean"
    ),
    "const:imap:use_wd_worker_channels": _Setting(
        "Use worker wd_events channels", "Whether each worker has an IMAP channel of its own", False, "boolean"
    ),
    "const:max:bulk_batch_size": _Setting("Max bulk batch write size", "Entries that one query writes", 150, "number"),
    "const:max:filters": _Setting("Max filters", "Filters that a user can have", 400, "number"),
    "const:max:forwards": _Setting("Max forwards", "Messages a day that are forwarded", 2000, "number"),
    "const:max:imap:download": _Setting("Max IMAP download", "Bytes a day that IMAP gives", 10 * _GB, "size"),
    "const:max:imap:upload": _Setting("Max IMAP upload", "Bytes a day that IMAP takes", 10 * _GB, "size"),
    "const:max:mailboxes": _Setting("Max mailboxes", "Mailboxes that a user can have", 1500, "number"),
    "const:max:pop3:download": _Setting("Max POP3 download", "Bytes a day that POP3 gives", 10 * _GB, "size"),
    "const:max:rcpt_to": _Setting("Max message recipients", "Recipients of one message", 400, "number"),
    "const:max:recipients": _Setting("Max daily recipients", "Recipients a day", 2000, "number"),
    "const:max:storage": _Setting("Disk quota", "Bytes that a user can keep", _GB, "size"),
    "const:sender:defer_times": _Setting(
        "Deferred email delay", "Times after which a message is tried again", _DEFERRED, "string"
    ),
}


def list_settings(call: Call) -> None:
    """Lists all settings, whatever the filter is (1.51-rest n=1251)."""
    call.made["settings"] = [_told(call, key) for key in _SETTINGS]


def get_setting(call: Call) -> None:
    """Tells the value of one setting; an unknown one is told of at status 200."""
    key = str(call.path["key"])
    if key not in _SETTINGS:
        raise Refused({"success": False, "key": key, "error": "Key was not found"})
    call.made.update(key=key, value=_value(call, key))


def change_setting(call: Call) -> None:
    """Changes one setting; a value of another kind is refused."""
    key, value = str(call.path["key"]), call.given["value"]
    kind = _SETTINGS[key].kind
    if kind == "boolean" and not isinstance(value, bool):
        raise invalid_value('"value" must be a boolean', "value")
    if kind in ("number", "size") and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise invalid_value('"value" must be a number', "value")
    record = call.state.first("settings", key=key) or call.state.add("settings", {}, call.now, key=key)
    record["value"] = value
    call.made["key"] = key


def _value(call: Call, key: str) -> Json:
    record = call.state.first("settings", key=key)
    return _SETTINGS[key].default if record is None else record["value"]


def _told(call: Call, key: str) -> JsonObject:
    setting, value = _SETTINGS[key], _value(call, key)
    told = {"key": key, "value": value, "name": setting.name, "description": setting.description}
    return {**told, "default": setting.default, "type": setting.kind, "custom": value != setting.default}


HOOKS: Mapping[str, Hook] = {
    "list_settings": list_settings,
    "get_setting": get_setting,
    "change_setting": change_setting,
}
