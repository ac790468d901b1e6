"""Checks that tables of kinds name: each says what is wrong with a record, as a message, or nothing."""

from __future__ import annotations

import re
import warnings

from mailwright.mock.packs.mailcow_2026.entries import Crash, Refusal
from mailwright.mock.packs.mailcow_2026.records import Check, Draft, Message
from mailwright.mock.packs.mailcow_2026.store import ascii_domain, domain_of, is_address
from mailwright.mock.state import State

_WORDS = (
    "abort authmd51 authmd52 authmech1 authmech2 authuser1 authuser2 debug debugcontent debugcrossduplicates "
    "debugflags debugfolders debugimap debugimap1 debugimap2 debugmemory debugssl delete1emptyfolders "
    "delete2folders disarmreadreceipts domain1 domain2 domino1 domino2 dry errorsmax exchange1 exchange2 "
    "exitwhenover expunge1 f1f2 filterbuggyflags folder folderfirst folderlast folderrec gmail1 gmail2 "
    "idatefromheader include inet4 inet6 justconnect justfolders justfoldersizes justlogin keepalive1 keepalive2 "
    "log logdir logfile maxbytesafter maxlinelength maxmessagespersecond maxsize maxsleep minage minsize "
    "noabletosearch noabletosearch1 noabletosearch2 noexpunge1 noexpunge2 nofoldersizesatend noid nolog "
    "nomixfolders noresyncflags nossl1 nossl2 nosyncacls notls1 notls2 nouidexpunge2 nousecache oauthaccesstoken1 "
    "oauthaccesstoken2 oauthdirect1 oauthdirect2 office1 office2 pidfile pidfilelocking prefix1 prefix2 "
    "proxyauth1 proxyauth2 resyncflags resynclabels search search1 search2 sep1 sep2 showpasswords "
    "skipemptyfolders ssl2 sslargs1 sslargs2 subfolder1 subscribe subscribed syncacls syncduplicates "
    "syncinternaldates synclabels tests testslive testslive6 tls2 truncmess usecache useheader useuid"
)
OPTIONS = frozenset(_WORDS.split())
"""Options of imapsync that a sync job may have."""


