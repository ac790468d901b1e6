"""What other programs keep of mailboxes: Pushover that tells of new mail, and caches and profiles of SOGo."""

from __future__ import annotations

import re

from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag, words
from mailwright.mock.packs.mailcow_2026.checks import is_pattern
from mailwright.mock.packs.mailcow_2026.entries import Write, delete, edit
from mailwright.mock.packs.mailcow_2026.records import text
from mailwright.mock.packs.mailcow_2026.store import is_address

_KEY = re.compile("[A-Za-z0-9]{30}")


@edit("pushover", "edit", items="username")
def set_pushover(write: Write, item: Json) -> None:
    """Sets of which new mail Pushover is told, or removes that."""
    given = write.attributes
    if write.state.get("mailboxes", str(item)) is None:
        write.danger("access_denied")
        return
    if given.get("delete"):
        write.state.remove("pushover", str(item))
        write.success("pushover_settings_edited")
        return
    record: JsonObject = write.state.get("pushover", str(item)) or {"id": str(item)}
    key, token = (text(given.get(name) or record.get(name)) for name in ("key", "token"))
    if not is_pattern(text(given.get("senders_regex"))):
        write.danger("Invalid regex")
        return
    for name, value in (("key", key), ("token", token)):
        if not _KEY.fullmatch(value):
            write.danger(f"pushover_{name}")
            return
    senders = [each for each in words(given.get("senders")) if is_address(each)]
    values: JsonObject = {"key": key, "token": token, "senders": senders, "active": flag(given.get("active"))}
    write.state.put("pushover", {**record, **values})
    write.success("pushover_settings_edited")


@edit("pushover", "test", items="username")
def test_pushover(write: Write, item: Json) -> None:
    """Tells Pushover of nothing; a mock asks nobody whether key and token are good."""
    if write.state.get("mailboxes", str(item)) is None:
        write.danger("access_denied")
    elif write.state.get("pushover", str(item)) is None:
        write.danger("pushover_credentials_missing")
    else:
        write.success('Pushover API OK (200): {"status":1}')


def _reset(kind: str, message: str) -> Hook:
    @delete("mailbox", "delete", kind, items="username")
    def hook(write: Write, item: Json) -> None:
        if write.state.get("mailboxes", str(item)) is None:
            write.danger("access_denied")
        else:
            write.success(message, item)

    return hook


HOOKS: dict[str, Hook] = {
    "set_pushover": set_pushover,
    "test_pushover": test_pushover,
    "delete_eas_cache": _reset("eas_cache", "eas_reset"),
    "delete_sogo_profile": _reset("sogo_profile", "sogo_profile_reset"),
}
