"""The behaviour pack of WildDuck in its early days (1.0.x): failures at status 200, validation in one sentence."""

from __future__ import annotations

from mailwright.mock.packs import Pack
from mailwright.mock.packs.wildduck import (
    addresses,
    asps,
    authentication,
    autoreply,
    filters,
    mailboxes,
    messages,
    totp,
    updates,
    users,
)
from mailwright.mock.packs.wildduck.cursors import read_cursor, write_cursor
from mailwright.mock.packs.wildduck.envelope import (
    bad_body,
    bad_token,
    failure,
    invalid,
    unknown_path,
    wrong_method,
)
from mailwright.mock.packs.wildduck.formats import FORMATS

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
    formats=FORMATS,
    hooks={
        **users.HOOKS,
        **authentication.HOOKS,
        **totp.HOOKS,
        **asps.HOOKS,
        **addresses.HOOKS,
        **mailboxes.HOOKS,
        **messages.HOOKS,
        **filters.HOOKS,
        **autoreply.HOOKS,
        **updates.HOOKS,
    },
    totp_secret=totp.secret,
    deliver=messages.deliver,
)
