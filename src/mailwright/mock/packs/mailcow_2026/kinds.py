"""The table of kinds of records: hosts, maps, resources, filters and all that is added, changed and deleted alike."""

from __future__ import annotations

from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import checks, sieve
from mailwright.mock.packs.mailcow_2026.bodies import flag, number
from mailwright.mock.packs.mailcow_2026.records import ITEM, Field, Kind, hooks, text
from mailwright.mock.state import Record, State

_TEXT = Field(otherwise="")
_NEEDED = Field()
_KEPT = Field(keeps=True)
_FLAG = Field(read=flag, otherwise=0)
_ON = Field(read=flag, otherwise=1)
_NUMBER = Field(read=number, otherwise=0)
_DENIED = ("access_denied",)
_DATES = ("created", "modified")


def _lower(value: Json) -> str:
    return text(value).lower()


def _password_short(state: State, record: Record) -> JsonObject:
    return {"password_short": f"{record['password'][:3]}..."}


def _relay_host_use(state: State, record: Record) -> JsonObject:
    number = record["id"]
    domains = sorted(each["id"] for each in state.all("domains") if str(each.get("relayhost")) == number)
    boxes = sorted(each["id"] for each in state.all("mailboxes") if each["attributes"].get("relayhost") == number)
    used = {"used_by_domains": ", ".join(domains), "used_by_mailboxes": ", ".join(boxes)}
    return {**_password_short(state, record), **used}


def _active_twin(state: State, record: Record) -> JsonObject:
    return {"active_int": record["active"]}


def _sync_state(state: State, record: Record) -> JsonObject:
    """What only the program that copies mail would change, which does not run here."""
    fixed: JsonObject = {"authmech1": "PLAIN", "regextrans2": "", "authmd51": 0, "domain2": "", "is_running": 0}
    return {**fixed, "last_run": None, "success": None, "exit_status": None, "log": ""}


_SYNC_FLAGS = (
    *("delete2duplicates", "delete1", "delete2", "automap", "skipcrossduplicates", "subscribeall", "dry", "active"),
)

