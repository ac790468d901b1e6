"""Mailboxes under a new name, and what they are called where mail is to be copied."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import mailbox_view
from mailwright.mock.packs.mailcow_2026.aliases import add_alias
from mailwright.mock.packs.mailcow_2026.belongings import follow
from mailwright.mock.packs.mailcow_2026.bodies import flag
from mailwright.mock.packs.mailcow_2026.entries import Write, add, get
from mailwright.mock.packs.mailcow_2026.records import text
from mailwright.mock.packs.mailcow_2026.store import is_address


@add("mailbox", "edit", "mailbox_rename")
def rename(write: Write) -> None:
    """Gives a mailbox a new name in its domain, and where asked for makes the old one an alias."""
    given, state = write.attributes, write.state
    domain = text(given.get("domain"))
    old, new = (f"{text(given.get(f'{which}_local_part'))}@{domain}" for which in ("old", "new"))
    for each in (old, new):
        if not is_address(each):
            write.danger("username_invalid", each)
            return
    record = state.get("mailboxes", old)
    if record is None or not record["active"] or state.get("mailboxes", new) is not None:
        write.danger("access_denied")
        return
    state.remove("mailboxes", old)
    state.put("mailboxes", {**record, "id": new, "modified": write.time})
    follow(state, old, new)
    if flag(given.get("create_alias")):
        add_alias(write, old, new, {"active": 1, "sogo_visible": 1})
    write.success("mailbox_renamed", old, new)


def _reduced(call: Call) -> Json:
    found = sorted(call.state.all("mailboxes"), key=lambda each: (str(each["domain"]), str(each["id"])))
    return [mailbox_view.view(call.state, each) for each in found]


def _destinations(call: Call) -> Json:
    """What can be copied: domains, and mailboxes with the active aliases that lead to them."""
    domains = sorted(each["id"] for each in call.state.all("domains"))
    if not domains:
        return None
    boxes: dict[str, list[Json]] = {}
    for domain in domains:
        for name in sorted(each["id"] for each in call.state.all("mailboxes", domain=domain)):
            aliases = [
                each["address"] for each in call.state.all("aliases", active=1) if name in each["goto"].split(",")
            ]
            boxes[name] = [name, *sorted(each for each in aliases if not each.startswith("@"))]
    targets = sorted(each["id"] for each in call.state.all("alias_domains"))
    return {"domains": domains, "mailboxes": boxes, **({"alias_domains": targets} if targets else {})}


HOOKS: dict[str, Hook] = {
    "rename_mailbox": rename,
    "list_reduced_mailboxes": get(_reduced),
    "list_bcc_destinations": get(_destinations),
}
