from __future__ import annotations

import smtplib
from typing import Any

import pytest
from dovecot_scenario import letter
from dovecot_server import JANE, JOE, RealDovecot
from noted_doveadm import doveadm_of
from noting import Notes

from mailwright.runtime import AuthenticationFailed, CommandDropped, NotFound


def uids(dv: Any, *query: str, user: str = JANE) -> list[int]:
    return sorted(row.uid for row in dv.mail.search(user=user, query=[*query]))


@pytest.fixture
def box(dv: Any, mark: str) -> str:
    """A mailbox with three messages."""
    dv.mailbox.create(user=JANE, mailbox=[mark])
    for number in (1, 2, 3):
        dv.mail.save(user=JANE, file=letter(number), mailbox=mark)
    return mark


def test_only_the_password_or_the_key_opens(server: RealDovecot, series: str, kind: str) -> None:
    for secret in ({"password": "x"}, {"api_key": "x"}, {}):
        with doveadm_of(kind, series, server.url, Notes(), **secret) as dv, pytest.raises(AuthenticationFailed):
            dv.server.reload()


def test_mailboxes_are_made_listed_renamed_and_deleted(dv: Any, mark: str) -> None:
    dv.mailbox.create(user=JANE, mailbox=[mark, f"{mark}/Été"], subscriptions=True)
    named = [row.mailbox for row in dv.mailbox.list(user=JANE, mailbox_mask=[f"{mark}*"])]
    assert sorted(named) == [mark, f"{mark}/Été"]
    assert dv.mailbox.rename(user=JANE, mailbox=mark, new_name=f"{mark}x", subscriptions=True) is None
    subscribed = [row.mailbox for row in dv.mailbox.list(user=JANE, subscriptions=True, mailbox_mask=[f"{mark}*"])]
    # What is below keeps its subscription under the old name.
    assert sorted(subscribed) == [f"{mark}/Été", f"{mark}x"]
    dv.mailbox.unsubscribe(user=JANE, mailbox=[f"{mark}x"])
    dv.mailbox.subscribe(user=JANE, mailbox=[f"{mark}y"])
    subscribed = [row.mailbox for row in dv.mailbox.list(user=JANE, subscriptions=True, mailbox_mask=[f"{mark}*"])]
    assert sorted(subscribed) == [f"{mark}/Été", f"{mark}y"]
    dv.mailbox.delete(user=JANE, mailbox=[f"{mark}x"], recursive=True, destroy=True)
    assert dv.mailbox.list(user=JANE, mailbox_mask=[f"{mark}x*"]) == []
    with pytest.raises(NotFound) as missing:
        dv.mailbox.delete(user=JANE, mailbox=[f"{mark}x"], destroy=True)
    assert (missing.value.status, missing.value.code) == (200, 68)


def test_a_mailbox_tells_its_counts_and_its_place(dv: Any, series: str, box: str) -> None:
    (row,) = dv.mailbox.status(user=JANE, field=["all"], mailbox_mask=[box])
    assert (row.mailbox, row.messages, row.unseen, row.uidnext) == (box, 3, 3, 4)
    assert row.uidvalidity > 0
    assert len(row.guid) == 32
    assert row.vsize == sum(len(letter(number)) for number in (1, 2, 3))
    asked_of_all = dv.mailbox.status(all_users=True, field=["messages"], mailbox_mask=["INBOX"])
    assert {each.username for each in asked_of_all} == {JANE, JOE}
    (place,) = dv.mailbox.path(user=JANE, mailbox=[box])
    assert place.path.endswith(f"/mail/{JANE}/Maildir/.{box}")
    next_uid: Any = 50 if series == "2.4" else "50"
    dv.mailbox.update(user=JANE, mailbox=box, min_next_uid=next_uid)
    dv.mail.save(user=JANE, file=letter(4), mailbox=box)
    assert uids(dv, "mailbox", box, "all") == [1, 2, 3, 50]


