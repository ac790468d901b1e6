from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from account import Account
from cutting_proxy import CuttingProxy
from noted_clients import Notes, client_of
from scenario_data import GHOST, letter
from wildduck_server import RealWildDuck

from mailwright.runtime import InvalidRequest, NotFound


def told(events: Any, number: int) -> list[Any]:
    """Returns some events that are no counters, which come when the server gets to them."""
    return list(islice((each for each in events if each.data.command != "COUNTERS"), number))


def test_changes_are_told_as_they_happen(mail: Any, account: Account) -> None:
    inbox, trash = account.boxes["INBOX"], account.boxes["Trash"]
    with mail.updates.stream(account.id) as events:
        stored = mail.messages.upload(account.id, inbox, letter(1, "One"), unseen=True).message
        (exists,) = told(events, 1)
        assert (exists.data.command, exists.data.mailbox, exists.data.uid) == ("EXISTS", inbox, stored.id)
        assert events.last_event_id == exists.id
        mail.messages.update(account.id, inbox, "1", flagged=True)
        (fetch,) = told(events, 1)
        assert (fetch.data.command, fetch.data.flags, fetch.data.message) == (
            "FETCH",
            ["\\Flagged"],
            exists.data.message,
        )
        mail.messages.update(account.id, inbox, "1", move_to=trash)
        expunge, exists = sorted(told(events, 2), key=lambda each: each.data.command == "EXISTS")
        assert (expunge.data.command, expunge.data.mailbox, expunge.data.uid) == ("EXPUNGE", inbox, 1)
        assert (exists.data.command, exists.data.mailbox) == ("EXISTS", trash)
        new = mail.mailboxes.create(account.id, path="New").id
        mail.mailboxes.update(account.id, new, path="Newer")
        mail.mailboxes.delete(account.id, new)
        rest = [(each.data.command, each.data.mailbox, each.data.path) for each in told(events, 4)]
        # DROP is told at once, the others when the server reads its journal, in the order of what happened.
        assert ("DROP", new, None) in rest
        assert [each for each in rest if each[0] != "DROP"] == [
            ("CREATE", new, "New"),
            ("RENAME", new, "Newer"),
            ("DELETE", new, None),
        ]


def test_counters_follow_a_change(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    with mail.updates.stream(account.id) as events:
        mail.messages.upload(account.id, inbox, letter(1, "One"), unseen=True)
        counters = next(iter(each.data for each in events if each.data.command == "COUNTERS"))
    assert (counters.mailbox, counters.total, counters.unseen) == (inbox, 1, 1)


def test_a_logout_is_told_with_its_reason(mail: Any, account: Account) -> None:
    with mail.updates.stream(account.id) as events:
        mail.users.logout(account.id, reason="Maintenance")
        (logout,) = told(events, 1)
    assert (logout.data.command, logout.data.reason) == ("LOGOUT", "Maintenance")


def test_a_stream_goes_on_behind_the_last_id(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    for number in (1, 2, 3, 4):
        mail.messages.upload(account.id, inbox, letter(number, f"N{number}"))
    # Every id sorts behind the user's own, so that this is the whole story.
    with mail.updates.stream(account.id, last_event_id=account.id) as events:
        first = told(events, 2)
    assert [each.data.uid for each in first] == [1, 2]
    with mail.updates.stream(account.id, last_event_id=first[-1].id) as events:
        assert [each.data.uid for each in told(events, 2)] == [3, 4]


def test_a_stream_that_was_left_tells_what_was_missed(mail: Any, account: Account) -> None:
    inbox = account.boxes["INBOX"]
    stream = mail.updates.stream(account.id, last_event_id=account.id)
    mail.messages.upload(account.id, inbox, letter(1, "N1"))
    for event in stream:
        assert event.data.uid == 1
        break
    mail.messages.upload(account.id, inbox, letter(2, "N2"))
    mail.messages.upload(account.id, inbox, letter(3, "N3"))
    # Outside `with` a loop makes a connection of its own, which sends the last id along.
    assert [each.data.uid for each in told(stream, 2)] == [2, 3]
    stream.close()


def test_a_stream_whose_connection_breaks_goes_on_without_a_gap(
    mail: Any, account: Account, server: RealWildDuck, kind: str, notes: Notes
) -> None:
    inbox = account.boxes["INBOX"]
    with (
        CuttingProxy(int(server.url.rpartition(":")[2])) as proxy,
        client_of(kind, proxy.url, server.token, notes) as far,
        far.updates.stream(account.id) as events,
    ):
        mail.messages.upload(account.id, inbox, letter(1, "N1"))
        assert [each.data.uid for each in told(events, 1)] == [1]
        proxy.cut()
        for number in (2, 3):
            mail.messages.upload(account.id, inbox, letter(number, f"N{number}"))
        assert [each.data.uid for each in told(events, 2)] == [2, 3]
        assert proxy.accepted == 2


def test_no_stream_is_an_error(mail: Any, account: Account) -> None:
    with pytest.raises(NotFound) as missing, mail.updates.stream(GHOST):
        pass
    assert (missing.value.status, missing.value.code) == (404, "UserNotFound")
    with pytest.raises(InvalidRequest) as refused, mail.updates.stream(account.id, last_event_id="no id"):
        pass
    assert (refused.value.status, refused.value.code) == (400, "InputValidationError")
