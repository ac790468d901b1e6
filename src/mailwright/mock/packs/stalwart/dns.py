"""What a domain has to publish, told from its DKIM signatures and the listeners of the server."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart import settings
from mailwright.mock.packs.stalwart.dkim import public_key
from mailwright.mock.state import State

_SERVICES: tuple[str, ...] = ("jmap", "caldavs", "carddavs")
_SMTP = 25


def records(call: Call) -> None:
    """The records of a domain, whether or not there is such a principal."""
    domain = str(call.path["domain"])
    server = settings.get(call.state, "server.hostname") or "localhost"
    found = [("MX", domain, f"10 {server}.")]
    if server != f"mail.{domain}":
        found.append(("CNAME", f"mail.{domain}", f"{server}."))
    found += _signatures(call.state, domain)
    if server == domain or server.endswith(f".{domain}"):
        found.append(("TXT", server, "v=spf1 a ra=postmaster -all"))
    found.append(("TXT", domain, "v=spf1 mx ra=postmaster -all"))
    found += _services(call.state, domain, server)
    reports = f"mailto:postmaster@{domain}"
    found.append(("TXT", f"_dmarc.{domain}", f"v=DMARC1; p=reject; rua={reports}; ruf={reports}"))
    found.append(("TXT", f"_smtp._tls.{domain}", f"v=TLSRPTv1; rua={reports}"))
    call.made["data"] = [{"type": kind, "name": f"{name}.", "content": content} for kind, name, content in found]


def _signatures(state: State, domain: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for key, value in settings.under(state, "signature.").items():
        name = key.removeprefix("signature.").removesuffix(".domain")
        if key != f"signature.{name}.domain" or value != domain:
            continue
        word = (settings.get(state, f"signature.{name}.algorithm") or "").partition("-")[0]
        selector = settings.get(state, f"signature.{name}.selector")
        content = f"v=DKIM1; k={word}; h=sha256; p={public_key(state, name)}"
        found.append(("TXT", f"{selector}._domainkey.{domain}", content))
    return found


def _services(state: State, domain: str, server: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    listeners = settings.under(state, "server.listener.")
    web = False
    for key, protocol in listeners.items():
        if not key.endswith(".protocol"):
            continue
        stem = key.removesuffix(".protocol")
        port = int(listeners.get(f"{stem}.bind", "0").rpartition(":")[2])
        tls = listeners.get(f"{stem}.tls.implicit") == "true"
        names: list[str] = []
        if protocol == "smtp" and port > _SMTP:
            names = [f"submission{'s' if tls else ''}"]
        elif protocol in ("imap", "pop3"):
            names = [f"{protocol}{'s' if tls else ''}"]
        elif protocol == "http" and tls:
            web, names = True, list(_SERVICES)
        found += [("SRV", f"_{name}._tcp.{domain}", f"0 1 {port} {server}.") for name in names]
    if web:
        found += [("CNAME", f"{name}.{domain}", f"{server}.") for name in ("autoconfig", "autodiscover")]
    return found


HOOKS = {"list_dns_records": records}
