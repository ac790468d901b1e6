"""Settings of the server as a whole: writes that look at no items, most of which nothing shows."""

from __future__ import annotations

import ipaddress
import re

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import sieve
from mailwright.mock.packs.mailcow_2026.bodies import flag, listed, number, words
from mailwright.mock.packs.mailcow_2026.checks import has_domain
from mailwright.mock.packs.mailcow_2026.entries import Refusal, Write, add, delete_all, edit, get
from mailwright.mock.packs.mailcow_2026.records import text
from mailwright.mock.packs.mailcow_2026.store import ascii_domain, is_address, password_policy
from mailwright.mock.state import State

# What is called, and what the entry says.
_KEPT: dict[str, tuple[tuple[str, ...], str]] = {
    "set_app_links": (("customize", "edit", "app_links"), "app_links"),
    "set_ui_texts": (("customize", "edit", "ui_texts"), "ui_texts"),
    "set_ip_check": (("customize", "edit", "ip_check"), "ip_check_opt_in_modified"),
    "set_custom_login": (("customize", "edit", "custom_login"), "custom_login_modified"),
    "set_quota_notification": (("quota_notification", "edit"), "saved_settings"),
    "set_reset_password_notification": (("reset_password", "edit_notification"), "saved_settings"),
}
_METHODS = ("GET", "POST", "PUT", "DELETE")
_SOURCES = ("keycloak", "generic-oidc", "ldap")
_OIDC = ("authorize_url", "token_url", "userinfo_url", "client_id", "client_secret", "redirect_url")
_MAPS = tuple(
    f"global_{what}_{way}.map" for what in ("mime_from", "rcpt", "smtp_from") for way in ("blacklist", "whitelist")
)
_FILTERS = ("prefilter", "postfilter")
# Least and most of the numbers of fail2ban, and what they are at first.
_BANS: dict[str, tuple[int, int, int]] = {
    "ban_time": (60, 2**62, 86400),
    "max_ban_time": (60, 2**62, 86400),
    "netban_ipv4": (8, 32, 24),
    "netban_ipv6": (8, 128, 64),
    "max_attempts": (1, 2**62, 5),
    "retry_window": (1, 2**62, 600),
}
_RULES = {
    "chars": "a letter",
    "special_chars": "a special character",
    "lowerupper": "a small and a capital letter",
    "numbers": "a digit",
}


def _setting(state: State, name: str, first: JsonObject) -> JsonObject:
    if state.get("settings", name) is None:
        state.put("settings", {"id": name, "values": dict(first)})
    values: JsonObject = (state.get("settings", name) or {})["values"]
    return values


def _keeper(name: str, called: tuple[str, ...], message: str) -> Hook:
    @add(*called)
    def keep(write: Write) -> None:
        _setting(write.state, name, {}).update(write.attributes)
        write.success(message)

    return keep


@add("quarantine", "edit")
def set_quarantine(write: Write) -> None:
    """Keeps the settings of the quarantine; what is to be done with mail in it finds none."""
    if write.attributes.get("action") == "settings":
        _setting(write.state, "quarantine", {}).update(write.attributes)
        write.success("saved_settings")
        return
    for _ in listed(write.attributes.get("id")):
        write.danger("access_denied")


@add("quota_notification_bcc", "edit")
def set_quota_bcc(write: Write) -> None:
    """Keeps who is told of full mailboxes of a domain."""
    domain = ascii_domain(write.attributes.get("domain"))
    if not has_domain(write.state, domain):
        write.danger("access_denied")
        return
    told = words(write.attributes.get("bcc_rcpt"))
    for each in told:
        if not is_address(each):
            write.danger("goto_invalid", each)
    good = [each for each in told if is_address(each)]
    active = flag(write.attributes.get("active"))
    _setting(write.state, "quota_bcc", {})[domain] = {"bcc_rcpts": good, "active": active}
    write.success("saved_settings")


@add("cors", "edit")
def set_cors(write: Write) -> None:
    """Keeps who may call from a browser."""
    origins, methods = write.attributes.get("allowed_origins"), write.attributes.get("allowed_methods")
    for each in words(origins):
        if each != "*" and not re.fullmatch(r"https?://[^/\s]+", each, re.IGNORECASE):
            write.danger("cors_invalid_origin")
            return
    if any(each not in _METHODS for each in words(methods)):
        write.danger("cors_invalid_method")
        return
    values = {"allowed_origins": words(origins), "allowed_methods": words(methods) or list(_METHODS)}
    _setting(write.state, "cors", {}).update(values)
    write.success("cors_headers_edited")


@edit("rspamd_maps", "edit", items="map")
def set_map(write: Write, item: Json) -> None:
    """Keeps a map of rspamd of which the server knows the name."""
    if item not in _MAPS:
        write.danger("global_map_invalid", item)
        return
    _setting(write.state, "maps", {})[str(item)] = text(write.attributes.get("rspamd_map_data"))
    write.success("object_modified", item)


@add("mailbox", "add", "global_filter")
def set_global_filter(write: Write) -> None:
    """Sets the script that runs before or after those of all mailboxes."""
    script, kind = text(write.attributes.get("script_data")), write.attributes.get("filter_type")
    if wrong := sieve.problem(script):
        write.danger("sieve_error", wrong)
    elif kind not in _FILTERS:
        write.danger("invalid_filter_type")
    else:
        _global_filters(write.state)[str(kind)] = script or False
        write.success("dovecot_restart_success")
        write.success("global_filter_written")


