"""Addresses: compared without dots, one of them the main one of its user."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.names import address_view, normal_address


def prepare_address(call: Call) -> None:
    """Brings an address into the forms it is kept and compared in; the first one of a user is its main one."""
    given = call.given
    if "*" in given.get("address", "") and not given.get("allowWildcard"):
        raise Refused({"error": "Address can not contain *"})
    if "address" in given:
        given["address"] = normal_address(given["address"])
        given["addrview"] = address_view(given["address"])
    if "tags" in given:
        given["tags"] = sorted({tag.strip() for tag in given["tags"] if tag.strip()})
        given["tagsview"] = [tag.lower() for tag in given["tags"]]
    if call.parent is not None and call.record is None and not call.parent["address"]:
        given["main"] = True


def refuse_taken(call: Call) -> None:
    """Refuses an address that another record has; an address may be changed to another spelling of itself."""
    other = call.state.first("addresses", addrview=call.given.get("addrview"))
    if other is not None and other is not call.record:
        raise Refused({"error": "This email address already exists", "code": "AddressExists"})


def settle_main(call: Call) -> None:
    """Sees to it that the main address is the user's, and the only one."""
    record, user = call.subject, call.parent
    if user is None:
        return
    if call.given.get("main"):
        for other in call.state.all("addresses", user=user["id"], main=True):
            other["main"] = False
        record["main"] = True
    if record["main"]:
        user["address"] = record["address"]


def resolve_address(call: Call) -> None:
    """Finds an address of a user by itself, or by its id."""
    text = str(call.path["address"])
    call.record = call.state.first("addresses", **({"addrview": address_view(text)} if "@" in text else {"id": text}))
    if call.record is None:
        raise Refused({"error": "Invalid or unknown address", "code": "AddressNotFound"}, status=404)


HOOKS: Mapping[str, Hook] = {
    "prepare_address": prepare_address,
    "refuse_taken": refuse_taken,
    "settle_main": settle_main,
    "resolve_address": resolve_address,
}
