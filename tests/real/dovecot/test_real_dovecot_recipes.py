from __future__ import annotations

import asyncio
import imaplib
import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dovecot_scenario import letter
from dovecot_server import JANE, JOE, MAIL_PASSWORD, RealDovecot

from mailwright.recipes import async_dovecot, dovecot
from mailwright.runtime import InvalidRequest


@pytest.fixture
def recipe(server: RealDovecot, series: str, kind: str) -> Callable[..., Any]:
    """Runs a recipe by its name with a client of the real server."""
    module = importlib.import_module(f"mailwright_dovecot.v{series.replace('.', '_')}")

    def run(name: str, *given: Any, **more: Any) -> Any:
        if kind == "plain":
            with module.Doveadm(server.url, password=server.password) as dv:
                return getattr(dovecot, name)(dv, *given, **more)

        async def waited() -> Any:
            async with module.AsyncDoveadm(server.url, password=server.password) as dv:
                return await getattr(async_dovecot, name)(dv, *given, **more)

        return asyncio.run(waited())

    return run


@pytest.fixture
def box(dv: Any, mark: str) -> str:
    dv.mailbox.create(user=JANE, mailbox=[mark, f"{mark}-lists"])
    for number in (1, 2, 3):
        dv.mail.save(user=JANE, file=letter(number), mailbox=mark)
    return mark


def count(dv: Any, box: str) -> int:
    return len(dv.mail.search(user=JANE, query=["mailbox", box, "all"]))


def test_a_user_is_suspended(recipe: Callable[..., Any], dv: Any, server: RealDovecot, series: str) -> None:
    session = imaplib.IMAP4("127.0.0.1", server.imap)
    try:
        session.login(JOE, MAIL_PASSWORD)
        if series == "2.4":
            # A 2.4.1 does not know the parameter, and so nobody is thrown out either.
            with pytest.raises(InvalidRequest):
                recipe("suspend_user", JOE)
            assert [row.username for row in dv.who.list(mask=[JOE])] == [JOE]
            return
        assert recipe("suspend_user", JOE) == dovecot.Suspension(flushed=0, kicked=True)
        assert recipe("suspend_user", "nobody@example.org") == dovecot.Suspension(flushed=0, kicked=False)
    finally:
        session.shutdown()


def test_an_overview_tells_of_each_user(recipe: Callable[..., Any], box: str) -> None:
    told = {user.user: user for user in recipe("overview")}
    assert set(told) == {JANE, JOE}
    (mailbox,) = [each for each in told[JANE].mailboxes if each.name == box]
    assert (mailbox.messages, mailbox.unseen) == (3, 3)
    assert {limit.limit for limit in told[JANE].quotas} == {1000, 100 * 1024}


def test_old_messages_are_expunged(recipe: Callable[..., Any], dv: Any, box: str) -> None:
    assert recipe("expunge_older", JANE, box, timedelta(days=1), destroy=True) == 0
    assert count(dv, box) == 3
    assert recipe("expunge_older", JANE, box, timedelta(days=365), destroy=True, by="sent") == 3
    assert count(dv, box) == 0


def test_messages_are_moved_by_a_header(recipe: Callable[..., Any], dv: Any, box: str) -> None:
    moved = recipe("move_by_header", JANE, "Message-ID", "m2@", source=box, destination=f"{box}-lists")
    assert (moved, count(dv, box), count(dv, f"{box}-lists")) == (1, 2, 1)


def test_mail_is_synchronised_until_it_is_clean(recipe: Callable[..., Any], server: RealDovecot, mark: str) -> None:
    copy = server.home / "files" / f"clean-{mark}"
    assert recipe("sync_until_clean", JOE, [f"maildir:{server.inside}/files/{copy.name}"], pause=0.1) >= 1
    assert copy.is_dir()
