from __future__ import annotations

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dovecot_scenario import letter
from dovecot_server import JANE, JOE, MAIL_PASSWORD, RealDovecot

from mailwright.runtime import CommandDropped, InvalidRequest, MailwrightError


@contextmanager
def logged_in(server: RealDovecot, *users: str) -> Iterator[None]:
    """Has each user logged in over IMAP."""
    sessions = [imaplib.IMAP4("127.0.0.1", server.imap) for _ in users]
    try:
        for session, user in zip(sessions, users, strict=True):
            session.login(user, MAIL_PASSWORD)
            session.select()
        yield
    finally:
        for session in sessions:
            session.shutdown()


def test_it_lists_its_commands(dv: Any) -> None:
    listed = {each.command: each.parameters for each in dv.commands.list()}
    assert {"reload", "mailboxList", "who"} <= set(listed)
    assert {each.name: each.type for each in listed["mailboxList"]}["mailboxMask"] == "array"


def test_sessions_are_seen_and_ended(dv: Any, server: RealDovecot, series: str) -> None:
    with logged_in(server, JANE, JANE, JOE):
        told = {row.username: row for row in dv.who.list(mask=["*@example.org"])}
        assert {name: row.connections for name, row in told.items()} == {JANE: 2, JOE: 1}
        assert (told[JANE].service, told[JANE].ips) == ("imap", "(127.0.0.1)")
        each = dv.who.list(separate_connections=True, mask=[JANE])
        assert [(row.username, row.ip) for row in each] == [(JANE, "127.0.0.1")] * 2
        assert sorted(row.pid for row in each) == sorted(int(pid) for pid in told[JANE].pids.strip("()").split())
        kicked = dv.kick.users(mask=[JOE])
        assert [row.result for row in kicked] == [JOE] if series == "2.3" else [row.count for row in kicked] == [1]


def test_what_authentication_remembers_is_forgotten(dv: Any, series: str) -> None:
    if series == "2.3":
        (row,) = dv.auth.cache_flush(user=[JANE])
        assert row.entries == 0
    else:
        # The parameter has this name since 2.4.3.
        with pytest.raises(InvalidRequest):
            dv.auth.cache_flush(user_mask=[JANE])
        with pytest.raises(CommandDropped):
            dv.auth.cache_flush()


def test_nobody_is_proxied_and_nobody_is_held_back(dv: Any, series: str) -> None:
    assert dv.proxy.list() == []
    kicked = dv.proxy.kick(host="127.0.0.2") if series == "2.3" else dv.proxy.kick(mask=["nobody"])
    assert [row.count for row in kicked] == [0]
    assert dv.penalty.list() == []


def test_metrics_are_added_counted_and_removed(dv: Any, mark: str) -> None:
    dv.stats.add(name=mark, filter="event=mail_user_session_finished", fields="duration")
    rows = [row for row in dv.stats.dump() if row.metric_name == mark]
    assert rows
    assert {row.field_name for row in rows} == {"duration"}
    assert all(isinstance(row.count, int) and isinstance(row.avg, float) for row in rows)
    dv.stats.remove(name=mark)
    assert [row for row in dv.stats.dump() if row.metric_name == mark] == []


def test_the_log_is_read(dv: Any) -> None:
    assert dv.log.test() is None
    assert any(row.type == "Error" and "error log" in row.text for row in dv.log.errors())
    assert dv.log.find() is None
    assert dv.log.reopen() is None


def test_processes_and_services_are_listed(dv: Any) -> None:
    processes = {row.name: row for row in dv.process.status()}
    assert processes["anvil"].pid > 1
    (imap,) = dv.service.status(service=["imap-login"])
    assert (imap.name, imap.listening, imap.exit_failure_last) == ("imap-login", "y", 0)


def test_it_reloads_and_answers_again(dv: Any) -> None:
    assert dv.server.reload() is None
    assert dv.mailbox.list(user=JANE, mailbox_mask=["INBOX"])