RELAY_HOST = Kind(
    word="relay_host",
    words="relay_hosts",
    called=("relayhost", "{}"),
    fields={"hostname": _KEPT, "username": _TEXT, "password": _TEXT, "active": _ON},
    checks=(checks.wanted("hostname", "invalid_host", ""),),
    added=("relayhost_added", ""),
    edited=("object_modified", ""),
    removed=("relayhost_removed", "{item}"),
    unknown=("relayhost_invalid", ITEM),
    shown=("id", "hostname", "username", "password", "active"),
    more=_relay_host_use,
)
TRANSPORT = Kind(
    word="transport",
    words="transports",
    called=("transport", "{}"),
    fields={
        "destination": _KEPT,
        "nexthop": _KEPT,
        "username": _TEXT,
        "password": _TEXT,
        "is_mx_based": _FLAG,
        "active": _FLAG,
    },
    checks=(checks.next_hop, checks.destination, checks.no_other_way),
    added=("relayhost_added", ""),
    edited=("object_modified", ""),
    removed=("relayhost_removed", "{item}"),
    unknown=("relayhost_invalid", ITEM),
    shown=("id", "is_mx_based", "destination", "nexthop", "username", "password", "active"),
    more=_password_short,
)
RESOURCE = Kind(
    word="resource",
    words="resources",
    called=("mailbox", "{}", "resource"),
    items="name",
    id_field="name",
    fields={
        "domain": Field(fixed=True),
        "description": _KEPT,
        "kind": _KEPT,
        "multiple_bookings": Field(read=lambda value: max(-1, number(value)), otherwise=0),
        "active": _FLAG,
    },
    checks=(checks.named_resource,),
    added=("resource_added", "{name}"),
    edited=("resource_modified", ITEM),
    removed=("resource_removed", ITEM),
    unknown=("resource_invalid", ITEM),
    gone=_DENIED,
    shown=("name", "kind", "multiple_bookings", "description", "active", "domain", "local_part"),
    more=_active_twin,
)
SYNC_JOB = Kind(
    word="sync_job",
    words="sync_jobs",
    called=("mailbox", "{}", "syncjob"),
    fields={
        "username": Field(fixed=True),
        "host1": Field(read=_lower, otherwise="", keeps=True),
        "user1": _KEPT,
        "password1": _KEPT,
        "exclude": _NEEDED,
        "port1": Field(read=number, otherwise=0, keeps=True),
        "mins_interval": Field(read=number, otherwise=0, keeps=True),
        "enc1": _KEPT,
        "subfolder2": _TEXT,
        "custom_params": _TEXT,
        "maxage": _NUMBER,
        "maxbytespersecond": Field(read=lambda value: str(number(value)), otherwise="0"),
        "timeout1": Field(read=number, otherwise=600),
        "timeout2": Field(read=number, otherwise=600),
        **dict.fromkeys(_SYNC_FLAGS, _FLAG),
    },
    checks=(
        checks.owned_by_mailbox("username", "no_user_defined"),
        checks.known_options,
        checks.in_range("port1", 1, 65535, "access_denied"),
        checks.in_range("mins_interval", 1, 43800, "access_denied"),
        checks.one_of("enc1", ("TLS", "SSL", "PLAIN"), "access_denied"),
        checks.unique("sync_jobs", ("username", "user1", "host1"), "object_exists", "{host1} / {user1}"),
        *(checks.storable(name) for name in ("user1", "password1", "exclude")),
        checks.in_bounds,
    ),
    added=("mailbox_modified", "{username}"),
    edited=("mailbox_modified", "{username}"),
    removed=("deleted_syncjob", ITEM),
    gone=_DENIED,
    no_number="ends",
    shown=(
        *("id", "user2", "host1", "subfolder2", "user1", "exclude", "maxage", "mins_interval", "maxbytespersecond"),
        *("port1", "enc1", "custom_params", "timeout1", "timeout2", *_SYNC_FLAGS, *_DATES),
    ),
    more=_sync_state,
)
FILTER = Kind(
    word="filter",
    words="filters",
    called=("mailbox", "{}", "filter"),
    fields={
        "username": Field(fixed=True),
        "script_data": _KEPT,
        "script_desc": _KEPT,
        "filter_type": _KEPT,
        "active": _FLAG,
    },
    checks=(
        checks.owned_by_mailbox("username", "no_user_defined"),
        checks.wanted("script_data", "script_empty"),
        sieve.is_script("script_data"),
        checks.wanted("script_desc", "value_missing"),
        checks.one_of("filter_type", ("prefilter", "postfilter"), "filter_type"),
        checks.only_active_one,
    ),
    added=("mailbox_modified", "{username}"),
    edited=("mailbox_modified", "{username}"),
    removed=("delete_filter", ITEM),
    gone=_DENIED,
    no_number="skipped",
    shown=("active", "id", "username", "filter_type", "script_data", "script_desc"),
)
BCC_MAP = Kind(
    word="bcc_map",
    words="bcc_maps",
    called=("bcc", "{}"),
    fields={"local_dest": Field(otherwise="", fixed=True), "bcc_dest": _KEPT, "type": _KEPT, "active": _FLAG},
    checks=(
        checks.one_of("type", ("sender", "rcpt"), "invalid_bcc_map_type"),
        checks.wanted("bcc_dest", "bcc_empty"),
        checks.local_destination,
        checks.address("bcc_dest", "bcc_must_be_email", "{bcc_dest}"),
        checks.unique("bcc_maps", ("local_dest", "type"), "bcc_exists", "{local_dest}", "{type}"),
    ),
    added=("bcc_saved",),
    edited=("bcc_edited", "{bcc_dest}"),
    removed=("bcc_deleted", ITEM),
    gone=_DENIED,
    shown=("id", "local_dest", "bcc_dest", "active", "type", "created", "domain", "modified"),
    stray=True,
)
RECIPIENT_MAP = Kind(
    word="recipient_map",
    words="recipient_maps",
    called=("recipient_map", "{}"),
    fields={"recipient_map_old": _KEPT, "recipient_map_new": _KEPT, "active": _FLAG},
    checks=(
        checks.rewritten("recipient_map_old"),
        checks.rewritten("recipient_map_new"),
        checks.unique("recipient_maps", ("recipient_map_old",), "recipient_map_entry_exists", "{recipient_map_old}"),
    ),
    added=("recipient_map_entry_saved", "{recipient_map_old}"),
    edited=("recipient_map_entry_saved", "{recipient_map_old}"),
    removed=("recipient_map_entry_deleted", "{item}"),
    shown=("id", "recipient_map_old", "recipient_map_new", "active", *_DATES),
    stray=True,
)
TLS_POLICY_MAP = Kind(
    word="tls_policy_map",
    words="tls_policy_maps",
    called=("tls_policy_maps", "{}"),
    fields={"dest": _KEPT, "policy": _KEPT, "parameters": _TEXT, "active": _FLAG},
    checks=(
        checks.tls_destination,
        checks.pairs("parameters", "tls_policy_map_parameter_invalid"),
        checks.other_tls_destination,
        checks.storable("policy", ("none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure")),
    ),
    added=("tls_policy_map_entry_saved", "{dest}"),
    edited=("tls_policy_map_entry_saved", "{dest}"),
    removed=("tls_policy_map_entry_deleted", "{item}"),
    shown=("id", "dest", "policy", "parameters", "active", *_DATES),
    stray=True,
)
FORWARDING_HOST = Kind(
    word="forwarding_host",
    words="forwarding_hosts",
    called=("fwdhost", "{}"),
    items="fwdhost",
    items_deleted="forwardinghost",
    id_field="host",
    fields={
        "hostname": Field(otherwise="", fixed=True),
        "filter_spam": Field(read=number, otherwise=0, fixed=True),
        "keep_spam": Field(read=number),
    },
    checks=(checks.host_address,),
    added=("forwarding_host_added", "{host}"),
    edited=("object_modified", "{item}"),
    removed=("forwarding_host_removed", "{item}"),
    shown=("host", "source", "keep_spam"),
)
OAUTH2_CLIENT = Kind(
    word="oauth2_client",
    words="oauth2_clients",
    called=("oauth2", "{}", "client"),
    fields={"redirect_uri": Field(otherwise="", keeps=True)},
    checks=(checks.made_client,),
    added=("Added client access",),
    edited=("object_modified", "{item}"),
    removed=("items_deleted", "{item}"),
    shown=("id", "client_id", "client_secret", "redirect_uri", "grant_types", "scope", "user_id"),
)
RSPAMD_SETTING = Kind(
    word="rspamd_setting",
    words="rspamd_settings",
    called=("rsettings", "{}"),
    fields={"content": _KEPT, "desc": _KEPT, "active": _FLAG},
    checks=(checks.wanted("content", "map_content_empty"), checks.storable("desc")),
    added=("settings_map_added",),
    edited=("object_modified", "{items}"),
    removed=("settings_map_removed", "{item}"),
    unknown=("settings_map_invalid", ITEM),
    shown=("id", "desc", "content", "active"),
)

KINDS = (
    *(RELAY_HOST, TRANSPORT, RESOURCE, SYNC_JOB, FILTER, BCC_MAP, RECIPIENT_MAP, TLS_POLICY_MAP, FORWARDING_HOST),
    *(OAUTH2_CLIENT, RSPAMD_SETTING),
)

HOOKS: dict[str, Hook] = {name: hook for kind in KINDS for name, hook in hooks(kind).items()}
