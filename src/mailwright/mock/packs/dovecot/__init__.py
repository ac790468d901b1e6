"""The behaviour pack of Dovecot 2.4: a small mail store behind the commands of doveadm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from mailwright.mock.json_value import Json
from mailwright.mock.packs import BadCursor, Hook, Pack
from mailwright.mock.packs.dovecot import envelope, mailboxes, messages, users
from mailwright.mock.packs.dovecot.users import OfUser, for_users


def _no_cursor(values: Sequence[Json], page: int) -> str:
    raise LookupError("doveadm has no pages")


def _no_cursor_either(text: str) -> list[Json]:
    raise BadCursor(text)


def _hooks(*, old: bool) -> Mapping[str, Hook]:
    of_users: dict[str, OfUser] = {
        "mailbox_list": mailboxes.mailbox_list,
        "mailbox_status": partial(mailboxes.mailbox_status, old=old),
        "mailbox_create": mailboxes.mailbox_create,
        "mailbox_delete": mailboxes.mailbox_delete,
        "mailbox_rename": mailboxes.mailbox_rename,
        "mailbox_subscribe": mailboxes.mailbox_subscribe,
        "mailbox_unsubscribe": mailboxes.mailbox_unsubscribe,
        "save": messages.save,
        "fetch": messages.fetch,
        "search": partial(messages.search, old=old),
        "copy": messages.copying(old=old, move=False),
        "move": messages.copying(old=old, move=True),
        "expunge": partial(messages.expunge, old=old),
        "deduplicate": partial(messages.deduplicate, old=old),
        "flags_add": messages.flagging(messages.added, old=old),
        "flags_remove": messages.flagging(messages.removed, old=old),
        "flags_replace": messages.flagging(messages.replaced, old=old),
        "quota_get": partial(users.quota_get, old=old),
        "nothing_for_users": users.nothing,
    }
    hooks: dict[str, Hook] = {name: for_users(hook) for name, hook in of_users.items()}
    if old:
        hooks = {name: users.without_user_file(hook) for name, hook in hooks.items()}
    return {
        **hooks,
        "user": partial(users.user, old=old),
        "who": partial(users.who, old=old),
        "kick": partial(users.kick, old=old),
        "auth_cache_flush": partial(users.auth_cache_flush, old=old),
        "nothing": users.nothing_at_all,
        "list_commands": envelope.list_commands,
    }


def make_pack(*, old: bool) -> Pack:
    """Makes the pack of Dovecot 2.3 where `old`, else that of 2.4."""
    return Pack(
        headers=(("connection", "close"),),
        json_type=envelope.JSON_TYPE,
        unknown_path=envelope.unknown_path,
        wrong_method=envelope.wrong_method,
        bad_body=envelope.bad_body,
        bad_token=envelope.bad_token,
        invalid=envelope.invalid,
        failure=envelope.failure,
        write_cursor=_no_cursor,
        read_cursor=_no_cursor_either,
        formats={},
        hooks=_hooks(old=old),
        commands=envelope.Tuples(old=old),
        start=users.start,
        populate=users.populate,
    )


PACK = make_pack(old=False)
