"""Application passwords: sixteen letters, and a profile for Apple's mail programs on request."""

from __future__ import annotations

import base64
import plistlib
from collections.abc import Mapping

from mailwright.mock.call import Call
from mailwright.mock.chance import LETTERS
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.formats import ASP_SCOPES, split_scopes


def prepare_asp(call: Call) -> None:
    """Makes the password and brings the scopes into a list; without scopes it opens everything."""
    given = call.given
    scopes = split_scopes(given.get("scopes", ["*"])) or ["*"]
    given["scopes"] = ["*"] if "*" in scopes else [scope for scope in sorted(ASP_SCOPES) if scope in scopes]
    given["password"] = call.state.chance.text(16, LETTERS)
    call.made["password"] = given["password"]


def add_profile(call: Call) -> None:
    """Makes the profile, if it is asked for. The real one is signed; this one is the bare property list."""
    if not call.given.get("generateMobileconfig") or call.parent is None:
        return
    user, password = call.parent, call.given["password"]
    account = {
        "EmailAccountDescription": f"WildDuck ({user['address']})",
        "EmailAccountType": "EmailTypeIMAP",
        "EmailAddress": user["address"],
        "IncomingMailServerUsername": user["username"],
        "IncomingPassword": password,
        "OutgoingPasswordSameAsIncomingPassword": True,
        "PayloadType": "com.apple.mail.managed",
        "PayloadVersion": 1,
    }
    profile = {"PayloadContent": [account], "PayloadType": "Configuration", "PayloadVersion": 1}
    call.made["mobileconfig"] = base64.b64encode(plistlib.dumps(profile)).decode()


HOOKS: Mapping[str, Hook] = {"prepare_asp": prepare_asp, "add_profile": add_profile}
