from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from account import Account
from mailwright_wildduck.v1_51 import models
from scenario_data import GHOST, letter

from mailwright.runtime import Conflict, InvalidRequest, NotFound


def test_a_mailbox_is_made_read_renamed_and_removed(mail: Any, account: Account) -> None:
    made = mail.mailboxes.create(account.id, path="Plans/2024", retention=3_600_000)
    read = mail.mailboxes.get(account.id, made.id)
    assert (read.path, read.name, read.retention, read.total, read.subscribed) == (
        "Plans/2024",
        "2024",
        3_600_000,
        0,
        True,
    )
    assert mail.mailboxes.update(account.id, made.id, path="Plans/Old", subscribed=False).success
    assert mail.mailboxes.get(account.id, "resolve", path="Plans/Old").id == made.id
    listed = {each.path: each for each in mail.mailboxes.list(account.id, counters=True)}
    assert listed["Plans/Old"].id == made.id
    assert not listed["Plans/Old"].subscribed
    assert {path: each.special_use for path, each in listed.items()} == {
        "INBOX": None,
        "Drafts": "\\Drafts",
        "Junk": "\\Junk",
        "Plans/Old": None,
        "Sent Mail": "\\Sent",
        "Trash": "\\Trash",
    }
    with pytest.raises(Conflict):
        mail.mailboxes.create(account.id, path="Plans/Old")
    assert mail.mailboxes.delete(account.id, made.id).success
    with pytest.raises(NotFound):
        mail.mailboxes.get(account.id, made.id)
    with pytest.raises(InvalidRequest) as refused:
        mail.mailboxes.delete(account.id, account.boxes["INBOX"])
    assert refused.value.code == "DisallowedMailboxMethod"


def test_counters_and_sizes_follow_the_messages(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    sizes = [mail.messages.upload(account.id, inbox, letter(n, f"N{n}"), unseen=n == 1).message.size for n in (1, 2, 3)]
    entry = next(each for each in mail.mailboxes.list(account.id, counters=True, sizes=True) if each.id == inbox)
    assert (entry.total, entry.unseen, entry.size) == (3, 1, sum(sizes))


def test_a_filter_is_made_listed_changed_and_removed(mail: Any, account: Account) -> None:
    made = mail.filters.create(
        account.id,
        name="Invoices",
        query=models.NewFilterQuery(subject="invoice", ha=True, size=-1000),
        action=models.NewFilterAction(flag=True, mailbox=account.boxes["Trash"], targets=["fwd@remote.test"]),
    )
    read = mail.filters.get(account.id, made.id)
    assert (read.name, read.disabled, read.query.subject, read.query.ha, read.query.size) == (
        "Invoices",
        False,
        "invoice",
        True,
        -1000,
    )
    assert (read.action.flag, read.action.mailbox, read.action.targets) == (
        True,
        account.boxes["Trash"],
        ["fwd@remote.test"],
    )
    (listed,) = mail.filters.list(account.id)
    assert (listed.id, listed.original_query.subject) == (made.id, "invoice")
    assert ["subject", "(invoice)"] in listed.query
    everywhere = [each for each in mail.filters.list_all(forward="fwd@remote.test") if each.user == account.id]
    assert [each.id for each in everywhere] == [made.id]
    changed = models.NewFilterAction(flag=None, mailbox="")
    assert mail.filters.update(account.id, made.id, name="Bills", disabled=True, action=changed).success
    read = mail.filters.get(account.id, made.id)
    assert (read.name, read.disabled, read.query.subject) == ("Bills", True, "invoice")
    assert not read.action.flag
    assert not read.action.mailbox
    assert mail.filters.delete(account.id, made.id).success
    with pytest.raises(NotFound) as missing:
        mail.filters.get(account.id, made.id)
    assert missing.value.code == "FilterNotFound"


def test_an_autoreply_is_set_for_a_time_and_cleared(mail: Any, account: Account) -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 12, 30, tzinfo=UTC)
    assert not mail.autoreply.get(account.id).status
    made = mail.autoreply.update(account.id, status=True, subject="Away", text="Later", start=start, end=end)
    assert len(made.id) == 24
    read = mail.autoreply.get(account.id)
    assert (read.status, read.subject, read.text, read.start, read.end) == (True, "Away", "Later", start, end)
    assert mail.users.get(account.id).autoreply
    mail.autoreply.update(account.id, end=False, text="")
    read = mail.autoreply.get(account.id)
    assert (read.start, read.text) == (start, "")
    assert not read.end
    assert mail.autoreply.delete(account.id).success
    assert not mail.autoreply.get(account.id).subject
    with pytest.raises(NotFound):
        mail.autoreply.update(GHOST, status=True)
