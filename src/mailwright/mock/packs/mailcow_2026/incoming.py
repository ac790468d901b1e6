"""Mail that comes in: to a mailbox, to the quarantine where it is spam, or to the queue where it is for elsewhere."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.policy import default

from mailwright.mock.packs.mailcow_2026.domains import new_domain
from mailwright.mock.packs.mailcow_2026.mail_queue import enqueue
from mailwright.mock.packs.mailcow_2026.mailboxes import new_mailbox
from mailwright.mock.packs.mailcow_2026.quarantine import keep
from mailwright.mock.packs.mailcow_2026.store import domain_of
from mailwright.mock.state import Record, State

# The words by which all spam filters can be tried out, in two parts so that this file is no spam.
_SPAM = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*" + b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
_DEMO_DOMAIN = "example.org"
_DEMO_MESSAGE = b"From: news@news.example\r\nSubject: Hello\r\n\r\nHello.\r\n"


def deliver(state: State, address: str, message: bytes, now: datetime) -> int:
    """Takes a message for an address, and returns the number of messages that came before it, and 1.

    A mailbox has it in what it uses; one with the test words of spam filters is kept in quarantine, and one for a
    domain that is not the server's waits in the queue.

    Raises:
        KeyError: nobody in a domain of the server has the address.
    """
    domain = domain_of(address)
    number = _next(state)
    headers = message_from_bytes(message, policy=default)
    sender, subject = str(headers["from"] or ""), str(headers["subject"] or "")
    if state.get("domains", domain) is None:
        enqueue(state, sender, address, message, now)
        return number
    box = _mailbox(state, address)
    if _SPAM in message:
        keep(state, sender=sender, subject=subject, recipient=box["id"], message=message, now=now)
    else:
        box["messages"] += 1
        box["used"] += len(message)
    return number


def populate(state: State, count: int, now: datetime) -> None:
    """Adds a domain with so many mailboxes that each got a message, and one each in quarantine and in the queue."""
    time = now.strftime("%Y-%m-%d %H:%M:%S")
    state.put("domains", new_domain(state, _DEMO_DOMAIN, time) | {"mailboxes": max(count, 10)})
    for number in range(1, count + 1):
        state.put("mailboxes", new_mailbox(state, f"user{number}@{_DEMO_DOMAIN}", time))
        deliver(state, f"user{number}@{_DEMO_DOMAIN}", _DEMO_MESSAGE, now)
    deliver(state, f"user1@{_DEMO_DOMAIN}", _DEMO_MESSAGE + _SPAM, now)
    deliver(state, "someone@elsewhere.example", _DEMO_MESSAGE, now)


def _mailbox(state: State, address: str) -> Record:
    """The mailbox that gets what is for an address, also over an alias."""
    alias = state.first("aliases", address=address, active=1)
    targets = [address] if alias is None else [each.strip() for each in str(alias["goto"]).split(",")]
    for each in targets:
        box = state.get("mailboxes", each)
        if box is not None:
            return box
    raise KeyError(f"nobody has the address {address}")


def _next(state: State) -> int:
    counter = state.get("counters", "mail") or {"id": "mail", "last": 0}
    counter["last"] += 1
    state.put("counters", counter)
    return int(counter["last"])
