from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from account import Account
from mailwright_wildduck.v1_51 import models
from scenario_data import GHOST, letter

from mailwright.runtime import InvalidRequest, NotFound

ZOE = models.MailAddressInput(address="zoe@remote.test", name="Zoe")
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def draft(mail: Any, account: Account) -> int:
    made = mail.messages.create(
        account.id, account.boxes["Drafts"], draft=True, to=[ZOE], subject="A plan", text="Later"
    )
    return int(made.message.id)


def test_a_submitted_message_is_queued_and_kept_among_the_sent(mail: Any, account: Account) -> None:
    done = mail.submission.submit(
        account.id, to=[ZOE], subject="Hello", text="Hello Zoe", html="<p>Hello Zoe</p>"
    ).message
    assert done.mailbox == account.boxes["Sent Mail"]
    assert 18 <= len(done.queue_id) <= 24
    sent = mail.messages.get(account.id, done.mailbox, done.id)
    assert (sent.subject, sent.from_.address, [each.address for each in sent.to]) == (
        "Hello",
        account.address,
        [ZOE.address],
    )
    assert [each.queue_id for each in sent.outbound] == [done.queue_id]


def test_a_message_may_be_kept_as_a_draft_instead(mail: Any, account: Account) -> None:
    done = mail.submission.submit(account.id, to=[ZOE], subject="Not yet", text="…", is_draft=True).message
    assert done.mailbox == account.boxes["Drafts"]
    assert not done.queue_id
    assert mail.messages.get(account.id, done.mailbox, done.id).draft


def test_a_submission_of_nobody_sends_nothing(mail: Any) -> None:
    assert mail.submission.submit(GHOST, to=[ZOE], subject="Hello", text="Hello").message is None


def test_a_draft_is_sent_later_sooner_or_not_at_all(mail: Any, account: Account) -> None:
    drafts = account.boxes["Drafts"]
    done = mail.messages.submit_draft(account.id, drafts, draft(mail, account), send_time=SOON)
    assert done.message.mailbox == account.boxes["Sent Mail"]
    sooner = SOON - timedelta(hours=3)
    moved = mail.messages.reschedule(account.id, done.queue_id, send_time=sooner)
    assert (moved.queue_id, moved.send_time, moved.updated) == (done.queue_id, sooner, 1)
    stopped = mail.messages.cancel(account.id, done.queue_id)
    assert (stopped.queue_id, stopped.deleted) == (done.queue_id, 1)
    with pytest.raises(NotFound) as gone:
        mail.messages.reschedule(account.id, done.queue_id, send_time=sooner)
    assert gone.value.code == "NoSuchQueueEntry"
    with pytest.raises(NotFound) as gone:
        mail.messages.cancel(account.id, done.queue_id)
    assert gone.value.code == "NoSuchQueueEntry"


def test_what_is_no_draft_cannot_be_sent(mail: Any, account: Account) -> None:
    mail.messages.upload(account.id, account.boxes["INBOX"], letter(1, "No draft"))
    with pytest.raises(InvalidRequest) as refused:
        mail.messages.submit_draft(account.id, account.boxes["INBOX"], 1)
    assert refused.value.code == "MessageNotDraft"


def test_a_message_is_forwarded(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    mail.messages.upload(account.id, inbox, letter(1, "Pass it on"))
    done = mail.messages.forward(account.id, inbox, 1, addresses=["one@remote.test", "two@remote.test"])
    assert [(each.type, each.value) for each in done.forwarded] == [
        ("mail", "one@remote.test"),
        ("mail", "two@remote.test"),
    ]
    assert 18 <= len(done.queue_id) <= 24
    with pytest.raises(NotFound):
        mail.messages.forward(account.id, inbox, 99, addresses=["one@remote.test"])
