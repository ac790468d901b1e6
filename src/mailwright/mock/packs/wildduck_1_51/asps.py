"""Application passwords of 1.51: for some scopes, and some of them for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mailwright.mock.call import Call, Refused
from mailwright.mock.chance import LETTERS
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.asps import add_profile as early_profile
from mailwright.mock.packs.wildduck.names import address_view
from mailwright.mock.packs.wildduck_1_51.formats import as_text
from mailwright.mock.packs.wildduck_1_51.log import log
from mailwright.mock.values import timestamp

_ALL = ("imap", "pop3", "smtp")


def prepare_asp(call: Call) -> None:
    """Makes the password and brings the scopes into a list; without scopes it opens everything."""
    given = call.given
    scopes = as_text(given.get("scopes", "*"))
    given["scopes"] = [scope for scope in _ALL if "*" in scopes or scope in scopes]
    address = given.get("address")
    known = {each["addrview"] for each in call.state.all("addresses", user=call.path["user"])}
    if address is not None and address_view(address) not in known:
        raise Refused({"error": "Invalid or unknown address", "code": "AddressNotFound"}, status=404)
    given.setdefault("password", call.state.chance.text(16, LETTERS))
    if given.get("ttl"):
        given["expires"] = timestamp(call.now + timedelta(seconds=given["ttl"]))
    given["lasting"] = not given.get("ttl")
    call.made["password"] = given["password"]


def finish_asp(call: Call) -> None:
    """Makes the profile, if it is asked for, and notes the new password."""
    early_profile(call)
    user, record = call.parent, call.subject
    if user is None:
        return
    if "mobileconfig" in call.made:
        call.made["profile"] = {
            "name": user["name"] or user["username"],
            "address": call.given.get("address", user["address"]),
            "mobileconfig": call.made["mobileconfig"],
        }
    more = {"asp": record["id"], "aname": record["description"], "temporary": bool(call.given.get("ttl"))}
    log(call, user["id"], "create asp", "success", protocol=call.given.get("protocol", "API"), **more)


def note_deleted_asp(call: Call) -> None:
    """Notes that a password is gone; which one is not told."""
    if call.parent is not None:
        protocol = call.given.get("protocol", "API")
        log(call, call.parent["id"], "delete asp", "success", protocol=protocol, asp=None, aname=None)


def choose_asps(call: Call) -> None:
    """Leaves temporary passwords out where they are not asked for."""
    if not call.given.get("showAll"):
        call.given["lasting"] = True


HOOKS: Mapping[str, Hook] = {
    "prepare_asp": prepare_asp,
    "finish_asp": finish_asp,
    "note_deleted_asp": note_deleted_asp,
    "choose_asps": choose_asps,
}
