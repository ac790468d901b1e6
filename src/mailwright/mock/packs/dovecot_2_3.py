"""The behaviour pack of Dovecot 2.3."""

from __future__ import annotations

from mailwright.mock.packs.dovecot import make_pack

PACK = make_pack(old=True)
