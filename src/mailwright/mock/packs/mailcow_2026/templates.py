"""Templates of domains and mailboxes: one of each is there from the start, and gives what is not said."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import listed, number
from mailwright.mock.packs.mailcow_2026.entries import Write, add, delete_all, edit_all, get
from mailwright.mock.packs.mailcow_2026.store import MIB, next_id, tags_of
from mailwright.mock.state import Record, State

_BEGINNING = "2026-01-01 00:00:00"
_SIZES = frozenset({"def_quota_for_mbox", "max_quota_for_mbox", "max_quota_for_domain", "quota"})
_TEXTS = frozenset(
    {"rl_frame", "rl_value", "dkim_selector", "quarantine_notification", "quarantine_category", "tagged_mail_handler"}
)
_CATEGORIES = ("add_header", "reject", "all")

_PROTOCOLS = ("imap", "pop3", "smtp", "sieve", "eas", "dav")
_ACLS = (
    *("spam_alias", "tls_policy", "spam_score", "spam_policy", "delimiter_action", "syncjobs", "eas_reset"),
    *("sogo_profile_reset", "pushover", "quarantine", "quarantine_attachments", "quarantine_notification"),
    *("quarantine_category", "app_passwds"),
)
_NOT_ALLOWED = frozenset({"syncjobs", "sogo_profile_reset"})

_OF_DOMAIN: JsonObject = {
    "tags": [],
    "max_num_aliases_for_domain": 400,
    "max_num_mboxes_for_domain": 10,
    "def_quota_for_mbox": 3072 * MIB,
    "max_quota_for_mbox": 10240 * MIB,
    "max_quota_for_domain": 10240 * MIB,
    "rl_frame": "s",
    "rl_value": "",
    "active": 1,
    "gal": 1,
    "backupmx": 0,
    "relay_all_recipients": 0,
    "relay_unknown_only": 0,
    "dkim_selector": "dkim",
    "key_size": 2048,
}
_OF_MAILBOX: JsonObject = {
    "tags": [],
    "quota": 0,
    "quarantine_notification": "hourly",
    "quarantine_category": "reject",
    "rl_frame": "s",
    "rl_value": "",
    "force_pw_update": 0,
    "force_tfa": 0,
    "sogo_access": 1,
    "active": 1,
    "tls_enforce_in": 0,
    "tls_enforce_out": 0,
    **{f"{name}_access": 1 for name in _PROTOCOLS},
    **{f"acl_{name}": int(name not in _NOT_ALLOWED) for name in _ACLS},
}
_LIMITS = (
    *("max_num_aliases_for_domain", "max_num_mboxes_for_domain"),
    *("def_quota_for_mbox", "max_quota_for_mbox", "max_quota_for_domain"),
)
_EMPTY_IS_NOTHING = frozenset({*_LIMITS, *_TEXTS} - {"dkim_selector"})
# What a template for mailboxes has nothing of where a change leaves it out.
_LOST = (
    *("tags", "tagged_mail_handler", "quarantine_notification", "quarantine_category", "rl_frame", "rl_value"),
    *("force_pw_update", "force_tfa", "sogo_access", "active", "tls_enforce_in", "tls_enforce_out"),
)
_DEFAULTS = {"domain": _OF_DOMAIN, "mailbox": _OF_MAILBOX}
# What a new template says by itself that the default one does not: no rights at all, for one.
_NEW: dict[str, JsonObject] = {
    "domain": {},
    "mailbox": {"tagged_mail_handler": "none", **{f"acl_{name}": 0 for name in _ACLS}},
}


def templates(state: State, kind: str) -> list[Record]:
    """The templates of a kind, the default one first."""
    if state.first("templates") is None:
        for each, attributes in _DEFAULTS.items():
            _store(state, each, "Default", {**attributes, "tags": []}, _BEGINNING)
    return list(state.all("templates", type=kind))


def default(state: State, kind: str, item: Json = None) -> JsonObject:
    """What the template of an id says; where there is none, what the default one of its kind does."""
    record = (_find(state, kind, item) if item else None) or templates(state, kind)[0]
    return {**_DEFAULTS[kind], **record["attributes"]}


def _store(state: State, kind: str, name: str, attributes: JsonObject, time: str) -> None:
    number_of_it = next_id(state, "templates")
    state.put(
        "templates",
        {
            "id": str(number_of_it),
            "template": name,
            "type": kind,
            "attributes": attributes,
            "created": time,
            "modified": None,
        },
    )


def _view(record: Record) -> JsonObject:
    return {**record, "id": int(record["id"])}


def _find(state: State, kind: str, item: Json) -> Record | None:
    return next((each for each in templates(state, kind) if each["id"] == str(number(item))), None)


def _given(attributes: JsonObject) -> JsonObject:
    """Attributes as a template stores them: sizes in bytes, flags as numbers, protocols and rights one by one."""
    found: JsonObject = {}
    for name, value in attributes.items():
        if name in _SIZES:
            found[name] = number(value) * MIB
        elif name == "tags":
            found[name] = tags_of(value)
        elif name in _TEXTS:
            found[name] = str(value)
        elif name == "protocol_access":
            found.update({f"{each}_access": int(each in listed(value)) for each in _PROTOCOLS})
        elif name == "acl":
            found.update({f"acl_{each}": int(each in listed(value)) for each in (*_ACLS, "pw_reset")})
        elif name != "template":
            found[name] = number(value)
    return found


def _replacement(kind: str, record: Record, given: JsonObject) -> JsonObject:
    """What a template says after a change: nothing of what it said before is kept.

    Where protocols or rights are left out, the server puts the record itself among the attributes of one for mailboxes.
    """
    if kind == "domain":
        return {**_OF_DOMAIN, **dict.fromkeys(_LIMITS, 0), "tags": [], **_given(given)}
    found: JsonObject = {"quota": 0, **dict.fromkeys(_LOST), **_given(given)}
    if "protocol_access" not in given or "acl" not in given:
        found.update(_view(record))
    return found


def _hooks(kind: str) -> dict[str, Hook]:
    @add("mailbox", "add", f"{kind}_templates")
    def create(write: Write) -> None:
        given = write.attributes
        name = str(given.get("template") or "")
        taken = any(each["template"].lower() == name.lower() for each in templates(write.state, kind))
        if not name or taken:
            write.danger("template_exists" if name else "template_name_invalid", name)
            return
        if given.get("quarantine_category") and given["quarantine_category"] not in _CATEGORIES and kind == "mailbox":
            write.danger("quarantine_category_invalid")
            return
        # Empty texts, and limits of 0, are as if they were left out.
        given = {each: value for each, value in given.items() if value or each not in _EMPTY_IS_NOTHING}
        _store(write.state, kind, name, {**_DEFAULTS[kind], **_NEW[kind], **_given(given)}, write.time)
        write.success("template_added", name)

    @edit_all("mailbox", "edit", f"{kind}_templates", items="ids")
    def update(write: Write) -> None:
        given = write.attributes
        # The first template that is changed gives the others its name, where none is given.
        name = given.get("template")
        for item in write.items:
            record = _find(write.state, kind, item)
            if record is None:
                write.danger("template_id_invalid")
                continue
            if record["template"] == "Default" or name is None:
                name = record["template"]
            if kind == "mailbox" and given.get("quarantine_category") not in _CATEGORIES:
                write.danger("quarantine_category_invalid")
                continue
            changed = {"template": name, "attributes": _replacement(kind, record, given)}
            if changed != {each: record[each] for each in changed}:
                record.update(changed, modified=write.time)
        # It is reported, whether something was changed or not.
        write.success("template_modified", name)

    @delete_all("mailbox", "delete", f"{kind}_templates", items="ids")
    def remove(write: Write) -> None:
        # Of templates for domains the first alone is deleted.
        items = write.items[:1] if kind == "domain" else write.items
        for item in items:
            record = _find(write.state, kind, item)
            if record is not None and record["template"] != "Default":
                write.state.remove("templates", record["id"])
        if kind == "mailbox":
            write.success("template_removed")
        elif items:
            write.success("template_removed", str(items[0]))

    def list_all(call: Call) -> Json:
        return [_view(each) for each in templates(call.state, kind)]

    def read(call: Call) -> Json:
        record = _find(call.state, kind, call.path["template"])
        return None if record is None else _view(record)

    return {
        f"create_{kind}_template": create,
        f"update_{kind}_templates": update,
        f"delete_{kind}_templates": remove,
        f"list_{kind}_templates": get(list_all),
        f"get_{kind}_template": get(read),
    }


HOOKS: dict[str, Hook] = {**_hooks("domain"), **_hooks("mailbox")}
