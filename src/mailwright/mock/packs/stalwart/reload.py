"""Configuration read again, rules and web pages brought up to date, and the restart that is never done."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.stalwart import logs, settings
from mailwright.mock.packs.stalwart.arguments import flag
from mailwright.mock.packs.stalwart.envelope import refused

_LISTENERS = "server.listener."


def reload(call: Call) -> None:
    """Says what is wrong in the settings; a dry run changes nothing and leaves no line in the log."""
    if not flag(call, "dry-run"):
        logs.write(call, "config.reload", f"path = {call.operation.path}")
    found = settings.under(call.state, "")
    errors: JsonObject = {
        key: {"type": "parse", "error": "an address has a port after a colon"}
        for key, value in found.items()
        if key.startswith(_LISTENERS) and key.endswith(".bind") and not value.rpartition(":")[2].isdigit()
    }
    missing = "server.hostname"
    warnings: JsonObject = {} if missing in found else {missing: {"type": "missing"}}
    call.made["data"] = {"warnings": warnings, "errors": errors}


def update_rules(call: Call) -> None:
    """Brings the rules up to date; says null where they are, and nothing forces it."""
    switch = call.state.first("switches", name="rules")
    if switch is None:
        call.state.add("switches", {}, call.now, name="rules", on=True)
    again = flag(call, "force") or flag(call, "overwrite")
    call.made["data"] = "2.0.5" if switch is None or again else None


def update_webadmin(call: Call) -> None:
    """Brings the web pages up to date."""
    logs.write(call, "resource.webadmin-unpacked", "from = the release")


def restart(call: Call) -> None:
    """Never does."""
    raise refused("unsupported", details="a restart is not done from here")


HOOKS = {"reload": reload, "update_rules": update_rules, "update_webadmin": update_webadmin, "restart": restart}
