"""The recipes of `mailwright.recipes.mailcow` for asyncio; their arguments and errors are told there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from mailwright_mailcow.v2026_08 import AsyncMailcow, models

from mailwright.recipes import mailcow_steps as steps
from mailwright.recipes.mailcow_steps import DomainCopy, NewDomainAdmin, NewMailbox, Usage, table
from mailwright.runtime import UNSET, MailwrightError, NotFound, PartialFailure, TimedOut, Unset

__all__ = [
    "DomainCopy",
    "NewDomainAdmin",
    "NewMailbox",
    "Usage",
    "add_and_get_dkim",
    "create_catch_all",
    "create_domain",
    "create_domain_admin",
    "create_mailbox",
    "export_domain",
    "import_domain",
    "mailbox_usage",
    "replace_domain_tags",
    "replace_mailbox_tags",
    "table",
    "wait_for_mailbox",
]


async def add_and_get_dkim(
    mail: AsyncMailcow, domain: str, *, selector: str = steps.DKIM_SELECTOR, key_size: int = steps.DKIM_BITS
) -> models.DkimKey:
    """Gives the DKIM key of a domain, which it makes where there is none."""
    try:
        return await mail.dkim.get(domain)
    except NotFound:
        await mail.dkim.create(domains=domain, dkim_selector=selector, key_size=key_size)
        return await mail.dkim.get(domain)


async def create_domain(
    mail: AsyncMailcow,
    domain: str,
    *,
    description: str | None = None,
    aliases: int = steps.DOMAIN_ALIASES,
    mailboxes: int = steps.DOMAIN_MAILBOXES,
    defquota: int = steps.MAILBOX_QUOTA,
    maxquota: int = steps.DOMAIN_QUOTA,
    quota: int = steps.DOMAIN_QUOTA,
    active: bool = True,
) -> models.Domain:
    """Creates a domain with limits that do not depend on the templates of the server, and gives it; sizes are MiB."""
    await mail.domains.create(
        domain=domain,
        description=description or domain,
        aliases=aliases,
        mailboxes=mailboxes,
        defquota=defquota,
        maxquota=maxquota,
        quota=quota,
        active=active,
    )
    return await mail.domains.get(domain)


async def create_mailbox(
    mail: AsyncMailcow,
    address: str,
    *,
    password: str | None = None,
    name: str | None = None,
    quota: int = steps.MAILBOX_QUOTA,
    active: bool = True,
    tags: list[str] | Unset = UNSET,
) -> NewMailbox:
    """Creates a mailbox, with a password that is made up where none is given, and handed back this once."""
    local, _, domain = address.rpartition("@")
    secret = password or steps.password()
    await mail.mailboxes.create(
        domain=domain,
        local_part=local,
        password=secret,
        password2=secret,
        name=name or local,
        quota=quota,
        active=active,
        tags=tags,
    )
    return NewMailbox(address, secret)


async def create_domain_admin(
    mail: AsyncMailcow,
    username: str | None,
    domains: Iterable[str],
    *,
    password: str | None = None,
    active: bool = True,
) -> NewDomainAdmin:
    """Creates an administrator of domains, with a name and a password that are made up where they are None."""
    username, secret, names = username or steps.admin_name(), password or steps.password(), list(domains)
    try:
        await mail.domain_admins.create(
            domains=names, username=username, password=secret, password2=secret, active=active
        )
    except PartialFailure:
        await mail.domain_admins.delete(username)
        raise
    return NewDomainAdmin(username, tuple(names), secret)


async def create_catch_all(mail: AsyncMailcow, domain: str, goto: str) -> int:
    """Sends all mail to a domain that nobody else gets to an address; returns the id of the alias."""
    return int((await mail.aliases.create(address=f"@{domain}", goto=goto, active=True)).arguments[1])


async def replace_domain_tags(mail: AsyncMailcow, domain: str, tags: Iterable[str]) -> None:
    """Gives a domain these tags and no others; an update alone only adds some."""
    gone, come = steps.tag_changes((await mail.domains.get(domain)).tags, tags)
    if gone:
        await mail.domains.delete_tags(domain, gone)
    if come:
        await mail.domains.update(domain, tags=come)


async def replace_mailbox_tags(mail: AsyncMailcow, address: str, tags: Iterable[str]) -> None:
    """Gives a mailbox these tags and no others; an update alone only adds some."""
    gone, come = steps.tag_changes((await mail.mailboxes.get(address)).tags, tags)
    if gone:
        await mail.mailboxes.delete_tags(address, gone)
    if come:
        await mail.mailboxes.update(address, tags=come)


async def wait_for_mailbox(
    mail: AsyncMailcow, address: str, *, timeout: float = 60, every: float = 1
) -> models.Mailbox:
    """Gives a mailbox as soon as it is there, such as one that another program makes."""
    end = time.monotonic() + timeout
    while True:
        seconds = steps.seconds_of_look(end - time.monotonic())
        try:
            return await mail.with_options(timeout=seconds).mailboxes.get(address)
        except NotFound:
            left = end - time.monotonic()
            if left <= 0:
                raise TimedOut(f"there is no mailbox {address} after {timeout} s") from None
        await asyncio.sleep(min(every, left))


async def mailbox_usage(mail: AsyncMailcow, domain: str | None = None) -> list[Usage]:
    """How full all mailboxes are, or those of a domain, the fullest first; `table` makes text of it."""
    boxes = await mail.mailboxes.list() if domain is None else await mail.mailboxes.list_of_domain(domain)
    # The server gives all mailboxes where it does not know the domain.
    return steps.usage(box for box in boxes if domain in (None, box.domain))


async def export_domain(mail: AsyncMailcow, domain: str) -> DomainCopy:
    """Gives a domain with its mailboxes, aliases and alias domains; `to_json` writes it."""
    found = await mail.domains.get(domain)
    boxes, aliases = await mail.mailboxes.list_of_domain(domain), await mail.aliases.list_of_domain(domain)
    return steps.copy(found, boxes, aliases, await mail.alias_domains.list())


async def import_domain(mail: AsyncMailcow, copy: DomainCopy) -> list[NewMailbox]:
    """Makes a domain from a copy, whole or not at all, and gives its mailboxes with their new passwords."""
    await mail.domains.create(
        domain=copy.domain,
        description=copy.description,
        active=copy.active,
        backupmx=copy.backupmx,
        gal=copy.gal,
        relay_all_recipients=copy.relay_all_recipients,
        relay_unknown_only=copy.relay_unknown_only,
        aliases=copy.aliases,
        mailboxes=copy.mailboxes,
        defquota=copy.defquota,
        maxquota=copy.maxquota,
        quota=copy.quota,
        # What is none is said as well, or a template might give something.
        tags=copy.tags,
        rl_value=copy.rate.value if copy.rate else 0,
        rl_frame=copy.rate.frame if copy.rate else "s",
    )
    made: list[NewMailbox] = []
    try:
        for box in copy.boxes:
            made.append(await _import_mailbox(mail, copy.domain, box))
        for alias in copy.addresses:
            await mail.aliases.create(
                address=alias.address,
                **steps.target(alias),
                active=alias.active,
                sogo_visible=alias.sogo_visible,
                internal=alias.internal,
                sender_allowed=alias.sender_allowed,
                public_comment=alias.public_comment or UNSET,
                private_comment=alias.private_comment or UNSET,
            )
        for each in copy.alias_domains:
            await mail.alias_domains.create(alias_domain=each.name, target_domain=copy.domain, active=each.active)
    except BaseException as error:
        await _take_back(mail, copy.domain, error)
        raise
    return made


async def _import_mailbox(mail: AsyncMailcow, domain: str, box: steps.MailboxCopy) -> NewMailbox:
    new = NewMailbox(f"{box.local_part}@{domain}", steps.password())
    await mail.mailboxes.create(
        domain=domain,
        local_part=box.local_part,
        password=new.password,
        password2=new.password,
        name=box.name,
        active=box.active,
        quota=box.quota,
        protocol_access=box.protocols,
        tags=box.tags,
        rl_value=box.rate.value if box.rate else 0,
        rl_frame=box.rate.frame if box.rate else "s",
        sogo_access=box.sogo_access,
        force_pw_update=box.force_pw_update,
        force_tfa=box.force_tfa,
        tls_enforce_in=box.tls_enforce_in,
        tls_enforce_out=box.tls_enforce_out,
        quarantine_notification=box.quarantine_notification,
        quarantine_category=box.quarantine_category,
    )
    if box.senders:
        await mail.mailboxes.update(new.address, sender_acl=box.senders)
    return new


async def _take_back(mail: AsyncMailcow, domain: str, error: BaseException) -> None:
    try:
        # A call that failed may have made a mailbox all the same, so that the server is asked.
        boxes = await mail.mailboxes.list_of_domain(domain)
        if addresses := [box.username for box in boxes if box.domain == domain]:
            (await mail.mailboxes.delete_many(addresses)).raise_first()
        await mail.domains.delete(domain)
    except MailwrightError as failure:
        error.add_note(f"the domain {domain} could not be deleted again: {failure}")
