"""What every part of a contract run works with, and how a fault becomes a finding."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema_rs

from mailwright.contract.bindings import Call, Client, Method
from mailwright.contract.calling import Caller, Mode
from mailwright.contract.coverage import Coverage
from mailwright.contract.document import JSON, Document, Operation
from mailwright.contract.equality import Equality
from mailwright.contract.findings import Finding, Findings, Half, shown
from mailwright.contract.generation import Generator, Value
from mailwright.contract.recording import Answer
from mailwright.contract.repeating import line
from mailwright.contract.rpc import TAG, wrapped
from mailwright.contract.samples import sample
from mailwright.contract.wire import Wire

_FILE = b"Subject: a file\r\n\r\n\0\xff"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one call."""

    kind: str
    wanted: str
    got: str


@dataclass
class Suite:
    """One run over one target."""

    client: Client
    caller: Caller
    seed: int
    cases: int
    findings: Findings = field(default_factory=Findings)
    coverage: Coverage = field(default_factory=Coverage)
    counts: Counter[tuple[str, Half]] = field(default_factory=Counter[tuple[str, Half]])
    unjudged: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """How often something of an operation was met that this run cannot judge, by what it is."""
    seconds: dict[Half, float] = field(default_factory=lambda: defaultdict[Half, float](float))

    def __post_init__(self) -> None:
        self.generator = Generator(self.document.components, seed=self.seed)
        self._values: dict[tuple[str, bool], list[Value]] = {}
        self._validators: dict[str, Any] = {}

    @property
    def document(self) -> Document:
        """The document of the target."""
        return self.client.document

    @cached_property
    def equality(self) -> Equality:
        """How values are compared."""
        return Equality(self.document)

    @cached_property
    def wire(self) -> Wire:
        """How requests are compared."""
        return Wire(self.equality, self.document.token_names)

    def values(self, schema: JSON, *, fitting: bool) -> list[Value]:
        """Generates values for a schema of the document, once: many operations share their answers."""
        name = json.dumps(schema, sort_keys=True)
        if (name, fitting) not in self._values:
            self._values[name, fitting] = self.generator.values(name, schema, count=self.cases, fitting=fitting)
        return self._values[name, fitting]

    def fits(self, schema: JSON, value: object) -> bool:
        """Says whether a value fits a schema, formats included; the judge is not the generator."""
        name = json.dumps(schema, sort_keys=True)
        if name not in self._validators:
            whole = {**schema, "components": {"schemas": self.document.components}}
            self._validators[name] = jsonschema_rs.validator_for(whole, validate_formats=True)
        return bool(self._validators[name].is_valid(value))

    def good_answer(self, operation: Operation) -> Answer:
        """A successful answer of an operation."""
        if operation.event is not None:
            data = json.dumps(sample(self.document, operation.event))
            headers = (("Content-Type", operation.answer_type),)
            return Answer(f"data: {data}\n\n".encode(), operation.status, headers)
        if operation.downloads:
            return Answer(_FILE, operation.status, (("Content-Type", operation.answer_type),))
        if operation.is_empty:
            return Answer(b"", operation.status, ())
        status, schema = operation.success
        return self.answer(operation, sample(self.document, schema), status)

    def answer(self, operation: Operation, body: Any, status: int) -> Answer:
        """The answer with a body; rows of a command are put into its tuple, and bytes are a body that is no JSON."""
        if isinstance(body, bytes):
            return Answer(body, status)
        if operation.rpc is not None:
            return Answer(wrapped(body), status, tags=(TAG,))
        return Answer(json.dumps(body, ensure_ascii=False).encode(), status)

    def report(
        self,
        operation: Operation,
        half: Half,
        fault: Fault,
        call: Call,
        answers: Sequence[Answer],
        *,
        arguments: str = "",
        mode: Mode = "sync",
        walk: bool = False,
        method: Method | None = None,
    ) -> None:
        """Adds a finding, with the line that repeats it; `method` is another one than that of the operation."""
        method = method or self.client.method(operation)
        repeat = line(self.client, method, call, answers, mode=mode, walk=walk)
        told = arguments or arguments_text(call)
        self.findings.add(Finding(operation.id, half, fault.kind, told, fault.wanted, fault.got, repeat))


def arguments_text(call: Call) -> str:
    """The arguments of a call as a person would write them."""
    written = [shown(each) for each in call.arguments]
    written += [f"{name}={shown(value)}" for name, value in call.keywords.items()]
    text = f"({', '.join(written)})"
    if call.page:
        text += f".page({', '.join(f'{name}={shown(value)}' for name, value in call.page.items())})"
    return text
