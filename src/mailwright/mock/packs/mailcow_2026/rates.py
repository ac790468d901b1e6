"""Rate limits of domains and mailboxes."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import number
from mailwright.mock.packs.mailcow_2026.entries import Write, edit, get
from mailwright.mock.state import State

_FRAMES = ("s", "m", "h", "d")


def rate_of(state: State, name: str) -> JsonObject | None:
    """The limit of a domain or a mailbox; both are texts."""
    record = state.get("rates", name)
    return None if record is None else {"value": record["value"], "frame": record["frame"]}


def set_rate(state: State, name: str, value: Json, frame: str) -> None:
    """Sets a limit, or removes it where the value is empty."""
    if number(value):
        state.put("rates", {"id": name, "value": str(number(value)), "frame": frame})
    else:
        state.remove("rates", name)


def _hooks(kind: str, collection: str, shown: str) -> dict[str, Hook]:
    @edit("ratelimit", "edit", kind, items="object")
    def change(write: Write, item: Json) -> None:
        if write.state.get(collection, str(item)) is None:
            write.danger("access_denied")
            return
        frame = write.attributes.get("rl_frame")
        if frame not in _FRAMES:
            write.danger("rl_timeframe")
            return
        set_rate(write.state, str(item), write.attributes.get("rl_value"), str(frame))
        write.success("rl_saved", item)

    def list_all(call: Call) -> Json:
        names = [each["id"] for each in call.state.all("rates") if call.state.get(collection, each["id"]) is not None]
        return [{**(rate_of(call.state, name) or {}), shown: name} for name in sorted(names)]

    def read(call: Call) -> Json:
        return rate_of(call.state, str(call.path[shown]))

    return {f"set_{kind}_rate": change, f"list_{kind}_rates": get(list_all), f"get_{kind}_rate": get(read)}


HOOKS: dict[str, Hook] = {**_hooks("domain", "domains", "domain"), **_hooks("mailbox", "mailboxes", "mailbox")}
