"""The behaviour pack of WildDuck 1.0.89: as that of 1.0.107, but failures have no `code` and any address is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.findings import Finding
from mailwright.mock.packs import Hook, wildduck
from mailwright.mock.packs.wildduck.updates import tell


def _without_code(answer: Answer) -> Answer:
    return replace(answer, body={name: value for name, value in answer.body.items() if name != "code"})


def _invalid(findings: Sequence[Finding]) -> Answer:
    return _without_code(wildduck.PACK.invalid(findings))


def _refusing_without_code(hook: Hook) -> Hook:
    def run(call: Call) -> None:
        try:
            hook(call)
        except Refused as refused:
            refused.answer = _without_code(refused.answer)
            raise

    return run


def _prepare_address(call: Call) -> None:
    # A wildcard needs no permission (1.0.89 n=77).
    call.given["allowWildcard"] = True
    wildduck.PACK.hooks["prepare_address"](call)


def _find_message(call: Call) -> None:
    # Attachments have their name as `fileName`, and a path (1.0.89 n=176).
    wildduck.PACK.hooks["find_message"](call)
    user, mailbox, message = (call.path[name] for name in ("user", "mailbox", "message"))
    path = f"/users/{user}/mailboxes/{mailbox}/messages/{message}/attachments"
    told = [
        {**each, "fileName": each["filename"], "url": f"{path}/{each['id']}"} for each in call.subject["attachmentList"]
    ]
    for each in told:
        del each["filename"]
    call.made["attachments"] = told


def _note_no_mailbox(call: Call) -> None:
    """A mailbox that is gone is told to those who listen just then, and not kept (code lib/mailbox-handler.js)."""
    if call.parent is not None:
        tell(call.state, call.parent["id"], call.now, "DROP", mailbox=call.subject["id"])


_HOOKS = {
    **wildduck.PACK.hooks,
    "prepare_address": _prepare_address,
    "find_message": _find_message,
    "note_no_mailbox": _note_no_mailbox,
}

PACK = replace(
    wildduck.PACK,
    headers=(("server", "Wild Duck API"),),
    invalid=_invalid,
    hooks={name: _refusing_without_code(hook) for name, hook in _HOOKS.items()},
)
