"""What the recipes for Stalwart give and decide, the same for both kinds of client."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass, field
from typing import TypeAlias

from mailwright_stalwart.v0_15 import models

from mailwright.recipes.zone_file import as_zone_file
from mailwright.runtime import UNSET, Conflict, MailwrightError, Unset, UsageError

Algorithm: TypeAlias = models.SignatureAlgorithm

ALGORITHMS: tuple[Algorithm, ...] = ("Ed25519", "Rsa")
"""What a domain is signed with where nothing else is said: the short key, and the one that all understand."""
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
_LONGEST_NAME = 253
_MARK = re.compile(r"-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class ProvisionedDomain:
    """A domain that is ready for mail.

    `created` names what was missing: the domain, and ids of signatures. `keys` are public keys by the ids of their
    signatures. `records` is all that has to be published, and `zone` the same as lines of a zone file. `reload` is what
    the server said when it read its configuration again: with errors in it, it goes on with the old one, and does not
    sign with new keys yet.
    """

    name: str
    created: tuple[str, ...]
    keys: dict[str, str]
    records: tuple[models.DnsRecord, ...]
    zone: str = field(repr=False)
    reload: models.ReloadReport | None = None


@dataclass(frozen=True, slots=True)
class UserFailure:
    """A user that was not created, and why.

    After `TimedOut` and `Disconnected` the user may be there all the same.
    """

    user: models.NewIndividual
    error: MailwrightError


@dataclass(frozen=True, slots=True)
class CreatedUsers:
    """What became of many users: the numbers of those that were created by their names, and the others."""

    created: dict[str, int] = field(default_factory=dict[str, int])
    failed: list[UserFailure] = field(default_factory=list[UserFailure])


@dataclass(frozen=True, slots=True)
class UsersProgress:
    """How far it is: users done, those that failed among them, of how many, None where that is not known.

    `name` is the last user, and `error` why there is none of that name.
    """

    done: int
    failed: int
    total: int | None
    name: str
    error: MailwrightError | None


@dataclass(frozen=True, slots=True)
class RotatedKey:
    """A new API key in the place of an old one: its name and number, and the name of the old one."""

    name: str
    id: int
    replaced: str


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """A key that is to be made; `token` is what a client shows, `stored` what the server keeps of the secret."""

    name: str
    principal: models.NewApiKey
    stored: str = field(repr=False)
    token: str = field(repr=False)


def domain_name(given: str) -> str:
    """Returns the name of a domain as the server keeps it; raises `UsageError` for what is none.

    Signatures are found by the very letters of the name, so that small ones are sent throughout.
    """
    name = given.lower().removesuffix(".")
    if not name.isascii():
        raise UsageError(f"{given!r:.80} has characters that DNS has in another form only; give the one with xn--")
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise UsageError(f"{given!r:.80} is not the name of a domain")
    return name


def check_is_domain(found: models.Principal, name: str) -> None:
    """Raises `Conflict` where a principal that is there already is no domain."""
    if not isinstance(found, models.Domain):
        raise Conflict(f"there is a principal {name} that is no domain but {type(found).__name__}")


def signatures(domain: str, algorithms: Iterable[Algorithm]) -> list[tuple[Algorithm, str]]:
    """Returns the signatures of a domain with their ids, which are those that the server would choose.

    Raises `UsageError` for an unknown algorithm.
    """
    wanted = list(dict.fromkeys(algorithms))
    for each in wanted:
        if each not in ALGORITHMS:
            raise UsageError(f"there is no algorithm {each!r:.40}; it is {' or '.join(ALGORITHMS)}")
    return [(each, f"{each.lower()}-{domain}") for each in wanted]


def provisioned(
    name: str,
    created: Iterable[str],
    keys: dict[str, str],
    records: Sequence[models.DnsRecord],
    reload: models.ReloadReport | None,
    ttl: int | None,
) -> ProvisionedDomain:
    """Returns what is known of a domain in the end.

    Raises `Conflict` where a signature of this id signs for another domain, and is not among the records.
    """
    texts = [each.content for each in records if each.type == "TXT"]
    for signature, key in keys.items():
        if not any(text.endswith(f"p={key}") for text in texts):
            raise Conflict(f"the signature {signature} is there, and is not one of {name}")
    return ProvisionedDomain(name, tuple(created), keys, tuple(records), as_zone_file(records, ttl=ttl), reload)


def total_of(users: Iterable[models.NewIndividual]) -> int | None:
    """Returns how many users there are, where that is known beforehand."""
    return len(users) if isinstance(users, Sized) else None


def progress_of(
    report: CreatedUsers, done: int, total: int | None, user: models.NewIndividual, error: MailwrightError | None
) -> UsersProgress:
    """Returns how far it is after one more user."""
    return UsersProgress(done, len(report.failed), total, user.name, error)


def key_plan(old: models.Principal, new_name: str | None) -> KeyPlan:
    """Returns the key that takes the place of an old one, with the same rights and a new secret.

    The server is given a salted digest of the secret, never the secret itself. It needs no slow hash: there are 256
    random bits in it. Raises `UsageError` for what is no API key, and for a name that no key can have.
    """
    name = old.name or ""
    if not isinstance(old, models.ApiKey):
        raise UsageError(f"{name!r:.80} is no API key")
    if old.emails:
        raise UsageError(f"the API key {name!r:.80} has addresses, which no other can have at the same time")
    new = (new_name or f"{_base(name)}-{secrets.token_hex(4)}").lower()
    if ":" in new or new != new.strip() or new == name.lower():
        raise UsageError(f"{new!r:.80} cannot be the name of the new key")
    secret = secrets.token_urlsafe(32)
    salt = secrets.token_bytes(16)
    digest = hashlib.sha256(secret.encode() + salt).digest()
    stored = f"{{SSHA256}}{base64.b64encode(digest + salt).decode()}"
    principal = models.NewApiKey(
        name=new,
        secrets=[stored],
        description=_or_unset(old.description),
        picture=_or_unset(old.picture),
        tenant=_or_unset(old.tenant),
        locale=_or_unset(old.locale),
        quota=UNSET if old.quota is None else old.quota,
        member_of=_listed(old.member_of),
        roles=_listed(old.roles),
        lists=_listed(old.lists),
        enabled_permissions=_listed(old.enabled_permissions),
        disabled_permissions=_listed(old.disabled_permissions),
        urls=_listed(old.urls),
        external_members=_listed(old.external_members),
    )
    return KeyPlan(new, principal, stored, f"api_{base64.b64encode(f'{new}:{secret}'.encode()).decode()}")


def is_ours(found: models.Principal, plan: KeyPlan) -> bool:
    """Says whether a principal is the key that was made by this plan, and not one that somebody else has."""
    return isinstance(found, models.ApiKey) and found.secrets == [plan.stored]


def tell_of_leftover(error: BaseException, name: str, failure: MailwrightError) -> None:
    """Adds what is left behind to an error."""
    error.add_note(f"the new key {name} could not be deleted again: {failure}")


def tell_of_old_key(error: BaseException, plan: KeyPlan, old: str) -> None:
    """Adds that only the last step is missing to an error."""
    error.add_note(f"the new key {plan.name} works and was handed over; the old key {old} is still there")


def _base(name: str) -> str:
    """The name of a key without the mark that an earlier rotation gave it."""
    return name[:-9] if len(name) > 9 and _MARK.fullmatch(name[-9:]) else name


def _or_unset(value: str | None) -> str | Unset:
    return UNSET if value is None else value


def _listed(values: list[str] | None) -> list[str] | Unset:
    return [*values] if values else UNSET
