"""Mailboxes of 1.51: INBOX and what is below it come first."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.mailboxes import prepare_path as tidy_path
from mailwright.mock.packs.wildduck_1_51.refusals import mailbox_missing


def prepare_mailbox(call: Call) -> None:
    """Tidies a path, and finds the place of the mailbox among the others."""
    tidy_path(call)
    path = call.given.get("path")
    if path is not None:
        call.given["rank"] = 0 if path == "INBOX" else 1 if path.startswith("INBOX/") else 2
    if call.record is None and call.parent is not None:
        call.given.setdefault("retention", call.parent["retention"])


def guard_mailbox(call: Call) -> None:
    """Refuses to rename INBOX, to take the name of another mailbox, and to change nothing."""
    given, record = call.given, call.subject
    if not any(name in given for name in call.operation.plan.changes):
        raise Refused({"error": "Nothing was changed"}, status=400)
    if "path" not in given or given["path"] == record["path"]:
        return
    if record["path"] == "INBOX":
        raise _refused("update", "DisallowedMailboxMethod")
    if call.state.first("mailboxes", user=record["user"], path=given["path"]) is not None:
        text = "Mailbox rename failed with code MailboxAlreadyExists"
        raise Refused({"error": text, "code": "MailboxExistsError"}, status=400)


def keep_mailbox(call: Call) -> None:
    """Refuses to delete INBOX, the mailboxes that a user is born with, and hidden ones."""
    if call.subject["path"] == "INBOX" or call.subject.get("specialUse") or call.subject["hidden"]:
        raise _refused("deletion", "DisallowedMailboxMethod")


def find_mailbox(call: Call) -> None:
    """Finds a mailbox by its id, or by its path."""
    user = call.state.get("users", call.path["user"])
    if user is None:
        raise Refused({"error": "This user does not exist", "code": "UserNotFound"}, status=404)
    name = call.path["mailbox"]
    where = {"path": call.given.get("path")} if name == "resolve" else {"id": name}
    call.record = call.state.first("mailboxes", user=user["id"], **where)
    if call.record is None:
        raise mailbox_missing()


def choose_mailboxes(call: Call) -> None:
    """Leaves out hidden mailboxes, and on request those without a special use."""
    if not call.given.get("showHidden"):
        call.given["seenBy"] = False
    if call.given.get("specialUse"):
        call.given["special"] = True


def show_mailbox(call: Call) -> None:
    """Tells what is shown of a mailbox only where it is asked for, or is not nothing."""
    record, made = call.subject, call.made
    made["more"] = {"retention": record["retention"]} if record["retention"] else {}
    if call.given.get("sizes"):
        size = sum(each["size"] for each in call.state.all("messages", mailbox=record["id"]))
        made["more"].update({"size": size} if size else {})
    if call.given.get("counters"):
        made["more"].update(total=record["total"], unseen=record["unseen"])


def _refused(what: str, code: str) -> Refused:
    return Refused({"error": f"Mailbox {what} failed with code {code}", "code": code}, status=400)


HOOKS: Mapping[str, Hook] = {
    "prepare_mailbox": prepare_mailbox,
    "guard_mailbox": guard_mailbox,
    "keep_mailbox": keep_mailbox,
    "find_mailbox": find_mailbox,
    "choose_mailboxes": choose_mailboxes,
    "show_mailbox": show_mailbox,
}