def test_instances_are_listed_and_forgotten(dv: Any, server: RealDovecot, mark: str) -> None:
    with (server.home / "state" / "instances").open("a") as file:
        file.write(f"1700000000\t{mark}\t{server.inside}/gone\t\n")
    instances = {row.name: row for row in dv.instance.list()}
    own, gone = instances[server.home.name], instances[mark]
    assert [(own.path, own.running), (gone.path, gone.running)] == [
        (f"{server.inside}/run", "yes"),
        (f"{server.inside}/gone", "no"),
    ]
    dv.instance.remove(name=mark)
    assert {row.name for row in dv.instance.list()} == {server.home.name}


def test_mail_is_copied_to_another_place(dv: Any, server: RealDovecot, mark: str) -> None:
    dv.mailbox.create(user=JANE, mailbox=[mark])
    dv.mail.save(user=JANE, file=letter(1), mailbox=mark)
    for call in ("sync", "backup"):
        more: dict[str, Any] = {"destroy": True} if call == "backup" else {}
        copy = f"{server.inside}/files/{call}-{mark}"
        getattr(dv.dsync, call)(user=JANE, destination=[f"maildir:{copy}"], mailbox=mark, **more)
        there = server.home / "files" / f"{call}-{mark}" / f".{mark}"
        assert len([*(there / "cur").iterdir(), *(there / "new").iterdir()]) == 1
    with pytest.raises(CommandDropped):
        dv.dsync.serve(user=JANE, ignore_arg="x")


@pytest.mark.parametrize("series", ["2.4"])
def test_the_indexer_is_given_work(dv: Any) -> None:
    assert dv.indexer.add(user=JANE, mailbox="INBOX") is None
    assert isinstance(dv.indexer.list(), list)
    assert dv.indexer.remove(user_mask=JANE) is None


@pytest.mark.parametrize("series", ["2.4"])
def test_exporters_are_reopened(dv: Any) -> None:
    assert dv.stats.reopen() is None


@pytest.mark.parametrize("series", ["2.3"])
@pytest.mark.parametrize(
    ("group", "name", "given"),
    [
        ("director", "status", {}),
        ("director", "map", {}),
        ("director", "add", {"host": "127.0.0.2"}),
        ("director", "update", {"host": "127.0.0.2", "vhost_count": "1"}),
        ("director", "up", {"host": "127.0.0.2"}),
        ("director", "down", {"host": "127.0.0.2"}),
        ("director", "remove", {"host": "127.0.0.2"}),
        ("director", "move", {"user": JANE, "host": "127.0.0.2"}),
        ("director", "kick", {"user": JANE}),
        ("director", "flush", {}),
        ("director", "dump", {}),
        ("director", "ring_add", {"ip": "127.0.0.2"}),
        ("director", "ring_remove", {"ip": "127.0.0.2"}),
        ("director", "ring_status", {}),
        ("replicator", "status", {}),
        ("replicator", "dsync_status", {}),
        ("replicator", "replicate", {"user_mask": JANE}),
        ("replicator", "add", {"user_mask": JANE}),
        ("replicator", "remove", {"user": JANE}),
        ("mail", "batch", {"user": JANE, "args": ["purge"], "destroy": True}),
    ],
)
def test_what_is_not_set_up_ends_the_connection(dv: Any, group: str, name: str, given: dict[str, Any]) -> None:
    with pytest.raises(CommandDropped):
        getattr(getattr(dv, group), name)(**given)


@pytest.mark.parametrize("series", ["2.3"])
def test_old_statistics_are_empty(dv: Any) -> None:
    assert dv.oldstats.dump(type="user") == []
    assert dv.oldstats.reset() is None
    with pytest.raises(MailwrightError) as refused:
        dv.oldstats.dump()
    assert isinstance(refused.value, InvalidRequest)


def test_a_service_is_stopped(dv: Any) -> None:
    assert dv.service.stop(service=["lmtp"], destroy=True) is None
    dv.server.reload()
