"""The recipes for mailcow on its mock, with the plain and with the asyncio client."""

from __future__ import annotations

import asyncio
import inspect
import logging
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest
from mailwright_mailcow.v2026_08 import AsyncMailcow, Mailcow

from mailwright.mock import AsyncMockBackend, Mock, MockBackend
from mailwright.recipes import async_mailcow, mailcow
from mailwright.recipes.mailcow import DomainCopy, Usage, table
from mailwright.recipes.mailcow_steps import password
from mailwright.runtime import Conflict, InvalidRequest, PartialFailure, TimedOut
from mailwright.targets import bundled_document

DOMAIN = "example.org"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Recipes:
    """Runs recipes of one kind of client; `mail` is a plain client, to look and to prepare."""

    mock: Mock
    mail: Mailcow
    is_async: bool

    def __call__(self, name: str, /, *arguments: Any, **more: Any) -> Any:
        if not self.is_async:
            return getattr(mailcow, name)(self.mail, *arguments, **more)

        async def run() -> Any:
            backend = AsyncMockBackend(self.mock)
            async with AsyncMailcow("http://mock.test", api_key="secret", backend=backend) as mail:
                return await getattr(async_mailcow, name)(mail, *arguments, **more)

        return asyncio.run(run())


@pytest.fixture(params=[False, True], ids=["plain", "asyncio"])
def recipes(request: pytest.FixtureRequest) -> Recipes:
    mock = Mock(bundled_document("mailcow-2026.08"), token="secret")
    mail = Mailcow("http://mock.test", api_key="secret", backend=MockBackend(mock))
    mail.domains.create(domain=DOMAIN, tags=["old", "kept"])
    return Recipes(mock, mail, is_async=request.param)


def test_both_kinds_have_the_same_recipes_with_the_same_arguments() -> None:
    assert mailcow.__all__ == async_mailcow.__all__
    for name in mailcow.__all__:
        one, other = getattr(mailcow, name), getattr(async_mailcow, name)
        if inspect.isfunction(one):
            plain = str(inspect.signature(one))
            assert plain.replace("Mailcow", "AsyncMailcow") == str(inspect.signature(other)).replace(
                "AsyncAsync", "Async"
            )


def test_a_dkim_key_is_made_where_there_is_none_and_given_where_there_is_one(recipes: Recipes) -> None:
    made = recipes("add_and_get_dkim", DOMAIN)
    recipes.mail.dkim.delete(DOMAIN)
    other = recipes("add_and_get_dkim", DOMAIN, selector="s1", key_size=1024)
    again = recipes("add_and_get_dkim", DOMAIN)
    assert made.pubkey != other.pubkey
    assert (other.dkim_selector, other.length) == ("s1", 1024)
    assert again.pubkey == other.pubkey


def test_a_mailbox_gets_a_password_that_is_handed_back_and_not_shown(recipes: Recipes) -> None:
    new = recipes("create_mailbox", f"jane@{DOMAIN}")
    other = recipes("create_mailbox", f"joe@{DOMAIN}", password="my own one", name="Joe", quota=0)
    jane = recipes.mail.mailboxes.get(new.address)
    assert len(new.password) == 32
    assert new.password not in repr(new)
    assert other.password == "my own one"
    assert (jane.name, jane.quota, jane.active) == ("jane", 3072 * MIB, True)
    assert recipes.mail.mailboxes.get(other.address).quota == 0
    with pytest.raises(Conflict):
        recipes("create_mailbox", f"jane@{DOMAIN}")


