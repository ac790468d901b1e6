"""How mailcow says in its own JSON that something failed, read without a look at the runtime."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

_KEYS = {"type", "msg", "log"}
_FAILURES = {"danger", "error"}
# By these alone nobody can tell what is not there from what is wrong or forbidden.
SEVERAL_MEANINGS = frozenset(
    {
        *("access_denied", "domain_invalid", "alias_domain_invalid", "alias_invalid", "dkim_domain_or_sel_invalid"),
        *("resource_invalid", "sender_acl_invalid", "target_domain_invalid", "username_invalid"),
    }
)


def entries_of(body: object) -> list[dict[str, Any]]:
    """The entries of an answer: an object of `type` and `msg`, or a list of nothing else; none for other answers."""
    listed = cast("list[object]", body) if isinstance(body, list) else [body]
    found = [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)]
    if len(found) < len(listed) or not all(map(_is_entry, found)):
        return []
    return found


def first_failure(body: object) -> tuple[str, str | None] | None:
    """The text and the key of the first entry that failed; None where none did."""
    for entry in entries_of(body):
        if entry["type"] in _FAILURES:
            msg = entry["msg"]
            parts = [msg] if isinstance(msg, str) else cast("list[object]", msg)
            words = [part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in parts]
            text = ": ".join(filter(None, [*words[:1], ", ".join(words[1:])]))
            key = parts[0] if parts else None
            is_key = isinstance(key, str) and re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+", key)
            return text, str(key) if is_key else None
    return None


def broken(good: object) -> Iterator[tuple[str, Any]]:
    """Yields failures in the place of a good answer, with a name for each."""
    done = {"type": "success", "log": ["x", "add"], "msg": ["thing_added", "a"]}
    yield "one danger", [{"type": "danger", "log": ["x", "add"], "msg": "access_denied"}]
    yield "a danger with arguments", [{"type": "danger", "log": [], "msg": ["mailbox_quota_exceeded", 10240]}]
    yield "a danger of one meaning", [{"type": "danger", "log": [], "msg": ["object_exists", "a"]}]
    yield "a danger after a success", [done, {"type": "danger", "log": [], "msg": ["domain_invalid", None]}]
    yield "a success after a danger", [{"type": "danger", "log": [], "msg": "goto_invalid"}, done]
    yield "an error alone", {"type": "error", "msg": "Cannot edit item"}
    yield "a danger alone", {"type": "danger", "msg": ["object_exists", "a"]}
    yield "an error in a list", [{"type": "error", "log": None, "msg": "Cannot find attributes in post data"}]


def _is_entry(each: dict[str, Any]) -> bool:
    return set(each) <= _KEYS and isinstance(each.get("type"), str) and isinstance(each.get("msg"), (str, list))
