"""Several commands in one request, for callers who ask for it: faster, and less safe than one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar, cast, overload

from mailwright.runtime.async_client import AsyncClient
from mailwright.runtime.caller import AsyncResource, Resource
from mailwright.runtime.client import Client
from mailwright.runtime.dialects import Dialect, Failure
from mailwright.runtime.dialects.doveadm import CommandAnswer, read_answers
from mailwright.runtime.errors import MailwrightError, ResponseInvalid, UsageError
from mailwright.runtime.models import UNSET
from mailwright.runtime.operation import Operation
from mailwright.runtime.outcomes import Outcome
from mailwright.runtime.rows import value_of
from mailwright.runtime.rpc import Rpc, SentCommand

P = ParamSpec("P")
T = TypeVar("T")
# What is only given, and so may stand for a wider type: commands of several kinds make one batch.
T_co = TypeVar("T_co", covariant=True)

# Text, or the place between two answers at which Dovecot 2.3 forgets the comma when it refuses the second one.
_GAP = re.compile(rb'("(?:[^"\\]|\\.)*")|\]\s*\[', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command(Generic[T_co]):
    """A call that is not made yet; `command` makes one."""

    operation: Operation[Any]
    body: object


@overload
def command(method: Callable[P, Coroutine[Any, Any, T]], /, *arguments: P.args, **keywords: P.kwargs) -> Command[T]: ...
@overload
def command(method: Callable[P, T], /, *arguments: P.args, **keywords: P.kwargs) -> Command[T]: ...
def command(method: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Command[Any]:
    """Returns the call of a method as a part of a batch, as in `command(dv.mailbox.list, user="jane")`.

    Raises `UsageError` for anything but a method that runs a command.
    """
    owner: object = getattr(method, "__self__", None)
    name: object = getattr(method, "__name__", None)
    if not isinstance(owner, (Resource, AsyncResource)) or not isinstance(name, str):
        raise UsageError("command takes a method of a resource, such as dv.mailbox.list")
    noted = _Note()
    method_of_note: Any = getattr(cast("Any", type(owner))(noted), name)
    result: Any = method_of_note(*arguments, **keywords)
    if isinstance(owner, AsyncResource):
        # It waits for nothing, as nothing is sent, and so ends at its first step.
        with closing(result), suppress(StopIteration):
            result.send(None)
    if noted.command is None or not isinstance(noted.command.operation.rpc, Rpc):
        raise UsageError(f"{name} runs no command, and so cannot be a part of a batch")
    return noted.command


class _Note:
    """A caller, with and without async, that notes the call."""

    command: Command[Any] | None = None

    def call(
        self,
        operation: Operation[Any],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> _Done:
        self.command = Command(operation, body)
        return _Done()


class _Done:
    """Nothing, at once, also where it is awaited."""

    def __await__(self) -> Any:
        return iter(())


@dataclass(frozen=True, slots=True)
class _Batch:
    """All commands of a batch as one operation."""

    commands: tuple[Command[Any], ...]

    def sent(self, operation: Operation[Any], body: object, /) -> _SentBatch:
        return _SentBatch(
            [(each, cast("Rpc", each.operation.rpc).sent(each.operation, each.body)) for each in self.commands]
        )


class _SentBatch:
    """A batch on its way."""

    def __init__(self, commands: Sequence[tuple[Command[Any], SentCommand]]) -> None:
        self._commands = commands

    @property
    def body(self) -> object:
        return [sent.tuple for _, sent in self._commands]

    def dialect(self, dialect: Dialect, /) -> Dialect:
        return _OfBatch(dialect)

    def value(self, content: bytes, /) -> list[Outcome[Any]]:
        answers = {answer.tag: answer for answer in read_answers(repaired(content))}
        return [_outcome(command, answers.get(sent.tag), content) for command, sent in self._commands]


@dataclass(frozen=True, slots=True)
class _OfBatch:
    """A dialect that leaves it to each outcome how a command went."""

    inner: Dialect

    @property
    def empty_answer(self) -> str:
        return self.inner.empty_answer

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        return None

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        failure = self.inner.refusal(status, headers, content, flaw)
        return Failure(failure.kind, f"{failure.message}; earlier commands of the batch may have been run")


def repaired(content: bytes) -> bytes:
    """Returns the answers of a batch with the commas that Dovecot 2.3 leaves out before an error."""
    return _GAP.sub(lambda found: found[1] or b"],[", content)


def _outcome(command: Command[Any], answer: CommandAnswer | None, content: bytes) -> Outcome[Any]:
    operation = command.operation
    error: MailwrightError | None = None
    value: Any = None
    if answer is None:
        error = ResponseInvalid("the server gave no answer to this command of the batch", content=content)
    elif answer.failure is not None:
        error = answer.failure.error(content)
    else:
        try:
            value = value_of(answer.parts, operation.result, cast("Rpc", operation.rpc).rest, content)
        except ResponseInvalid as invalid:
            error = invalid
    if error is not None:
        error.operation, error.method, error.status, error.attempts = operation.id, operation.method, 200, 1
    return Outcome(operation.id, value, error)


def _operation(commands: tuple[Command[Any], ...]) -> Operation[list[Outcome[Any]]]:
    if not commands:
        raise UsageError("a batch has at least one command")
    for each in commands:
        if not isinstance(cast("object", each), Command):
            raise UsageError(f"a batch takes what command() gives, not {type(each).__name__}")
    return Operation("POST", commands[0].operation.path, id="batch", result=list[Outcome[Any]], rpc=_Batch(commands))


class CommandClient(Client):
    """The base of a client whose operations are commands."""

    def batch(self, *commands: Command[T]) -> list[Outcome[T]]:
        """Runs several commands in one request, and returns one outcome for each, in the order they were given.

        The server promises no order of running. One command that it breaks at ends the connection, and the answers of
        all are lost: then and after any other error that is raised, some may have been run. Raises like any call.
        """
        return cast("list[Outcome[T]]", self.call(_operation(commands)))


class AsyncCommandClient(AsyncClient):
    """The base of an async client whose operations are commands."""

    async def batch(self, *commands: Command[T]) -> list[Outcome[T]]:
        """Runs several commands in one request; the twin of `CommandClient.batch`."""
        return cast("list[Outcome[T]]", await self.call(_operation(commands)))