def is_pattern(given: str) -> bool:
    """Whether a text is a regular expression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(given)
        except (re.error, OverflowError, RecursionError):
            return False
    return True


def has_domain(state: State, name: str) -> bool:
    """Whether a domain is there, be it an alias of another one."""
    return bool(name) and (state.get("domains", name) is not None or state.get("alias_domains", name) is not None)


def wanted(name: str, *message: str) -> Check:
    """The field must not be empty."""
    return lambda draft: None if draft.values[name] else message


def one_of(name: str, allowed: tuple[str, ...], *message: str) -> Check:
    """The field is one of these."""
    return lambda draft: None if draft.values[name] in allowed else message


def storable(name: str, allowed: tuple[str, ...] = ()) -> Check:
    """The database takes the value; the server does not look before, and stops."""

    def check(draft: Draft) -> Message | None:
        if draft.values[name] is None or (allowed and draft.values[name] not in allowed):
            raise Crash
        return None

    return check


def address(name: str, *message: str) -> Check:
    """The field is an email address."""
    return lambda draft: None if is_address(str(draft.values[name])) else message


def unique(collection: str, names: tuple[str, ...], *message: str) -> Check:
    """No other record has the same values."""

    def check(draft: Draft) -> Message | None:
        same = draft.state.all(collection, **{name: draft.values[name] for name in names})
        return message if any(each["id"] != draft.values.get("id") for each in same) else None

    return check


def in_range(name: str, least: int, most: int, *message: str) -> Check:
    """The field is a number within these."""

    def check(draft: Draft) -> Message | None:
        return None if least <= int(draft.values[name] or 0) <= most else message

    return check


def owned_by_mailbox(name: str, *without: str) -> Check:
    """The field is a mailbox that is there, and owns the record."""

    def check(draft: Draft) -> Message | None:
        owner = str(draft.values[name] or "")
        if not is_address(owner):
            return without
        if draft.state.get("mailboxes", owner) is None:
            return ("access_denied",)
        draft.values |= {"owner": owner, "user2": owner}
        return None

    return check


def local_destination(draft: Draft) -> Message | None:
    """What mail is copied of: a domain, a mailbox or an alias that is there."""
    if not draft.is_new:
        return None
    given = str(draft.values["local_dest"]).lower()
    if domain := ascii_domain(given):
        draft.values |= {"local_dest": f"@{domain}", "domain": domain}
        return None if has_domain(draft.state, domain) else ("access_denied",)
    if not is_address(given):
        raise Refusal("Cannot add item")
    draft.values |= {"local_dest": given, "domain": domain_of(given)}
    known = draft.state.get("mailboxes", given) or draft.state.first("aliases", address=given)
    return None if known is not None else ("access_denied",)


def rewritten(name: str) -> Check:
    """The field is an address or a domain, which is stored with an `@` before it."""

    def check(draft: Draft) -> Message | None:
        given = str(draft.values[name] or "").lower().removeprefix("@")
        draft.values[name] = f"@{domain}" if (domain := ascii_domain(given)) else given
        return None if domain or is_address(given) else (f"invalid_{name}", f"{{{name}}}")

    return check


def named_resource(draft: Draft) -> Message | None:
    """A resource is named after its description, in a domain that is there."""
    values = draft.values
    if not draft.is_new:
        return None if values["kind"] in ("location", "group", "thing") else ("resource_invalid", "{name}")
    values["local_part"] = re.sub("[^0-9A-Za-z]", "", str(values["description"] or ""))
    values["domain"] = ascii_domain(values["domain"])
    name = values["name"] = f"{values['local_part']}@{values['domain']}"
    if not is_address(name) or values["kind"] not in ("location", "group", "thing"):
        return ("resource_invalid",)
    if draft.state.get("domains", values["domain"]) is None:
        return ("access_denied",)
    taken = draft.state.get("mailboxes", name) or draft.state.get("resources", name)
    return ("object_exists", "{name}") if taken is not None else None


def host_address(draft: Draft) -> Message | None:
    """The host is an address; names are not looked up here, so that none has one."""
    if draft.is_new:
        host = draft.values["host"] = draft.values["source"] = draft.values.pop("hostname") or ""
        draft.values["keep_spam"] = "no" if draft.values.pop("filter_spam") else "yes"
        return None if re.fullmatch(r"[0-9a-fA-F:/]+|[0-9./]+", host) else ("invalid_host", "{host}")
    draft.values["keep_spam"] = "yes" if draft.values["keep_spam"] in ("1", 1) else "no"
    return None


def made_client(draft: Draft) -> Message | None:
    """A new client gets its name and its secret."""
    if draft.is_new:
        chance = draft.state.chance
        draft.values |= {"client_id": chance.bytes(6).hex(), "client_secret": chance.bytes(12).hex()}
        draft.values |= {"grant_types": None, "scope": "profile", "user_id": None}
    elif draft.write.attributes.get("renew_secret") is not None:
        draft.values["client_secret"] = draft.state.chance.bytes(12).hex()
    return None


def next_hop(draft: Draft) -> Message | None:
    """The next hop is there; an address stands in brackets."""
    hop = str(draft.values["nexthop"] or "")
    draft.values["nexthop"] = f"[{hop}]" if re.fullmatch(r"[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:]*", hop) else hop
    return None if hop else ("invalid_nexthop",)


def destination(draft: Draft) -> Message | None:
    """The destination is a domain, an address or `*`; one that goes by the MX is a pattern."""
    given = str(draft.values["destination"] or "")
    if draft.values["is_mx_based"]:
        given = given if is_pattern(given) else ""
    elif given != "*" and not ascii_domain(given.removeprefix(".")) and not is_address(given):
        return ("invalid_destination", "{destination}")
    return None if given else ("invalid_destination", "{destination}")


def no_other_way(draft: Draft) -> Message | None:
    """No other transport leads to the destination."""
    same = draft.state.all("transports", destination=draft.values["destination"])
    if all(each["id"] == draft.values.get("id") for each in same):
        return None
    return ("transport_dest_exists", "{destination}") if draft.is_new else ("transport_dest_exists",)


def known_options(draft: Draft) -> Message | None:
    """The options for the program that copies mail are some that it may be given."""
    for part in str(draft.values["custom_params"]).split("-"):
        name = part.split("=")[0].rstrip(" ")
        if " " in name:
            return ("bad character SPACE",)
        if name and name.lower() not in OPTIONS:
            draft.values["option"] = name
            return ("bad option {option}",)
    return None


def in_bounds(draft: Draft) -> Message | None:
    """Numbers of a sync job that are out of bounds are those that it has without being told."""
    values = draft.values
    for name, most, usual in (("maxage", 32000, 0), ("timeout1", 32000, 600), ("timeout2", 32000, 600)):
        values[name] = values[name] if 1 <= values[name] <= most else usual
    speed = int(values["maxbytespersecond"])
    values["maxbytespersecond"] = str(speed if 1 <= speed <= 125_000_000 else 0)
    return None


def only_active_one(draft: Draft) -> Message | None:
    """One filter of a mailbox and a type is active, so that the others are no more."""
    if draft.values["active"]:
        for each in draft.state.all("filters", owner=draft.values["owner"], filter_type=draft.values["filter_type"]):
            each["active"] = 0
    return None


def tls_destination(draft: Draft) -> Message | None:
    """The destination is none that means all."""
    return ("tls_policy_map_dest_invalid",) if (draft.values["dest"] or "") in ("", ".", "*", "@") else None


def other_tls_destination(draft: Draft) -> Message | None:
    """No other record has this destination; a change is refused in the words of another kind."""
    what = "tls_policy_map" if draft.is_new else "recipient_map"
    return unique("tls_policy_maps", ("dest",), f"{what}_entry_exists", "{dest}")(draft)


def pairs(name: str, *message: str) -> Check:
    """The field is empty, or names and values with `=` between them."""

    def check(draft: Draft) -> Message | None:
        given = str(draft.values[name] or "")
        return None if not given or all(re.search(".=.", each) for each in given.split(" ")) else message

    return check
