"""Where the mock of mailcow keeps what it stores, and how it names and numbers it."""

from __future__ import annotations

import re

from mailwright.mock.json_value import Json, JsonObject, as_list
from mailwright.mock.packs.mailcow_2026.entries import Crash, Write
from mailwright.mock.state import Record, State

MIB = 1024 * 1024
# One more than the limit that the warning names.
_MOST_TAGS = 26

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@([a-z0-9-]+\.)+[a-z0-9-]+")

_USUAL_POLICY = {"length": "6", "chars": "0", "special_chars": "0", "lowerupper": "0", "numbers": "0"}


def next_id(state: State, table: str) -> int:
    """The next number of a table, from 1 on; numbers of what is deleted are not given again."""
    counter = state.get("counters", table) or {"id": table, "last": 0}
    counter["last"] += 1
    state.put("counters", counter)
    return int(counter["last"])


def ascii_domain(value: Json) -> str:
    """A domain in lower case and in the letters of DNS; empty where it is none."""
    text = str(value if isinstance(value, (str, int)) else "").strip().lower()
    try:
        text = text.encode("idna").decode() if not text.isascii() else text
    except UnicodeError:
        return ""
    return text if _DOMAIN.fullmatch(text) else ""


def is_address(text: str) -> bool:
    """Whether a text is an email address."""
    return _ADDRESS.fullmatch(text) is not None and ".." not in text and not text.startswith(".")


def domain_of(address: str) -> str:
    """The domain of an address, which may be `@` and the domain alone."""
    return address.rpartition("@")[2]


def tags_of(value: Json) -> list[str]:
    """Tags as a list without doubles, be they one text or several."""
    items = as_list(value)
    given = [value] if items is None and value else items or []
    return list(dict.fromkeys(str(tag).strip() for tag in given if str(tag).strip()))


def few_enough(write: Write, tags: list[str]) -> list[str]:
    """The tags that a call may give, without those that are too many; a warning says that there are some."""
    if len(tags) > _MOST_TAGS:
        write.warning("tag_limit_exceeded", f"limit {_MOST_TAGS - 1}")
    return tags[:_MOST_TAGS]


def add_tags(write: Write, record: Record) -> None:
    """Adds the tags that are given, one after the other.

    Raises:
        Crash: one is there already; those before it stay.
    """
    for tag in few_enough(write, tags_of(write.attributes.get("tags"))):
        if tag in record["tags"]:
            raise Crash
        record["tags"].append(tag)


def password_is_good(write: Write) -> bool:
    """Whether both passwords are the same and good enough; an entry says where not."""
    one, two = (str(write.attributes.get(name) or "") for name in ("password", "password2"))
    return passwords_are_good(write, one, two)


def passwords_are_good(write: Write, one: str, two: str) -> bool:
    """Whether two passwords are the same and good enough; an entry says where not."""
    log: list[Json] = ["password_check", None, None]
    policy = password_policy(write.state)
    if not one or not two:
        write.danger("password_complexity", log=log)
    elif one != two:
        write.danger("password_mismatch", log=log)
    elif not _is_complex(one, policy):
        write.danger("password_complexity", log=log)
    else:
        return True
    return False


def password_policy(state: State) -> JsonObject:
    """What passwords have to have, in texts."""
    policy: JsonObject | None = state.get("settings", "passwordpolicy")
    if policy is None:
        policy = {"id": "passwordpolicy", "values": dict(_USUAL_POLICY)}
        state.put("settings", policy)
    values: JsonObject = policy["values"]
    return values


def _is_complex(password: str, policy: JsonObject) -> bool:
    wanted = {
        "chars": re.search("[a-zA-Z]", password),
        "special_chars": re.search(r"[^a-zA-Z\d]", password),
        "lowerupper": re.search("[a-z]", password) and re.search("[A-Z]", password),
        "numbers": re.search(r"\d", password),
    }
    long_enough = len(password) >= int(policy["length"])
    return long_enough and all(found for name, found in wanted.items() if policy[name] == "1")
