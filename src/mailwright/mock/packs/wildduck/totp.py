"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, one step of tolerance either way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.log import log
from mailwright.mock.packs.wildduck.picture import picture
from mailwright.mock.state import State

STEP = 30


def code(seed: bytes, moment: datetime, *, steps: int = 0) -> str:
    """The code for a seed at a time, or so many steps from it."""
    counter = int(moment.timestamp()) // STEP + steps
    digest = hmac.new(seed, struct.pack(">Q", counter), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def secret(state: State, user: str) -> str | None:
    """The seed of a user in base32, without padding; None where nothing is set up."""
    record = state.get("users", user)
    return base32(record["totpSeed"]) if record and record["totpSeed"] else None


def setup_totp(call: Call) -> None:
    """Makes a seed, or shows the one that waits to be enabled, as a picture that carries it as text."""
    user = call.subject
    if "totp" in user["enabled2fa"]:
        raise Refused({"error": "TOTP 2FA is already enabled for this user"})
    if not user["totpSeed"] or call.given.get("fresh"):
        user["totpSeed"] = call.state.chance.bytes(20).hex()
    call.made["qrcode"] = code_picture(call.given.get("issuer") or "WildDuck", user["username"], user["totpSeed"])


def enable_totp(call: Call) -> None:
    """Switches one-time passwords on, given a right code for the seed that waits."""
    user = call.subject
    if "totp" in user["enabled2fa"]:
        raise Refused({"error": "TOTP 2FA is already enabled for this user"})
    if not user["totpSeed"]:
        raise Refused({"error": "TOTP 2FA is not initialized for this user"})
    if not is_right(call):
        log(call, user["id"], "enable 2fa totp", "fail")
        raise Refused({"error": "Invalid authentication token"})
    user["enabled2fa"] = [*user["enabled2fa"], "totp"]
    log(call, user["id"], "enable 2fa totp", "success")


def check_totp(call: Call) -> None:
    """Checks a code of a user who has one-time passwords on."""
    user = call.subject
    _require_enabled(call)
    if not is_right(call):
        log(call, user["id"], "check 2fa totp", "fail")
        raise Refused({"error": "Failed to validate TOTP"})
    log(call, user["id"], "check 2fa totp", "success")


def disable_totp(call: Call) -> None:
    """Switches one-time passwords off; where they are off that is refused."""
    _require_enabled(call)
    user = call.subject
    user.update(enabled2fa=[each for each in user["enabled2fa"] if each != "totp"], totpSeed="")
    log(call, user["id"], "disable 2fa totp", "success")


def disable_2fa(call: Call) -> None:
    """Switches every second factor off, whether or not there is one."""
    call.subject.update(enabled2fa=[], totpSeed="")
    log(call, call.subject["id"], "disable 2fa", "success")


def _require_enabled(call: Call) -> None:
    if "totp" not in call.subject["enabled2fa"]:
        raise Refused({"error": "2FA TOTP is not enabled for this user"})


def code_picture(issuer: str, label: str, seed: str) -> str:
    """The picture of a seed that an authenticator scans, as a data URL."""
    url = f"otpauth://totp/{quote(issuer)}:{quote(label)}?secret={base32(seed)}&issuer={quote(issuer)}"
    return "data:image/png;base64," + base64.b64encode(picture(url)).decode()


def is_right(call: Call) -> bool:
    """Whether the code that is given fits the seed of the user, now or one step from it."""
    seed = bytes.fromhex(call.subject["totpSeed"])
    return any(code(seed, call.now, steps=steps) == call.given["token"] for steps in (-1, 0, 1))


def base32(seed: str) -> str:
    """A seed as people type it, without padding."""
    return base64.b32encode(bytes.fromhex(seed)).decode().rstrip("=")


HOOKS: Mapping[str, Hook] = {
    "setup_totp": setup_totp,
    "enable_totp": enable_totp,
    "check_totp": check_totp,
    "disable_totp": disable_totp,
    "disable_2fa": disable_2fa,
}
