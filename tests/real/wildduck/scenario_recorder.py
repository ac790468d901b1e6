"""Records what each call of a scenario gave, in a form in which two servers can be compared.

What differs from run to run is named by its place: an id as `<id 12.1>`, the first that step 12 brought; times after
2024, cursors, passwords, tokens and digests as what they are. The mark that a run puts into its names becomes `MARK`.
"""

from __future__ import annotations

import difflib
import json
import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from mailwright_wildduck.v1_51 import WildDuck

from mailwright.runtime import Download, EventStream, MailwrightError, Pages

_HEX_ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{24}|[0-9a-f]{18})(?![0-9a-f])")
_TIME = re.compile(r"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_MADE_MESSAGE_ID = re.compile(r"<[^<>@\s]+@(?!scenario\.test>)[^<>@\s]+>")
_CURSORS = {"nextCursor", "previousCursor"}
_RANDOM = {
    "challenge",
    "fileContentHash",
    "fingerprint",
    "hash",
    "mobileconfig",
    "nonce",
    "password",
    "publicKey",
    "qrcode",
    "secret",
    "seed",
    "token",
    "totpNonce",
    "totp_nonce",
    "twoFactorNonce",
}
SECONDS_FOR_EVENTS = 15


@dataclass(frozen=True)
class Step:
    """One call: its number, section, method, arguments and outcome, all normalised plain data."""

    number: int
    section: str
    method: str
    arguments: Any
    outcome: Any

    @property
    def title(self) -> str:
        return f"{self.number} {self.section}: {self.method}({self.arguments})"

    @property
    def failed(self) -> bool:
        return "raised" in self.outcome


@dataclass
class Recorder:
    """Makes calls by name and keeps what they gave; what a call raises is kept and not raised.

    `mark` is a word that makes the names of one run its own; all marks have one length.
    """

    mail: WildDuck
    mark: str
    steps: list[Step] = field(default_factory=list)
    section: str = ""
    _names: dict[str, str] = field(default_factory=dict)
    _number: int = 0
    _fresh: int = 0

    def __call__(
        self,
        method: str,
        *arguments: Any,
        cursor: Mapping[str, str | None] | None = None,
        events: int = 0,
        vague: Collection[str] = (),
        **named: Any,
    ) -> Any:
        """Calls a method such as `users.get` and gives what it gave, or None where it raised.

        A list gives one page, the one `cursor` leads to; a download gives its bytes; a stream gives its first `events`
        events. The keys in `vague` are kept as present, without their values.
        """
        self._number, self._fresh = len(self.steps) + 1, 0
        shown = ", ".join(
            [_short(self._plain(value, vague)) for value in arguments]
            + [f"{key}={_short(self._plain({key: value}, vague)[key])}" for key, value in named.items()]
            + [key for key, value in (cursor or {}).items() if value]
        )
        resource, _, name = method.partition(".")
        value: Any = None
        try:
            value = _settled(getattr(getattr(self.mail, resource), name)(*arguments, **named), cursor or {}, events)
            outcome = {"answer": self._plain(value, vague)}
        except MailwrightError as error:
            outcome = {"raised": type(error).__name__, "status": error.status, "code": error.code}
            # Without an answer of the API's own, only the text tells what was wrong.
            if error.code is None:
                outcome["message"] = self._plain(error.message, vague)
        self.steps.append(Step(self._number, self.section, method, shown, outcome))
        return value

    def _plain(self, value: Any, vague: Collection[str], key: str = "") -> Any:
        if not isinstance(value, (dict, list, tuple, str, int, float, bool, bytes, type(None))):
            value = msgspec.to_builtins(_page_value(value))
        if isinstance(value, dict):
            return {each: self._plain(value[each], vague, each) for each in sorted(value)}
        if key in vague:
            return f"<{key}>"
        if isinstance(value, (list, tuple)):
            return [self._plain(each, vague, key) for each in value]
        if key in _CURSORS:
            return "<cursor>" if value else None
        if key in _RANDOM and isinstance(value, str):
            return f"<{key}>"
        if isinstance(value, bytes):
            value = value.decode("utf-8", "backslashreplace")
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        text = _HEX_ID.sub(lambda found: self._name(found[0]), text.replace(self.mark, "MARK"))
        return _MADE_MESSAGE_ID.sub("<message id>", _TIME.sub("<time>", text))

    def _name(self, identifier: str) -> str:
        if identifier not in self._names:
            self._fresh += 1
            self._names[identifier] = f"<id {self._number}.{self._fresh}>"
        return self._names[identifier]


def differences(wanted: list[Step], got: list[Step], names: tuple[str, str] = ("wanted", "got")) -> list[str]:
    """Returns a readable text for each call whose outcomes differ, and one when the numbers of calls do."""
    found = []
    for one, other in zip(wanted, got, strict=False):
        if (one.method, one.arguments, one.outcome) == (other.method, other.arguments, other.outcome):
            continue
        lines = difflib.unified_diff(_lines(one), _lines(other), *names, lineterm="", n=2)
        found.append("\n".join([one.title, *lines]))
    if len(wanted) != len(got):
        found.append(f"{len(wanted)} calls and {len(got)} calls")
    return found


def _short(argument: Any) -> str:
    text = json.dumps(argument, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:80]}… ({len(text)} characters)"


def _lines(step: Step) -> list[str]:
    return json.dumps([step.arguments, step.outcome], indent=1, ensure_ascii=False, sort_keys=True).splitlines()


def _settled(value: Any, cursor: Mapping[str, str | None], events: int) -> Any:
    """Asks for what a call only promised: a page, a whole download, some events."""
    if isinstance(value, Pages):
        return value.page(**{key: at for key, at in cursor.items() if at})
    if isinstance(value, Download):
        return value.read()
    if isinstance(value, EventStream):
        return _first_events(value, events)
    return value


def _first_events(stream: EventStream[Any], wanted: int) -> list[Any]:
    """Reads some events; gives those that came when the others do not come in time."""
    seen: list[Any] = []
    stream = stream.with_options(reconnect=False)
    alarm = threading.Timer(SECONDS_FOR_EVENTS, stream.close)
    alarm.start()
    try:
        with stream:
            for event in stream:
                seen.append({"id": event.id, "data": msgspec.to_builtins(event.data)})
                if len(seen) == wanted:
                    break
    finally:
        alarm.cancel()
    return seen


def _page_value(value: Any) -> Any:
    response = getattr(value, "response", None)
    return value.value if response is not None else value
