"""Keys for DKIM; they are made up, look like keys and are none."""

from __future__ import annotations

import base64
import re

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import listed, number, words
from mailwright.mock.packs.mailcow_2026.entries import Crash, Write, add, delete, get
from mailwright.mock.packs.mailcow_2026.store import ascii_domain

_SELECTOR = re.compile("[A-Za-z0-9_-]+")
# The beginning of every public RSA key of this size, in DER.
_HEADS = {
    1024: "30819f300d06092a864886f70d010101050003818d0030818902818100",
    2048: "30820122300d06092a864886f70d01010105000382010f003082010a0282010100",
    4096: "30820222300d06092a864886f70d01010105000382020f003082020a0282020100",
}
_EXPONENT = bytes.fromhex("0203010001")


def make_key(write: Write, domain: str, selector: str, size: int, log: list[Json] | None = None) -> None:
    """Adds a key to a domain, and the entry that says so."""
    taken = write.state.get("dkim", domain) is not None
    if taken or size not in _HEADS or not _SELECTOR.fullmatch(selector):
        write.danger("dkim_domain_or_sel_invalid", domain, log=log)
        return
    content = bytes.fromhex(_HEADS[size]) + bytes([0xC1]) + write.state.chance.bytes(size // 8 - 1) + _EXPONENT
    public = base64.b64encode(content).decode()
    write.state.put("dkim", {"id": domain, "pubkey": public, "length": str(size), "dkim_selector": selector})
    write.success("dkim_added", domain, log=log)


@add("dkim", "add")
def create(write: Write) -> None:
    """Makes a key for each of several domains, in one text."""
    domains = write.attributes.get("domains")
    if isinstance(domains, (list, dict)):
        raise Crash
    selector = str(write.attributes.get("dkim_selector") or "dkim")
    for name in words(domains):
        domain = ascii_domain(name)
        if write.state.get("domains", domain) is None:
            write.danger("access_denied", name)
        else:
            make_key(write, domain, selector, number(write.attributes.get("key_size")))


@add("dkim", "duplicate")
def duplicate(write: Write) -> None:
    """Gives other domains the key of one."""
    source = write.attributes.get("from_domain")
    key = write.state.get("dkim", str(source))
    if key is None:
        write.danger("dkim_domain_or_sel_invalid", source)
        return
    for target in listed(write.attributes.get("to_domain")):
        if write.state.get("domains", ascii_domain(target)) is None:
            write.danger("access_denied", target)
        else:
            write.state.put("dkim", {**key, "id": ascii_domain(target)})
            write.success("dkim_duplicated", source, target)


@delete("dkim", "delete", items="domains")
def remove(write: Write, item: Json) -> None:
    """Removes a key; that there was none is nothing to tell."""
    if isinstance(item, (list, dict)):
        raise Crash
    write.state.remove("dkim", ascii_domain(item))
    write.success("dkim_removed", item)


def _read(call: Call) -> Json:
    key = call.state.get("dkim", ascii_domain(call.path["domain"]))
    if key is None:
        return None
    return {
        "pubkey": key["pubkey"],
        "length": key["length"],
        "dkim_txt": f"v=DKIM1;k=rsa;t=s;s=email;p={key['pubkey']}",
        "dkim_selector": key["dkim_selector"],
        "privkey": "",
    }


HOOKS: dict[str, Hook] = {
    "create_dkim": create,
    "duplicate_dkim": duplicate,
    "delete_dkim": remove,
    "get_dkim": get(_read),
}
