"""The sections of the scenario about mailboxes, messages, filters, stored files and the stream of updates."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from mailwright_wildduck.v1_51 import models
from scenario_accounts import People
from scenario_data import GHOST, PASSWORD, file_of, id_of, letter, letter_with_file
from scenario_recorder import Recorder

Boxes = dict[str, str]


def mailboxes(do: Recorder, people: People) -> Boxes:
    do.section = "mailboxes"
    ada = people["ada"]
    listed = do("mailboxes.list", ada, counters=True)
    boxes = {each.path: each.id for each in getattr(listed, "items", [])}
    boxes = {path: boxes.get(path, GHOST) for path in ("INBOX", "Drafts", "Junk", "Sent Mail", "Trash")}
    plans = do("mailboxes.create", ada, path="Plans/2024", retention=3600)
    boxes["Plans"] = id_of(plans)
    do("mailboxes.create", ada, path="Plans/2024")
    do("mailboxes.create", ada, path="Wrong//path")
    do("mailboxes.create", GHOST, path="Plans")
    do("mailboxes.get", ada, boxes["Plans"])
    do("mailboxes.get", ada, boxes["INBOX"])
    do("mailboxes.get", ada, GHOST)
    do("mailboxes.get", ada, "resolve", path="Junk")
    do("mailboxes.update", ada, boxes["Plans"], path="Plans/Old", subscribed=False, retention=0)
    do("mailboxes.update", ada, boxes["INBOX"], path="Elsewhere")
    do("mailboxes.list", ada, sizes=True)
    do("mailboxes.list", ada, special_use=True)
    gone = do("mailboxes.create", ada, path="Gone", hidden=True)
    do("mailboxes.list", ada)
    do("mailboxes.list", ada, show_hidden=True)
    do("mailboxes.delete", ada, id_of(gone))
    do("mailboxes.delete", ada, id_of(gone))
    do("mailboxes.delete", ada, boxes["INBOX"])
    do("mailboxes.list", GHOST)
    short = do("mailboxes.create", ada, path="Short")
    do("mailboxes.delete", ada, id_of(short))
    do("mailboxes.delete", ada, id_of(short))
    do("mailboxes.get", ada, id_of(short))
    return boxes


def filters(do: Recorder, people: People, boxes: Boxes) -> None:
    do.section = "filters"
    ada = people["ada"]
    made = do(
        "filters.create",
        ada,
        name="Invoices",
        query=models.NewFilterQuery(subject="invoice", from_="billing@scenario.test"),
        action=models.NewFilterAction(flag=True, mailbox=boxes["Plans"]),
    )
    do(
        "filters.create",
        ada,
        query=models.NewFilterQuery(text="lottery", ha=True, size=-1000),
        action=models.NewFilterAction(spam=True, seen=False),
        disabled=True,
    )
    do("filters.create", ada, query=models.NewFilterQuery(), action=models.NewFilterAction(flag=True))
    do("filters.create", ada, query=models.NewFilterQuery(to="x"), action=models.NewFilterAction(mailbox=GHOST))
    do("filters.create", GHOST, query=models.NewFilterQuery(to="x"), action=models.NewFilterAction(seen=True))
    do("filters.list", ada)
    do("filters.get", ada, id_of(made))
    do("filters.update", ada, id_of(made), name="Bills", query=models.NewFilterQuery(subject="bill"))
    do("filters.get", ada, id_of(made))
    do("filters.delete", ada, id_of(made))
    do("filters.delete", ada, id_of(made))
    do("filters.get", ada, id_of(made))
    do("filters.list", ada)


def messages(do: Recorder, people: People, boxes: Boxes) -> None:
    do.section = "messages"
    ada, inbox, plans, drafts = people["ada"], boxes["INBOX"], boxes["Plans"], boxes["Drafts"]
    do("messages.upload", ada, inbox, letter(1, "Lunch"), unseen=True, date=datetime(2024, 1, 2, tzinfo=UTC))
    do("messages.upload", ada, inbox, letter(2, "Dinner"), flagged=True, meta_data='{"k": 2}')
    do("messages.create", ada, inbox, raw=letter(3, "Supper").decode(), unseen=True)
    do("messages.upload", ada, inbox, letter(4, "Breakfast", text="needle in a haystack"))
    do("messages.upload", ada, inbox, letter_with_file(do.mark), unseen=True)
    do("messages.upload", ada, GHOST, letter(6, "Nowhere"))
    do("messages.create", GHOST, inbox, raw=letter(6, "Nobody").decode())
    do("messages.list", ada, inbox)
    first = do("messages.list", ada, inbox, limit=2, order="asc")
    second = do("messages.list", ada, inbox, limit=2, order="asc", cursor={"next": getattr(first, "next_cursor", None)})
    do("messages.list", ada, inbox, limit=2, order="asc", cursor={"next": getattr(second, "next_cursor", None)})
    do("messages.list", ada, inbox, limit=2, order="asc", cursor={"previous": getattr(second, "previous_cursor", None)})
    do("messages.list", ada, inbox, unseen=True)
    do("messages.list", ada, inbox, limit=251)
    do("messages.list", ada, GHOST)
    do("messages.get", ada, inbox, 1)
    do("messages.get", ada, inbox, 5, mark_as_seen=True)
    do("messages.get", ada, inbox, 99)
    do("messages.source", ada, inbox, 1)
    do("messages.source", ada, inbox, 99)
    do("messages.attachment", ada, inbox, 5, "ATT00001")
    do("messages.attachment", ada, inbox, 5, "ATT00009")
    do("messages.update", ada, inbox, "1,3", seen=True, flagged=True)
    do("messages.update", ada, inbox, "2:4", flagged=False)
    do("messages.update", ada, inbox, "5:*", draft=True)
    do("messages.update", ada, inbox, "90:99", seen=True)
    do("messages.update_many", ada, inbox, messages="2", deleted=True)
    do("messages.update", ada, inbox, "nonsense", seen=True)
    do("messages.update", ada, inbox, "1")
    do("messages.list", ada, inbox, order="asc")
    do("messages.update", ada, inbox, "2,3", move_to=plans)
    do("messages.update", ada, inbox, "1", move_to=GHOST)
    do("messages.list", ada, plans, order="asc")
    do("messages.list", ada, inbox, order="asc", include_headers=["subject"])
    do("mailboxes.list", ada, counters=True)
    do(
        "messages.create",
        ada,
        drafts,
        draft=True,
        from_=models.MailAddressInput(address="ada@scenario.test", name="Ada"),
        to=[models.MailAddressInput(address="bob@scenario.test")],
        subject="Composed",
        text="From parts",
        vague=["size"],
    )
    do("messages.get", ada, drafts, 1, vague=["size", "date", "time", "headers"])
    do("messages.delete", ada, drafts, 1)
    do("quota.reset", ada, vague=["storageUsed", "previousStorageUsed"])


def search(do: Recorder, people: People, boxes: Boxes) -> None:
    do.section = "search"
    ada, inbox = people["ada"], boxes["INBOX"]
    do("messages.search", ada, query="haystack")
    do("messages.search", ada, subject="Lunch")
    do("messages.search", ada, from_="grace@scenario.test", limit=2)
    do("messages.search", ada, flagged=True)
    do("messages.search", ada, mailbox=inbox, unseen=True)
    do("messages.search", ada, attachments=True)
    do("messages.search", ada, query="zebra")
    do("messages.search", ada, limit=0)
    do("messages.search", GHOST, query="haystack")


def archive(do: Recorder, people: People, boxes: Boxes) -> None:
    do.section = "archive"
    ada, inbox = people["ada"], boxes["INBOX"]
    do("messages.delete", ada, inbox, 4)
    do("messages.delete", ada, inbox, 4)
    do("messages.get", ada, inbox, 4)
    listed = do("archive.list", ada, vague=["size"])
    items = getattr(listed, "items", None) or []
    do("archive.restore", ada, items[0].id if items else GHOST)
    do("messages.delete_all", ada, boxes["Plans"])
    do("messages.list", ada, boxes["Plans"])
    do("archive.list", ada, limit=2, vague=["size"])
    do("messages.delete_all", ada, inbox, skip_archive=True)
    do("mailboxes.get", ada, inbox)
    do("archive.list", GHOST)
    do(
        "archive.restore_between",
        ada,
        start=datetime(2023, 1, 1, tzinfo=UTC),
        end=datetime(2024, 1, 1, tzinfo=UTC),
    )


def storage(do: Recorder, people: People) -> None:
    do.section = "storage"
    ada = people["ada"]
    text = do("storage.create", ada, content="Hello, file", filename="hello.txt", content_type="text/plain")
    coded = do(
        "storage.create",
        ada,
        content=base64.b64encode(bytes(range(256))).decode(),
        filename="bytes.bin",
        content_type="application/octet-stream",
        encoding="base64",
    )
    do("storage.upload", ada, file_of(do.mark), filename="raw.bin", content_type="application/octet-stream")
    do("storage.list", ada)
    do("storage.list", ada, query="hello")
    do("storage.download", ada, id_of(text))
    do("storage.download", ada, id_of(coded))
    do("storage.download", ada, GHOST)
    do("storage.delete", ada, id_of(text))
    do("storage.delete", ada, id_of(text))
    do("storage.list", ada, limit=1)
    do("storage.create", GHOST, content="Hello")


def updates(do: Recorder, people: People) -> None:
    do.section = "updates"
    user = id_of(do("users.create", username=f"{do.mark}eve", password=PASSWORD, empty_address=True))
    listed = do("mailboxes.list", user)
    boxes = {each.path: each.id for each in getattr(listed, "items", [])}
    inbox, trash = boxes.get("INBOX", GHOST), boxes.get("Trash", GHOST)
    do("messages.upload", user, inbox, letter(1, "One"), unseen=True)
    do("messages.upload", user, inbox, letter(2, "Two"))
    do("messages.update", user, inbox, "1", flagged=True)
    made = do("mailboxes.create", user, path="New")
    do("mailboxes.update", user, id_of(made), path="Newer")
    do("messages.update", user, inbox, "2", move_to=trash)
    do("mailboxes.delete", user, id_of(made))
    # Every id sorts behind the user's own, so that the stream tells all from the beginning.
    do("updates.stream", user, last_event_id=user, events=9)
    do("updates.stream", GHOST)
    do("users.delete", user)
