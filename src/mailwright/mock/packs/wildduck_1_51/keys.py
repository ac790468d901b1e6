"""DKIM keys and TLS certificates: one of each domain, and of each server name."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.der import (
    BadKey,
    fingerprint,
    from_pem,
    public_key,
    read_certificate,
    rsa_key,
    to_pem,
)
from mailwright.mock.packs.wildduck_1_51.refusals import invalid_value
from mailwright.mock.values import timestamp

_BITS = 2048


def save_dkim(call: Call) -> None:
    """Keeps a key for a domain, in place of the one it had; a key that is not given is made up."""
    given = call.given
    domain = given["domain"].strip().lower()
    try:
        private = given.get("privateKey")
        public = public_key(from_pem(private)) if private else rsa_key(_modulus(call))
    except BadKey as error:
        raise invalid_value("Failed to validate DKIM key", "privateKey") from error
    fields: JsonObject = {
        "domain": domain,
        "selector": given["selector"],
        "description": given.get("description"),
        "fingerprint": fingerprint(public),
        "publicKey": to_pem(public),
        "dnsTxt": {
            "name": f"{given['selector']}._domainkey.{domain}",
            "value": f"v=DKIM1;t=s;p={base64.b64encode(public).decode()}",
        },
    }
    call.record = call.state.first("dkim", domain=domain) or call.state.add("dkim", {}, call.now, domain=domain)
    call.record.update(fields)
    show_dkim(call)


def show_dkim(call: Call) -> None:
    """Leaves out a description that is not there."""
    description = call.subject["description"]
    call.made["more"] = {"description": description} if description else {}


def save_certificate(call: Call) -> None:
    """Keeps a certificate for a server name, in place of the one it had; ACME has none yet."""
    given = call.given
    name = given["servername"].lower()
    acme = bool(given.get("acme"))
    fields: JsonObject = {"servername": name, "acme": acme, "altNames": [name], "description": given.get("description")}
    if not acme or "privateKey" in given:
        texts = [
            (key, f'"{label}" is required')
            for key, label in (("privateKey", "PrivateKey"), ("cert", "Certificate"))
            if key not in given
        ]
        if texts:
            details = dict(texts)
            error = ". ".join(details.values())
            raise Refused({"error": error, "code": "InputValidationError", "details": details}, status=400)
        try:
            certificate = from_pem(given["cert"])
            expires, names = read_certificate(certificate)
        except BadKey as error:
            text = "Failed to validate key and certificate files"
            raise Refused({"error": text, "code": "InputValidationError"}, status=400) from error
        fields |= {"fingerprint": fingerprint(certificate), "expires": timestamp(expires), "altNames": names or [name]}
    call.record = call.state.first("certs", servername=name) or call.state.add("certs", {}, call.now, servername=name)
    call.record.update(fields)
    show_certificate(call)


def show_certificate(call: Call) -> None:
    """Leaves out what is not there, above all of a certificate that is still to come."""
    record = call.subject
    names = ("description", "fingerprint", "expires")
    call.made["more"] = {name: record[name] for name in names if record.get(name)}


def _modulus(call: Call) -> int:
    return int.from_bytes(call.state.chance.bytes(_BITS // 8), "big") | 1 | 1 << (_BITS - 1)


HOOKS: Mapping[str, Hook] = {
    "save_dkim": save_dkim,
    "show_dkim": show_dkim,
    "save_certificate": save_certificate,
    "show_certificate": show_certificate,
}
