"""Domains that stand for others, and domains that mail is taken from, or not."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook


def prepare_alias(call: Call) -> None:
    """Brings both domains into small letters, and refuses an alias that is there."""
    given = call.given
    given.update(alias=given["alias"].strip().lower(), domain=given["domain"].strip().lower())
    if call.state.first("domainAliases", alias=given["alias"]) is not None:
        raise Refused({"error": "This domain alias already exists", "code": "AliasExists"}, status=400)


def resolve_alias(call: Call) -> None:
    """Finds an alias by its domain."""
    call.record = call.state.first("domainAliases", alias=str(call.path["alias"]).lower())
    if call.record is None:
        raise Refused({"error": "This alias does not exist", "code": "AliasNotFound"}, status=404)


def resolve_dkim(call: Call) -> None:
    """Finds the key of a domain."""
    call.record = call.state.first("dkim", domain=str(call.path["domain"]).lower())
    if call.record is None:
        raise Refused({"error": "This domain does not exist", "code": "DkimNotFound"}, status=404)


def resolve_certificate(call: Call) -> None:
    """Finds the certificate of a server name."""
    call.record = call.state.first("certs", servername=str(call.path["servername"]).lower())
    if call.record is None:
        raise Refused({"error": "This servername does not exist", "code": "CertNotFound"}, status=404)


def list_domains(call: Call) -> None:
    """Lists the domains that a tag allows or blocks."""
    found = call.state.all("domainAccess", tag=_tag(call), action=_action(call))
    entries = [{"id": each["id"], "domain": each["domain"], "action": each["action"]} for each in found]
    call.made["results"] = sorted(entries, key=lambda each: str(each["domain"]))


def keep_domain(call: Call) -> None:
    """Allows or blocks a domain for a tag; it is one or the other."""
    domain = call.given["domain"].strip().lower()
    record = call.state.first("domainAccess", tag=_tag(call), domain=domain)
    call.record = record or call.state.add("domainAccess", {}, call.now, tag=_tag(call), domain=domain)
    call.record["action"] = _action(call)


def _tag(call: Call) -> str:
    return str(call.path["tag"]).lower()


def _action(call: Call) -> str:
    return "allow" if call.operation.path.endswith("/allow") else "block"


HOOKS: Mapping[str, Hook] = {
    "prepare_alias": prepare_alias,
    "resolve_alias": resolve_alias,
    "resolve_dkim": resolve_dkim,
    "resolve_certificate": resolve_certificate,
    "list_domains": list_domains,
    "keep_domain": keep_domain,
}
