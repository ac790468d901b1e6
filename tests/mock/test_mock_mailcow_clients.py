"""Every method of the generated client of mailcow is answered by the mock with something that it decodes."""

from __future__ import annotations

from typing import Any

from mailcow_filled import JANE

# What is given, by the name of the parameter; of a group or a method alone first.
GIVEN: dict[str, Any] = {
    "domain": "example.org",
    "mailbox": JANE,
    "username": JANE,
    "alias_domain": "example.com",
    "alias": 3,
    "app_password": 1,
    "bcc_map": 1,
    "recipient_map": 1,
    "tls_policy_map": 1,
    "relay_host": 1,
    "transport": 1,
    "client": 1,
    "client_path": 1,
    "setting": 1,
    "sync_job": 1,
    "filter_id": 1,
    "resource": "Room1@example.org",
    "host": "192.0.2.7",
    "tag": "a",
    "tags": ["a"],
    "days": 3,
    "count": 5,
    "id": "1",
    "queue_id": "ABC",
    "item": 1,
    "action": "deliver",
    "rate_limit": "abc",
    "template": "new",
    "key": "k",
    "password": "moohoo12",
    "password2": "moohoo12",
    "app_passwd": "moohoo12",
    "app_passwd2": "moohoo12",
    "app_name": "n",
    "address": "new@example.org",
    "goto": JANE,
    "object_list": "bl",
    "object_from": "*@new.example",
    "script_data": "keep;",
    "script_desc": "d",
    "filter_type": "prefilter",
    "content": "x {}",
    "desc": "d",
    "hostname": "192.0.2.8",
    "destination": "new.example",
    "nexthop": "mx.example",
    "dest": "new.example",
    "policy": "encrypt",
    "local_dest": "example.org",
    "bcc_dest": "x@x.example",
    "type": "sender",
    "recipient_map_old": "o@example.org",
    "recipient_map_new": "n@example.org",
    "description": "New room",
    "kind": "thing",
    "local_part": "new",
    "quota": 1,
    "version": "STSv1",
    "mode": "none",
    "mx": "mx.example",
    "max_age": 86400,
    "authsource": "generic-oidc",
    "protocols": ["imap_access"],
    "spam_score": "5,10",
    "attribute": ["role"],
    "value": ["boss"],
    "quarantine_category": "all",
    "quarantine_notification": "daily",
    "tagged_mail_handler": "none",
    "user_acl": ["spam_alias"],
    "da_acl": ["syncjobs"],
    "rl_value": 1,
    "rl_frame": "h",
    "key_size": 2048,
    "dkim_selector": "new",
    "old_local_part": "joe",
    "new_local_part": "jim",
    "port1": 993,
    "password1": "p",
    "exclude": "",
    "user1": "new",
    "mins_interval": 20,
    "enc1": "SSL",
    "target_domain": "example.org",
    "map": ["global_rcpt_blacklist.map"],
    "rspamd_map_data": "x",
    "validity": 2,
    "active": True,
    "name": "Jane",
    "keep_spam": True,
    "redirect_uri": "https://b.example",
    "template_id": 3,
    "private_key_file": "",
    "goto_null": None,
    "html": "x",
    "domains": "example.org",
    "from_domain": "example.org",
    "to_domain": "two.example",
    "bcc_rcpt": "x@x.example",
}
OF_GROUP: dict[str, dict[str, Any]] = {
    "admins": {"username": "admin", "username_new": "root"},
    "domain_admins": {"username": "boss"},
    "domains": {"quota": 3000},
    "alias_domains": {"alias_domain": "example.com"},
    "time_limited_aliases": {"domain": "example.com", "address": "<made up>"},
    "mail_queue": {"action": "hold"},
    "quarantine": {"action": "release"},
}
# What the mock answers, and the client takes for a failure of the server.
NO_ANSWER = frozenset({"admins.update_self", "rate_limits.reset", "rate_limits.reset_many"})
# What the mock refuses, as there is nothing of it, or nobody to ask.
REFUSED = frozenset[str]()


def methods() -> list[str]:
    """All methods of all groups that are operations."""
    client = Mailcow("http://mock.test", api_key="secret")
    found: list[str] = []
    for name in dir(client):
        group = getattr(client, name)
        if not name.startswith("_") and type(group).__module__.startswith("mailwright_mailcow"):
            found += [f"{name}.{each}" for each in dir(group) if not each.startswith("_")]
    return [each for each in found if inspect.ismethod(find(client, each))]


def find(client: Mailcow, name: str) -> Any:
    group, _, method = name.partition(".")
    return getattr(getattr(client, group), method)


def arguments(client: Mailcow, name: str) -> dict[str, Any]:
    """A value for each parameter that has to be given, and what is changed where nothing has to."""
    known = {**GIVEN, **OF_GROUP.get(name.partition(".")[0], {})}
    parameters = inspect.signature(find(client, name)).parameters
    given: dict[str, Any] = {}
    for each, parameter in parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD or parameter.default is not inspect.Parameter.empty:
            continue
        if each in known:
            given[each] = known[each]
        else:
            one = {"usernames": "username", "addresses": "address", "aliases": "alias", "mailboxes": "mailbox"}
            singular = one.get(each, "policy_id" if each == "policies" else each.removesuffix("s"))
            given[each] = [known[singular]] if singular in known else [1]
    if ".update" in name and "active" in parameters:
        given["active"] = True
    return given


@pytest.mark.parametrize("name", methods())
def test_the_client_decodes_what_the_mock_answers(name: str) -> None:
    with Mailcow("http://mock.test", api_key="secret", backend=MockBackend(filled_mock())) as client:
        given = arguments(client, name)
        if "<made up>" in (given.get("address"), *given.get("addresses", ())):
            address = client.time_limited_aliases.list(JANE)[0].address
            given = {"address": address} if "address" in given else {"addresses": [address]}
            given |= {"validity": 2} if "update" in name else {}
        if name in NO_ANSWER:
            with pytest.raises(ServerError):
                find(client, name)(**given)
        elif name in REFUSED:
            with pytest.raises((InvalidRequest, NotFound, PermissionDenied, PartialFailure)):
                find(client, name)(**given)
        else:
            find(client, name)(**given)


def test_every_operation_has_a_method_that_is_called() -> None:
    client = Mailcow("http://mock.test", api_key="secret")
    told = " ".join(inspect.getsource(type(getattr(client, name.partition(".")[0]))) for name in methods())
    assert len(methods()) > 211
    assert {path for path in DOCUMENT["paths"] if path.split("{")[0] not in told} == set()
