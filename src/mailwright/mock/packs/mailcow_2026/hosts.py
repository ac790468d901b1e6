"""What the server does in its own way with transports and clients of OAuth2."""

from __future__ import annotations

from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import checks
from mailwright.mock.packs.mailcow_2026.bodies import flag, words
from mailwright.mock.packs.mailcow_2026.entries import Refusal, Write, add, delete_all
from mailwright.mock.packs.mailcow_2026.records import Draft, put_new, text


@add("transport", "add")
def create_transport(write: Write) -> None:
    """Adds a transport for each of several destinations; those that are none are told and left out."""
    given = write.attributes
    common: JsonObject = {name: text(given.get(name)) for name in ("nexthop", "username", "password")}
    common |= {name: flag(given.get(name)) for name in ("is_mx_based", "active")}
    good: list[Draft] = []
    for place in words(given.get("destination")) or [""]:
        draft = Draft(write, {**common, "destination": place}, is_new=True)
        if (message := checks.next_hop(draft)) is not None:
            write.danger(*message)
            return
        if not place:
            continue
        if (checks.destination(draft) or checks.no_other_way(draft)) is not None:
            same = checks.destination(draft) is None
            write.danger("transport_dest_exists" if same else "invalid_destination", place)
            continue
        good.append(draft)
    if not good:
        raise Refusal("Cannot add item")
    for draft in good:
        put_new("transports", draft)
    write.success("relayhost_added", "")


@delete_all("oauth2", "delete", "client", items="id")
def delete_clients(write: Write) -> None:
    """Removes clients; one entry tells of the last of them."""
    last: Json = None
    for last in write.items:
        write.state.remove("oauth2_clients", str(last))
    if write.items:
        write.success("items_deleted", str(last))


HOOKS: dict[str, Hook] = {"create_transport": create_transport, "delete_oauth2_clients": delete_clients}
