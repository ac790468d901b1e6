"""What generated code says of one operation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

import msgspec

from mailwright.runtime.shaping import Form

if TYPE_CHECKING:
    from mailwright.runtime.rpc import Remote

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list operation is read page by page.

    `items`, `total`, `cursor` and `previous_cursor` are attributes of the page model; `next` and `previous` are the
    query parameters that take a cursor. Where pages are counted from 1, `page` is the query parameter that takes the
    number and `size` the one that says how many items a page has. An empty name says that the API has no such thing.
    """

    items: str = "results"
    total: str = ""
    cursor: str = ""
    previous_cursor: str = ""
    next: str = ""
    previous: str = ""
    page: str = ""
    size: str = ""


@dataclass(frozen=True, eq=False)
class Operation(Generic[T]):
    """One operation of an API: where it lives and what it gives.

    `path` has `{}` where a path argument goes. `csv` names the query parameters whose list is one value, joined with
    commas. `unsafe` marks a GET that changes something. Without `secured` no credential is sent. `media_type` is that
    of the request's body. `empty` says that a success may come without a body, which is None, and `bare` that it comes
    without the envelope that the API puts around others. `answer` says which other form of a success is brought
    into its own (see `shaped`). `stream` says that the answer is no JSON value but bytes, or server-sent events whose
    data is a `result` each; one that is `once` is over when it ends. `value` names the property of an answer that holds
    the `result`, where there is an envelope around it. `secrets` names the query and header parameters that nobody may
    read. `token` is the operation that gives the token of a stream, which goes into the one of `secrets` where the
    caller gives none. `rpc` says that the body and the answer are those of a command.
    """

    method: str
    path: str
    _: KW_ONLY
    id: str
    result: type[T]
    csv: Collection[str] = ()
    paging: Paging | None = None
    unsafe: bool = False
    secured: bool = True
    media_type: str = "application/json"
    empty: bool = False
    bare: bool = False
    answer: Form = ""
    stream: Literal["", "binary", "sse"] = ""
    once: bool = False
    value: str = ""
    secrets: Collection[str] = ()
    token: Operation[str] | None = None
    rpc: Remote | None = None

    # Built on first use: a client of a hundred operations pays only for those it calls.
    @cached_property
    def decoder(self) -> msgspec.json.Decoder[T]:
        """The decoder that takes JSON types literally."""
        return msgspec.json.Decoder(self._answer)

    @cached_property
    def lax_decoder(self) -> msgspec.json.Decoder[T]:
        """The decoder that also reads `"1"` where 1 is due."""
        return msgspec.json.Decoder(self._answer, strict=False)

    def read(self, answer: T) -> T:
        """Returns the value of what a decoder gave."""
        return cast("T", cast("Any", answer).value) if self.value else answer

    @cached_property
    def _answer(self) -> type[T]:
        if not self.value:
            return self.result
        return cast("type[T]", msgspec.defstruct("Answer", [("value", self.result)], rename={"value": self.value}))
