"""What mailcow's keys mean, where they mean more than that a request is refused as it stands.

The server has some 200 keys and adds more. Each here was looked up at every place of the server's code that reports it
as a failure, so that a key is one kind of error whatever operation it comes from; one that stands for several kinds, by
operation or by luck, is `InvalidRequest`, and its meanings are told. All others are `InvalidRequest`, too.
"""

from __future__ import annotations

from typing import NamedTuple

from mailwright.runtime.errors import (
    APIError,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    ServerError,
)


class Key(NamedTuple):
    """A key: which error it is, what shows it, and what it may stand for where that is not one thing."""

    kind: type[APIError]
    evidence: str
    meanings: str = ""


KEYS: dict[str, Key] = {
    "aliases_in_use": Key(Conflict, "edit/domain: fewer aliases are allowed than there are"),
    "authsource_in_use": Key(Conflict, "identity provider: mailboxes still use the one that is changed or taken away"),
    "bcc_exists": Key(Conflict, "add and edit bcc: a map of that kind for the same destination is found"),
    "dkim_domain_or_sel_exists": Key(Conflict, "add/dkim_import: the domain has a key, and it is not to be replaced"),
    "domain_exists": Key(Conflict, "add/domain: a domain or an alias domain of that name is found"),
    "domain_not_empty": Key(Conflict, "delete/domain: mailboxes of it are found"),
    "domain_quota_m_in_use": Key(Conflict, "edit/domain: less quota is allowed than the mailboxes have"),
    "is_alias": Key(Conflict, "add/mailbox and add/resource: an alias of that address is found"),
    "is_alias_or_mailbox": Key(Conflict, "add and edit alias: an alias or a mailbox of that address is found"),
    "is_spam_alias": Key(Conflict, "add mailbox, resource, alias: a time-limited alias of that address is found"),
    "mailboxes_in_use": Key(Conflict, "edit/domain: fewer mailboxes are allowed than there are"),
    "max_quota_in_use": Key(Conflict, "edit/domain: less quota a mailbox is allowed than the largest has"),
    "next_hop_interferes": Key(Conflict, "transports: another one has the next hop with a port or without"),
    "next_hop_interferes_any": Key(Conflict, "transports: another one has the next hop for all ports"),
    "object_exists": Key(Conflict, "add mailbox, resource, sync job, administrators: one of that name is found"),
    "policy_list_from_exists": Key(Conflict, "add policies: the sender is found in the list or in the other one"),
    "recipient_map_entry_exists": Key(Conflict, "recipient and TLS policy maps: another entry has the destination"),
    "template_exists": Key(Conflict, "add templates: one of that name is found"),
    "tls_policy_map_entry_exists": Key(Conflict, "add tls-policy-map: another entry has the destination"),
    "transport_dest_exists": Key(Conflict, "add and edit transport: another one has the destination"),
    "app_passwd_id_invalid": Key(NotFound, "edit and delete app-passwd: no password has the id"),
    "domain_not_found": Key(NotFound, "add mailbox, resource, alias: the domain of the address is not found"),
    "object_doesnt_exist": Key(NotFound, "add/sso/domain-admin: no administrator has the name"),
    "relayhost_invalid": Key(NotFound, "edit relayhost and transport: none has the id"),
    "settings_map_invalid": Key(NotFound, "edit/rsetting: no setting has the id"),
    "targetd_not_found": Key(NotFound, "add/alias-domain: the target is not found"),
    "template_id_invalid": Key(NotFound, "edit templates: none of that kind has the id"),
    "template_missing": Key(NotFound, "mailboxes made from a template: it is not found"),
    "extended_sender_acl_denied": Key(PermissionDenied, "edit/mailbox: the right to senders of other servers is asked"),
    "unlimited_quota_acl": Key(PermissionDenied, "add and edit mailbox: the right to unlimited quota is asked"),
    "global_filter_write_error": Key(ServerError, "edit/global-filter: the file cannot be written"),
    "global_map_write_error": Key(ServerError, "edit/rspamd-map: the file cannot be written"),
    "ham_learn_error": Key(ServerError, "edit/qitem: the spam filter does not take the message"),
    "mysql_error": Key(ServerError, "everywhere: the database raises an exception"),
    "redis_error": Key(ServerError, "everywhere: Redis raises an exception"),
    "spam_learn_error": Key(ServerError, "edit/qitem: the spam filter does not take the message"),
    "access_denied": Key(
        InvalidRequest,
        "the right to a thing and the thing are looked up in one; the same for numbers out of range",
        "there is no such thing, an argument does not fit, or the key may not do this",
    ),
    "alias_domain_invalid": Key(
        InvalidRequest,
        "add/alias-domain: malformed, or taken by a domain; edit/alias-domain: not found",
        "it is no domain name, exists already, or is not there",
    ),
    "alias_invalid": Key(
        InvalidRequest,
        "add/alias: malformed; edit/alias: malformed, or no alias has the id, and the one before is named",
        "it is no address, or there is no such alias",
    ),
    "dkim_domain_or_sel_invalid": Key(
        InvalidRequest,
        "add/dkim: malformed, or the domain has a key; dkim_duplicate: the first domain has none",
        "the domain or the selector is malformed, the domain has a key already, or has none",
    ),
    "domain_invalid": Key(
        InvalidRequest,
        "malformed; edit/domain, add and edit domain-admin, time-limited aliases: also where it is not found",
        "it is no domain name, or there is no such domain",
    ),
    "resource_invalid": Key(
        InvalidRequest,
        "add/resource: malformed, or of an unknown kind; edit/resource: also where it is not found",
        "the name or the kind is malformed, or there is no such resource",
    ),
    "sender_acl_invalid": Key(
        InvalidRequest,
        "edit/mailbox: malformed, of a domain that is not found, or without the right to it",
        "it is no sender, its domain is not there, or the key may not give it",
    ),
    "target_domain_invalid": Key(
        InvalidRequest,
        "add/alias-domain: malformed; edit/alias-domain: also where it is not found, or an alias domain itself",
        "it is no domain name, is not there, or is an alias domain",
    ),
    "username_invalid": Key(
        InvalidRequest,
        "malformed; edit administrators: taken; delete administrators, footers of domains: not found",
        "it is no name or address, is taken, or is not there",
    ),
}
_OTHER = Key(InvalidRequest, "")


def meaning_of(key: str | None) -> Key:
    """Returns what a key means; of one that is not known, that the request is refused."""
    return _OTHER if key is None else KEYS.get(key, _OTHER)
