"""Calls that give the same results on the mock of a Dovecot and on the real one, and what real ones gave.

    python tests/scenarios/dovecot_scenario.py 2.4 URL PASSWORD JANE JOE > tests/mock/dovecot-2.4.jsonl

records the results of a real server that nobody needs: all mail of its users JANE and JOE is deleted.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from mailwright.runtime import MailwrightError, command

Step = tuple[str, Callable[[], Any]]
QUERIES = """all|1:2|*|uid 2,4|subject message_2|from s1@|header message-id m3|body hello_2|text hello|not 1|unseen|seen
larger 10|smaller 10|since 2020-01-01|before 2020-01-01|sentbefore 2024-01-03|sentsince 2024-01-03|senton 2024-01-02
savedbefore 1d|savedsince 1d|keyword kw|( flagged OR 1 )|( 1 OR 2 ) unseen|( 1 OR 2 OR subject message_3 )
( unseen 1 OR 2 )|( 1 OR 2 3 )|( 1|( OR 1 )|uid 9999|uid x|bogus|larger x|since then"""


def letter(number: int, more: str = "") -> str:
    return (
        f"From: s{number}@x.test\r\nTo: a@x.test\r\nSubject: Message {number}\r\nMessage-ID: <m{number}@x.test>\r\n"
        f"Date: Mon, {number:02} Jan 2024 10:00:00 +0000\r\n\r\nHello {number}{more}\r\n"
    )


def prepare(dv: Any, jane: str, joe: str) -> None:
    """Leaves an empty INBOX to each, and nothing else."""
    for user in (jane, joe):
        names = [row.mailbox for row in dv.mailbox.list(user=user) if row.mailbox != "INBOX"]
        if names:
            dv.mailbox.delete(user=user, mailbox=sorted(names, reverse=True), destroy=True)
        for row in dv.mailbox.list(user=user, subscriptions=True):
            dv.mailbox.unsubscribe(user=user, mailbox=[row.mailbox])
        dv.mail.expunge(user=user, query=["mailbox", "INBOX", "all"], destroy=True)


def results(version: str, dv: Any, jane: str, joe: str) -> list[str]:
    """Makes all calls, and gives a line of JSON for each: its name, and a value or an error."""
    lines: list[str] = []
    for name, call in steps(version, dv, jane, joe):
        try:
            outcome = msgspec.to_builtins(call())
        except MailwrightError as error:
            outcome = {"error": type(error).__name__, "code": error.code, "status": error.status}
        line = json.dumps([name, outcome], ensure_ascii=False, sort_keys=True)
        lines.append(line.replace(jane, "JANE").replace(joe, "JOE"))
    return lines


def steps(version: str, dv: Any, jane: str, joe: str) -> Iterator[Step]:
    yield from mailbox_steps(dv, jane)
    yield from message_steps(dv, jane)
    yield from change_steps(version, dv, jane, joe)
    yield from deletion_steps(version, dv, jane)
    yield from user_steps(dv, jane, joe)


def names(dv: Any, user: str, **given: Any) -> Callable[[], list[str]]:
    return lambda: sorted(row.mailbox for row in dv.mailbox.list(user=user, **given))


def mailbox_steps(dv: Any, jane: str) -> Iterator[Step]:
    def create(*mailboxes: str, **given: Any) -> Callable[[], Any]:
        return lambda: dv.mailbox.create(user=jane, mailbox=[*mailboxes], **given)

    yield "list", names(dv, jane)
    yield "create", create("Work", "Work/Sub")
    yield "create what is there", create("Work")
    yield "create a bad name", create("Bad//Name")
    yield "create an empty name", create("")
    yield "create what is there and another", create("Work", "Extra")
    yield "create in UTF-8", create("Été", subscriptions=True)
    yield "create an emoji", create("emoji 😀")
    yield "list", names(dv, jane)
    yield "list in UTF-7", names(dv, jane, mutf7=True, mailbox_mask=["*t*"])
    yield "list by masks", names(dv, jane, mailbox_mask=["Work*", "INBOX"])
    yield "list one level", names(dv, jane, mailbox_mask=["%"])
    yield "list a name that is not there", names(dv, jane, mailbox_mask=["Nope"])
    yield "list two names, one not there", names(dv, jane, mailbox_mask=["Nope", "INBOX"])
    yield "subscriptions", names(dv, jane, subscriptions=True)
    yield "subscribe", lambda: dv.mailbox.subscribe(user=jane, mailbox=["Work", "Nope"])
    yield "subscriptions", names(dv, jane, subscriptions=True)
    yield "unsubscribe", lambda: dv.mailbox.unsubscribe(user=jane, mailbox=["Nope", "Never"])
    yield "subscriptions", names(dv, jane, subscriptions=True)


def message_steps(dv: Any, jane: str) -> Iterator[Step]:
    def save(number: int, more: str = "", **given: Any) -> Callable[[], Any]:
        return lambda: dv.mail.save(user=jane, file=letter(number, more), **given)

    def status(user: str, *fields: str, mask: str = "*", **given: Any) -> Callable[[], Any]:
        return lambda: dv.mailbox.status(user=user, field=[*fields], mailbox_mask=[mask], **given)

    def search(*words: str) -> Callable[[], Any]:
        return lambda: [row.uid for row in dv.mail.search(user=jane, query=[*words])]

    def fetch(user: str, fields: str, *words: str) -> Callable[[], Any]:
        return lambda: dv.mail.fetch(user=user, field=fields.split(), query=[*words])

    for number in (1, 2, 3):
        yield f"save {number}", save(number, mailbox="Work")
    yield "save 3 once more", save(3, "x", mailbox="Work")
    yield "save to INBOX", save(5)
    yield "save to what is not there", save(5, mailbox="Nope")
    # The order is that of the folder on disk.
    yield "status", lambda: sorted(status(jane, "messages", "unseen")(), key=lambda row: row.mailbox)
    yield "status of one", status(jane, "messages", "unseen", "recent", "uidnext", "vsize", mask="Work")
    yield "status as sums", status(jane, "messages", "unseen", "vsize", total_sum=True)
    yield "status of what is not there", status(jane, "messages", mask="Nope")
    yield "status of users", lambda: sorted(row.username for row in status("*", "messages", mask="INBOX")())
    for line in QUERIES.splitlines():
        for query in line.split("|"):
            words = [word.replace("_", " ") for word in query.split()]
            yield f"search {query}", search("mailbox", "Work", *words)
    yield "search where nothing is", search("mailbox", "Nope", "all")
    yield "search by mask", search("mailbox", "Wor*", "all")
    yield "search by GUID", search("mailbox-guid", "0" * 32, "all")
    yield "fetch", fetch(jane, "uid seq mailbox hdr.subject hdr body text text.utf8 flags user", "mailbox", "Work", "1")
    yield "fetch sizes", fetch(jane, "body.snippet size.physical size.virtual hdr.date", "mailbox", "Work", "2")
    yield "fetch structure", fetch(jane, "imap.envelope imap.bodystructure", "mailbox", "Work", "2")
    yield "fetch of users", fetch("*", "uid", "mailbox", "Work", "1")
    yield "fetch where nothing is", fetch(jane, "uid", "mailbox", "Nope")
    yield "fetch what is no field", fetch(jane, "bogus", "all")


def change_steps(version: str, dv: Any, jane: str, joe: str) -> Iterator[Step]:
    more = {} if version == "2.4" else {"source_type": "user"}

    def flags(method: str, query: str, *given: str) -> Callable[[], Any]:
        return lambda: getattr(dv.flags, method)(user=jane, flag=[*given], query=["mailbox", *query.split()])

    def told(user: str, mailbox: str, *fields: str) -> Callable[[], Any]:
        return lambda: dv.mail.fetch(user=user, field=[*fields], query=["mailbox", mailbox, "all"])

    def copy(user: str, target: str, *words: str, method: str = "copy", **given: Any) -> Callable[[], Any]:
        copying = getattr(dv.mail, method)
        return lambda: copying(user=user, destination_mailbox=target, query=["mailbox", *words], **given)

    yield "add flags", flags("add", "Work 1:2", "\\Seen", "\\Flagged", "kw")
    yield "flags", told(jane, "Work", "flags")
    yield "remove a flag", flags("remove", "Work 1", "\\flagged")
    yield "flags", told(jane, "Work", "flags")
    yield "replace flags", flags("replace", "Work 2", "\\Answered")
    yield "flags", told(jane, "Work", "flags")
    yield "add what is no flag", flags("add", "Work 1", "\\Bogus")
    yield "add where nothing is", flags("add", "Nope 1", "\\Seen")
    yield "copy", copy(jane, "INBOX", "Work", "uid", "1")
    yield "copy to what is not there", copy(jane, "Nope", "Work", "1")
    yield "copy from what is not there", copy(jane, "INBOX", "Nope")
    yield "copy nothing", copy(jane, "INBOX", "Work", "uid", "999")
    yield "move", copy(jane, "Extra", "Work", "uid", "2", method="move")
    yield "INBOX", told(jane, "INBOX", "flags", "hdr.subject")
    yield "Extra", told(jane, "Extra", "uid", "hdr.subject")
    yield "copy from another user", copy(joe, "INBOX", "Extra", "all", source_user=jane, **more)
    yield "copy from nobody", copy(joe, "INBOX", "Extra", "all", source_user="nobody@x", **more)
    yield "INBOX of the other", told(joe, "INBOX", "hdr.subject")
    yield "deduplicate", lambda: dv.mail.deduplicate(user=jane, query=["mailbox", "Work"])
    yield "Work", told(jane, "Work", "uid")
    yield "deduplicate by id", lambda: dv.mail.deduplicate(user=jane, by_msgid=True, query=["mailbox", "Work"])
    yield "Work", told(jane, "Work", "uid")


def deletion_steps(version: str, dv: Any, jane: str) -> Iterator[Step]:
    def expunge(*words: str, **given: Any) -> Callable[[], Any]:
        return lambda: dv.mail.expunge(user=jane, query=[*words], destroy=True, **given)

    def delete(*mailboxes: str, **given: Any) -> Callable[[], Any]:
        return lambda: dv.mailbox.delete(user=jane, mailbox=[*mailboxes], destroy=True, **given)

    def rename(old: str, new: str) -> Callable[[], Any]:
        return lambda: dv.mailbox.rename(user=jane, mailbox=old, new_name=new)

    def count(mailbox: str) -> Callable[[], Any]:
        return lambda: dv.mailbox.status(user=jane, field=["messages"], mailbox_mask=[mailbox])

    yield "expunge without a condition", expunge("mailbox", "Work")
    yield "expunge without a mailbox", expunge("all")
    yield "expunge", expunge("mailbox", "Work", "uid", "1")
    yield "what is left", count("Work")
    yield "expunge where nothing is", expunge("mailbox", "Nope", "all")
    yield "expunge all and the mailbox", expunge("mailbox", "Extra", "all", delete_empty_mailbox=True)
    yield "which is gone", count("Extra")
    yield "force resync", lambda: dv.mailbox.force_resync(user=jane, mailbox_mask="Work")
    yield "force resync of nothing", lambda: dv.mailbox.force_resync(user=jane, mailbox_mask="Nope")
    yield "index", lambda: dv.mail.index(user=jane, mailbox_mask=["*"] if version == "2.4" else "*")
    yield "rename", rename("Work", "Job")
    yield "rename to what is there", rename("Job", "Été")
    yield "rename what is not there", rename("Nope", "X")
    yield "list", names(dv, jane)
    yield "delete what is not empty", delete("Job", require_empty=True)
    yield "delete one that is not there too", delete("Nope", "Été")
    yield "list", names(dv, jane)
    yield "delete with all below", delete("Job", recursive=True)
    yield "list", names(dv, jane)
    yield "delete INBOX", delete("INBOX")
    yield "which is empty", count("INBOX")


def user_steps(dv: Any, jane: str, joe: str) -> Iterator[Step]:
    def lookup(*masks: str, **given: Any) -> Callable[[], Any]:
        return lambda: {
            name: sorted(found) for name, found in dv.user.lookup(user_mask=[*masks], **given).users.items()
        }

    yield "quota", lambda: [(row.root, row.type) for row in dv.quota.get(user=jane)]
    yield "recalculate the quota", lambda: dv.quota.recalc(user=jane)
    yield "quota of nobody", lambda: dv.quota.get(user="nobody@x")
    yield "user", lookup(jane)
    yield "two users", lookup(jane, joe)
    yield "user and nobody", lookup("nobody@x", jane)
    yield "a field of a user", lookup(jane, field="home")
    yield "users by mask", lambda: sorted(dv.user.lookup(user_mask=["*"]).user_list or [])
    yield "who is nobody", lambda: dv.who.list(mask=["nobody"])
    yield "kick nobody", lambda: dv.kick.users(mask=["nobody"])
    yield "list of nobody", names(dv, "nobody@x")
    yield "list of an empty name", names(dv, "")
    yield "users in a file", lambda: bool(dv.mailbox.list(user_file=f"{jane}\n{joe}\n"))
    yield "reload", dv.server.reload
    yield "no such command", lambda: dv.fts.rescan(user=jane)
    yield (
        "a batch",
        lambda: [
            (each.operation, None if each.error is None else str(each.error.code))
            for each in dv.batch(
                command(dv.mailbox.list, user=jane),
                command(dv.fts.rescan, user=jane),
                command(dv.mailbox.list, user="nobody@x"),
                command(dv.fts.rescan, user=jane),
            )
        ],
    )


def main() -> None:
    version, url, password, jane, joe = sys.argv[1:]
    module = importlib.import_module(f"mailwright_dovecot.v{version.replace('.', '_')}")
    with module.Doveadm(url, password=password) as dv:
        prepare(dv, jane, joe)
        print("\n".join(results(version, dv, jane, joe)))


if __name__ == "__main__":
    main()
