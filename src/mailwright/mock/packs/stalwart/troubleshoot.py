"""Delivery tried step by step, and the checks of a message: what both come to hangs on the domains that there are."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.stalwart import settings
from mailwright.mock.packs.stalwart.callers import token_for
from mailwright.mock.packs.stalwart.membership import find

_TOOK = 12
_IP = "192.0.2.25"


def token(call: Call) -> None:
    """A token for the stream of a delivery check."""
    call.made["data"] = token_for(call, "delivery")


def check_delivery(call: Call) -> None:
    """The steps of a delivery: all go well for a domain of this server, and there is no way to any other."""
    recipient = str(call.path["recipient"]).lower()
    domain = recipient.rpartition("@")[2]
    steps: list[JsonObject] = [{"type": "mxLookupStart", "domain": domain}]
    if find(call.state, domain, "domain") is None:
        steps.append({"type": "mxLookupError", "reason": "there is no such domain", "elapsed": _TOOK})
    else:
        steps += _delivered(call, recipient)
    call.events = [{"event": "event", "data": [each]} for each in (*steps, {"type": "completed"})]


def _delivered(call: Call, recipient: str) -> list[JsonObject]:
    host = settings.get(call.state, "server.hostname") or "localhost"
    steps: list[JsonObject] = [
        {"type": "mxLookupSuccess", "mxs": [{"exchanges": [host], "preference": 10}]},
        {"type": "mtaStsFetchStart"},
        {"type": "mtaStsNotFound"},
        {"type": "tlsRptLookupStart"},
        {"type": "tlsRptNotFound"},
        {"type": "deliveryAttemptStart", "hostname": host},
        {"type": "tlsaLookupStart"},
        {"type": "tlsaNotFound", "reason": "there are no such records"},
        {"type": "ipLookupStart"},
        {"type": "ipLookupSuccess", "remote_ips": [_IP]},
        {"type": "connectionStart", "remote_ip": _IP},
        {"type": "connectionSuccess"},
        {"type": "readGreetingStart"},
        {"type": "readGreetingSuccess"},
        {"type": "ehloStart"},
        {"type": "ehloSuccess"},
        {"type": "startTlsStart"},
        {"type": "startTlsSuccess"},
        {"type": "mailFromStart"},
        {"type": "mailFromSuccess"},
        {"type": "rcptToStart"},
    ]
    if "@" in recipient and not any(recipient in each.get("emails", ()) for each in call.state.all("principals")):
        steps.append({"type": "rcptToError", "reason": "550 5.1.2 there is no such mailbox"})
    else:
        steps.append({"type": "rcptToSuccess"})
    steps += [{"type": "quitStart"}, {"type": "quitCompleted"}]
    timed = ("Success", "Error", "NotFound", "Completed")
    return [{**each, "elapsed": _TOOK} if each["type"].endswith(timed) else each for each in steps]


def check_dmarc(call: Call) -> None:
    """What each check comes to: mail of a domain of this server passes, any other has nothing that could."""
    given = call.given
    domain = given["mailFrom"].rpartition("@")[2].lower()
    own = find(call.state, domain, "domain") is not None
    outcome: JsonObject = {"type": "pass"} if own else {"type": "none"}
    signature: JsonObject = {"type": "pass"} if own else {"type": "permError", "details": "there is no key"}
    signed = "dkim-signature:" in (given.get("body") or "").lower()
    call.made["data"] = {
        "spfEhloDomain": given["ehloDomain"],
        "spfEhloResult": {"type": "none"},
        "spfMailFromDomain": domain,
        "spfMailFromResult": outcome,
        "ipRevResult": {"type": "fail", "details": "there is no such name"},
        "ipRevPtr": [],
        "dkimResults": [signature] if signed else [],
        "dkimPass": own and signed,
        "arcResult": {"type": "none"},
        "dmarcResult": outcome,
        "dmarcPass": own,
        "dmarcPolicy": "reject" if own else "none",
        "elapsed": _TOOK,
    }


HOOKS = {"troubleshoot_token": token, "check_delivery": check_delivery, "check_dmarc": check_dmarc}
