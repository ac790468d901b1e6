"""Binds JSON values to the typed arguments of a generated client, by the `bindings.json` beside it."""

from __future__ import annotations

import importlib
import inspect
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Union, cast

import msgspec

from mailwright.contract import bulk
from mailwright.contract.credentials import credentials_of
from mailwright.contract.document import JSON, Document, Operation
from mailwright.contract.wire import upload_bytes
from mailwright.problem import Problem
from mailwright.runtime import Unset
from mailwright.targets import Target, package_file

_MISSING = object()
_ID = "(0|[1-9][0-9]{0,17})"
_IDS = re.compile(f"{_ID}(,{_ID})*|{_ID}:{_ID}")


class Unbindable(Exception):
    """A value that the typed arguments of a method cannot take."""


class Argument(msgspec.Struct, frozen=True):
    """One argument: its Python name, its place on the wire, whether `.page()` takes it, and whether it becomes bytes.

    One whose place is `consent` goes nowhere: it says that things may be destroyed. The arguments in `filters` make it
    needless, and those in `ahead` while their time is to come; those in `unsure` make it needed. `ids` takes numbers
    for text such as `1,2,3`, an empty text for what `narrows` must not go out, and `none` is the wire's word for None.
    """

    name: str
    place: str = msgspec.field(name="in")
    wire: str | None = None
    field: str | None = None
    of: str | None = None
    upload: bool = False
    ids: bool = False
    narrows: bool = False
    none: bool | str | None = None
    filters: list[str] = []
    ahead: list[str] = []
    unsure: list[str] = []


class Whole(msgspec.Struct, frozen=True):
    """The method for all there is, which takes these values of one argument; the method for one takes the others."""

    method: str
    argument: str
    wire: str
    values: list[str]
    others: list[str]


class Bulk(msgspec.Struct, frozen=True):
    """A body that is taken apart into items and what is done to each.

    `many` is the method for several items, and `items` its argument for them; `sent` are items that are no argument.
    """

    many: str = ""
    items: str = ""
    sent: list[Any] | None = None
    whole: Whole | None = None


class Method(msgspec.Struct, frozen=True):
    """One method of one resource."""

    resource: str
    method: str
    arguments: list[Argument]
    body_model: str | None = None
    bulk: Bulk | None = None
    paged: bool = False
    stream: Literal["", "binary", "sse"] = ""


class Secret(msgspec.Struct, frozen=True):
    """An argument of the client that takes a token or a password."""

    secret: str


class Bindings(msgspec.Struct, frozen=True):
    """What codegen says of a client: its classes, its secrets, and which method stands for which operation."""

    client: str
    async_client: str
    operations: dict[str, Method]
    credentials: list[Secret] = []


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call; `page` goes to `.page()` of what the method returns."""

    arguments: tuple[object, ...] = ()
    keywords: Mapping[str, object] = field(default_factory=dict[str, object])
    page: Mapping[str, object] = field(default_factory=dict[str, object])


class Client:
    """A generated client as the contract sees it: its classes, its methods and their types.

    Raises:
        Problem: the target is unknown, or its package is not whole.
    """

    def __init__(self, target: Target) -> None:
        path = package_file(target, "bindings.json")
        self.target = target
        self.bindings = _read(path)
        self.package = importlib.import_module(target.import_name)
        self.document = Document.load(package_file(target, "openapi.json"))
        self.credentials = credentials_of(self.document, [each.secret for each in self.bindings.credentials])
        self._known: dict[str, tuple[inspect.Signature, dict[str, Any]]] = {}
        unbound = sorted(set(self.document.operations) ^ set(self.bindings.operations))
        if unbound:
            raise Problem(
                f"it and the document beside it disagree on {', '.join(unbound)}",
                place=str(path),
                remedy="run `mailwright generate`",
            )

    @property
    def sync_class(self) -> type[Any]:
        """The client class."""
        return cast("type[Any]", getattr(self.package, self.bindings.client))

    @property
    def async_class(self) -> type[Any]:
        """The async client class."""
        return cast("type[Any]", getattr(self.package, self.bindings.async_client))

    @cached_property
    def models(self) -> types.ModuleType:
        """The module of the models."""
        return importlib.import_module(f"{self.target.import_name}.models")

    def method(self, operation: Operation) -> Method:
        """The method that stands for an operation."""
        return self.bindings.operations[operation.id]

    def bind(self, operation: Operation, case: JSON, *, typed: bool = True) -> Call:
        """Turns a case, `{"path": {…}, "query": {…}, "header": {…}, "body": …}`, into typed arguments.

        Without `typed` the values are taken as they are, for a call that shows what cannot be bound.

        Raises:
            Unbindable: a value does not fit its argument, or there is no argument for it.
        """
        method = self.method(operation)
        signature, hints = self._types(operation)
        given: JSON = {place: dict(case.get(place, {})) for place in ("path", "query", "header")}
        body: Any = case.get("body", _MISSING)
        fields: JSON = dict(cast("JSON", body)) if isinstance(body, dict) else {}
        whole: object = cast("object", body)
        if method.bulk is not None:
            taken = bulk.apart(body)
            unsaid = (
                isinstance(body, dict)
                and "attr" not in body
                and any("." in (each.wire or "") for each in method.arguments)
            )
            if taken is None or unsaid or (method.body_model is None) is not isinstance(body, list):
                raise Unbindable("the body is no list of items")
            if method.bulk.sent is not None and taken.pop("items") != method.bulk.sent:
                raise Unbindable("other items than those that are always sent")
            fields = taken
        arguments: list[object] = []
        keywords: dict[str, object] = {}
        page: dict[str, object] = {}
        for argument in method.arguments:
            if argument.place == "consent":
                keywords[argument.name] = True
                continue
            if argument.place in ("body", "items"):
                value = fields.pop(argument.wire, _MISSING) if argument.wire else whole
            else:
                value = given[argument.place].pop(argument.wire, _MISSING)
            if value is _MISSING:
                continue
            if argument.place == "items":
                value = _single(value)
            hint = str if argument.of == "page" else hints[argument.name]
            counted = operation.paging is not None and operation.paging.size
            if argument.of == "page" and counted and isinstance(value, int):
                value = str(value)
            if argument.upload:
                value = upload_bytes(value)
            elif typed:
                value = _typed(argument, value, hint)
            if argument.of == "page":
                page[_page_keyword(operation, argument)] = value
            elif argument.place in ("path", "items"):
                arguments.append(value)
            else:
                keywords[argument.name] = value
        if not typed:
            return Call(tuple(arguments), keywords, page)
        _refuse_rest(method, operation, given, whole, fields)
        try:
            signature.bind(None, *arguments, **keywords)
        except TypeError as error:
            raise Unbindable(str(error)) from None
        return Call(tuple(arguments), keywords, page)

    def body_of(self, operation: Operation, case: JSON) -> object:
        """Builds the body's model as a caller could; None where the body has no model."""
        model = self.method(operation).body_model
        if model is None:
            return None
        return msgspec.convert(case.get("body", {}), cast("type[object]", getattr(self.models, model)))

    def _types(self, operation: Operation) -> tuple[inspect.Signature, dict[str, Any]]:
        known = self._known.get(operation.id)
        if known is None:
            method = self.method(operation)
            resource = inspect.getattr_static(self.sync_class, method.resource)
            module = importlib.import_module(f"{self.target.import_name}.{method.resource}")
            function = getattr(getattr(module, _return_name(resource)), method.method)
            known = inspect.signature(function), typing.get_type_hints(function)
            self._known[operation.id] = known
        return known


