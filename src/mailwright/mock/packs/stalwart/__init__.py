"""The behaviour pack of Stalwart 0.15: management with failures at status 200, the protocol with problems.

A text is the server's own only where a client decides by it (`Enterprise feature`, `Invalid parameter`); all others are
ours, as the server is under the AGPL.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailwright.mock.json_value import Json
from mailwright.mock.packs import BadCursor, Pack
from mailwright.mock.packs.stalwart import (
    account,
    callers,
    dkim,
    dns,
    logs,
    principals,
    queue,
    reload,
    reports,
    settings,
    spam,
    store,
    telemetry,
    troubleshoot,
)
from mailwright.mock.packs.stalwart.envelope import (
    bad_body,
    bad_token,
    failure,
    invalid,
    unknown_path,
    wrong_method,
)
from mailwright.mock.packs.stalwart.formats import FORMATS


def _write_cursor(place: Sequence[Json], number: int) -> str:
    return str(number)


def _read_cursor(cursor: str) -> list[Json]:
    raise BadCursor("pages have numbers here")


PACK = Pack(
    headers=(("server", "Stalwart"),),
    json_type="application/json; charset=utf-8",
    unknown_path=unknown_path,
    wrong_method=wrong_method,
    bad_body=bad_body,
    bad_token=bad_token,
    invalid=invalid,
    failure=failure,
    write_cursor=_write_cursor,
    read_cursor=_read_cursor,
    formats=FORMATS,
    admit=callers.admit,
    permit=callers.permit,
    hooks={
        **account.HOOKS,
        **dkim.HOOKS,
        **dns.HOOKS,
        **logs.HOOKS,
        **principals.HOOKS,
        **queue.HOOKS,
        **reload.HOOKS,
        **reports.HOOKS,
        **settings.HOOKS,
        **spam.HOOKS,
        **store.HOOKS,
        **telemetry.HOOKS,
        **troubleshoot.HOOKS,
    },
)
