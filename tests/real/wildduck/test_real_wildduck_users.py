from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from account import Account
from scenario_data import GHOST, letter

from mailwright.runtime import AuthenticationFailed, Conflict, InvalidRequest, NotFound


def test_a_created_user_is_read_listed_resolved_and_changed(mail: Any, account: Account, mark: str) -> None:
    user = mail.users.get(account.id)
    assert (user.username, user.name, user.address) == (account.username, "Jane Roe", account.address)
    assert user.has_password_set
    assert not user.key_info
    assert user.enabled2fa == []
    assert user.limits.quota.used == 0
    assert mail.users.resolve(account.username).id == account.id
    listed = list(mail.users.list(query=mark))
    assert [(each.id, each.username, each.name) for each in listed] == [(account.id, account.username, "Jane Roe")]

    assert mail.users.update(
        account.id, name="Jane Doe", quota=5_000_000, tags=["b", "a"], meta_data={"n": [1]}
    ).success
    user = mail.users.get(account.id)
    assert (user.name, user.limits.quota.allowed, user.tags, user.meta_data) == (
        "Jane Doe",
        5_000_000,
        ["a", "b"],
        {"n": [1]},
    )
    assert [each.id for each in mail.users.list(query=mark, tags=["a", "c"])] == [account.id]
    assert list(mail.users.list(query=mark, required_tags=["a", "c"])) == []


def test_what_cannot_be_a_user_is_refused(mail: Any, account: Account, mark: str) -> None:
    with pytest.raises(Conflict) as taken:
        mail.users.create(username=account.username, password="another horse battery")
    assert (taken.value.status, taken.value.code) == (500, "UserExistsError")
    with pytest.raises(Conflict) as taken:
        mail.users.create(username=f"{mark}other", password="another horse battery", address=account.address)
    assert taken.value.code == "AddressExistsError"
    with pytest.raises(InvalidRequest) as invalid:
        mail.users.create(username="two words", password="another horse battery")
    assert (invalid.value.status, invalid.value.code) == (400, "InputValidationError")
    for call in (mail.users.get, mail.users.restore, mail.users.get_deleted):
        with pytest.raises(NotFound):
            call(GHOST)
    with pytest.raises(NotFound):
        mail.users.resolve(f"{mark}nobody")


def test_a_user_without_a_password_says_so(mail: Any, mark: str) -> None:
    user = mail.users.get(mail.users.create(username=f"{mark}mute", password=False, empty_address=True).id)
    assert not user.has_password_set
    assert not user.address


def test_a_reset_password_logs_in_and_asks_for_a_change(mail: Any, account: Account) -> None:
    new = mail.users.reset_password(account.id)
    login = mail.authentication.authenticate(username=account.username, password=new.password)
    assert (login.id, login.require_password_change) == (account.id, True)
    assert mail.users.update(account.id, password="a third horse").success
    login = mail.authentication.authenticate(username=account.username, password="a third horse")
    assert (login.id, login.require_password_change) == (account.id, False)
    for old in (new.password, account.password):
        with pytest.raises(AuthenticationFailed):
            mail.authentication.authenticate(username=account.username, password=old)


def test_a_password_is_changed_with_the_right_one_only(mail: Any, account: Account) -> None:
    with pytest.raises(AuthenticationFailed) as refused:
        mail.users.update(account.id, existing_password="not this one", password="a third horse")
    assert refused.value.code == "AuthFail"
    assert mail.users.update(account.id, existing_password=account.password, password="a third horse").success


def test_a_logout_of_a_user_leaves_its_tokens_good(
    mail: Any, account: Account, mail_with: Callable[[str], Any]
) -> None:
    login = mail.authentication.authenticate(username=account.username, password=account.password, token=True)
    assert mail.users.logout(account.id, reason="Maintenance").success
    assert mail_with(login.token).users.get("me").id == account.id
    with pytest.raises(NotFound):
        mail.users.logout(GHOST)


def test_a_deleted_user_comes_back_with_its_addresses(mail: Any, account: Account) -> None:
    later = datetime.now(UTC) + timedelta(days=30)
    deleted = mail.users.delete(account.id, delete_after=later)
    assert deleted.user == account.id
    assert abs(deleted.delete_after - later) < timedelta(seconds=1)
    with pytest.raises(NotFound):
        mail.users.get(account.id)
    gone = mail.users.get_deleted(account.id)
    assert (gone.username, gone.recoverable_addresses) == (account.username, [account.address])
    back = mail.users.restore(account.id)
    assert (back.user, back.addresses.main, back.addresses.recovered) == (account.id, account.address, 1)
    assert mail.users.get(account.id).address == account.address


def test_users_are_walked_over_many_pages_both_ways(mail: Any, mark: str) -> None:
    names = [f"{mark}u{number}" for number in range(9)]
    for name in names:
        mail.users.create(username=name, password=False, empty_address=True)
    pages = list(mail.users.list(query=mark, limit=2).pages())
    assert [[each.username for each in page.items] for page in pages] == [
        names[0:2],
        names[2:4],
        names[4:6],
        names[6:8],
        names[8:],
    ]
    assert {page.total for page in pages} == {9}
    assert not pages[0].previous_cursor
    assert not pages[-1].next_cursor
    seen, page = [], pages[-1]
    while page.previous_cursor:
        page = mail.users.list(query=mark, limit=2).page(previous=page.previous_cursor)
        seen.append([each.username for each in page.items])
    assert seen == [names[6:8], names[4:6], names[2:4], names[0:2]]
    assert [each.username for each in mail.users.list(query=mark, limit=4)] == names


def test_the_storage_a_user_takes_is_counted_anew(mail: Any, account: Account) -> None:
    sizes = [mail.messages.upload(account.id, account.boxes["INBOX"], letter(n, f"N{n}")).message.size for n in (1, 2)]
    counted = mail.quota.reset(account.id)
    assert counted.previous_storage_used == counted.storage_used == sum(sizes)
    assert mail.users.get(account.id).limits.quota.used == sum(sizes)
    with pytest.raises(NotFound):
        mail.quota.reset(GHOST)
    assert len(mail.quota.reset_all().task) == 24
