"""The recipes for Dovecot on the mock servers of 2.3 and 2.4, plain and with asyncio."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest
from dovecot_recipe_servers import JANE, JOE, Server

from mailwright.mock import Mock, Request
from mailwright.recipes import async_dovecot, dovecot
from mailwright.recipes.dovecot import MailboxOverview, QuotaOverview, Suspension, UserOverview, as_table
from mailwright.runtime import InvalidRequest, NotFound, PartialFailure, ServerError, UsageError
from mailwright.targets import bundled_document

DAY = timedelta(days=1)
CHANGED = {"type": "exitCode", "exitCode": 2}


@pytest.fixture(params=["2.3-plain", "2.3-asyncio", "2.4-plain", "2.4-asyncio"])
def server(request: pytest.FixtureRequest) -> Server:
    version, _, kind = request.param.partition("-")
    return Server(version, is_async=kind == "asyncio")


def who(server: Server) -> set[str]:
    return {row.username for row in server.dv.who.list()}


def test_a_suspended_user_has_no_session_and_no_entry_in_the_cache(server: Server) -> None:
    assert who(server) == {JANE, JOE}
    server.script.answers["authCacheFlush"] = [[{"entries": "3"}]]
    assert server.run("suspend_user", JANE) == Suspension(flushed=3, kicked=True)
    assert who(server) == {JOE}
    mask = "user" if server.version == "2.3" else "userMask"
    assert server.script.asked == [("authCacheFlush", {mask: [JANE]}), ("kick", {"mask": [JANE]})]


def test_a_user_without_a_session_is_suspended_as_well(server: Server) -> None:
    server.run("suspend_user", JANE)
    assert server.run("suspend_user", JANE) == Suspension(flushed=0, kicked=False)
    assert who(server) == {JOE}


@pytest.mark.parametrize("user", ["", "*", "j*@example.org", "jan?@example.org"])
def test_nobody_is_suspended_by_a_mask(server: Server, user: str) -> None:
    with pytest.raises(UsageError, match="one user"):
        server.run("suspend_user", user)
    assert server.script.asked == []
    assert who(server) == {JANE, JOE}


def test_a_server_that_does_not_know_the_mask_is_told_what_to_do_and_keeps_the_session() -> None:
    server = Server("2.4", is_async=False)
    server.script.answers["authCacheFlush"] = [{"type": "invalidRequest", "exitCode": 0}]
    with pytest.raises(InvalidRequest) as refused:
        server.run("suspend_user", JANE)
    assert any("on its host" in note for note in refused.value.__notes__)
    assert who(server) == {JANE, JOE}


def test_an_overview_tells_of_mailboxes_and_quota_of_all_users(server: Server) -> None:
    server.dv.mailbox.create(user=JANE, mailbox=["Work"])
    server.save(JANE, "Work", "one")
    server.save(JANE, "Work", "two")
    server.save(JOE, "INBOX", "three")
    server.dv.flags.add(user=JANE, flag=["\\Seen"], query=["mailbox", "Work", "subject", "one"])
    jane, joe = server.run("overview")
    assert (jane.user, joe.user) == (JANE, JOE)
    work = next(each for each in jane.mailboxes if each.name == "Work")
    assert (work.messages, work.unseen) == (2, 1)
    assert work.size == sum(
        row.size_virtual for row in server.dv.mail.fetch(user=JANE, field=["size.virtual"], query=["mailbox", "Work"])
    )
    assert (jane.messages, jane.unseen, joe.messages, joe.unseen) == (2, 1, 1, 1)
    assert [(each.root, each.kind, each.used) for each in jane.quotas] == [
        ("User quota", "STORAGE", 1),
        ("User quota", "MESSAGE", 2),
    ]
    assert (jane.quotas[1].limit is None) is (server.version == "2.4")
    (alone,) = server.run("overview", JANE)
    assert alone == jane
    assert [each.user for each in server.run("overview", "jo*")] == [JOE]


def test_an_overview_of_a_server_without_quota_has_no_limits(server: Server) -> None:
    server.script.answers["quotaGet"] = [{"type": "unknownMethod", "exitCode": 0}]
    assert [each.quotas for each in server.run("overview")] == [(), ()]
    server.script.answers["quotaGet"] = [{"type": "invalidRequest", "exitCode": 0}]
    with pytest.raises(InvalidRequest):
        server.run("overview")


def test_an_overview_is_written_as_a_table() -> None:
    inbox = MailboxOverview("INBOX", 12, 3, 4_096)
    spoiled = MailboxOverview("a\x1b[2Jb\n", 1, 0, 10)
    rows = [
        UserOverview(JANE, (inbox, spoiled), (QuotaOverview("User quota", "STORAGE", 512, 2_048),)),
        UserOverview(JOE, (), (QuotaOverview("User quota", "STORAGE", 5, None),)),
        UserOverview("x", (inbox,), ()),
    ]
    assert as_table(rows).splitlines() == [
        "USER              MAILBOX   MESSAGES  UNSEEN     SIZE     STORED    LIMIT  FULL",
        "jane@example.org  2 in all        13       3  4.0 KiB  512.0 KiB  2.0 MiB   25%",
        "joe@example.org   0 in all         0       0      0 B    5.0 KiB     none",
        "x                 1 in all        12       3  4.0 KiB",
    ]
    each = as_table(rows, each_mailbox=True).splitlines()
    assert len(each) == 7
    assert each[1].split() == [JANE, "INBOX", "12", "3", "4.0", "KiB"]
    assert "a?[2Jb?" in each[2]


def test_old_messages_are_deleted_and_no_others(server: Server) -> None:
    for subject in ("first", "second"):
        server.save(JANE, "INBOX", subject)
    server.save(JOE, "INBOX", "of another user")
    server.clock.go(20 * DAY)
    server.save(JANE, "INBOX", "third")
    server.clock.go(20 * DAY)
    assert server.run("expunge_older", JANE, "INBOX", 41 * DAY, destroy=True) == 0
    assert server.run("expunge_older", JANE, "INBOX", 30 * DAY, destroy=True) == 2
    assert server.subjects(JANE, "INBOX") == ["third"]
    assert server.subjects(JOE, "INBOX") == ["of another user"]


def test_the_age_may_be_that_of_the_date_header(server: Server) -> None:
    server.save(JANE, "INBOX", "old", "Date: Mon, 01 Jan 2024 10:00:00 +0000")
    server.save(JANE, "INBOX", "new", "Date: Wed, 31 Dec 2025 10:00:00 +0000")
    assert server.run("expunge_older", JANE, "INBOX", 30 * DAY, destroy=True) == 0
    assert server.run("expunge_older", JANE, "INBOX", 30 * DAY, destroy=True, by="sent") == 1
    assert server.subjects(JANE, "INBOX") == ["new"]


@pytest.mark.parametrize(
    ("age", "more"),
    [
        (DAY, {"destroy": False}),
        (DAY, {"destroy": 1}),
        (timedelta(0), {"destroy": True}),
        (-DAY, {"destroy": True}),
        (DAY, {"destroy": True, "by": "lost"}),
    ],
)
def test_nothing_is_asked_for_without_consent_an_age_and_a_date(
    server: Server, age: timedelta, more: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        server.run("expunge_older", JANE, "INBOX", age, **more)
    with pytest.raises(UsageError):
        server.run("expunge_older", "*", "INBOX", DAY, destroy=True)
    assert server.script.asked == []


def test_messages_found_in_several_mailboxes_are_deleted_by_mailbox_and_ranges(server: Server) -> None:
    guid = "0123456789abcdef0123456789abcdef"
    rows = [{"mailbox-guid": guid, "uid": str(uid)} for uid in (1, 2, 3, 7, 9, 10)]
    server.script.answers["search"] = [[*rows, {"mailbox-guid": "f" * 32, "uid": "5"}]]
    server.script.answers["expunge"] = [[], []]
    assert server.run("expunge_older", JANE, "*", DAY, destroy=True) == 7
    assert [given["query"] for name, given in server.script.asked if name == "expunge"] == [
        ["mailbox-guid", guid, "uid", "1:3,7,9:10"],
        ["mailbox-guid", "f" * 32, "uid", "5"],
    ]


def test_a_great_many_messages_are_deleted_in_several_calls() -> None:
    server = Server("2.4", is_async=False)
    rows = [{"mailbox-guid": "a" * 32, "uid": str(uid)} for uid in range(1, 5_001, 2)]
    server.script.answers["search"] = [rows]
    server.script.answers["expunge"] = [[], [], []]
    assert server.run("expunge_older", JANE, "INBOX", DAY, destroy=True) == 2_500
    sets = [given["query"][3] for name, given in server.script.asked if name == "expunge"]
    assert [int(uid) for each in sets for uid in each.split(",")] == list(range(1, 5_001, 2))


def test_messages_are_moved_by_a_header(server: Server) -> None:
    server.dv.mailbox.create(user=JANE, mailbox=["Lists"])
    server.save(JANE, "INBOX", "one", "List-Id: Talk <talk.lists.example.org>")
    server.save(JANE, "INBOX", "two")
    server.save(JANE, "INBOX", "three", "List-Id: <TALK.lists.example.org>")
    given = ("move_by_header", JANE, "List-Id", "talk.lists")
    assert server.run(*given, destination="Lists") == 2
    assert server.subjects(JANE, "INBOX") == ["two"]
    assert server.subjects(JANE, "Lists") == ["one", "three"]
    assert server.run(*given, destination="Lists") == 0
    assert server.run(*given, source="Lists", destination="INBOX") == 2
    with pytest.raises(NotFound):
        server.run(*given, destination="Nowhere")
    assert sorted(server.subjects(JANE, "INBOX")) == ["one", "three", "two"]
    with pytest.raises(UsageError, match="no name"):
        server.run("move_by_header", JANE, "", "x", destination="Lists")


@pytest.mark.parametrize("changes", [0, 1, 4])
def test_a_sync_is_run_again_while_mail_changes(server: Server, changes: int) -> None:
    server.script.answers["sync"] = [*[CHANGED] * changes, []]
    assert server.run("sync_until_clean", JANE, ["tcp:backup.test"], rounds=5, pause=0) == changes + 1
    assert server.script.asked == [("sync", {"user": JANE, "destination": ["tcp:backup.test"]})] * (changes + 1)


def test_a_sync_that_is_never_clean_ends_with_an_error(server: Server) -> None:
    server.script.answers["sync"] = [CHANGED] * 9
    with pytest.raises(PartialFailure) as never:
        server.run("sync_until_clean", JANE, ["tcp:backup.test"], rounds=3, pause=0)
    assert never.value.__notes__ == ["not clean after 3 rounds"]
    assert server.script.names() == ["sync"] * 3


def test_any_other_failure_of_a_sync_is_raised_at_once(server: Server) -> None:
    server.script.answers["sync"] = [CHANGED, {"type": "exitCode", "exitCode": 75}, []]
    with pytest.raises(ServerError):
        server.run("sync_until_clean", JANE, ["tcp:backup.test"], pause=0)
    assert server.script.names() == ["sync"] * 2


@pytest.mark.parametrize("more", [{"rounds": 0}, {"pause": -1.0}, {"pause": float("nan")}, {"pause": float("inf")}])
def test_rounds_and_pauses_have_to_be_some(server: Server, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        server.run("sync_until_clean", JANE, ["tcp:backup.test"], **more)
    assert server.script.asked == []


def test_the_cache_of_2_3_is_flushed_for_somebody_and_that_of_2_4_for_all() -> None:
    with pytest.raises(TypeError, match="user"):
        Server("2.3", is_async=False).dv.auth.cache_flush()
    # Sent all the same, as other clients may do, the real server ends the connection.
    request = Request("POST", "/doveadm/v1", (), b'[["authCacheFlush", {}, "t"]]')
    assert Mock(bundled_document("dovecot-2.3"), quirks=True).handle(request).cut == "reset"
    assert [row.entries for row in Server("2.4", is_async=False).dv.auth.cache_flush()] == [0]


def test_both_kinds_have_the_same_recipes_with_the_same_arguments() -> None:
    assert dovecot.__all__ == async_dovecot.__all__
    for name in dovecot.__all__:
        plain, other = getattr(dovecot, name), getattr(async_dovecot, name)
        if plain is not other:
            assert inspect.iscoroutinefunction(other)
            assert (
                list(inspect.signature(plain).parameters.values())[1:]
                == (list(inspect.signature(other).parameters.values())[1:])
            )
