"""Commands that share one URL: a call becomes `[[command, parameters, tag]]`, and its rows a value."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from mailwright.runtime.dialects import Dialect, Failure
from mailwright.runtime.dialects.doveadm import read_answer
from mailwright.runtime.errors import ResponseInvalid, UsageError
from mailwright.runtime.models import UNSET
from mailwright.runtime.rows import fields_of, value_of

if TYPE_CHECKING:
    from mailwright.runtime.operation import Operation


class Sent(Protocol):
    """One request on its way: its body, and how its answer is judged and read."""

    @property
    def body(self) -> object: ...
    def dialect(self, dialect: Dialect, /) -> Dialect: ...
    def value(self, content: bytes, /) -> Any: ...


class Remote(Protocol):
    """What an operation stands for where its body and its answer are wrapped."""

    def sent(self, operation: Operation[Any], body: object, /) -> Sent: ...


@dataclass(frozen=True, slots=True)
class Rpc:
    """One command: its name on the wire, the parameters of which one has to be given, and where other columns go.

    `rest` names the field that takes the columns without a field of their own.
    """

    command: str
    needs: tuple[str, ...] = ()
    rest: str = ""

    def sent(self, operation: Operation[Any], body: object, /) -> SentCommand:
        """Returns the command on its way; raises `UsageError` for parameters that the server would break at."""
        return SentCommand(self, operation, body_of(self, body))


class SentCommand:
    """One command with its tag."""

    def __init__(self, rpc: Rpc, operation: Operation[Any], parameters: dict[str, object]) -> None:
        # A tag of its own, so that an answer to another call is not taken for this one's.
        self.tag = os.urandom(8).hex()
        self.tuple = (rpc.command, parameters, self.tag)
        self._rpc = rpc
        self._operation = operation

    @property
    def body(self) -> object:
        """The body of a request with this command alone."""
        return [self.tuple]

    def dialect(self, dialect: Dialect, /) -> Dialect:
        """Returns the dialect that also wants the tag of this command."""
        return _Tagged(dialect, self.tag)

    def value(self, content: bytes, /) -> Any:
        """Returns the value in an answer that tells no failure; raises `ResponseInvalid` when it does not fit."""
        return value_of(read_answer(content).parts, self._operation.result, self._rpc.rest, content)


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A dialect that refuses an answer to another command."""

    inner: Dialect
    tag: str

    @property
    def empty_answer(self) -> str:
        return self.inner.empty_answer

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        failure = self.inner.failure(status, headers, content)
        if read_answer(content).tag != self.tag:
            raise ResponseInvalid("the answer is to another command: it has not the tag of this one", content=content)
        return failure

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        return self.inner.refusal(status, headers, content, flaw)


def body_of(rpc: Rpc, body: object) -> dict[str, object]:
    """Returns the parameters of a command by their names on the wire.

    What is UNSET, None or False is left out: Dovecot 2.3 takes false for true. Raises `UsageError` for what the server
    would answer by ending the connection.
    """
    given: dict[str, object] = {}
    fields = fields_of(cast("Hashable", type(body)))
    for field in fields:
        value: object = getattr(body, field.name)
        told = field.name.removesuffix("_")
        if value is UNSET or value is None or value is False:
            if field.required:
                raise UsageError(f"{told} is required by {rpc.command}")
            continue
        if field.is_list:
            if not isinstance(value, (list, tuple)):
                raise UsageError(f"{told} must be a list of strings, not {type(value).__name__}")
            if not value:
                raise UsageError(f"{told} is an empty list, at which the server breaks; leave it out")
        given[field.wire] = value
    if rpc.needs and not any(name in given for name in rpc.needs):
        names = [field.name for field in fields if field.wire in rpc.needs]
        raise UsageError(f"{rpc.command} needs one of {', '.join(names)}")
    return given
