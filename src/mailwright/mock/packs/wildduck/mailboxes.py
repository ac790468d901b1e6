"""Mailboxes: paths with slashes, whose last part is the name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from mailwright.mock.call import Call
from mailwright.mock.packs import Hook


def prepare_path(call: Call) -> None:
    """Tidies a path; INBOX is INBOX however it is written."""
    if "path" not in call.given:
        return
    parts = [part.strip() for part in unicodedata.normalize("NFC", call.given["path"]).split("/")]
    path = "/".join(part for part in parts if part)
    call.given["path"] = "INBOX" if path.upper() == "INBOX" else path
    call.given["name"] = call.given["path"].rpartition("/")[2]
    call.given["place"] = call.given["path"].lower()


HOOKS: Mapping[str, Hook] = {"prepare_path": prepare_path}
