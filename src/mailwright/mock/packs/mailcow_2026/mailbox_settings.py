"""Settings of mailboxes that have routes of their own, and the passwords that are good enough."""

from __future__ import annotations

from collections.abc import Callable

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag, number
from mailwright.mock.packs.mailcow_2026.entries import Write, add, edit, get
from mailwright.mock.packs.mailcow_2026.policies import take_numbers
from mailwright.mock.packs.mailcow_2026.store import password_policy
from mailwright.mock.state import Record

_NOTIFICATIONS = ("never", "hourly", "daily", "weekly")
_CATEGORIES = ("add_header", "reject", "all")


def _setting(name: str, change: Callable[[Write, Record], str]) -> Hook:
    """A hook that changes mailboxes; what is wrong is a message key, else the text is empty."""

    @edit("mailbox", "edit", name, items="username")
    def hook(write: Write, item: Json) -> None:
        record = write.state.get("mailboxes", str(item))
        if record is None:
            write.danger("access_denied")
        elif message := change(write, record):
            write.danger(message)
        else:
            record["modified"] = write.time
            write.success("mailbox_modified", item)

    return hook


def _tls(write: Write, record: Record) -> str:
    for name in ("tls_enforce_in", "tls_enforce_out"):
        if name in write.attributes:
            record["attributes"][name] = str(flag(write.attributes[name]))
    return ""


def _choice(name: str, allowed: tuple[str, ...]) -> Callable[[Write, Record], str]:
    def change(write: Write, record: Record) -> str:
        value = write.attributes.get(name)
        if value not in allowed:
            return f"{name}_invalid"
        record["attributes"][name] = value
        return ""

    return change


def _spam_score(write: Write, record: Record) -> str:
    score = str(write.attributes.get("spam_score", "default"))
    write.state.put("spam_scores", {"id": record["id"], "score": score})
    if score != "default":
        take_numbers(write.state, 2)
    return ""


def _handler(write: Write, record: Record) -> str:
    record["tagged_mail_handler"] = write.attributes.get("tagged_mail_handler")
    return ""


@edit("acl", "edit", "user", items="username")
def set_acl(write: Write, item: Json) -> None:
    """Keeps what the user of a mailbox may do, which no answer shows."""
    record = write.state.get("mailboxes", str(item))
    if record is None:
        write.danger("access_denied")
        return
    record["acl"] = write.attributes.get("user_acl")
    write.success("acl_saved", item)


@add("password_complexity", "edit")
def set_password_policy(write: Write) -> None:
    """Changes what passwords have to have."""
    values: JsonObject = password_policy(write.state)
    values.update({name: str(number(value)) for name, value in write.attributes.items() if name in values})
    write.success("password_policy_saved")


def _score(call: Call) -> Json:
    record = call.state.get("spam_scores", str(call.path["mailbox"]))
    if call.state.get("mailboxes", str(call.path["mailbox"])) is None:
        return None
    return {"score": "default" if record is None else record["score"]}


HOOKS: dict[str, Hook] = {
    "set_tls_policy": _setting("tls_policy", _tls),
    "set_tagged_mail_handler": _setting("delimiter_action", _handler),
    "set_quarantine_notification": _setting(
        "quarantine_notification", _choice("quarantine_notification", _NOTIFICATIONS)
    ),
    "set_quarantine_category": _setting("quarantine_category", _choice("quarantine_category", _CATEGORIES)),
    "set_spam_score": _setting("spam_score", _spam_score),
    "get_spam_score": get(_score),
    "set_mailbox_acl": set_acl,
    "set_password_policy": set_password_policy,
    "get_password_policy": get(lambda call: password_policy(call.state)),
}
