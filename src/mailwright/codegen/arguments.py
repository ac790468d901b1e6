"""Turns the parameters and the body of an operation into the arguments of its method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from openapi_python_client.parser.properties import Property

from mailwright.codegen.annotations import Names, annotation
from mailwright.codegen.lint.media_types import essence, is_json
from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.operations import Operation, client_name
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.lint.schemas import fields
from mailwright.codegen.narrowing import Narrowing, narrowing
from mailwright.codegen.nones import NoneWord
from mailwright.codegen.parsing import ParsedOperation
from mailwright.problem import Problem

Place = Literal["path", "query", "header"]
Where = Place | Literal["items", "body", "consent"]
# What `runtime.check_destroy` and `runtime.check_filtered` ask for.
_DESTROY = "destroy"
_EVERYTHING = "everything"
_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method and where it goes on the wire."""

    name: str
    where: Where
    wire: str
    type: str
    required: bool
    description: str = ""
    field: str = ""
    """For a field of the body: its name in the Struct."""
    of_page: bool = False
    """True for a cursor, which `.page()` takes."""
    upload: bool = False
    """True for a body that is sent as bytes."""
    ids: bool = False
    """True for a set of ids, which may be given as numbers."""
    flag: bool = False
    """True for a parameter that is sent as true or not at all."""
    narrows: bool = False
    """True for a text that narrows down what is changed, which an empty one does not."""
    none: NoneWord | None = None
    """The word for none on the wire, where None is given."""
    default: str = ""
    """The text that is sent where the caller says nothing; empty where nothing is."""
    filters: tuple[str, ...] = ()
    """For consent that a filter makes needless: the arguments that are one."""
    ahead: tuple[str, ...] = ()
    """The same for arguments that are a filter while their time is to come."""
    narrowing: Narrowing | None = None
    """For the same: which values of the arguments the server takes notice of."""

    @property
    def annotation(self) -> str:
        """The type as a signature has it."""
        return self.type if self.required else f"{self.type} | Unset"


def arguments(
    document: Document,
    parsed: ParsedOperation,
    body_model: str,
    names: Names,
    of_bulk: list[Argument] | None = None,
) -> tuple[Argument, ...]:
    """Lists the arguments of a method: path, query, header, the fields of `body_model` or one body, then consent.

    `of_bulk` has the arguments for the body of a bulk operation.

    Raises:
        Problem: two of them have one name.
    """
    operation = parsed.operation
    found = (
        *_parameters(document, parsed, names),
        *(_body(document, operation, body_model, names) if of_bulk is None else of_bulk),
    )
    found = (*found, *_consent(document, operation, found))
    taken = Counter(each.name for each in found if not each.of_page)
    for name, count in taken.items():
        if count > 1:
            places = " and ".join(each.where for each in found if each.name == name)
            raise Problem(
                f"two arguments are called {name} ({places})",
                place=operation.id,
                remedy="name one by x-client.name",
            )
    return found


def component(schema: Node | None) -> str | None:
    """Names the component that a schema is; None for what is written in place."""
    reference = text(schema.keys.get("$ref")) if schema else ""
    return reference.removeprefix(_SCHEMAS) if reference.startswith(_SCHEMAS) else None


def _parameters(document: Document, parsed: ParsedOperation, names: Names) -> list[Argument]:
    paging = mapping(parsed.operation.node.keys.get("x-paging"))
    # `.page()` of the runtime has these two arguments, whatever the API calls them.
    cursors = {paging[role]: role for role in ("next", "previous") if role in paging}
    if "page" in paging:
        cursors[paging["page"]] = "next"
    found: list[Argument] = []
    for where in get_args(Place):
        nodes = {text(node.keys.get("name")): node for node in parsed.operation.located(where)}
        for prop in parsed.properties(where):
            wire = prop.name.get_untrusted_value()
            if where == "query" and wire in texts(paging.get("omit")):
                continue
            node = nodes[wire]
            role = cursors.get(wire) if where == "query" else None
            ids = _is_id_set(document, node)
            flag = where == "query" and not prop.required and _is_flag(node)
            type_ = names.qualify(_type(node, prop, names))
            found.append(
                Argument(
                    name=role or client_name(node, "name") or str(prop.python_name),
                    where=where,
                    wire=wire,
                    type="IdSet" if ids else names.builtin("bool") if flag else type_,
                    required=prop.required,
                    description=text(node.keys.get("description")),
                    of_page=role is not None,
                    ids=ids,
                    flag=flag,
                    narrows=where == "query" and client_name(node, "type") == "filter",
                    default=client_name(node, "default"),
                )
            )
    return found


