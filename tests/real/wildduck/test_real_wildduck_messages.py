from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from account import Account
from mailwright_wildduck.v1_51 import models
from scenario_data import file_of, letter, letter_with_file
from waiting import eventually

from mailwright.runtime import InvalidRequest, NotFound, ServerError


@pytest.fixture(params=["bytes", "path", "file"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[bytes, Any]:
    """A letter, and what it is uploaded from."""
    content = letter(1, "Überfahrt".encode().decode("latin-1"), text="Grüße, and 5 < 6 & 7 > 6" * 4000)
    if request.param == "bytes":
        return content, content
    if request.param == "file":
        return content, io.BytesIO(content)
    path = tmp_path / "letter.eml"
    path.write_bytes(content)
    return content, path


def test_an_upload_gives_the_same_bytes_back(mail: Any, account: Account, source: tuple[bytes, Any]) -> None:
    content, given = source
    inbox = account.boxes["INBOX"]
    day = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    stored = mail.messages.upload(
        account.id, inbox, given, unseen=True, flagged=True, date=day, meta_data='{"n": 1}'
    ).message
    assert (stored.id, stored.mailbox, stored.size) == (1, inbox, len(content))
    assert mail.messages.source(account.id, inbox, 1).read() == content
    read = mail.messages.get(account.id, inbox, 1)
    assert (read.user, read.seen, read.flagged, read.idate, read.meta_data) == (account.id, False, True, day, {"n": 1})
    assert read.from_.address == "grace@scenario.test"
    assert read.text.startswith("Grüße, and 5 < 6 & 7 > 6")


def test_a_message_is_made_of_parts(mail: Any, account: Account) -> None:
    drafts = account.boxes["Drafts"]
    stored = mail.messages.create(
        account.id,
        drafts,
        draft=True,
        to=[models.MailAddressInput(address="zoe@remote.test", name="Zoé")],
        subject="Grüße",
        text="Hello",
        html="<p>Hello</p>",
        headers=[models.NewHeader(key="X-Test", value="yes")],
        attachments=[
            models.NewAttachment(filename="a.txt", content="aGk=", encoding="base64", content_type="text/plain")
        ],
        meta_data={"kind": "test"},
    ).message
    read = mail.messages.get(account.id, drafts, stored.id)
    assert (read.subject, read.draft, read.text, read.meta_data) == ("Grüße", True, "Hello", {"kind": "test"})
    assert [(each.name, each.address) for each in read.to] == [("Zoé", "zoe@remote.test")]
    assert read.from_.address == account.address
    (attached,) = read.attachments
    assert (attached.filename, attached.content_type) == ("a.txt", "text/plain")
    assert mail.messages.attachment(account.id, drafts, stored.id, attached.id).read() == b"hi"
    parsed = message_from_bytes(mail.messages.source(account.id, drafts, stored.id).read())
    assert parsed["X-Test"] == "yes"


def test_json_takes_a_whole_source_too(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    content = letter(1, "As text")
    assert mail.messages.create(account.id, inbox, raw=content.decode()).message.size == len(content)
    assert mail.messages.source(account.id, inbox, 1).read() == content


def test_messages_are_walked_over_many_pages_both_ways(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    for number in range(1, 10):
        mail.messages.upload(account.id, inbox, letter(number, f"N{number}"), unseen=number % 2 == 0)
    oldest_first = mail.messages.list(account.id, inbox, limit=2, order="asc")
    pages = list(oldest_first.pages())
    assert [[each.id for each in page.items] for page in pages] == [[1, 2], [3, 4], [5, 6], [7, 8], [9]]
    assert {page.total for page in pages} == {9}
    page, back = pages[-1], []
    while page.previous_cursor:
        page = mail.messages.list(account.id, inbox, limit=2, order="asc").page(previous=page.previous_cursor)
        back.append([each.id for each in page.items])
    assert back == [[7, 8], [5, 6], [3, 4], [1, 2]]
    assert [each.subject for each in mail.messages.list(account.id, inbox, limit=4)] == [
        f"N{n}" for n in range(9, 0, -1)
    ]
    assert [each.id for each in mail.messages.list(account.id, inbox, unseen=True, limit=2, order="asc")] == [
        2,
        4,
        6,
        8,
    ]
    with_headers = mail.messages.list(account.id, inbox, include_headers=True, limit=1).page().items[0]
    assert "subject" in {name.lower() for name in with_headers.headers}


def test_flags_are_set_on_sets_of_messages(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    for number in range(1, 6):
        mail.messages.upload(account.id, inbox, letter(number, f"N{number}"), unseen=True)

    def having(flag: str) -> list[int]:
        return [each.id for each in mail.messages.list(account.id, inbox, order="asc") if getattr(each, flag)]

    assert mail.messages.update(account.id, inbox, "1,3", seen=True).updated == 2
    assert mail.messages.update(account.id, inbox, "2:4", flagged=True).updated == 3
    assert mail.messages.update(account.id, inbox, "4:*", deleted=True).updated == 2
    assert mail.messages.update_many(account.id, inbox, messages="5", draft=True).updated == 1
    assert [having(flag) for flag in ("seen", "flagged", "deleted", "draft")] == [[1, 3], [2, 3, 4], [4, 5], [5]]
    mail.messages.update(account.id, inbox, "3", flagged=False)
    assert having("flagged") == [2, 4]
    with pytest.raises(NotFound):
        mail.messages.update(account.id, inbox, "90:99", seen=True)
    with pytest.raises(ServerError):
        mail.messages.update(account.id, inbox, "1", seen=True, flagged=False)


def test_messages_are_moved_and_deleted(mail: Any, account: Account) -> None:
    inbox, trash = account.boxes["INBOX"], account.boxes["Trash"]
    for number in range(1, 5):
        mail.messages.upload(account.id, inbox, letter(number, f"N{number}"))
    moved = mail.messages.update(account.id, inbox, "2,3", move_to=trash)
    assert (moved.mailbox, [tuple(pair) for pair in moved.id]) == (trash, [(2, 1), (3, 2)])
    assert [each.subject for each in mail.messages.list(account.id, trash, order="asc")] == ["N2", "N3"]
    assert mail.messages.delete(account.id, inbox, 1).deleted == 1
    with pytest.raises(NotFound) as gone:
        mail.messages.get(account.id, inbox, 1)
    assert gone.value.code == "MessageNotFound"
    assert mail.messages.delete_all(account.id, trash, skip_archive=True).deleted == 2
    assert list(mail.messages.list(account.id, trash)) == []
    assert [each.subject for each in mail.archive.list(account.id)] == ["N1"]


def test_an_archived_message_comes_back_by_its_time_but_not_by_its_id(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    for number in range(1, 5):
        mail.messages.upload(account.id, inbox, letter(number, f"N{number}"))
    assert mail.messages.delete_all(account.id, inbox).deleted == 4
    archived = list(mail.archive.list(account.id, limit=1))
    assert sorted(each.subject for each in archived) == ["N1", "N2", "N3", "N4"]
    with pytest.raises(InvalidRequest) as refused:
        mail.archive.restore(account.id, archived[0].id)
    assert refused.value.code == "InputValidationError"
    now = datetime.now(UTC)
    task = mail.archive.restore_between(account.id, start=now - timedelta(hours=1), end=now + timedelta(hours=1))
    assert len(task.task) == 24
    back = eventually(lambda: list(mail.messages.search(account.id)), lambda found: len(found) == 4)
    assert sorted(each.subject for each in back) == ["N1", "N2", "N3", "N4"]
    (place,) = {each.mailbox for each in back}
    assert mail.mailboxes.get(account.id, place).path.startswith("Restored (")
    assert list(mail.archive.list(account.id)) == []


def test_a_search_finds_by_words_and_by_what_a_message_is(mail: Any, account: Account, mark: str) -> None:
    inbox, trash = account.boxes["INBOX"], account.boxes["Trash"]
    mail.messages.upload(account.id, inbox, letter(1, "Lunch", text=f"a needle{mark} in it"), flagged=True)
    mail.messages.upload(account.id, inbox, letter(2, "Dinner"), unseen=True)
    mail.messages.upload(account.id, trash, letter_with_file(mark))

    def found(**terms: Any) -> list[str]:
        return sorted(each.subject for each in mail.messages.search(account.id, limit=1, **terms))

    assert found(query=f"needle{mark}") == ["Lunch"]
    assert found(q=f"subject:Dinner in:{inbox}") == ["Dinner"]
    assert found(subject="unch") == ["Lunch"]
    assert found(flagged=True) == ["Lunch"]
    assert found(unseen=True) == ["Dinner"]
    assert found(attachments=True) == ["With a file"]
    assert found(mailbox=inbox) == ["Dinner", "Lunch"]
    assert found(min_size=1000) == ["With a file"]
    assert found(or_subject="Lunch", or_from="nobody@nowhere.test") == ["Lunch"]


def test_what_a_search_finds_is_changed_later(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    for number in (1, 2, 3):
        mail.messages.upload(account.id, inbox, letter(number, f"Number {number}"))
    action = models.SearchAction(flagged=True)
    task = mail.messages.search_and_update(account.id, action=action, mailbox=inbox, subject="Number 2")
    assert (len(task.scheduled), task.existing) == (24, False)
    flagged = eventually(
        lambda: [each.subject for each in mail.messages.search(account.id, flagged=True)], lambda found: bool(found)
    )
    assert flagged == ["Number 2"]


def test_an_attachment_is_saved_and_one_that_is_not_there_is_an_error(
    mail: Any, account: Account, mark: str, tmp_path: Path
) -> None:
    inbox = account.boxes["INBOX"]
    mail.messages.upload(account.id, inbox, letter_with_file(mark))
    (attached,) = mail.messages.get(account.id, inbox, 1).attachments
    assert (attached.filename, attached.disposition) == ("bytes.bin", "attachment")
    written = mail.messages.attachment(account.id, inbox, 1, attached.id).save(tmp_path / "bytes.bin")
    assert written == len(file_of(mark))
    assert (tmp_path / "bytes.bin").read_bytes() == file_of(mark)
    with pytest.raises(NotFound) as missing:
        mail.messages.attachment(account.id, inbox, 1, "ATT00009").save(tmp_path / "none.bin")
    assert missing.value.code == "AttachmentNotFound"
    assert not (tmp_path / "none.bin").exists()


def test_the_source_comes_in_pieces_and_a_missing_one_is_an_error(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    content = letter(1, "Long", text="0123456789abcdef" * 40_000)
    mail.messages.upload(account.id, inbox, content)
    with mail.messages.source(account.id, inbox, 1) as download:
        assert download.media_type == "message/rfc822"
        pieces = list(download)
    assert len(pieces) > 1
    assert b"".join(pieces) == content
    for call in (
        lambda: mail.messages.source(account.id, inbox, 2).read(),
        lambda: list(mail.messages.source(account.id, inbox, 2)),
    ):
        with pytest.raises(NotFound) as missing:
            call()
        assert (missing.value.status, missing.value.code) == (404, "MessageNotFound")
