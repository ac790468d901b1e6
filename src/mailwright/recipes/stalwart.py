"""Recipes for Stalwart 0.15: make a domain ready, create many users, rotate an API key, export for migration.

Each does in one call what takes several; `mailwright.recipes.async_stalwart` has the same for asyncio. What the server
says is raised as it is, an error of the client's tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from mailwright_stalwart.v0_15 import Stalwart, models

from mailwright.recipes import stalwart_export as exports
from mailwright.recipes import stalwart_steps as steps
from mailwright.recipes.stalwart_export import (
    Export,
    ExportInvalid,
    ExportProgress,
    ExportUnsteady,
    Part,
    Setting,
    read_export,
)
from mailwright.recipes.stalwart_steps import (
    CreatedUsers,
    ProvisionedDomain,
    RotatedKey,
    UserFailure,
    UsersProgress,
)
from mailwright.recipes.zone_file import as_zone_file
from mailwright.runtime import (
    UNSET,
    Conflict,
    InvalidRequest,
    MailwrightError,
    NotFound,
    Unset,
    bearer,
)

__all__ = [
    "CreatedUsers",
    "Export",
    "ExportInvalid",
    "ExportProgress",
    "ExportUnsteady",
    "ProvisionedDomain",
    "RotatedKey",
    "Setting",
    "UserFailure",
    "UsersProgress",
    "as_zone_file",
    "create_users",
    "export_server",
    "provision_domain",
    "read_export",
    "rotate_api_key",
]


def provision_domain(
    mail: Stalwart,
    domain: str,
    *,
    description: str | Unset = UNSET,
    tenant: str | Unset = UNSET,
    algorithms: Iterable[steps.Algorithm] = steps.ALGORITHMS,
    ttl: int | None = None,
    reload: bool = True,
) -> ProvisionedDomain:
    """Makes a domain ready for mail: the domain itself, keys that sign its mail, and the DNS records it needs.

    What is there already stays as it is, so that a run that was cut short is completed by another one.

    Args:
        mail: The client.
        domain: Name of the domain; what DNS has in another form is written so, with xn--.
        description: What the domain is, where it is a new one.
        tenant: Whom it belongs to, where it is a new one; Enterprise only.
        algorithms: What its mail is signed with.
        ttl: How long the records may be kept, in seconds, for the zone file.
        reload: Whether the server reads its configuration again; it signs with new keys only then.

    Raises:
        UsageError: It is not the name of a domain, or there is no such algorithm.
        Conflict: There is something else of this name, or a signature of the same id signs for another domain.
    """
    name = steps.domain_name(domain)
    wanted = steps.signatures(name, algorithms)
    created: list[str] = []
    try:
        mail.principals.create(models.NewDomain(name=name, description=description, tenant=tenant))
        created.append(name)
    except Conflict:
        steps.check_is_domain(mail.principals.get(name), name)
    keys: dict[str, str] = {}
    for algorithm, signature in wanted:
        # Asked first: to one that asks for a second signature of an id, the server shows the private key of the first.
        try:
            keys[signature] = mail.dkim.get(signature)
        except NotFound:
            with suppress(Conflict):
                mail.dkim.create(algorithm=algorithm, domain=name, id=signature)
                created.append(signature)
            keys[signature] = mail.dkim.get(signature)
    told = mail.reload.settings() if reload else None
    return steps.provisioned(name, created, keys, mail.dns.list_records(name), told, ttl)


def create_users(
    mail: Stalwart,
    users: Iterable[models.NewIndividual],
    *,
    progress: Callable[[UsersProgress], object] | None = None,
) -> CreatedUsers:
    """Creates many users, one after the other; one that fails is noted, and the next one has its turn.

    The users that failed can be given once more, when what was in the way is gone.

    Args:
        mail: The client.
        users: The users, which may come from an iterator.
        progress: Called after each user.
    """
    report, total = CreatedUsers(), steps.total_of(users)
    for done, user in enumerate(users, 1):
        failure: MailwrightError | None = None
        try:
            report.created[user.name] = mail.principals.create(user)
        except MailwrightError as error:
            failure = error
            report.failed.append(UserFailure(user, error))
        if progress is not None:
            progress(steps.progress_of(report, done, total, user, failure))
    return report


def rotate_api_key(
    mail: Stalwart,
    name: str,
    hand_over: Callable[[str], object],
    *,
    new_name: str | None = None,
    trial: Callable[[Stalwart], object] | None = None,
) -> RotatedKey:
    """Puts a new API key in the place of an old one, which works until the new one is in good hands.

    The new key has the same rights. It is tried, then handed over, and only then the old key is deleted. Where a step
    before that fails, the new key is deleted again, and the error raised; the old one is as it was.

    Args:
        mail: The client, which may be one that uses the old key; it is of no use afterwards then.
        name: Name of the old key.
        hand_over: Called once with the new token, to keep it where it is needed; nothing else ever has it.
        new_name: Name of the new key; that of the old one with another mark behind it where it is left out.
        trial: Called with a client that uses the new key, to do what the key is for, and to raise where that fails.
            Where it is left out, something is asked that any key may ask.

    Raises:
        UsageError: The principal is no API key.
        NotFound: There is no such key.
        Conflict: There is something of the new name.
    """
    plan = steps.key_plan(mail.principals.get(name), new_name)
    try:
        number = mail.principals.create(plan.principal)
        fresh = mail.with_credentials(*bearer(plan.token))
        if trial is None:
            fresh.store.get_used_quota(plan.name)
        else:
            trial(fresh)
        hand_over(plan.token)
    except BaseException as error:
        _take_back(mail, plan, error)
        raise
    try:
        # Who deleted it meanwhile wanted the same.
        with suppress(NotFound):
            mail.principals.delete(name)
    except BaseException as error:
        steps.tell_of_old_key(error, plan, name)
        raise
    return RotatedKey(plan.name, number, name.lower())


def export_server(
    mail: Stalwart,
    path: str | Path,
    *,
    parts: Iterable[Part] = exports.PARTS,
    password_hashes: bool = False,
    progress: Callable[[ExportProgress], object] | None = None,
) -> Export:
    """Writes settings, principals and the queue of a server to a file of JSON lines; `read_export` reads it.

    Only its owner may read the file: there are secrets among the settings in any case, such as private keys. It is
    there whole at the end, or not at all. Contents of messages are not in it.

    Args:
        mail: The client.
        path: The file; one that is there is replaced.
        parts: What to export: settings, principals, queue.
        password_hashes: Whether principals come with their password hashes, app passwords and seeds of codes.
        progress: Called after each page.

    Raises:
        UsageError: There is no such part, or the path is that of a folder.
        ExportUnsteady: Settings or principals came or went each time that they were read.
    """
    wanted = exports.checked_parts(parts)
    with exports.ExportFile(path, wanted, password_hashes=password_hashes) as file:
        tell: Callable[[ExportProgress], object] = progress or (lambda _: None)
        if "settings" in wanted:
            _export_settings(mail, file, tell)
        if "principals" in wanted:
            for kind in exports.TYPES:
                _export_principals(mail, file, kind, tell, password_hashes=password_hashes)
        if "queue" in wanted:
            _export_queue(mail, file, tell)
        return file.finish()


def _export_settings(mail: Stalwart, file: exports.ExportFile, tell: Callable[[ExportProgress], object]) -> None:
    sweep = exports.Sweep("settings")
    while sweep.page is not None:
        found = mail.settings.list(page=sweep.page, limit=exports.PAGE)
        tell(file.settings(sweep.take(found.items, found.total), found.total))


def _export_principals(
    mail: Stalwart,
    file: exports.ExportFile,
    kind: models.PrincipalTypeName,
    tell: Callable[[ExportProgress], object],
    *,
    password_hashes: bool,
) -> None:
    pages = (
        mail.principals.list(types=kind, limit=exports.PAGE, fields=UNSET)
        if password_hashes
        else mail.principals.list(types=kind, limit=exports.PAGE)
    )
    sweep = exports.Sweep(f"principals of type {kind}")
    while sweep.page is not None:
        try:
            page = pages.page(next=str(sweep.page))
        except InvalidRequest as error:
            if exports.has_no_tenants(error, kind):
                return
            raise
        found = exports.by_name(page.response.content)
        tell(file.principals(each for _, each in sweep.take(found, page.total or 0)))


def _export_queue(mail: Stalwart, file: exports.ExportFile, tell: Callable[[ExportProgress], object]) -> None:
    start: int | None = 0
    while start is not None:
        page = mail.queue.list_messages(values=True, limit=exports.PAGE, range_start=start).page()
        found = exports.items_of(page.response.content)
        tell(file.queue(found, page.total or 0))
        start = exports.next_start(found)


def _take_back(mail: Stalwart, plan: steps.KeyPlan, error: BaseException) -> None:
    try:
        # Where it was refused, or never came to be, the name may be somebody else's.
        with suppress(NotFound):
            if steps.is_ours(mail.principals.get(plan.name), plan):
                mail.principals.delete(plan.name)
    except MailwrightError as failure:
        steps.tell_of_leftover(error, plan.name, failure)
