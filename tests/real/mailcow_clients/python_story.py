"""Runs python-mailcow as a library against a server, and prints what each call gives as JSON.

usage: python python_story.py <its configuration file>
"""

from __future__ import annotations

import json
import sys
from typing import Any

from mailcow import MailCow  # pyright: ignore


def main() -> None:
    moo: Any = MailCow(conf=sys.argv[1])
    told: dict[str, Any] = {"sections": sorted(moo.endpoints)}
    told["no domains"] = moo.getRequest("domain/all")
    told["add"] = moo.addRequest("domain", {"domain": "py.example", "mailboxes": 1, "tags": ["py"]})
    told["add again"] = moo.addRequest("domain", {"domain": "py.example"})
    told["get"] = moo.getRequest("domain/py.example")
    box = {"domain": "py.example", "local_part": "jane", "password": "moohoo12", "password2": "moohoo12"}
    told["add mailbox"] = moo.addRequest("mailbox", box)
    told["one too many"] = moo.addRequest("mailbox", {**box, "local_part": "joe"})
    told["add alias"] = moo.addRequest("alias", {"address": "info@py.example", "goto": "jane@py.example"})
    told["edit"] = moo.editRequest("mailbox", items=["jane@py.example", "nobody@py.example"], attr={"name": "Jane"})
    told["limit"] = moo.editRequest("rl-mbox", items=["jane@py.example"], attr={"rl_value": "5", "rl_frame": "h"})
    told["mailbox"] = moo.getRequest("mailbox/jane@py.example")
    moo.data = moo.getRequest("alias/all")
    told["table"] = str(moo.as_table()[0])
    told["delete domain with a mailbox"] = moo.deleteRequest("domain", ["py.example"])
    told["delete mailbox"] = moo.deleteRequest("mailbox", ["jane@py.example"])
    told["delete"] = moo.deleteRequest("domain", ["py.example"])
    told["unknown"] = moo.getRequest("nosuch/all")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
