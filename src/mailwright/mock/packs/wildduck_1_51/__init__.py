"""The behaviour pack of WildDuck 1.51: failures with statuses and codes, and everything that came since 1.0."""

from __future__ import annotations

from mailwright.mock.packs import Pack
from mailwright.mock.packs.wildduck import totp
from mailwright.mock.packs.wildduck.envelope import failure, unknown_path, wrong_method
from mailwright.mock.packs.wildduck_1_51 import (
    addresses,
    archive,
    asps,
    authentication,
    autoreply,
    callers,
    deletion,
    domains,
    filters,
    keys,
    mailboxes,
    messages,
    records,
    search,
    settings,
    storage,
    submission,
    two_factor,
    updates,
    users,
)
from mailwright.mock.packs.wildduck_1_51.cursors import cursor_page, read_cursor, write_cursor
from mailwright.mock.packs.wildduck_1_51.envelope import bad_body, bad_token, invalid
from mailwright.mock.packs.wildduck_1_51.formats import FORMATS

PACK = Pack(
    headers=(("server", "WildDuck API"),),
    json_type="application/json; charset=utf-8",
    unknown_path=unknown_path,
    wrong_method=wrong_method,
    bad_body=bad_body,
    bad_token=bad_token,
    invalid=invalid,
    failure=failure,
    write_cursor=write_cursor,
    read_cursor=read_cursor,
    cursor_page=cursor_page,
    formats=FORMATS,
    admit=callers.admit,
    permit=callers.permit,
    hooks={
        **callers.HOOKS,
        **users.HOOKS,
        **deletion.HOOKS,
        **authentication.HOOKS,
        **two_factor.HOOKS,
        **asps.HOOKS,
        **addresses.HOOKS,
        **mailboxes.HOOKS,
        **messages.HOOKS,
        **search.HOOKS,
        **submission.HOOKS,
        **archive.HOOKS,
        **storage.HOOKS,
        **filters.HOOKS,
        **autoreply.HOOKS,
        **domains.HOOKS,
        **keys.HOOKS,
        **settings.HOOKS,
        **records.HOOKS,
        **updates.HOOKS,
    },
    totp_secret=totp.secret,
    deliver=messages.deliver,
)
