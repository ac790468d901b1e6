from __future__ import annotations

from typing import Any

import pytest
from account import Account
from mailwright_wildduck.v1_51 import models
from scenario_data import GHOST

from mailwright.runtime import Conflict, InvalidRequest, NotFound, ServerError


def test_an_address_is_added_read_made_the_main_one_and_removed(mail: Any, account: Account, mark: str) -> None:
    new = mail.addresses.create(account.id, address=f"doe@{mark}.test", name="Doe", tags=["x"])
    read = mail.addresses.get(account.id, new.id)
    assert (read.address, read.name, read.main, read.tags) == (f"doe@{mark}.test", "Doe", False, ["x"])
    assert mail.addresses.update(account.id, new.id, main=True, name="The doe").success
    listed = {each.address: (each.main, each.name) for each in mail.addresses.list(account.id)}
    assert listed == {account.address: (False, None), f"doe@{mark}.test": (True, "The doe")}
    assert mail.users.get(account.id).address == f"doe@{mark}.test"
    with pytest.raises(InvalidRequest) as refused:
        mail.addresses.delete(account.id, new.id)
    assert refused.value.code == "NotPermitted"
    old = next(each.id for each in mail.addresses.list(account.id) if not each.main)
    assert mail.addresses.delete(account.id, old).success
    assert [each.address for each in mail.addresses.list(account.id)] == [f"doe@{mark}.test"]
    with pytest.raises(NotFound):
        mail.addresses.get(account.id, old)


def test_addresses_are_found_by_text_by_tag_and_as_a_whole(mail: Any, account: Account, mark: str) -> None:
    made = [
        mail.addresses.create(account.id, address=f"a{n}@{mark}.test", tags=[f"{mark}{n % 2}"]).id for n in range(7)
    ]
    found = list(mail.addresses.search(query=f"@{mark}.test", limit=2))
    assert [each.address for each in found] == [*(f"a{n}@{mark}.test" for n in range(7)), account.address]
    assert {each.user for each in found} == {account.id}
    assert {each.id for each in mail.addresses.search(tags=[f"{mark}0"], limit=3)} == set(made[0::2])
    assert mail.addresses.resolve(f"a3@{mark}.test").id == made[3]
    with pytest.raises(Conflict):
        mail.addresses.create(account.id, address=f"a3@{mark}.test")
    with pytest.raises(NotFound):
        mail.addresses.resolve(f"nobody@{mark}.test")


def test_a_wildcard_address_is_kept_and_the_server_fails_to_resolve_by_it(
    mail: Any, account: Account, mark: str
) -> None:
    wild = mail.addresses.create(account.id, address=f"*@wild.{mark}.test", allow_wildcard=True)
    assert mail.addresses.get(account.id, wild.id).address == f"*@wild.{mark}.test"
    assert mail.addresses.resolve(account.address, allow_wildcard=True).user == account.id
    with pytest.raises(ServerError) as failed:
        mail.addresses.resolve(f"any@wild.{mark}.test", allow_wildcard=True)
    assert (failed.value.status, failed.value.code) == (500, "InternalDatabaseError")


def test_a_forwarded_address_is_made_changed_and_removed(mail: Any, mark: str) -> None:
    away = models.NewAddressAutoreply(status=True, subject="Away", text="Later")
    made = mail.addresses.create_forwarded(
        address=f"team@{mark}.test", name="Team", targets=[f"one@{mark}.example"], forwards=50, autoreply=away
    )
    read = mail.addresses.get_forwarded(made.id)
    assert (read.address, read.name, read.targets) == (f"team@{mark}.test", "Team", [f"one@{mark}.example"])
    assert (read.limits.forwards.allowed, read.autoreply.status, read.autoreply.subject) == (50, True, "Away")
    targets = [f"two@{mark}.example", "https://hook.example/in"]
    assert mail.addresses.update_forwarded(made.id, targets=targets, forwarded_disabled=True).success
    read = mail.addresses.get_forwarded(made.id)
    assert (read.targets, read.forwarded_disabled) == (targets, True)
    assert mail.addresses.resolve(f"team@{mark}.test").targets == targets
    assert mail.addresses.delete_forwarded(made.id).success
    for call in (mail.addresses.get_forwarded, mail.addresses.delete_forwarded):
        with pytest.raises(NotFound) as missing:
            call(made.id)
        assert missing.value.code == "AddressNotFound"


def test_a_domain_is_renamed_in_addresses_and_users(mail: Any, account: Account, mark: str) -> None:
    done = mail.addresses.rename_domain(old_domain=f"{mark}.test", new_domain=f"{mark}.example")
    assert (done.modified_addresses, done.modified_users) == (1, 1)
    assert mail.users.get(account.id).address == f"jane@{mark}.example"


def test_those_who_were_written_to_are_in_the_register_of_addresses(mail: Any, account: Account) -> None:
    mail.submission.submit(
        account.id, to=[models.MailAddressInput(address="zack@remote.test", name="Zack")], subject="Hello", text="Hello"
    )
    entry = next(iter(mail.addresses.search_register(account.id, query="zack")))
    assert (entry.address, entry.name) == ("zack@remote.test", "Zack")
    assert mail.addresses.update_registered(account.id, entry.id, disabled=True, name="Zachary").success
    assert list(mail.addresses.search_register(account.id, query="zack")) == []
    with pytest.raises(InvalidRequest) as missing:
        mail.addresses.update_registered(account.id, GHOST, disabled=True)
    assert (missing.value.status, missing.value.code) == (200, None)
