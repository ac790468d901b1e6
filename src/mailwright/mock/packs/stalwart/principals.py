"""Principals: created, listed, shown, changed and deleted, with members on one side and memberships on the other."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject, as_list
from mailwright.mock.packs.stalwart import logs
from mailwright.mock.packs.stalwart.arguments import flag, page, text, words
from mailwright.mock.packs.stalwart.changes import change
from mailwright.mock.packs.stalwart.envelope import Stopped, need_enterprise, not_found, other, refused
from mailwright.mock.packs.stalwart.membership import (
    MEMBERSHIP,
    find,
    forget,
    join,
    known_principal,
    shown_members,
)
from mailwright.mock.state import Record, State

TYPES = (
    "individual",
    "group",
    "resource",
    "location",
    "list",
    "domain",
    "tenant",
    "role",
    "apiKey",
    "oauthClient",
)
LISTS = (
    "secrets",
    "emails",
    "memberOf",
    "members",
    "roles",
    "lists",
    "enabledPermissions",
    "disabledPermissions",
    "urls",
    "externalMembers",
)
TEXTS = ("name", "description", "picture", "tenant", "locale")
_FIELDS = ("name", *TEXTS[1:], "quota", "usedQuota", *LISTS)


def create(call: Call) -> None:
    """Creates a principal and gives its number."""
    given = call.given["body"]
    kind = given.get("type", "individual")
    if kind == "tenant" or given.get("tenant"):
        need_enterprise(call)
    name = given["name"].lower()
    if not name:
        raise refused("fieldMissing", field="name")
    if find(call.state, name) is not None:
        raise refused("fieldAlreadyExists", field="name", value=name)
    fields: JsonObject = {each: given[each] for each in TEXTS if given.get(each) is not None}
    fields.update({each: _listed(given[each]) for each in LISTS if given.get(each)})
    fields["name"] = name
    if given.get("quota") is not None:
        fields["quota"] = given["quota"]
    if "tenant" in fields and find(call.state, fields["tenant"], "tenant") is None:
        raise not_found(fields["tenant"])
    fields["emails"] = check_emails(call.state, fields.get("emails", []))
    members = fields.pop("members", [])
    for field, its_kind in MEMBERSHIP.items():
        for each in fields.get(field, ()):
            known_principal(call.state, each, its_kind)
    for each in members:
        known_principal(call.state, each)
    record = call.state.add("principals", {}, call.now, type=kind, usedQuota=0, **fields)
    join(call.state, record, members)
    if kind == "domain" and call.state.first("settings", key="report.domain") is None:
        call.state.add("settings", {}, call.now, key="report.domain", value=name)
    if kind == "individual":
        call.state.add("deleted", {}, call.now, account=record["id"])
    logs.write(call, "manage.principal-created", f"type = {kind}, name = {name}")
    call.made["data"] = int(record["id"])


def check_emails(state: State, emails: list[str], own: Record | None = None) -> list[str]:
    """The addresses in lower case.

    Raises:
        Refused: somebody else has one, or its domain is not there.
    """
    for email in (found := [each.lower() for each in emails]):
        if any(email in each.get("emails", ()) for each in state.all("principals") if each is not own):
            raise refused("fieldAlreadyExists", field="emails", value=email)
        _, at, domain = email.rpartition("@")
        if at and find(state, domain, "domain") is None:
            raise not_found(domain)
    return found


def show(call: Call, record: Record, fields: list[str]) -> JsonObject:
    """A principal as answers show it: what it has, or of that what is asked for."""
    whole = {each: record[each] for each in _FIELDS if record.get(each) not in (None, [])}
    whole.update(shown_members(call.state, record))
    kept = {each: value for each, value in whole.items() if not fields or each in fields}
    return {"id": int(record["id"]), "type": record["type"], **kept}


def list_all(call: Call) -> None:
    """One page of principals, of all types or of some."""
    types = [each for each in words(call, "types") or words(call, "type") if each in TYPES]
    if "tenant" in types:
        need_enterprise(call)
    found = _matching(call, types)
    fields = [each for each in words(call, "fields") if each in _FIELDS]
    chosen = [] if flag(call, "count") else page(call, found)
    call.made["data"] = {"items": [show(call, each, fields) for each in chosen], "total": len(found)}


def read(call: Call) -> None:
    """All of one principal."""
    call.made["data"] = show(call, _named(call), [])


def update(call: Call) -> None:
    """Changes one principal; what is refused leaves it as it was."""
    record = _named(call)
    change(call, record, call.given["body"], check_emails)
    logs.write(call, "manage.principal-updated", f"name = {record['name']}")


def delete(call: Call) -> None:
    """Deletes one principal, and its place among members; a domain or a tenant that has members stays."""
    record = _named(call)
    if _is_used(call.state, record):
        raise other(f"{record['type'].capitalize()} has members", f"there are principals of {record['name']}")
    _remove(call, record)


def delete_all(call: Call) -> None:
    """Deletes all principals of one type that a filter finds, but for domains and tenants that have members."""
    kind = text(call, "type")
    if kind not in TYPES:
        raise Stopped(400, "The type is none that there is.")
    if text(call, "confirm") != "true":
        raise Stopped(400, "It has to be confirmed.")
    if kind == "tenant":
        need_enterprise(call)
    found = _matching(call, [kind])
    for each in found:
        if not _is_used(call.state, each):
            _remove(call, each)
    call.made["data"] = bool(found)


def _matching(call: Call, types: list[str]) -> list[Record]:
    """The principals that are asked for, by name as the server keeps them."""
    wanted = text(call, "filter").lower()
    tenant = text(call, "tenant") if call.edition == "enterprise" else ""
    found = [
        each
        for each in call.state.all("principals")
        if (not types or each["type"] in types)
        and (not tenant or each.get("tenant") == tenant)
        and wanted in " ".join([each["name"], each.get("description", ""), *each.get("emails", ())]).lower()
    ]
    return sorted(found, key=lambda each: each["name"])


def _named(call: Call) -> Record:
    name = str(call.path["principal_id"])
    record = find(call.state, name)
    if record is None:
        raise not_found(name)
    if record["type"] == "tenant":
        need_enterprise(call)
    return record


def _is_used(state: State, record: Record) -> bool:
    return record["type"] in ("domain", "tenant") and bool(shown_members(state, record)["members"])


def _remove(call: Call, record: Record) -> None:
    forget(call.state, record)
    call.state.remove("principals", record["id"])
    logs.write(call, "manage.principal-deleted", f"name = {record['name']}")


def _listed(value: Json) -> list[str]:
    return [each for each in as_list(value) or [value] if isinstance(each, str)]


HOOKS = {
    "create_principal": create,
    "list_principals": list_all,
    "read_principal": read,
    "update_principal": update,
    "delete_principal": delete,
    "delete_principals": delete_all,
}
