"""Second factors of 1.51: one-time passwords, those that an application checks itself, and keys, which nobody has."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.totp import base32, code_picture, is_right
from mailwright.mock.packs.wildduck_1_51.authentication import take_nonce
from mailwright.mock.packs.wildduck_1_51.callers import new_token
from mailwright.mock.packs.wildduck_1_51.log import log
from mailwright.mock.packs.wildduck_1_51.refusals import user_missing
from mailwright.mock.state import Record


def setup_totp(call: Call) -> None:
    """Makes a seed, and the picture of it that an authenticator scans."""
    user = call.subject
    if "totp" in user["enabled2fa"]:
        raise _refused("TOTP 2FA is already enabled for this user", "TotpEnabled")
    user["totpSeed"] = call.state.chance.bytes(20).hex()
    label = call.given.get("label") or user["username"]
    call.made.update(
        seed=base32(user["totpSeed"]),
        qrcode=code_picture(call.given.get("issuer", "WildDuck"), label, user["totpSeed"]),
    )


def enable_totp(call: Call) -> None:
    """Switches one-time passwords on, given a right code for the seed that waits."""
    user = call.subject
    if "totp" in user["enabled2fa"]:
        raise _refused("TOTP 2FA is already enabled for this user", "TotpEnabled")
    if not user["totpSeed"]:
        raise _refused("TOTP 2FA is not initialized for this user", "TotpDisabled")
    right = is_right(call)
    log(call, user["id"], "enable 2fa totp", "success" if right else "fail")
    if not right:
        raise _refused("Invalid authentication token", "InvalidToken")
    user["enabled2fa"] = [*user["enabled2fa"], "totp"]


def check_totp(call: Call) -> None:
    """Checks the code that ends a login; a code is good once."""
    nonce = take_nonce(call, str(call.path["user"]), call.given["totpNonce"])
    if nonce is None:
        raise Refused({"error": "Invalid or expired 2FA nonce", "code": "InvalidTotpNonce"}, status=403)
    call.record = user = call.state.get("users", nonce["user"])
    if user is None:
        raise user_missing()
    if call.given["token"] in user["usedCodes"]:
        text = "This code has already been used, please try again with a new code"
        raise Refused({"error": text, "code": "RateLimitedError"}, status=403)
    if "totp" not in user["enabled2fa"]:
        raise _refused("2FA TOTP is not enabled for this user", "TotpDisabled")
    right = is_right(call)
    log(call, user["id"], "check 2fa totp", "success" if right else "fail")
    if not right:
        raise Refused({"error": "Failed to validate TOTP", "code": "InvalidToken"}, status=403)
    user["usedCodes"] = [*user["usedCodes"][-5:], call.given["token"]]
    call.state.remove("nonces", nonce["id"])
    call.made["token"] = new_token(call, user["id"])


def disable_totp(call: Call) -> None:
    """Switches one-time passwords off; where they are off that is refused."""
    user = call.subject
    if "totp" not in user["enabled2fa"]:
        raise _refused("Could not update user, check if 2FA TOTP is not already disabled", "TotpDisabled")
    _without(user, "totp")
    user["totpSeed"] = ""
    log(call, user["id"], "disable 2fa totp", "success")


def enable_custom(call: Call) -> None:
    """Marks that an application has a second factor of its own."""
    user = call.subject
    if "custom" in user["enabled2fa"]:
        raise _refused("Custom 2FA is already enabled for this user", "CustomEnabled")
    user["enabled2fa"] = [*user["enabled2fa"], "custom"]
    log(call, user["id"], "enable 2fa custom", "success")


def disable_custom(call: Call) -> None:
    """Takes that mark away; where there is none that is refused."""
    user = call.subject
    if "custom" not in user["enabled2fa"]:
        raise _refused("Could not update user, check if custom 2FA is not already disabled", "CustomDisabled")
    _without(user, "custom")
    log(call, user["id"], "disable 2fa custom", "success")


def disable_all(call: Call) -> None:
    """Switches every second factor off, whether or not there is one, or a user."""
    user = call.state.get("users", str(call.path["user"]))
    if user is not None:
        user.update(enabled2fa=[], totpSeed="")
        log(call, user["id"], "disable 2fa", None)


def start_registration(call: Call) -> None:
    """Makes a challenge for a new key."""
    user, given = call.subject, call.given
    call.made["options"] = {
        "rp": {"name": "WildDuck Email Server", "id": given.get("rpId", "example.com")},
        "user": {"id": user["id"], "name": user["address"], "displayName": user["name"] or user["username"]},
        "challenge": call.state.chance.text(128, "0123456789abcdef"),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 60000,
        "attestation": "none",
        "authenticatorSelection": {
            "authenticatorAttachment": given.get("authenticatorAttachment", "cross-platform"),
            "userVerification": "discouraged",
        },
    }


def refuse_attestation(_call: Call) -> None:
    """Stumbles over a key, as the server does over one that was not made for its challenge (1.51-rest n=1195)."""
    text = (
        "The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like "
        "Object. Received undefined"
    )
    raise Refused({"error": text, "code": "ERR_INVALID_ARG_TYPE"})


def refuse_keys(_call: Call) -> None:
    """Nobody has a key here."""
    raise _refused("WebAuthn is not enabled for this user", "WebAuthnDisabled")


def _without(user: Record, factor: str) -> None:
    user["enabled2fa"] = [each for each in user["enabled2fa"] if each != factor]


def _refused(error: str, code: str) -> Refused:
    return Refused({"error": error, "code": code}, status=400)


HOOKS: Mapping[str, Hook] = {
    "setup_totp": setup_totp,
    "enable_totp": enable_totp,
    "check_totp": check_totp,
    "disable_totp": disable_totp,
    "enable_custom": enable_custom,
    "disable_custom": disable_custom,
    "disable_all": disable_all,
    "start_registration": start_registration,
    "refuse_attestation": refuse_attestation,
    "refuse_keys": refuse_keys,
}
