"""One call under way: what is known of it, and the two ways it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailwright.mock.access import Caller
from mailwright.mock.document import Operation
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.message import Request
from mailwright.mock.state import Record, State
from mailwright.mock.values import fill


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call comes to: a status and a JSON body, or `content` of another kind; none of it is no JSON.

    `plain` marks the framework's own answers; `cut` is that of the response: `reset` for no answer at all. Where `more`
    is given the answer stays open: it gives what is new since it was last asked.
    """

    body: Json
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    plain: bool = False
    content: bytes | None = None
    media_type: str = ""
    cut: str = ""
    more: Callable[[], bytes] | None = None


class Refused(Exception):
    """A call ends early, with this answer."""

    def __init__(self, body: JsonObject, *, status: int = 200, plain: bool = False) -> None:
        self.answer = Answer(body, status, plain=plain)
        super().__init__(str(body))


@dataclass(slots=True)
class Call:
    """A call that has valid arguments and is being carried out.

    `upload` is a body that is no JSON, `last_event` the id of the last event that the caller has seen. `record` is the
    stored record the call is about, `parent` the one it belongs to; `made` is what hooks made, for the answer to show,
    and `answer` the whole answer where a hook gives it, as it must where only it knows the media type. `commands` are
    those that share a URL, by name. `kind` is the media type of the body, `caller` who calls, `scheme` the word that
    stands before the credentials in small letters, empty where there are none, `edition` the edition of the server,
    empty for the usual one. `events` are those of a stream where a hook gives them, in the place of those of the plan.
    `request` is what was sent, for packs that read it themselves.
    """

    operation: Operation
    path: JsonObject
    given: JsonObject
    state: State
    now: datetime
    upload: bytes = b""
    last_event: str = ""
    record: Record | None = None
    parent: Record | None = None
    made: JsonObject = field(default_factory=dict[str, Any])
    answer: Answer | None = None
    commands: Mapping[str, Operation] = field(default_factory=dict[str, Operation])
    kind: str = ""
    caller: Caller = field(default_factory=Caller)
    scheme: str = ""
    edition: str = ""
    events: list[JsonObject] | None = None
    request: Request | None = None

    @property
    def subject(self) -> Record:
        """The record the call is about; a plan that names none and asks for it is wrong."""
        if self.record is None:
            raise LookupError(f"{self.operation.id} is about no record")
        return self.record

    def sources(self, **more: Any) -> Mapping[str, Any]:
        """What templates of `x-mock` can look up."""
        return {
            "path": self.path,
            "given": self.given,
            "record": self.record or {},
            "parent": self.parent or {},
            "made": self.made,
            "upload": self.upload,
            "now": self.now,
            **more,
        }

    def refusal(self, raw: JsonObject) -> Refused:
        """The refusal that an `answer` of `x-mock` describes."""
        return Refused(fill(raw["body"], self.sources()), status=raw.get("status", 200))