def test_upkeep_of_mailboxes_leaves_what_is_in_them(dv: Any, series: str, box: str) -> None:
    assert dv.mailbox.force_resync(user=JANE, mailbox_mask=box) is None
    assert dv.mail.index(user=JANE, mailbox_mask=[box] if series == "2.4" else box) is None
    decisions = dv.mailbox.cache_decision(user=JANE, mailbox=[box], all=True)
    assert {row.mailbox for row in decisions} == {box}
    assert {row.decision for row in decisions} <= {"no", "temp", "yes"}
    assert "flags" in {row.field_name for row in decisions}
    assert dv.mailbox.cache_purge(user=JANE, mailbox=[box]) is None
    assert dv.mailbox.cache_remove(user=JANE, query=["mailbox", box]) is None
    assert dv.mail.altmove(user=JANE, query=["mailbox", box, "all"]) is None
    assert dv.mail.purge(user=JANE) is None
    told = dv.mail.rebuild_attachments(user=JANE, query=["mailbox", box, "all"])
    assert [(row.uid, row.attachment) for row in told] == [(1, "no"), (2, "no"), (3, "no")]
    assert dv.mailbox.mutf7(name=["Été"]) is None
    assert uids(dv, "mailbox", box, "all") == [1, 2, 3]


def test_what_comes_over_lmtp_is_found_and_read(dv: Any, server: RealDovecot, mark: str) -> None:
    mail = letter(7).replace("Message 7", mark)
    with smtplib.LMTP("127.0.0.1", server.lmtp) as lmtp:
        assert lmtp.sendmail("s7@x.test", [JANE], mail) == {}
    (found,) = dv.mail.search(user=JANE, query=["mailbox", "INBOX", "subject", mark])
    (inbox,) = dv.mailbox.status(user=JANE, field=["guid"], mailbox_mask=["INBOX"])
    assert found.mailbox_guid == inbox.guid
    fields = ["uid", "flags", "hdr.subject", "hdr.message-id", "body", "size.virtual", "date.received.unixtime"]
    (read,) = dv.mail.fetch(user=JANE, field=fields, query=["mailbox", "INBOX", "uid", str(found.uid)])
    assert (read.uid, read.columns["hdr.subject"], read.columns["hdr.message-id"]) == (found.uid, mark, "<m7@x.test>")
    assert read.body == "Hello 7\n"
    assert read.size_virtual > len(mail)
    dv.mail.expunge(user=JANE, query=["mailbox", "INBOX", "uid", str(found.uid)], destroy=True)
    assert uids(dv, "mailbox", "INBOX", "subject", mark) == []


def test_flags_are_added_removed_and_replaced(dv: Any, box: str) -> None:
    def flags() -> list[set[str]]:
        rows = dv.mail.fetch(user=JANE, field=["uid", "flags"], query=["mailbox", box, "all"])
        return [set(row.flags.split()) - {"\\Recent"} for row in sorted(rows, key=lambda row: row.uid)]

    dv.flags.add(user=JANE, flag=["\\Seen", "kw"], query=["mailbox", box, "uid", "1:2"])
    assert flags() == [{"\\Seen", "kw"}, {"\\Seen", "kw"}, set()]
    dv.flags.remove(user=JANE, flag=["\\Seen"], query=["mailbox", box, "uid", "1"])
    dv.flags.replace(user=JANE, flag=["\\Flagged"], query=["mailbox", box, "uid", "2"])
    assert flags() == [{"kw"}, {"\\Flagged"}, set()]
    assert uids(dv, "mailbox", box, "(", "flagged", "OR", "keyword", "kw", ")") == [1, 2]


def test_one_or_makes_its_whole_group_an_or(dv: Any, box: str) -> None:
    dv.flags.add(user=JANE, flag=["\\Seen"], query=["mailbox", box, "uid", "1:2"])
    assert uids(dv, "mailbox", box, "(", "unseen", "uid", "1", "OR", "uid", "2", ")") == [1, 2, 3]
    assert uids(dv, "mailbox", box, "unseen", "(", "uid", "1", "OR", "uid", "3", ")") == [3]


