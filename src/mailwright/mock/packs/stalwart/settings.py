"""Settings: keys with text values, listed by prefix, grouped by a suffix, and changed in three ways."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart.arguments import page, text, words
from mailwright.mock.packs.stalwart.envelope import refused
from mailwright.mock.state import State


def under(state: State, prefix: str) -> dict[str, str]:
    """The settings whose keys begin so, by key."""
    found = {each["key"]: each["value"] for each in state.all("settings") if each["key"].startswith(prefix)}
    return dict(sorted(found.items()))


def get(state: State, key: str) -> str | None:
    """The value of a key, or None."""
    found = state.first("settings", key=key)
    return None if found is None else found["value"]


def put(call: Call, key: str, value: str) -> None:
    """Sets a key."""
    clear(call.state, key)
    call.state.add("settings", {}, call.now, key=key, value=value)


def clear(state: State, key: str) -> None:
    """Takes a key away, if it is there."""
    for each in state.all("settings", key=key):
        state.remove("settings", each["id"])


def list_all(call: Call) -> None:
    """One page of the settings under a prefix, without it."""
    prefix = _prefix(text(call, "prefix"))
    found = [(key.removeprefix(prefix), value) for key, value in under(call.state, prefix).items()]
    call.made["data"] = {"total": len(found), "items": dict(page(call, found))}


def list_groups(call: Call) -> None:
    """One page of groups: the settings beside each key that ends so, or each setting by itself."""
    prefix, suffix = _prefix(text(call, "prefix")), text(call, "suffix")
    suffix = f".{suffix.removeprefix('.')}" if suffix else ""
    field, wanted = text(call, "field"), text(call, "filter").lower()
    held = {key.removeprefix(prefix): value for key, value in under(call.state, prefix).items()}
    groups = [] if suffix else [{"_id": key, "_value": value} for key, value in held.items()]
    if suffix:
        for name in (key.removesuffix(suffix) for key in held if key.endswith(suffix)):
            own = {key.removeprefix(f"{name}."): value for key, value in held.items() if key.startswith(f"{name}.")}
            groups.append({"_id": name, **{key: value for key, value in own.items() if field in ("", key)}})
    found = [each for each in groups if any(wanted in value.lower() for value in each.values())]
    call.made["data"] = {"total": len(found), "items": page(call, found)}


def read(call: Call) -> None:
    """The settings of these keys, and those under these prefixes."""
    found = {key: value for key in words(call, "keys") if (value := get(call.state, key)) is not None}
    for prefix in words(call, "prefixes"):
        found.update(under(call.state, _prefix(prefix)))
    call.made["data"] = found


def change(call: Call) -> None:
    """Deletes, clears and inserts, one after the other: what was done before a refusal stays."""
    for each in call.given["body"]:
        if each["type"] == "delete":
            for key in each["keys"]:
                clear(call.state, key)
        elif each["type"] == "clear":
            wanted = each.get("filter") or ""
            for key, value in under(call.state, each["prefix"]).items():
                if wanted in key.lower() or wanted in value.lower():
                    clear(call.state, key)
        else:
            prefix = _prefix(each.get("prefix") or "")
            values = [(f"{prefix}{key}", value) for key, value in each["values"]]
            if each["assert_empty"] and _is_taken(call.state, prefix, values):
                raise refused("assertFailed")
            for key, value in values:
                put(call, key, value)


def delete(call: Call) -> None:
    """Takes one key away; one that is not there is no failure."""
    clear(call.state, str(call.path["key"]))


def _is_taken(state: State, prefix: str, values: list[tuple[str, str]]) -> bool:
    if prefix:
        return bool(under(state, prefix))
    return bool(values) and get(state, values[0][0]) is not None


def _prefix(given: str) -> str:
    return f"{given}." if given and not given.endswith(".") else given


HOOKS = {
    "list_settings": list_all,
    "list_setting_groups": list_groups,
    "read_settings": read,
    "change_settings": change,
    "delete_setting": delete,
}
