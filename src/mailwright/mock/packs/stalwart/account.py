"""The own account: passwords, one-time passwords, app passwords, encryption, and codes of OAuth."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart.envelope import Stopped, other
from mailwright.mock.state import Record

_VERSION = "0.15.5"
_BEGIN = "-----BEGIN"
_OF_THE_PASSWORD = ("setPassword", "enableOtpAuth", "disableOtpAuth")


def read_credentials(call: Call) -> None:
    """Whether one-time passwords are on, and the names of app passwords."""
    own = _own(call)
    call.made["data"] = {"otpEnabled": bool(own.get("otp")), "appPasswords": sorted(own["apps"])}


def change_credentials(call: Call) -> None:
    """Makes changes one after the other; those of the password are for who has shown it, and not a token."""
    own = _own(call)
    if not call.given["body"]:
        raise Stopped(400, "There is nothing to change.")
    if call.scheme == "bearer" and any(each["type"] in _OF_THE_PASSWORD for each in call.given["body"]):
        raise other("A token changes no password", "sign in with the password")
    for each in call.given["body"]:
        match each["type"]:
            case "setPassword":
                own["password"] = each["password"]
            case "enableOtpAuth":
                own["otp"] = each["url"]
            case "disableOtpAuth":
                own["otp"] = ""
            case "addAppPassword":
                own["apps"][each["name"]] = each["password"]
            case _:
                own["apps"].pop(each.get("name"), None)


def read_encryption(call: Call) -> None:
    """How new mail is encrypted."""
    call.made["data"] = _own(call)["encryption"]


def change_encryption(call: Call) -> None:
    """Sets how new mail is encrypted, and counts the certificates; none were taken when it is turned off."""
    given = call.given["body"]
    _own(call)["encryption"] = given
    call.made["data"] = None if given["type"] == "disabled" else max(1, given["certs"].count(_BEGIN))


def authorize(call: Call) -> None:
    """Gives a code for an application, or approves a device, which is known by no code here."""
    if call.given["body"]["type"] == "device":
        call.made["data"] = False
        return
    call.made["data"] = {
        "code": call.state.chance.text(40),
        "permissions": ["authenticate", "individual-list", "message-queue-list"],
        "version": _VERSION,
        "isEnterprise": call.edition == "enterprise",
    }


def _own(call: Call) -> Record:
    found = call.state.first("accounts")
    fresh = {"apps": {}, "otp": "", "encryption": {"type": "disabled"}}
    return found or call.state.add("accounts", {}, call.now, **fresh)


HOOKS = {
    "read_credentials": read_credentials,
    "change_credentials": change_credentials,
    "read_encryption": read_encryption,
    "change_encryption": change_encryption,
    "authorize": authorize,
}