def test_a_password_that_is_made_up_is_in_no_log_and_no_error(
    recipes: Recipes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    new, boss = recipes("create_mailbox", f"jane@{DOMAIN}"), recipes("create_domain_admin", None, [DOMAIN])
    with pytest.raises(Conflict) as raised:
        recipes("create_mailbox", f"jane@{DOMAIN}", password="a secret of mine")
    assert caplog.text
    shown = f"{caplog.text}{new!r}{boss!r}{raised.value!r}{raised.value}{raised.value.details}"
    for secret in (new.password, boss.password, "a secret of mine"):
        assert secret not in shown


def test_a_domain_has_limits_that_no_template_changes(recipes: Recipes) -> None:
    of_domain = recipes.mail.domain_templates
    of_domain.update(of_domain.list()[0].id, max_num_aliases_for_domain=1)
    made = recipes("create_domain", "new.example", mailboxes=7)
    assert (made.max_num_aliases_for_domain, made.max_num_mboxes_for_domain) == (400, 7)
    sizes = (made.def_quota_for_mbox, made.max_quota_for_mbox, made.max_quota_for_domain)
    assert (sizes, made.active) == ((3072 * MIB, 10240 * MIB, 10240 * MIB), True)
    with pytest.raises(Conflict):
        recipes("create_domain", "new.example")


def test_a_generated_password_fits_any_policy(recipes: Recipes) -> None:
    recipes.mail.settings.set_password_policy(length=32, chars=True, special_chars=True, lowerupper=True, numbers=True)
    with pytest.raises(InvalidRequest):
        recipes("create_mailbox", f"jane@{DOMAIN}", password="only letters, " * 3)
    assert recipes("create_mailbox", f"jane@{DOMAIN}").password
    assert len({password() for _ in range(100)}) == 100


def test_a_domain_admin_is_made_whole_or_not_at_all(recipes: Recipes) -> None:
    new = recipes("create_domain_admin", "boss", [DOMAIN])
    assert new.password
    assert new.password not in repr(new)
    assert recipes.mail.domain_admins.get("boss").selected_domains == [DOMAIN]
    other = recipes("create_domain_admin", None, [DOMAIN])
    assert recipes.mail.domain_admins.get(other.username).active
    recipes.mail.domain_admins.delete(other.username)
    with pytest.raises(PartialFailure):
        recipes("create_domain_admin", "half", [DOMAIN, "nosuch.example"])
    assert [admin.username for admin in recipes.mail.domain_admins.list()] == ["boss"]


def test_a_catch_all_catches_all(recipes: Recipes) -> None:
    number = recipes("create_catch_all", DOMAIN, f"jane@{DOMAIN}")
    alias = recipes.mail.aliases.get(number)
    assert (alias.address, alias.is_catch_all, alias.active) == (f"@{DOMAIN}", True, True)
    with pytest.raises(Conflict):
        recipes("create_catch_all", DOMAIN, f"jane@{DOMAIN}")


def test_tags_are_replaced(recipes: Recipes) -> None:
    recipes("replace_domain_tags", DOMAIN, ["kept", "new", "new"])
    assert recipes.mail.domains.get(DOMAIN).tags == ["kept", "new"]
    recipes("replace_domain_tags", DOMAIN, [])
    assert not recipes.mail.domains.get(DOMAIN).tags
    new = recipes("create_mailbox", f"jane@{DOMAIN}", tags=["a", "b"])
    recipes("replace_mailbox_tags", new.address, ["b", "c"])
    assert recipes.mail.mailboxes.get(new.address).tags == ["b", "c"]


def test_a_mailbox_is_waited_for(recipes: Recipes) -> None:
    timer = threading.Timer(0.2, lambda: mailcow.create_mailbox(recipes.mail, f"jane@{DOMAIN}"))
    timer.start()
    try:
        assert recipes("wait_for_mailbox", f"jane@{DOMAIN}", timeout=20, every=0.01).local_part == "jane"
    finally:
        timer.join()
    with pytest.raises(TimedOut, match="there is no mailbox joe"):
        recipes("wait_for_mailbox", f"joe@{DOMAIN}", timeout=0.05, every=0.01)


def test_a_server_that_does_not_answer_is_not_waited_for_longer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with Mailcow(url, api_key="secret", timeout=600) as mail, pytest.raises(TimedOut):
            mailcow.wait_for_mailbox(mail, f"jane@{DOMAIN}", timeout=0.1)
        assert time.monotonic() - began < 60


def test_usage_is_of_the_domain_that_is_asked_for(recipes: Recipes) -> None:
    recipes("create_mailbox", f"jane@{DOMAIN}", quota=100)
    assert recipes("mailbox_usage", DOMAIN) == [Usage(f"jane@{DOMAIN}", 0, 0, 100 * MIB, 0.0)]
    assert len(recipes("mailbox_usage")) == 1
    # The server itself gives all mailboxes for a domain that it does not know.
    assert len(recipes.mail.mailboxes.list_of_domain("nosuch.example")) == 1
    assert recipes("mailbox_usage", "nosuch.example") == []


def test_usage_is_a_table_with_columns_in_line() -> None:
    rows = [Usage("jane@example.org", 7, 50 * MIB, 100 * MIB, 50.0), Usage("j@example.org", 0, 0, None, None)]
    assert table(rows).splitlines() == [
        "mailbox           messages  used  quota  full",
        "jane@example.org         7  50.0    100  50 %",
        "j@example.org            0   0.0      -     -",
    ]


def a_full_domain(mail: Mailcow) -> None:
    mail.rate_limits.set_for_domain(DOMAIN, rl_value=100, rl_frame="d")
    for name in ("jane", "joe"):
        mailcow.create_mailbox(mail, f"{name}@{DOMAIN}", quota=200, tags=[name])
    mail.mailboxes.update(f"jane@{DOMAIN}", pop3_access=False, active=False)
    mail.rate_limits.set_for_mailbox(f"jane@{DOMAIN}", rl_value=5, rl_frame="h")
    mailcow.create_catch_all(mail, DOMAIN, f"jane@{DOMAIN}")
    mail.aliases.create(address=f"junk@{DOMAIN}", goto_spam=True, active=False, private_comment="why")
    mail.mailboxes.update(f"joe@{DOMAIN}", sender_acl=[f"info@{DOMAIN}"], force_pw_update=True, sogo_access=False)
    mail.alias_domains.create(alias_domain="example.com", target_domain=DOMAIN, active=True)
    mail.alias_domains.create(alias_domain="off.example", target_domain=DOMAIN, active=False)


def emptied(mail: Mailcow) -> None:
    mail.mailboxes.delete_many(box.username for box in mail.mailboxes.list()).raise_first()
    mail.domains.delete(DOMAIN)


def test_a_domain_comes_back_from_its_copy_as_it_was(recipes: Recipes) -> None:
    a_full_domain(recipes.mail)
    copy = recipes("export_domain", DOMAIN)
    emptied(recipes.mail)
    made = recipes("import_domain", DomainCopy.from_json(copy.to_json()))
    assert [new.address for new in made] == [f"jane@{DOMAIN}", f"joe@{DOMAIN}"]
    assert len({new.password for new in made}) == 2
    assert recipes("export_domain", DOMAIN) == copy
    assert [each.rate.value for each in copy.boxes if each.rate] == [5]
    assert "pop3" not in copy.boxes[0].protocols
    assert [alias.goto for alias in copy.addresses] == [f"jane@{DOMAIN}", "spam@localhost"]
    assert [(each.name, each.active) for each in copy.alias_domains] == [("example.com", True), ("off.example", False)]
    assert (copy.boxes[1].senders, copy.boxes[1].force_pw_update) == ([f"info@{DOMAIN}"], True)


def test_a_copy_takes_nothing_from_templates(recipes: Recipes) -> None:
    recipes("create_mailbox", f"jane@{DOMAIN}")
    recipes("replace_domain_tags", DOMAIN, [])
    copy = recipes("export_domain", DOMAIN)
    emptied(recipes.mail)
    of_domain, of_mailbox = recipes.mail.domain_templates, recipes.mail.mailbox_templates
    sizes = {"def_quota_for_mbox": 1, "max_quota_for_mbox": 2, "max_quota_for_domain": 3}
    of_domain.update(of_domain.list()[0].id, **sizes, tags=["t"], rl_value=9, rl_frame="d", gal=False)
    of_mailbox.update(
        of_mailbox.list()[0].id,
        quota=1,
        tags=["t"],
        quarantine_category="all",
        rl_value=9,
        rl_frame="d",
        protocol_access=[],
        acl=[],
    )
    recipes("import_domain", copy)
    assert recipes("export_domain", DOMAIN) == copy


def test_a_copy_that_does_not_fit_leaves_nothing_behind(recipes: Recipes) -> None:
    a_full_domain(recipes.mail)
    copy = recipes("export_domain", DOMAIN)
    with pytest.raises(Conflict):
        recipes("import_domain", copy)
    assert len(recipes.mail.mailboxes.list()) == 2
    emptied(recipes.mail)
    copy.mailboxes = 1
    with pytest.raises(InvalidRequest) as raised:
        recipes("import_domain", copy)
    assert raised.value.code == "max_mailbox_exceeded"
    assert recipes.mail.domains.list() == []
    assert recipes.mail.mailboxes.list() == []


def test_what_is_no_copy_is_refused() -> None:
    with pytest.raises(ValueError):
        DomainCopy.from_json(b'{"domain": 1}')
