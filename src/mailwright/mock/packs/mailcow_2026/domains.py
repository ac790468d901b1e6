"""Domains: their limits, which hold each other and what is there already, and their tags."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.belongings import forget_of_domain
from mailwright.mock.packs.mailcow_2026.bodies import flag, number, request_of
from mailwright.mock.packs.mailcow_2026.dkim import make_key
from mailwright.mock.packs.mailcow_2026.domain_view import counts, used, view
from mailwright.mock.packs.mailcow_2026.entries import Crash, Refusal, Write, add, delete, delete_all, edit, get
from mailwright.mock.packs.mailcow_2026.rates import set_rate
from mailwright.mock.packs.mailcow_2026.store import MIB, add_tags, ascii_domain, few_enough, tags_of
from mailwright.mock.packs.mailcow_2026.templates import default
from mailwright.mock.state import Record, State

_FLAGS = ("active", "gal", "backupmx", "relay_all_recipients", "relay_unknown_only")
# What a write calls a limit, and what the template does.
_LIMITS = {
    "aliases": "max_num_aliases_for_domain",
    "mailboxes": "max_num_mboxes_for_domain",
    "defquota": "def_quota_for_mbox",
    "maxquota": "max_quota_for_mbox",
    "quota": "max_quota_for_domain",
}
_SIZES = ("defquota", "maxquota", "quota")
_OF_DOMAIN = ("rates", "dkim")


@add("mailbox", "add", "domain")
def create(write: Write) -> None:
    """Adds a domain, with a limit where one is given and a key for DKIM."""
    given = write.attributes
    template = default(write.state, "domain", given.get("template"))
    domain = ascii_domain(given.get("domain"))
    if not domain:
        write.danger("domain_invalid")
        return
    limits = {name: _limit(given, name, template[old]) for name, old in _LIMITS.items()}
    if not _fits(write, limits) or _is_empty(write, limits):
        return
    if write.state.get("domains", domain) is not None or write.state.get("alias_domains", domain) is not None:
        write.danger("domain_exists", domain)
        return
    record = new_domain(write.state, domain, write.time, given)
    write.state.put("domains", record | {"tags": few_enough(write, record["tags"])})
    rate = given.get("rl_value", template["rl_value"])
    if rate not in ("", None):
        set_rate(write.state, domain, rate, str(given.get("rl_frame", template["rl_frame"])))
        log: JsonObject = {"rl_value": number(rate), "rl_frame": given.get("rl_frame"), "object": domain}
        write.success("rl_saved", domain, log=["ratelimit", "edit", "domain", log])
    selector = str(given.get("dkim_selector") or template["dkim_selector"])
    size = number(given.get("key_size", template["key_size"]))
    log = {"key_size": size, "dkim_selector": selector, "domains": domain}
    make_key(write, domain, selector, size, ["dkim", "add", log])
    write.success("domain_added", domain)


def new_domain(state: State, domain: str, time: str, given: JsonObject | None = None) -> Record:
    """A domain as it is stored, with what its template says where nothing is given."""
    given = given or {}
    template = default(state, "domain", given.get("template"))
    return {
        "id": domain,
        "description": str(given.get("description") or domain),
        **{name: _limit(given, name, template[old]) for name, old in _LIMITS.items()},
        **{name: flag(given.get(name, template[name])) for name in _FLAGS},
        "relayhost": "0",
        "created": time,
        "modified": None,
        "tags": tags_of(given.get("tags", template["tags"])),
    }


@edit("mailbox", "edit", "domain", items="domain")
def update(write: Write, item: Json) -> None:
    """Changes what is given of a domain; empty texts keep what is there."""
    given, domain = write.attributes, ascii_domain(item)
    record = write.state.get("domains", domain)
    if record is None:
        write.danger("domain_invalid")
        return
    limits = {name: _limit(given, name, record[name] * (MIB if name in _SIZES else 1)) for name in _LIMITS}
    limits["aliases"] = limits["aliases"] or record["aliases"]
    for name in ("maxquota", "quota"):
        limits[name] = limits[name] or record[name]
    if not _fits(write, limits) or _is_empty(write, limits) or not _leaves_room(write, domain, limits):
        return
    before = dict(record)
    record.update(limits)
    record.update({name: flag(given[name]) for name in _FLAGS if name in given})
    record["description"] = str(given.get("description") or record["description"])
    if "relayhost" in given:
        record["relayhost"] = str(number(given["relayhost"]))
    # What changes nothing leaves the time of the last change as it is.
    record["modified"] = record["modified"] if record == before else write.time
    add_tags(write, record)
    write.success("domain_modified", domain)


@edit("mailbox", "edit", "domain_wide_footer", items="domains")
def set_footer(write: Write, item: Json) -> None:
    """Keeps the footer of a domain, which no answer shows."""
    record = write.state.get("domains", ascii_domain(item))
    if record is None:
        write.danger("domain_invalid")
        return
    record["footer"] = dict(write.attributes)
    write.success("domain_footer_modified", item)


@delete("mailbox", "delete", "domain", items="domain")
def remove(write: Write, item: Json) -> None:
    """Removes a domain without mailboxes, and what belongs to it; that there was none is nothing to tell."""
    if isinstance(item, (list, dict)):
        raise Crash
    domain = ascii_domain(item)
    if not domain:
        write.danger("domain_invalid")
        return
    if write.state.first("mailboxes", domain=domain) is not None:
        write.danger("domain_not_empty", domain)
        return
    for collection in _OF_DOMAIN:
        write.state.remove(collection, domain)
    forget_of_domain(write.state, domain)
    for alias in write.state.all("aliases", domain=domain):
        write.state.remove("aliases", alias["id"])
    for other in write.state.all("alias_domains", target=domain):
        write.state.remove("alias_domains", other["id"])
    for admin in write.state.all("domain_admins"):
        admin["domains"] = [each for each in admin["domains"] if each != domain]
    write.state.remove("domains", domain)
    write.success("domain_removed", domain)


@delete_all("mailbox", "delete", "tags_domain", items="tags")
def remove_tags(write: Write) -> None:
    """Removes tags of a domain; that one was not there is nothing to tell."""
    domain = ascii_domain(write.call.path["domain"])
    record = write.state.get("domains", domain)
    if not write.items:
        raise Refusal("Cannot delete item")
    if record is None:
        write.danger("access_denied")
        return
    record["tags"] = [tag for tag in record["tags"] if tag not in write.items]
    write.success("domain_modified", domain)


def all_domains(state: State) -> list[JsonObject]:
    """All domains by name."""
    return [view(state, each) for each in sorted(state.all("domains"), key=lambda record: record["id"])]


def _list(call: Call) -> Json:
    wanted = [tag for name, text in request_of(call).query if name == "tags" for tag in text.split(",")]
    shown = all_domains(call.state)
    if not wanted:
        return shown
    return [each for each in shown if any(word in tag for word in wanted for tag in each.get("tags", ()))]


def _read(call: Call) -> Json:
    record = call.state.get("domains", ascii_domain(call.path["domain"]))
    return None if record is None else view(call.state, record)


def _limit(given: JsonObject, name: str, otherwise: int) -> int:
    """A limit as it is stored, sizes in MiB."""
    if given.get(name, "") == "":
        return otherwise // MIB if name in _SIZES else otherwise
    return number(given[name])


def _fits(write: Write, limits: dict[str, int]) -> bool:
    if limits["defquota"] > limits["maxquota"]:
        write.danger("mailbox_defquota_exceeds_mailbox_maxquota")
        return False
    if limits["maxquota"] > limits["quota"]:
        write.danger("mailbox_quota_exceeds_domain_quota")
        return False
    return True


def _is_empty(write: Write, limits: dict[str, int]) -> bool:
    for name in ("defquota", "maxquota"):
        if not limits[name]:
            write.danger(f"{name}_empty")
            return True
    return False


def _leaves_room(write: Write, domain: str, limits: dict[str, int]) -> bool:
    boxes, aliases = counts(write.state, domain)
    largest = max((each["quota"] for each in write.state.all("mailboxes", domain=domain)), default=0)
    taken = used(write.state, domain)
    for is_less, message in (
        (limits["maxquota"] < largest, ("max_quota_in_use", largest)),
        (limits["quota"] < taken, ("domain_quota_m_in_use", taken)),
        (limits["mailboxes"] < boxes, ("mailboxes_in_use", boxes)),
        (limits["aliases"] < aliases, ("aliases_in_use", aliases)),
    ):
        if is_less:
            write.danger(*message)
            return False
    return True


HOOKS: dict[str, Hook] = {
    "create_domain": create,
    "update_domains": update,
    "set_domain_footer": set_footer,
    "delete_domains": remove,
    "delete_domain_tags": remove_tags,
    "list_domains": get(_list),
    "get_domain": get(_read),
}
