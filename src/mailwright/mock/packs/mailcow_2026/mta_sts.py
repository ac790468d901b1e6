"""Policies of MTA-STS of domains, which no answer shows."""

from __future__ import annotations

from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag, number, words
from mailwright.mock.packs.mailcow_2026.checks import has_domain
from mailwright.mock.packs.mailcow_2026.entries import Write, add, edit
from mailwright.mock.packs.mailcow_2026.records import Message, text
from mailwright.mock.packs.mailcow_2026.store import ascii_domain

_MODES = ("enforce", "testing", "none")
_YEAR = 31_536_000
_LEAP_YEAR = 31_557_600


def _problem(values: JsonObject, version: Message, longest: int) -> Message | None:
    domain = str(values["domain"])
    if values["version"] != "stsv1":
        return version
    if values["mode"] not in _MODES:
        return "mode_invalid", domain
    if not 0 < values["max_age"] <= longest:
        return "max_age_invalid", domain
    wrong = [each for each in values["mx"] or [""] if not ascii_domain(each.removeprefix("*."))]
    return ("mx_invalid", wrong[0]) if wrong else None


@add("mailbox", "add", "mta_sts")
def create(write: Write) -> None:
    """Adds the policy of a domain; nothing tells that it is done."""
    given = write.attributes
    domain = ascii_domain(given.get("domain"))
    values: JsonObject = {
        "domain": domain,
        "version": text(given.get("version")).lower(),
        "mode": text(given.get("mode")).lower(),
        "mx": words(given.get("mx")),
        "max_age": number(given.get("max_age")),
        "active": flag(given.get("active")),
    }
    if not has_domain(write.state, domain):
        write.danger("access_denied")
    elif (message := _problem(values, ("version_invalid", domain), _YEAR)) is not None:
        write.danger(*message)
    elif write.state.get("mta_sts", domain) is not None:
        write.danger(f"SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '{domain}'")
    else:
        write.state.put("mta_sts", {**values, "id": domain})


@edit("mailbox", "edit", "mta_sts", items="domains")
def update(write: Write, item: Json) -> None:
    """Changes the policy of a domain; the server does not know the version again that it has stored."""
    given = write.attributes
    record = write.state.get("mta_sts", ascii_domain(item))
    if record is None:
        write.danger("access_denied")
        return
    version = text(given["version"]).lower() if given.get("version") is not None else "STSv1"
    values: JsonObject = {**record, "version": version}
    values |= {name: text(given[name]).lower() for name in ("mode",) if given.get(name) is not None}
    values |= {"mx": words(given["mx"])} if given.get("mx") is not None else {}
    values |= {"max_age": number(given["max_age"])} if given.get("max_age") is not None else {}
    values |= {"active": flag(given["active"])} if given.get("active") is not None else {}
    if (message := _problem(values, ("version_invalid", version), _LEAP_YEAR)) is not None:
        write.danger(*message)
        return
    write.state.put("mta_sts", values)
    write.success("object_modified", record["id"])


HOOKS: dict[str, Hook] = {"create_mta_sts": create, "update_mta_sts": update}