def _global_filters(state: State) -> JsonObject:
    return _setting(state, "global_filters", dict.fromkeys(_FILTERS, False))


def _global_filter(kind: str) -> Hook:
    return get(lambda call: _global_filters(call.state)[kind] or None)


@add("fail2ban", "edit")
def set_fail2ban(write: Write) -> None:
    """Changes who is banned how long; what is out of bounds becomes what is nearest."""
    given, values = write.attributes, _fail2ban(write.state)
    if given.get("action") == "edit-regex":
        if rules := [text(each) for each in listed(given.get("regex"))]:
            values["regex"] = {str(number): rule for number, rule in enumerate(rules, 1)}
        write.success("object_modified", "")
        return
    if given.get("action") == "reset-regex":
        values["regex"] = None
        write.success("object_modified", "")
        return
    for name, (least, most, _) in _BANS.items():
        if given.get(name) is not None:
            values[name] = min(most, max(least, number(given[name])))
    values["ban_time_increment"] = bool(flag(given.get("ban_time_increment")))
    values["manage_external"] = flag(given.get("manage_external"))
    for name in ("whitelist", "blacklist"):
        if given.get(name) is not None:
            values[name] = "\n".join(_networks(write, words(given[name]), names=name == "whitelist"))
    write.success("f2b_modified")


def _networks(write: Write, given: list[str], *, names: bool) -> list[str]:
    good: list[str] = []
    for each in given:
        try:
            ipaddress.ip_network(each, strict=False)
        except ValueError:
            if not names or not ascii_domain(each):
                write.danger("network_host_invalid", each)
                continue
        good.append(each)
    return sorted(good)


@add("fail2ban", "banlist", "refresh")
def refresh_banlist(write: Write) -> None:
    """Gives the list of who is banned a new name."""
    _fail2ban(write.state)["banlist_id"] = write.state.chance.bytes(16).hex()
    write.success("f2b_banlist_refreshed")


def _fail2ban(state: State) -> JsonObject:
    first: JsonObject = {name: usual for name, (_, _, usual) in _BANS.items()}
    first |= {"ban_time_increment": True, "banlist_id": None, "manage_external": 0, "regex": None}
    return _setting(state, "fail2ban", {**first, "whitelist": "", "blacklist": ""})


@add("identity_provider", "edit")
def set_provider(write: Write) -> None:
    """Sets who tells who somebody is."""
    given = write.attributes
    source = text(given.get("authsource")).lower()
    if given.get("authsource") is None:
        write.danger("required_data_missing", "")
        return
    if source not in _SOURCES:
        write.danger("invalid_authsource", None)
        return
    missing = [name for name in _OIDC if not given.get(name)] if source == "generic-oidc" else []
    if missing:
        write.danger("required_data_missing", missing[0])
        return
    values: JsonObject = {name: text(value) for name, value in given.items() if not isinstance(value, (list, dict))}
    values |= {"authsource": source, "ignore_ssl_error": "1" if flag(given.get("ignore_ssl_error")) else ""}
    values |= {"login_provisioning": bool(flag(given.get("login_provisioning"))), "access_token": ""}
    write.state.put("settings", {"id": "identity_provider", "values": values})
    write.success("object_modified", "")


@delete_all("identity_provider", "delete", items="")
def delete_provider(write: Write) -> None:
    """Forgets who tells who somebody is."""
    write.state.remove("settings", "identity_provider")
    write.success("item_deleted", "")


@add("identity_provider", "test")
def test_provider(write: Write) -> None:
    """Fails, as a mock reaches nobody."""
    raise Refusal("Cannot edit item")


def _provider(call: Call) -> Json:
    record = call.state.get("settings", "identity_provider")
    return {"login_provisioning": 1} if record is None else dict(sorted(record["values"].items()))


def _policy_text(call: Call) -> Json:
    policy = password_policy(call.state)
    wanted = [f"{policy['length']} letters or more", *(rule for name, rule in _RULES.items() if policy[name] == "1")]
    return "".join(f"<p>A password has {each}.</p>" for each in wanted)


HOOKS: dict[str, Hook] = {
    **{name: _keeper(name, *how) for name, how in _KEPT.items()},
    "set_quarantine": set_quarantine,
    "set_quota_notification_bcc": set_quota_bcc,
    "set_cors": set_cors,
    "set_rspamd_map": set_map,
    "set_global_filter": set_global_filter,
    "get_global_filters": get(lambda call: dict(_global_filters(call.state))),
    "get_global_prefilter": _global_filter("prefilter"),
    "get_global_postfilter": _global_filter("postfilter"),
    "set_fail2ban": set_fail2ban,
    "set_banlist": refresh_banlist,
    "get_fail2ban": get(lambda call: dict(_fail2ban(call.state))),
    "set_identity_provider": set_provider,
    "delete_identity_provider": delete_provider,
    "test_identity_provider": test_provider,
    "get_identity_provider": get(_provider),
    "get_password_policy_text": get(_policy_text),
}
