"""DKIM signatures: kept among the settings, keys made up."""

from __future__ import annotations

import base64
import textwrap

from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart import settings
from mailwright.mock.packs.stalwart.envelope import Stopped, refused
from mailwright.mock.state import State

_KINDS = {
    "Rsa": ("rsa", "rsa-sha256", "RSA PRIVATE KEY", 1190),
    "Ed25519": ("ed25519", "ed25519-sha256", "PRIVATE KEY", 48),
}
_HEADERS = ("From", "To", "Date", "Subject", "Message-ID")


def create(call: Call) -> None:
    """Makes a signature; one that is there already is refused together with its private key."""
    given = call.given
    word, algorithm, label, size = _KINDS[given["algorithm"]]
    name = given.get("id") or f"{word}-{given['domain']}"
    selector = given.get("selector") or f"{call.now:%Y%m}{word[0]}"
    key = f"signature.{name}"
    if (taken := settings.get(call.state, f"{key}.private-key")) is not None:
        raise refused("fieldAlreadyExists", field=f"{key}.private-key", value=taken)
    # Bytes of the right size and no key: a mock signs nothing.
    lines = textwrap.wrap(base64.b64encode(call.state.chance.bytes(size)).decode(), 64)
    private = "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
    values = {
        "private-key": private,
        "domain": given["domain"],
        "selector": selector,
        "algorithm": algorithm,
        "canonicalization": "relaxed/relaxed",
        "report": "false",
        **{f"headers.{place}": header for place, header in enumerate(_HEADERS)},
    }
    for field, value in values.items():
        settings.put(call, f"{key}.{field}", value)


def read(call: Call) -> None:
    """The public key of a signature."""
    found = public_key(call.state, str(call.path["signature_id"]))
    if found is None:
        raise Stopped(404)
    call.made["data"] = found


def public_key(state: State, name: str) -> str | None:
    """The public key that goes with a private one, as made up as that; None where there is no such signature."""
    private = settings.get(state, f"signature.{name}.private-key")
    if private is None:
        return None
    packed = base64.b64decode("".join(private.split("\n")[1:-2]))
    return base64.b64encode(packed[-32:] if len(packed) < 100 else packed[:294]).decode()


HOOKS = {"create_dkim": create, "read_dkim": read}
