"""What the recipes for mailcow give and decide, the same for both kinds of client."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import msgspec
from mailwright_mailcow.v2026_08 import models

MIB = 1024 * 1024
DKIM_SELECTOR = "dkim"
DKIM_BITS = 2048
MAILBOX_QUOTA = 3072
"""Storage of a new mailbox, in MiB."""
DOMAIN_QUOTA = 10240
"""Storage of all mailboxes of a new domain, and the most that one of them may have, in MiB."""
DOMAIN_ALIASES = 400
DOMAIN_MAILBOXES = 10


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """A mailbox that was made, and its password, which the server does not give again."""

    address: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewDomainAdmin:
    """An administrator that was made, and the password, which the server does not give again."""

    username: str
    domains: tuple[str, ...]
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """How full a mailbox is. `quota` and `used` are in bytes, `quota` and `percent` None without a limit."""

    address: str
    messages: int
    used: int
    quota: int | None
    percent: float | None


class Target(TypedDict, total=False):
    """Arguments that say where an alias leads."""

    goto: str
    goto_null: bool
    goto_spam: bool
    goto_ham: bool


class LimitCopy(msgspec.Struct, kw_only=True):
    """How many messages may be sent in which time: `frame` is s, m, h or d."""

    value: int
    frame: models.RateFrame


class MailboxCopy(msgspec.Struct, kw_only=True):
    """A mailbox without its mail and its password; `quota` is in MiB."""

    local_part: str
    name: str
    active: bool
    quota: int
    protocols: list[models.Protocol]
    tags: list[str]
    rate: LimitCopy | None = None
    sogo_access: bool
    force_pw_update: bool
    force_tfa: bool
    tls_enforce_in: bool
    tls_enforce_out: bool
    quarantine_notification: models.QuarantineNotification
    quarantine_category: models.QuarantineCategory
    senders: list[str]


class AliasCopy(msgspec.Struct, kw_only=True):
    """An alias; `goto` are addresses with commas between them."""

    address: str
    goto: str
    active: bool
    sogo_visible: bool
    internal: bool
    sender_allowed: bool
    public_comment: str | None = None
    private_comment: str | None = None


class AliasDomainCopy(msgspec.Struct, kw_only=True):
    """A domain whose addresses are those of another."""

    name: str
    active: bool


class DomainCopy(msgspec.Struct, kw_only=True):
    """A domain with its mailboxes, aliases and alias domains, to be made again; quotas are in MiB."""

    domain: str
    description: str
    active: bool
    backupmx: bool
    gal: bool
    relay_all_recipients: bool
    relay_unknown_only: bool
    aliases: int
    mailboxes: int
    defquota: int
    maxquota: int
    quota: int
    tags: list[str]
    rate: LimitCopy | None
    boxes: list[MailboxCopy]
    addresses: list[AliasCopy]
    alias_domains: list[AliasDomainCopy]

    def to_json(self) -> bytes:
        """The copy as JSON, to be kept in a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2)

    @classmethod
    def from_json(cls, content: bytes | str) -> DomainCopy:
        """Reads what `to_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        return msgspec.json.decode(content, type=cls)


def password() -> str:
    """A password of 32 letters, digits and marks, with some of each, as any policy wants it."""
    while True:
        text = secrets.token_urlsafe(24)
        kinds = ("[a-z]", "[A-Z]", "[0-9]", "[-_]")
        if all(re.search(kind, text) for kind in kinds):
            return text


def admin_name() -> str:
    """A name for an administrator that nobody else has."""
    return f"domain_admin_{secrets.token_hex(10)}"


def seconds_of_look(left: float) -> float:
    """How long one look at a server may take, where so many seconds are left to wait for something."""
    return min(max(left, 1.0), 30.0)


def tag_changes(now: Iterable[str] | None, wanted: Iterable[str]) -> tuple[list[str], list[str]]:
    """Which tags have to go, and which have to come: one that is there must not be added again."""
    old, new = list(now or ()), list(dict.fromkeys(wanted))
    return [tag for tag in old if tag not in new], [tag for tag in new if tag not in old]


def usage(boxes: Iterable[models.Mailbox]) -> list[Usage]:
    """How full mailboxes are, the fullest first."""
    rows = [
        Usage(
            box.username,
            box.messages,
            box.quota_used,
            box.quota or None,
            100 * box.quota_used / box.quota if box.quota else None,
        )
        for box in boxes
    ]
    return sorted(rows, key=lambda row: (-row.used, row.address))


def table(rows: Iterable[Usage]) -> str:
    """How full mailboxes are as text, a line each below a heading; sizes are in MiB."""
    lines = [("mailbox", "messages", "used", "quota", "full")]
    for row in rows:
        quota = "-" if row.quota is None else f"{row.quota / MIB:.0f}"
        percent = "-" if row.percent is None else f"{row.percent:.0f} %"
        lines.append((row.address, str(row.messages), f"{row.used / MIB:.1f}", quota, percent))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(_row(line, widths) for line in lines)


def target(alias: AliasCopy) -> Target:
    """Where an alias leads, as a write says it: the places of the server have words of their own."""
    match alias.goto:
        case "null@localhost":
            return {"goto_null": True}
        case "spam@localhost":
            return {"goto_spam": True}
        case "ham@localhost":
            return {"goto_ham": True}
        case _:
            return {"goto": alias.goto}


def copy(
    domain: models.Domain,
    boxes: Iterable[models.Mailbox],
    aliases: Iterable[models.Alias],
    alias_domains: Iterable[models.AliasDomain],
) -> DomainCopy:
    """A domain and what belongs to it, without mail, passwords and keys."""
    return DomainCopy(
        domain=domain.domain_name,
        description=domain.description,
        active=domain.active,
        backupmx=domain.backupmx,
        gal=domain.gal,
        relay_all_recipients=domain.relay_all_recipients,
        relay_unknown_only=domain.relay_unknown_only,
        aliases=domain.max_num_aliases_for_domain,
        mailboxes=domain.max_num_mboxes_for_domain,
        defquota=domain.def_quota_for_mbox // MIB,
        maxquota=domain.max_quota_for_mbox // MIB,
        quota=domain.max_quota_for_domain // MIB,
        tags=list(domain.tags or ()),
        rate=_limit(domain.rl),
        boxes=[_box(box) for box in boxes if box.domain == domain.domain_name],
        addresses=[_alias(alias) for alias in aliases],
        alias_domains=[
            AliasDomainCopy(name=each.alias_domain, active=each.active)
            for each in alias_domains
            if each.target_domain == domain.domain_name
        ],
    )


def _row(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True)]
    return "  ".join([line[0].ljust(widths[0]), *cells])


def _limit(rate: models.RateLimit | None) -> LimitCopy | None:
    return None if rate is None else msgspec.convert({"value": int(rate.value), "frame": rate.frame}, LimitCopy)


def _box(box: models.Mailbox) -> MailboxCopy:
    may: dict[models.Protocol, bool] = {
        "imap": box.attributes.imap_access,
        "pop3": box.attributes.pop3_access,
        "smtp": box.attributes.smtp_access,
        "sieve": box.attributes.sieve_access,
        "eas": box.attributes.eas_access,
        "dav": box.attributes.dav_access,
    }
    return MailboxCopy(
        local_part=box.local_part,
        name=box.name,
        active=box.active,
        quota=box.quota // MIB,
        protocols=[name for name, allowed in may.items() if allowed],
        tags=list(box.tags or ()),
        # The limit of the domain is shown where a mailbox has none of its own.
        rate=_limit(box.rl) if box.rl_scope == "mailbox" else None,
        sogo_access=box.attributes.sogo_access,
        force_pw_update=box.attributes.force_pw_update,
        force_tfa=box.attributes.force_tfa,
        tls_enforce_in=box.attributes.tls_enforce_in,
        tls_enforce_out=box.attributes.tls_enforce_out,
        quarantine_notification=msgspec.convert(box.attributes.quarantine_notification, models.QuarantineNotification),
        quarantine_category=msgspec.convert(box.attributes.quarantine_category, models.QuarantineCategory),
        senders=[each for each in box.sender_acl if each not in ("", "default")],
    )


def _alias(alias: models.Alias) -> AliasCopy:
    return AliasCopy(
        address=alias.address,
        goto=alias.goto,
        active=alias.active,
        sogo_visible=alias.sogo_visible,
        internal=alias.internal,
        sender_allowed=alias.sender_allowed,
        public_comment=alias.public_comment,
        private_comment=alias.private_comment,
    )
