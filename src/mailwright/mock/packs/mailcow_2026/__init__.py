"""The behaviour pack of mailcow 2026.08: lists of entries, limits that hold, and keys that may only read."""

from __future__ import annotations

from mailwright.mock.json_value import Json
from mailwright.mock.packs import BadCursor, Pack
from mailwright.mock.packs.mailcow_2026 import (
    administrators,
    admins,
    aliases,
    callers,
    dkim,
    dkim_import,
    domains,
    envelope,
    hosts,
    incoming,
    kinds,
    logs,
    mail_queue,
    mailbox_programs,
    mailbox_settings,
    mailboxes,
    mta_sts,
    policies,
    quarantine,
    rates,
    rename,
    search,
    server_settings,
    templates,
    time_aliases,
    watching,
)
from mailwright.mock.packs.mailcow_2026.own_document import own_document


def _no_cursor(*_: Json) -> str:
    raise BadCursor("this API has no cursors")


def _read_no_cursor(cursor: str) -> list[Json]:
    raise BadCursor(cursor)


PACK = Pack(
    headers=envelope.HEADERS,
    json_type=envelope.JSON,
    unknown_path=envelope.unknown_path,
    wrong_method=envelope.wrong_method,
    bad_body=envelope.bad_body,
    bad_token=envelope.bad_token,
    invalid=envelope.invalid,
    failure=envelope.failure,
    write_cursor=_no_cursor,
    read_cursor=_read_no_cursor,
    formats={},
    admit=callers.admit,
    permit=logs.log_call,
    deliver=incoming.deliver,
    populate=incoming.populate,
    reads_bodies=True,
    own_document=own_document,
    hooks={
        **domains.HOOKS,
        **mailboxes.HOOKS,
        **mailbox_settings.HOOKS,
        **aliases.HOOKS,
        **dkim.HOOKS,
        **admins.HOOKS,
        **rates.HOOKS,
        **templates.HOOKS,
        **search.HOOKS,
        **kinds.HOOKS,
        **hosts.HOOKS,
        **watching.HOOKS,
        **mail_queue.HOOKS,
        **quarantine.HOOKS,
        **logs.HOOKS,
        **server_settings.HOOKS,
        **rename.HOOKS,
        **mta_sts.HOOKS,
        **mailbox_programs.HOOKS,
        **dkim_import.HOOKS,
        **administrators.HOOKS,
        **policies.HOOKS,
        **time_aliases.HOOKS,
    },
)
