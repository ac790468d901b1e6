"""Every method of the generated client of mailcow is answered by the mock with something that it decodes."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest
from mailcow_filled import (
    DOCUMENT,
    DOMAIN_TEMPLATE,
    EMPTY_DOMAIN,
    JANE,
    MAILBOX_TEMPLATE,
    filled_mock,
    private_key,
)
from mailwright_mailcow.v2026_08 import AsyncMailcow, Mailcow

from mailwright.mock import AsyncMockBackend, MockBackend
from mailwright.runtime import APIError, Outcomes, ResponseInvalid

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
    "client_id": 1,
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
ONE_OF = {"addresses": "address", "aliases": "alias", "mailboxes": "mailbox", "policies": "policy"}
# What the mock answers, and the client takes for a failure of the server.
NO_ANSWER = frozenset({"admins.update_self", "rate_limits.reset", "rate_limits.reset_many"})
# What needs something else than others with the same parameter, or something that may be left out.
URLS = dict.fromkeys(("authorize_url", "token_url", "userinfo_url", "redirect_url"), "https://login.example")
PUSHOVER = {"key": "u" * 30, "token": "a" * 30}
OF_METHOD: dict[str, dict[str, Any]] = {
    "mail_queue.change_all": {"action": "flush"},
    "admins.create": {"username": "root"},
    "alias_domains.create": {"alias_domain": "new.example"},
    "aliases.create": {"goto": JANE},
    "dkim.create": {"domains": EMPTY_DOMAIN},
    "dkim.duplicate": {"to_domain": [EMPTY_DOMAIN]},
    "dkim.import_key": {"domain": EMPTY_DOMAIN, "private_key_file": private_key()},
    "domain_admins.create": {"username": "chief"},
    "domain_templates.get": {"template": DOMAIN_TEMPLATE},
    "domain_templates.update": {"template_id": DOMAIN_TEMPLATE},
    "domain_templates.delete": {"template_id": DOMAIN_TEMPLATE},
    "domains.create": {"domain": "new.example"},
    "domains.delete": {"domain": EMPTY_DOMAIN},
    "identity_provider.set": {**URLS, "client_id": "c", "client_secret": "s"},
    "mailbox_templates.get": {"template": MAILBOX_TEMPLATE},
    "mailbox_templates.update": {"template_id": MAILBOX_TEMPLATE, "quarantine_category": "all"},
    "mailbox_templates.delete": {"template_id": MAILBOX_TEMPLATE},
    "mailboxes.set_pushover": PUSHOVER,
    "mailboxes.set_quarantine_category": {"quarantine_category": "all"},
    "mailboxes.set_quarantine_notification": {"quarantine_notification": "daily"},
    "mta_sts.create": {"domain": EMPTY_DOMAIN},
    "mta_sts.update": {"version": "STSv1"},
    "policies.delete_of_domain": {"policy": 1},
    "policies.delete_of_mailbox": {"policy": 3},
    "rate_limits.set_for_domain": {"rl_value": 1, "rl_frame": "h"},
    "rate_limits.set_for_mailbox": {"rl_value": 1, "rl_frame": "h"},
    "settings.set_quota_notification_bcc": {"domain": "example.org"},
}
# What the mock refuses in the server's own words: no identity provider is there to be asked.
REFUSED = frozenset({"identity_provider.test"})


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
    of_method = OF_METHOD.get(name.removesuffix("_many"), {})
    known = {**GIVEN, **OF_GROUP.get(name.partition(".")[0], {}), **of_method}
    parameters = inspect.signature(find(client, name)).parameters
    given: dict[str, Any] = {each: value for each, value in of_method.items() if each in parameters}
    for each, parameter in parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD or parameter.default is not inspect.Parameter.empty:
            continue
        several = str(parameter.annotation).startswith("Iterable[")
        if each in known and not several:
            given[each] = known[each]
        else:
            singular = ONE_OF.get(each, each.removesuffix("s"))
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
            with pytest.raises(ResponseInvalid, match="empty body"):
                made(find(client, name)(**given))
        elif name in REFUSED:
            with pytest.raises(APIError) as refused:
                made(find(client, name)(**given))
            assert not isinstance(refused.value, ResponseInvalid)
            assert refused.value.status == 200
        else:
            made(find(client, name)(**given))


def made(value: Any) -> None:
    """Raises what a call for several failed with."""
    if isinstance(value, Outcomes):
        assert len(value) == 1
        value.raise_first()


def test_the_mock_has_all_operations() -> None:
    missing = [
        f"{method} {path}"
        for path, item in DOCUMENT["paths"].items()
        for method in ("get", "post")
        if method in item and "x-mock" not in item[method]
    ]
    assert missing == []


# A group, what is created, how it is listed, the field that names it, what is changed of it.
STORIES: list[tuple[str, dict[str, Any], tuple[Any, ...], str, dict[str, Any]]] = [
    ("relay_hosts", {"hostname": "r.example"}, (), "id", {"hostname": "s.example"}),
    ("transports", {"destination": "t.example", "nexthop": "h.example"}, (), "id", {"nexthop": "i.example"}),
    (
        "resources",
        {"domain": "example.org", "description": "Car", "kind": "thing"},
        (),
        "name",
        {"description": "Red car"},
    ),
    (
        "filters",
        {"username": JANE, "script_data": "stop;", "script_desc": "new", "filter_type": "postfilter"},
        (),
        "id",
        {"script_desc": "newer"},
    ),
    (
        "sync_jobs",
        {
            "username": JANE,
            "host1": "n.example",
            "user1": "v",
            "password1": "p",
            "exclude": "",
            "port1": 143,
            "mins_interval": 5,
            "enc1": "TLS",
        },
        (),
        "id",
        {"mins_interval": 7},
    ),
    (
        "bcc_maps",
        {"local_dest": JANE, "bcc_dest": "x@x.example", "type": "rcpt"},
        (),
        "id",
        {"bcc_dest": "y@x.example"},
    ),
    (
        "recipient_maps",
        {"recipient_map_old": "a@x.example", "recipient_map_new": "b@x.example"},
        (),
        "id",
        {"recipient_map_new": "c@x.example"},
    ),
    ("tls_policy_maps", {"dest": "n.example", "policy": "dane"}, (), "id", {"policy": "secure"}),
    ("oauth2_clients", {"redirect_uri": "https://n.example"}, (), "id", {"redirect_uri": "https://o.example"}),
    ("rspamd_settings", {"content": "y {}", "desc": "n"}, (), "id", {"desc": "o"}),
    ("forwarding_hosts", {"hostname": "192.0.2.9"}, (), "host", {}),
    ("admins", {"username": "adm", "password": "moohoo12", "password2": "moohoo12"}, (), "username", {}),
    ("time_limited_aliases", {"username": JANE, "domain": "example.org"}, (JANE,), "address", {}),
]


@pytest.mark.parametrize(("group", "new", "where", "key", "changed"), STORIES, ids=[story[0] for story in STORIES])
def test_what_is_created_is_listed_changed_and_deleted(
    group: str, new: dict[str, Any], where: tuple[Any, ...], key: str, changed: dict[str, Any]
) -> None:
    with Mailcow("http://mock.test", api_key="secret", backend=MockBackend(filled_mock())) as client:
        things = getattr(client, group)
        before = [getattr(each, key) for each in things.list(*where)]
        things.create(**new)
        (name,) = [getattr(each, key) for each in things.list(*where) if getattr(each, key) not in before]
        if changed:
            things.update(name, **changed)
            assert {field: getattr(things_of(things, where, key, name), field) for field in changed} == changed
        things.delete(name)
        assert [getattr(each, key) for each in things.list(*where)] == before


def things_of(things: Any, where: tuple[Any, ...], key: str, name: Any) -> Any:
    return next(each for each in things.list(*where) if getattr(each, key) == name)


def test_policies_are_listed_and_deleted_with_the_asyncio_client() -> None:
    async def story() -> None:
        backend = AsyncMockBackend(filled_mock())
        async with AsyncMailcow("http://mock.test", api_key="secret", backend=backend) as client:
            await client.policies.create_for_mailbox(username=JANE, object_list="bl", object_from="*@spam.example")
            found = await client.policies.list_blocked_by_mailbox(JANE)
            assert [each.value for each in found] == ["*@bl.example", "*@spam.example"]
            await client.policies.delete_of_mailbox(found[1].prefid)
            assert len(await client.policies.list_blocked_by_mailbox(JANE)) == 1
            assert len(await client.policies.list_allowed_by_mailbox(JANE)) == 1

    asyncio.run(story())


def test_a_mailbox_takes_what_belongs_to_it_along_to_a_new_name() -> None:
    with Mailcow("http://mock.test", api_key="secret", backend=MockBackend(filled_mock())) as client:
        client.mailboxes.rename(
            JANE, domain="example.org", old_local_part="jane", new_local_part="janet", create_alias=True
        )
        assert client.mailboxes.get("janet@example.org").spam_aliases == 1
        assert [each.username for each in client.filters.list_of_mailbox("janet@example.org")] == ["janet@example.org"]
        assert {each.address: each.goto for each in client.aliases.list()}[JANE] == "janet@example.org"
