"""Recipes for mailcow 2026.08: DKIM keys, generated passwords, catch-all aliases, tags, usage, copies of domains.

Each does in one call what takes several; `mailwright.recipes.async_mailcow` has the same for asyncio. What the server
says is raised as it is, an error of the client's tree.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from mailwright_mailcow.v2026_08 import Mailcow, models

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


def add_and_get_dkim(
    mail: Mailcow, domain: str, *, selector: str = steps.DKIM_SELECTOR, key_size: int = steps.DKIM_BITS
) -> models.DkimKey:
    """Gives the DKIM key of a domain, which it makes where there is none.

    A key that is there is given as it is, also where it has another selector or size.

    Args:
        mail: The client.
        domain: The domain.
        selector: Name of a new key in the DNS.
        key_size: Length of a new key in bits.
    """
    try:
        return mail.dkim.get(domain)
    except NotFound:
        mail.dkim.create(domains=domain, dkim_selector=selector, key_size=key_size)
        return mail.dkim.get(domain)


def create_domain(
    mail: Mailcow,
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
    """Creates a domain with limits that do not depend on the templates of the server, and gives it.

    Args:
        mail: The client.
        domain: The domain.
        description: Words for people; the domain itself where they are left out.
        aliases: How many aliases it may have.
        mailboxes: How many mailboxes it may have.
        defquota: Storage of a new mailbox, in MiB.
        maxquota: The most storage a mailbox may have, in MiB.
        quota: Storage of all mailboxes together, in MiB.
        active: Whether it is in use.

    Raises:
        Conflict: The domain is there already.
    """
    mail.domains.create(
        domain=domain,
        description=description or domain,
        aliases=aliases,
        mailboxes=mailboxes,
        defquota=defquota,
        maxquota=maxquota,
        quota=quota,
        active=active,
    )
    return mail.domains.get(domain)


def create_mailbox(
    mail: Mailcow,
    address: str,
    *,
    password: str | None = None,
    name: str | None = None,
    quota: int = steps.MAILBOX_QUOTA,
    active: bool = True,
    tags: list[str] | Unset = UNSET,
) -> NewMailbox:
    """Creates a mailbox, with a password that is made up where none is given, and handed back this once.

    Args:
        mail: The client.
        address: Its address.
        password: Its password.
        name: Name of the person; the part before the @ where it is left out.
        quota: Storage in MiB; 0 is without a limit.
        active: Whether it may be used.
        tags: Words to find it by.

    Raises:
        Conflict: The address is taken.
    """
    local, _, domain = address.rpartition("@")
    secret = password or steps.password()
    mail.mailboxes.create(
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


def create_domain_admin(
    mail: Mailcow, username: str | None, domains: Iterable[str], *, password: str | None = None, active: bool = True
) -> NewDomainAdmin:
    """Creates an administrator of domains, with a name and a password that are made up where they are None.

    Raises:
        Conflict: The name is taken.
        PartialFailure: One of the domains is not there; the administrator, made all the same, is deleted.
    """
    username, secret, names = username or steps.admin_name(), password or steps.password(), list(domains)
    try:
        mail.domain_admins.create(domains=names, username=username, password=secret, password2=secret, active=active)
    except PartialFailure:
        mail.domain_admins.delete(username)
        raise
    return NewDomainAdmin(username, tuple(names), secret)


def create_catch_all(mail: Mailcow, domain: str, goto: str) -> int:
    """Sends all mail to a domain that nobody else gets to an address; returns the id of the alias.

    Raises:
        Conflict: The domain has one already.
    """
    return int(mail.aliases.create(address=f"@{domain}", goto=goto, active=True).arguments[1])


def replace_domain_tags(mail: Mailcow, domain: str, tags: Iterable[str]) -> None:
    """Gives a domain these tags and no others; an update alone only adds some."""
    gone, come = steps.tag_changes(mail.domains.get(domain).tags, tags)
    if gone:
        mail.domains.delete_tags(domain, gone)
    if come:
        mail.domains.update(domain, tags=come)


def replace_mailbox_tags(mail: Mailcow, address: str, tags: Iterable[str]) -> None:
    """Gives a mailbox these tags and no others; an update alone only adds some."""
    gone, come = steps.tag_changes(mail.mailboxes.get(address).tags, tags)
    if gone:
        mail.mailboxes.delete_tags(address, gone)
    if come:
        mail.mailboxes.update(address, tags=come)


def wait_for_mailbox(mail: Mailcow, address: str, *, timeout: float = 60, every: float = 1) -> models.Mailbox:
    """Gives a mailbox as soon as it is there, such as one that another program makes.

    Args:
        mail: The client.
        address: Its address.
        timeout: How long to wait, in seconds; the last look may take a second more.
        every: How long to wait between two looks, in seconds.

    Raises:
        TimedOut: It has not come by then, or the server does not answer.
    """
    end = time.monotonic() + timeout
    while True:
        seconds = steps.seconds_of_look(end - time.monotonic())
        try:
            return mail.with_options(timeout=seconds).mailboxes.get(address)
        except NotFound:
            left = end - time.monotonic()
            if left <= 0:
                raise TimedOut(f"there is no mailbox {address} after {timeout} s") from None
        time.sleep(min(every, left))


def mailbox_usage(mail: Mailcow, domain: str | None = None) -> list[Usage]:
    """How full all mailboxes are, or those of a domain, the fullest first; `table` makes text of it."""
    boxes = mail.mailboxes.list() if domain is None else mail.mailboxes.list_of_domain(domain)
    # The server gives all mailboxes where it does not know the domain.
    return steps.usage(box for box in boxes if domain in (None, box.domain))


def export_domain(mail: Mailcow, domain: str) -> DomainCopy:
    """Gives a domain with its mailboxes, aliases and alias domains; `to_json` writes it.

    Mail, passwords and keys are not in it, nor what users set up for themselves: filters, sync jobs, passwords of apps.

    Raises:
        NotFound: There is no such domain.
    """
    found = mail.domains.get(domain)
    boxes, aliases = mail.mailboxes.list_of_domain(domain), mail.aliases.list_of_domain(domain)
    return steps.copy(found, boxes, aliases, mail.alias_domains.list())


def import_domain(mail: Mailcow, copy: DomainCopy) -> list[NewMailbox]:
    """Makes a domain from a copy, whole or not at all, and gives its mailboxes with their new passwords.

    Where one of the steps fails, what was made is deleted again and the error raised.

    Raises:
        Conflict: The domain is there already.
    """
    mail.domains.create(
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
            made.append(_import_mailbox(mail, copy.domain, box))
        for alias in copy.addresses:
            mail.aliases.create(
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
            mail.alias_domains.create(alias_domain=each.name, target_domain=copy.domain, active=each.active)
    except BaseException as error:
        _take_back(mail, copy.domain, error)
        raise
    return made


def _import_mailbox(mail: Mailcow, domain: str, box: steps.MailboxCopy) -> NewMailbox:
    new = NewMailbox(f"{box.local_part}@{domain}", steps.password())
    mail.mailboxes.create(
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
        mail.mailboxes.update(new.address, sender_acl=box.senders)
    return new


def _take_back(mail: Mailcow, domain: str, error: BaseException) -> None:
    try:
        # A call that failed may have made a mailbox all the same, so that the server is asked.
        boxes = mail.mailboxes.list_of_domain(domain)
        if addresses := [box.username for box in boxes if box.domain == domain]:
            mail.mailboxes.delete_many(addresses).raise_first()
        mail.domains.delete(domain)
    except MailwrightError as failure:
        error.add_note(f"the domain {domain} could not be deleted again: {failure}")
