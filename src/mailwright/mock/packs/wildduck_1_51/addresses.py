"""Addresses of 1.51: those of users, those that only forward, and how both are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.names import address_view
from mailwright.mock.packs.wildduck.users import tidy_tags
from mailwright.mock.packs.wildduck_1_51.formats import meta_data, parse_time, tidy_time
from mailwright.mock.packs.wildduck_1_51.names import normal_address, without_label
from mailwright.mock.packs.wildduck_1_51.refusals import invalid_value, user_missing
from mailwright.mock.state import Record

_FORWARDS = 2000
_TEXTS = ("text", "html")


def find_address(call: Call, text: str) -> Record | None:
    """Finds an address by itself, without its label, or behind an alias of its domain."""
    local, _, domain = normal_address(text).rpartition("@")
    alias = call.state.first("domainAliases", alias=domain)
    for place in (domain, *([alias["domain"]] if alias else ())):
        for view in (f"{local}@{place}", without_label(f"{local}@{place}")):
            found = call.state.first("addresses", addrview=address_view(view))
            if found is not None:
                return found
    return None


def sender_of(call: Call, user: Record, address: str) -> str:
    """The address that a user sends from: the one that is given where it may be, else the main one."""
    for pattern in user["fromWhitelist"]:
        if address == pattern or (pattern[:1] == "*" and address.endswith(pattern[1:])):
            return address
        if pattern[-1:] == "*" and address.startswith(pattern[:-1]):
            return address
    found = find_address(call, address)
    return address if found is not None and found.get("user") == user["id"] else str(user["address"])


def prepare_address(call: Call) -> None:
    """Brings an address into the forms it is kept and compared in, and refuses one that cannot be."""
    given, record = call.given, call.record
    if given.get("main") is False:
        raise Refused({"error": "Cannot unset main status", "code": "InputValidationError"}, status=400)
    if "address" in given:
        _check_letters(call, given["address"])
        given["spelling"] = given["address"]
        given["address"] = normal_address(given["address"])
        given["addrview"] = address_view(given["address"])
        other = call.state.first("addresses", addrview=given["addrview"])
        if other is not None and other is not record:
            text = "This email address already exists" if record is None else "Address already exists"
            raise Refused({"error": text, "code": "AddressExistsError"}, status=400)
    tidy_tags(given)
    if "tags" in given:
        given["tagsview"] = [tag.lower() for tag in given["tags"]]
    for name in ("metaData", "internalData"):
        if name in given:
            given[name] = meta_data(given[name])
    if isinstance(given.get("autoreply"), dict):
        given["autoreply"] = _merged(call, given["autoreply"])


def match_letters(call: Call) -> None:
    """Leaves nothing where capitals are looked for: addresses are kept without."""
    query = call.given.get("query", "")
    if query != query.lower():
        call.given["chosen"] = []


def settle_main(call: Call) -> None:
    """Makes an address the main one: it is asked for, it is the first one, or the main one changes.

    A main address that changes is the user's in the spelling that was given, so that it is no longer known as the main
    one where that has capitals.
    """
    user, record, given = call.parent, call.subject, call.given
    if user is None:
        return
    changed = call.operation.plan.action == "update" and given.get("was") == user["address"] and "address" in given
    if given.get("main") or not user["address"]:
        user["address"] = record["address"]
    elif changed:
        user["address"] = given["spelling"]


def remember_address(call: Call) -> None:
    """Remembers what an address was, and refuses to change a special one."""
    call.given["was"] = call.subject["address"]


def keep_main(call: Call) -> None:
    """Refuses to delete the main address of a user."""
    if call.parent is not None and call.parent["address"] == call.subject["address"]:
        raise Refused({"error": "Can not delete main address", "code": "NotPermitted"}, status=400)


def prepare_forwarded(call: Call) -> None:
    """Marks an address that has no user."""
    call.given["forwarded"] = True


def only_forwarded(call: Call) -> None:
    """Leaves addresses of users out of sight."""
    if call.record is not None and not call.record["forwarded"]:
        raise call.refusal(call.operation.plan.missing or {"body": {}})


def show_address(call: Call) -> None:
    """Tells what depends on the caller and on the user of an address."""
    record, made = call.subject, call.made
    always = call.operation.plan.action != "list"
    made["meta"] = {
        name: record[name]
        for name in ("metaData", "internalData")
        if name in record and (always or call.given.get(name))
    }
    if record.get("name"):
        made["meta"]["name"] = record["name"]
    if record["forwarded"]:
        allowed = {"allowed": record["forwards"] or _FORWARDS, "used": 0, "ttl": False}
        made["forwarding"] = {
            "targets": record["targets"],
            "limits": {"forwards": allowed},
            "autoreply": record["autoreply"] or {"status": False},
            **made["meta"],
        }
        made["listed"] = {"targets": record["targets"], **made["meta"]}
        if record["forwardedDisabled"]:
            made["stopped"] = True
    else:
        user = call.state.get("users", record["user"])
        made["main"] = user is not None and user["address"] == record["address"]
        made["user"] = record["user"]
        made["listed"] = made["meta"]


def resolve_address(call: Call) -> None:
    """Finds an address by itself, without its label, behind an alias of its domain, or by its id."""
    text = str(call.path["address"])
    call.record = call.state.get("addresses", text) if "@" not in text else find_address(call, text)
    if call.record is None and "@" in text and call.given.get("allowWildcard"):
        # Where a wildcard would be looked for, the server stumbles (1.51-rest n=1054).
        text = "MongoDB Error: Cannot create property 'addrview' on boolean 'false'"
        raise Refused({"error": text, "code": "InternalDatabaseError"}, status=500)
    if call.record is None:
        raise Refused({"error": "Invalid or unknown address", "code": "AddressNotFound"}, status=404)
    show_address(call)
    resolved = {**call.made["meta"], **call.made.get("forwarding", {})}
    # Of the names that addresses have it tells those of forwarded ones alone (1.51-rest n=1052, n=1053).
    resolved.pop("name", None)
    if call.record["forwarded"]:
        resolved["name"] = call.record["name"]
    call.made["resolved"] = resolved


def rename_domain(call: Call) -> None:
    """Moves all addresses of a domain to another one."""
    old, new = str(call.given["oldDomain"]).lower(), str(call.given["newDomain"]).lower()
    counts = {"modifiedAddresses": 0, "modifiedUsers": 0, "modifiedDkim": 0, "modifiedAliases": 0}
    if old != new:
        for record in call.state.all("addresses"):
            local, _, domain = record["address"].rpartition("@")
            if domain == old:
                user = call.state.get("users", record.get("user", ""))
                if user is not None and user["address"] == record["address"]:
                    user["address"] = f"{local}@{new}"
                    counts["modifiedUsers"] += 1
                record["address"] = f"{local}@{new}"
                record["addrview"] = address_view(record["address"])
                counts["modifiedAddresses"] += 1
        for name, collection in (("modifiedDkim", "dkim"), ("modifiedAliases", "domainAliases")):
            for record in call.state.all(collection, domain=old):
                record["domain"] = new
                counts[name] += 1
    call.made.update(counts)


def search_register(call: Call) -> None:
    """Finds addresses that a user has written to."""
    if call.state.get("users", call.path["user"]) is None:
        raise user_missing()
    query = str(call.given["query"])
    found = [
        each
        for each in call.state.all("registered", user=call.path["user"], disabled=False)
        if query.lower() in each["address"] or each["name"].lower().startswith(query.lower())
    ]
    found.sort(key=lambda each: (each["updated"], each["id"]), reverse=True)
    call.made["results"] = [
        {"id": each["id"], **({"name": each["name"]} if each["name"] else {}), "address": each["address"]}
        for each in found[: call.given.get("limit", 20)]
    ]


def change_registered(call: Call) -> None:
    """Changes such an address; of one that is not there the answer is no success, and no failure."""
    record = call.state.first("registered", user=call.path["user"], id=call.path["id"])
    call.made["success"] = record is not None
    if record is not None:
        record["disabled"] = call.given["disabled"]
        record["name"] = call.given.get("name", record["name"])


def _check_letters(call: Call, address: str) -> None:
    if call.record is not None and "*" in (call.record["address"] + address):
        raise Refused({"error": "Can not change special address", "code": "ChangeNotAllowed"}, status=400)
    if "+" in address:
        raise invalid_value("Address can not contain +")
    if "*" in address and not call.given.get("allowWildcard"):
        raise invalid_value("Address can not contain *")


def _merged(call: Call, autoreply: JsonObject) -> JsonObject:
    for name in ("start", "end"):
        if autoreply.get(name) and parse_time(autoreply[name]) is None:
            raise invalid_value(f'"autoreply.{name}" must be a valid date', f"autoreply,{name}")
    merged: dict[str, Any] = dict((call.record or {}).get("autoreply") or {"status": True})
    for name, value in autoreply.items():
        merged[name] = tidy_time(value) if name in ("start", "end") else value
    for one, other in (_TEXTS, _TEXTS[::-1]):
        if autoreply.get(one) == "" and not autoreply.get(other):
            merged[other] = ""
    return merged


HOOKS: Mapping[str, Hook] = {
    "prepare_address": prepare_address,
    "match_letters": match_letters,
    "settle_main": settle_main,
    "remember_address": remember_address,
    "keep_main": keep_main,
    "prepare_forwarded": prepare_forwarded,
    "only_forwarded": only_forwarded,
    "show_address": show_address,
    "resolve_address": resolve_address,
    "rename_domain": rename_domain,
    "search_register": search_register,
    "change_registered": change_registered,
}