def _type(node: Node, prop: Property, names: Names) -> str:
    """Writes a parameter's type; openapi-python-client writes out the aliases that `models.py` has names for."""
    for schema in node.under("schema"):
        if "const" in schema.keys:
            return f"Literal[{schema.keys['const']!r}]"
    reference = next((component(schema) for schema in node.under("schema")), None)
    return names.models.classes[reference] if reference else annotation(prop)


def _body(document: Document, operation: Operation, model: str, names: Names) -> list[Argument]:
    media = operation.sent_media
    if operation.body is None or media is None:
        return []
    if model not in names.models.fields:
        name = client_name(operation.body, "name") or "body"
        required = operation.body.keys.get("required") is True
        if is_json(media.key):
            return [Argument(name, "body", "", names.qualify(model), required)]
        told = f"What to send as {essence(media.key)}: bytes, a path, or a file open for reading in binary mode."
        kinds = f"{names.builtin('bytes')} | Path | BinaryIO"
        return [Argument(name, "body", "", kinds, required, told, upload=True)]
    return body_fields(document, model, names)


def body_fields(document: Document, model: str, names: Names, prefix: str = "") -> list[Argument]:
    """Lists the fields of a Struct as arguments; `prefix` is where on the wire the Struct is in the body."""
    nodes = fields(document, document.components[model])
    found: list[Argument] = []
    for field in names.models.fields[model]:
        node = nodes[field.wire]
        ids = _is_id_set(document, node)
        found.append(
            Argument(
                name=client_name(node, "name") or field.name,
                where="body",
                wire=f"{prefix}{field.wire}",
                type="IdSet" if ids else names.qualify(field.type),
                required=field.required,
                description=text(node.keys.get("description")),
                field=field.name,
                ids=ids,
                none=field.none,
            )
        )
    return found


def _is_flag(node: Node) -> bool:
    """Says whether a parameter has one value only, true: servers read then that it is there, not what it says."""
    return any(schema.keys.get("const") is True for schema in node.under("schema"))


def _is_id_set(document: Document, node: Node) -> bool:
    """Says whether a parameter or a field is a set of ids, by itself or by the schema that it refers to."""
    waiting = [node, *node.under("schema")]
    return any(client_name(part, "type") == "id-set" for each in waiting for part in (each, document.follow(each)))


def _consent(document: Document, operation: Operation, others: Iterable[Argument]) -> list[Argument]:
    """Gives the argument by which a caller says that things may be destroyed."""
    why = operation.node.keys.get("x-destructive")
    if not why:
        return []
    if isinstance(why, dict):
        told = mapping(cast("object", why))
        names = {each.wire: each.name for each in others if each.where == "query"}
        filters, ahead = (tuple(names[wire] for wire in texts(told.get(key))) for key in ("filters", "ahead"))
        lost = f"Must be True where nothing narrows it down: {text(told.get('lost'))}"
        known = narrowing(document, operation, told, names)
        return [
            Argument(
                _EVERYTHING,
                "consent",
                "",
                "Literal[True]",
                required=False,
                description=lost,
                filters=filters,
                ahead=ahead,
                narrowing=known,
            )
        ]
    lost = f": {why.strip()}" if isinstance(why, str) else ", since this destroys more than its name says."
    return [Argument(_DESTROY, "consent", "", "Literal[True]", required=True, description=f"Must be True{lost}")]