def test_messages_are_copied_moved_imported_and_made_single(
    dv: Any, series: str, server: RealDovecot, box: str, mark: str
) -> None:
    more = {} if series == "2.4" else {"source_type": "user"}
    for name in ("copied", "moved", "of-joe"):
        dv.mailbox.create(user=JOE if name == "of-joe" else JANE, mailbox=[f"{mark}-{name}"])
    dv.mail.copy(user=JANE, destination_mailbox=f"{mark}-copied", query=["mailbox", box, "uid", "1:2"])
    dv.mail.move(user=JANE, destination_mailbox=f"{mark}-moved", query=["mailbox", box, "uid", "3"])
    from_jane = ["mailbox", box, "uid", "1"]
    dv.mail.copy(user=JOE, destination_mailbox=f"{mark}-of-joe", query=from_jane, source_user=JANE, **more)
    assert uids(dv, "mailbox", box, "all") == [1, 2]
    assert uids(dv, "mailbox", f"{mark}-copied", "all") == [1, 2]
    assert uids(dv, "mailbox", f"{mark}-moved", "subject", "message 3") == [1]
    assert uids(dv, "mailbox", f"{mark}-of-joe", "all", user=JOE) == [1]
    dv.mail.copy(user=JANE, destination_mailbox=box, query=["mailbox", box, "uid", "1"])
    assert dv.mail.deduplicate(user=JANE, by_msgid=True, query=["mailbox", box]) is None
    assert len(uids(dv, "mailbox", box, "all")) == 2
    source = f"maildir:{server.inside}/mail/{JANE}/Maildir"
    what = ["mailbox", f"{mark}-copied", "all"]
    dv.mail.import_from(user=JANE, dest_parent_mailbox=f"{mark}-in", query=what, source_location=source)
    there = server.home / "mail" / JANE / "Maildir" / f".{mark}-in.{mark}-copied"
    assert len([*(there / "cur").iterdir(), *(there / "new").iterdir()]) == 2
    if series == "2.4":
        # On 2.3 it belongs to root, and its user cannot read it.
        assert uids(dv, "mailbox", f"{mark}-in/{mark}-copied", "all") == [1, 2]


def test_what_was_saved_counts_for_the_quota(dv: Any, mark: str) -> None:
    def used(kind_of_limit: str) -> tuple[int, int]:
        (row,) = [row for row in dv.quota.get(user=JOE) if row.type == kind_of_limit]
        assert row.root == "User quota"
        return row.value, row.limit

    before, limit = used("MESSAGE")
    assert limit == 1000
    assert used("STORAGE")[1] == 100 * 1024
    dv.mailbox.create(user=JOE, mailbox=[mark])
    dv.mail.save(user=JOE, file=letter(1), mailbox=mark)
    assert used("MESSAGE") == (before + 1, 1000)
    assert dv.quota.recalc(user=JOE) is None
    assert used("MESSAGE") == (before + 1, 1000)
    assert {row.username for row in dv.quota.get(all_users=True)} == {JANE, JOE}


def test_users_are_looked_up(dv: Any, server: RealDovecot) -> None:
    found = dv.user.lookup(user_mask=[JANE])
    assert set(found.users) == {JANE}
    assert found.users[JANE]["home"] == f"{server.inside}/mail/{JANE}"
    assert sorted(dv.user.lookup(user_mask=["*"]).user_list) == [JANE, JOE]
    with pytest.raises(NotFound) as missing:
        dv.user.lookup(user_mask=["nobody@example.org"])
    assert missing.value.code == 67


def test_what_a_command_breaks_at_is_told_apart(dv: Any, box: str) -> None:
    with pytest.raises(CommandDropped):
        dv.mail.fetch(user=JANE, field=["bogus"], query=["mailbox", box])
    assert uids(dv, "mailbox", box, "all") == [1, 2, 3]
