"""Operations as a client calls them: parameters of both levels merged, references followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailwright.codegen.lint.media_types import is_json
from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.python_names import snake_case

# The body of a bulk operation, where it is no bare list: what is acted on, and what is done to each.
ITEMS, ATTRIBUTES = "items", "attr"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation below `paths`."""

    document: Document
    node: Node
    path: str
    parameters: list[Node]
    body: Node | None
    responses: list[tuple[str, Node]]
    value: str = ""
    """The property of a successful answer that is the value of the method; empty where it is the whole answer."""

    @property
    def id(self) -> str:
        """The operationId; empty where there is none."""
        return text(self.node.keys.get("operationId"))

    @property
    def tag(self) -> str:
        """The first tag; empty where there is none."""
        return next(iter(texts(self.node.keys.get("tags"))), "")

    def located(self, place: str) -> list[Node]:
        """Lists the parameters in `path`, `query`, `header` or `cookie`."""
        return [each for each in self.parameters if each.keys.get("in") == place]

    @property
    def successes(self) -> list[tuple[str, Node]]:
        """The responses with a status of 2xx, by status."""
        return [(status, response) for status, response in self.responses if status.startswith("2")]

    def success_schemas(self, *, whole: bool = False) -> Iterator[Node]:
        """Gives the JSON schemas of the responses with a status of 2xx: of their values, or of them as a `whole`."""
        for _, response in self.successes:
            for media in response.under("content"):
                if is_json(media.key):
                    for schema in media.under("schema"):
                        yield schema if whole else self._inside(schema)

    def value_of(self, answer: Node) -> Node | None:
        """Gives the schema of the value in an answer; None where the answer is no object that has it."""
        if not self.value:
            return None
        return next((each for each in answer.under("properties") if each.key == self.value), None)

    def _inside(self, schema: Node) -> Node:
        return self.value_of(self.document.follow(schema)) or schema

    @property
    def sent_media(self) -> Node | None:
        """The media type of the body that the method sends: what `x-client` says, or the first; None without a body."""
        content = [] if self.body is None else self.body.under("content")
        wanted = client_name(self.node, "body")
        return next((media for media in content if media.key == wanted), next(iter(content), None))


def operations(document: Document) -> list[Operation]:
    """Lists the operations of a document, in its order."""
    found: list[Operation] = []
    value = value_name(document.root)
    for node in document.of("operation"):
        if node.pointer[0] != "paths" or node.parent is None:
            continue
        merged: dict[tuple[str, str], Node] = {}
        for each in (*node.parent.under("parameters"), *node.under("parameters")):
            parameter = document.follow(each)
            merged[text(parameter.keys.get("in")), text(parameter.keys.get("name"))] = parameter
        body = next(iter(node.under("requestBody")), None)
        responses = [
            (str(each.key), document.follow(each))
            for responses in node.under("responses")
            for each in responses.children
        ]
        found.append(
            Operation(
                document,
                node,
                str(node.parent.key),
                list(merged.values()),
                None if body is None else document.follow(body),
                responses,
                value if node.keys.get("x-envelope") != "none" and "x-stream" not in node.keys else "",
            )
        )
    return found


def value_name(root: Node) -> str:
    """Gives the property of answers that holds their value; empty where answers have no envelope around it."""
    return client_name(root, "value")


def client_name(node: Node, key: str) -> str:
    """Gives what `x-client` says a node is called in Python; empty where it says nothing."""
    return text(mapping(node.keys.get("x-client")).get(key))


def method_name(operation: Operation) -> str:
    """Gives the name of an operation's method: what `x-client` says, or its operationId in snake_case."""
    return client_name(operation.node, "method") or snake_case(operation.id)


def many_name(operation: Operation) -> str:
    """Gives the name of the second method of an operation, which takes several things; empty where it has none."""
    return text(mapping(operation.node.keys.get("x-bulk")).get("many"))


def whole_name(operation: Operation) -> str:
    """Gives the name of the method of an operation for all there is; empty where it has none."""
    return text(mapping(mapping(operation.node.keys.get("x-bulk")).get("all")).get("method"))


def more_names(operation: Operation) -> list[str]:
    """Lists the names of an operation's methods beside its own."""
    return [name for name in (many_name(operation), whole_name(operation)) if name]


def several(stated: object) -> str:
    """Names the argument that takes several of what `x-bulk` calls one."""
    keys = mapping(stated)
    return text(keys.get("items")) or f"{text(keys.get('item'))}s"


def resource_name(tag: Node) -> str:
    """Gives the name of a tag's resource: what `x-client` says, or its own name in snake_case."""
    return client_name(tag, "resource") or snake_case(text(tag.keys.get("name")))


def is_secret(document: Document, parameter: Node) -> bool:
    """Says whether a parameter, or the schema it has, is marked as a secret."""
    return any(
        each.keys.get("x-secret") is True for each in (parameter, *map(document.follow, parameter.under("schema")))
    )