def _read(path: Path) -> Bindings:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Bindings)
    except (OSError, msgspec.MsgspecError) as error:
        raise Problem(f"cannot be read: {error}", place=str(path), remedy="run `mailwright generate`") from error


def _return_name(resource: object) -> str:
    """The class a client's property gives: its annotation, which cannot be evaluated before it is used."""
    function: Any = getattr(resource, "func", None) or getattr(resource, "fget", None)
    return str(function.__annotations__["return"])


def _page_keyword(operation: Operation, argument: Argument) -> str:
    # `.page()` is the runtime's own, so its keywords do not follow the names of the API.
    paging = operation.paging
    if paging is not None and argument.wire == paging.next:
        return "next"
    if paging is not None and argument.wire == paging.previous:
        return "previous"
    raise Problem(f"{operation.id}: {argument.name} is no argument of a page", remedy="run `mailwright generate`")


def _refuse_rest(method: Method, operation: Operation, given: JSON, body: object, fields: JSON) -> None:
    omitted = operation.paging.omit if operation.paging else frozenset[str]()
    for place, values in given.items():
        for name in values:
            if not (place == "query" and name in omitted):
                raise Unbindable(f"no argument for {place} parameter {name}")
    if body is _MISSING:
        if operation.takes_body:
            raise Unbindable("the body is missing")
        return
    if not operation.takes_body:
        raise Unbindable("the operation has no body")
    if method.body_model is not None and not isinstance(body, dict):
        raise Unbindable(f"the body is a {type(body).__name__}, not an object")
    if method.body_model is not None or method.bulk is not None:
        for name in fields:
            raise Unbindable(f"no argument for the field {name}")


def _single(items: object) -> object:
    """The item of a list of one: several are sent one by one."""
    listed = cast("list[object]", items) if isinstance(items, list) else []
    if len(listed) != 1:
        raise Unbindable("the method takes one item")
    return listed[0]


def _typed(argument: Argument, value: object, hint: object) -> object:
    """The value as a person would write it."""
    if argument.none is not None and type(value) is type(argument.none) and value == argument.none:
        return None
    if argument.ids:
        return _ids(cast("str", _converted(value, str, argument.name)))
    return _converted(value, hint, argument.name)


def _ids(text: str) -> int | list[int] | range | str:
    """A set of ids as numbers, where numbers are written as this text; else the text."""
    if not _IDS.fullmatch(text):
        return text
    first, _, last = text.partition(":")
    if last:
        return range(int(first), int(last) + 1) if int(first) < int(last) else text
    numbers = [int(each) for each in text.split(",")]
    return numbers if len(numbers) > 1 else numbers[0]


def _converted(value: object, hint: object, name: str) -> object:
    try:
        return msgspec.convert(value, cast("type[object]", without_unset(hint)))
    except msgspec.ValidationError as error:
        raise Unbindable(f"{name}: {error}") from None


def without_unset(hint: object) -> object:
    """The type of an argument that is given."""
    if typing.get_origin(hint) in (Union, types.UnionType):
        arms = tuple(arm for arm in typing.get_args(hint) if arm is not Unset)
        return Union[arms]  # noqa: UP007 (built at run time)
    return hint
