"""The recipes of `mailwright.recipes.stalwart` for asyncio; their arguments and errors are told there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from inspect import isawaitable
from pathlib import Path

from mailwright_stalwart.v0_15 import AsyncStalwart, models

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


async def provision_domain(
    mail: AsyncStalwart,
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
    """
    name = steps.domain_name(domain)
    wanted = steps.signatures(name, algorithms)
    created: list[str] = []
    try:
        await mail.principals.create(models.NewDomain(name=name, description=description, tenant=tenant))
        created.append(name)
    except Conflict:
        steps.check_is_domain(await mail.principals.get(name), name)
    keys: dict[str, str] = {}
    for algorithm, signature in wanted:
        # Asked first: to one that asks for a second signature of an id, the server shows the private key of the first.
        try:
            keys[signature] = await mail.dkim.get(signature)
        except NotFound:
            with suppress(Conflict):
                await mail.dkim.create(algorithm=algorithm, domain=name, id=signature)
                created.append(signature)
            keys[signature] = await mail.dkim.get(signature)
    told = await mail.reload.settings() if reload else None
    return steps.provisioned(name, created, keys, await mail.dns.list_records(name), told, ttl)


async def create_users(
    mail: AsyncStalwart,
    users: Iterable[models.NewIndividual],
    *,
    progress: Callable[[UsersProgress], object] | None = None,
) -> CreatedUsers:
    """Creates many users, one after the other; one that fails is noted, and the next one has its turn.

    The users that failed can be given once more, when what was in the way is gone.
    """
    report, total = CreatedUsers(), steps.total_of(users)
    for done, user in enumerate(users, 1):
        failure: MailwrightError | None = None
        try:
            report.created[user.name] = await mail.principals.create(user)
        except MailwrightError as error:
            failure = error
            report.failed.append(UserFailure(user, error))
        if progress is not None:
            progress(steps.progress_of(report, done, total, user, failure))
    return report


async def rotate_api_key(
    mail: AsyncStalwart,
    name: str,
    hand_over: Callable[[str], object],
    *,
    new_name: str | None = None,
    trial: Callable[[AsyncStalwart], object] | None = None,
) -> RotatedKey:
    """Puts a new API key in the place of an old one, which works until the new one is in good hands.

    The new key has the same rights. It is tried, then handed over, and only then the old key is deleted. Where a step
    before that fails, the new key is deleted again, and the error raised; the old one is as it was.
    """
    plan = steps.key_plan(await mail.principals.get(name), new_name)
    try:
        number = await mail.principals.create(plan.principal)
        fresh = mail.with_credentials(*bearer(plan.token))
        if trial is None:
            await fresh.store.get_used_quota(plan.name)
        else:
            await _settled(trial(fresh))
        await _settled(hand_over(plan.token))
    except BaseException as error:
        await _take_back(mail, plan, error)
        raise
    try:
        # Who deleted it meanwhile wanted the same.
        with suppress(NotFound):
            await mail.principals.delete(name)
    except BaseException as error:
        steps.tell_of_old_key(error, plan, name)
        raise
    return RotatedKey(plan.name, number, name.lower())


async def export_server(
    mail: AsyncStalwart,
    path: str | Path,
    *,
    parts: Iterable[Part] = exports.PARTS,
    password_hashes: bool = False,
    progress: Callable[[ExportProgress], object] | None = None,
) -> Export:
    """Writes settings, principals and the queue of a server to a file of JSON lines; `read_export` reads it.

    Only its owner may read the file: there are secrets among the settings in any case, such as private keys. It is
    there whole at the end, or not at all. Contents of messages are not in it.
    """
    wanted = exports.checked_parts(parts)
    with exports.ExportFile(path, wanted, password_hashes=password_hashes) as file:
        tell: Callable[[ExportProgress], object] = progress or (lambda _: None)
        if "settings" in wanted:
            await _export_settings(mail, file, tell)
        if "principals" in wanted:
            for kind in exports.TYPES:
                await _export_principals(mail, file, kind, tell, password_hashes=password_hashes)
        if "queue" in wanted:
            await _export_queue(mail, file, tell)
        return file.finish()


async def _export_settings(
    mail: AsyncStalwart, file: exports.ExportFile, tell: Callable[[ExportProgress], object]
) -> None:
    sweep = exports.Sweep("settings")
    while sweep.page is not None:
        found = await mail.settings.list(page=sweep.page, limit=exports.PAGE)
        tell(file.settings(sweep.take(found.items, found.total), found.total))


async def _export_principals(
    mail: AsyncStalwart,
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
            page = await pages.page(next=str(sweep.page))
        except InvalidRequest as error:
            if exports.has_no_tenants(error, kind):
                return
            raise
        found = exports.by_name(page.response.content)
        tell(file.principals(each for _, each in sweep.take(found, page.total or 0)))


async def _export_queue(
    mail: AsyncStalwart, file: exports.ExportFile, tell: Callable[[ExportProgress], object]
) -> None:
    start: int | None = 0
    while start is not None:
        page = await mail.queue.list_messages(values=True, limit=exports.PAGE, range_start=start).page()
        found = exports.items_of(page.response.content)
        tell(file.queue(found, page.total or 0))
        start = exports.next_start(found)


async def _take_back(mail: AsyncStalwart, plan: steps.KeyPlan, error: BaseException) -> None:
    try:
        # Where it was refused, or never came to be, the name may be somebody else's.
        with suppress(NotFound):
            if steps.is_ours(await mail.principals.get(plan.name), plan):
                await mail.principals.delete(plan.name)
    except MailwrightError as failure:
        steps.tell_of_leftover(error, plan.name, failure)


async def _settled(given: object) -> None:
    """Waits for what a function of the caller's gave, where that is to be waited for."""
    if isawaitable(given):
        await given
