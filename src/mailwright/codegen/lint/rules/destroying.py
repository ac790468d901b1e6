"""Rules on what destroys, and on what narrows it down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.operations import operations
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.lint.registry import rule


@rule("destructive", "An operation with x-destructive is one call: it has no x-paging and no x-stream.")
def destructive(document: Document) -> Iterator[Fault]:
    """Its method asks for `destroy=True` and sends at once; pages and streams are sent for later, or many times."""
    for operation in operations(document):
        for other in ("x-paging", "x-stream"):
            if "x-destructive" in operation.node.keys and other in operation.node.keys:
                yield operation.node.fault(f"has both x-destructive and {other}", "take one of them away", other)


@rule(
    "destructive-filters",
    "The parameters that x-destructive names are optional ones of the query, those of `ahead` are times, "
    "and those of `hides` are filters.",
)
def destructive_filters(document: Document) -> Iterator[Fault]:
    """What is no such parameter narrows nothing down."""
    for operation in operations(document):
        told = mapping(operation.node.keys.get("x-destructive"))
        known = {text(each.keys.get("name")): each for each in operation.located("query")}
        for key, name in _named(told):
            parameter = known.get(name)
            if parameter is None or parameter.keys.get("required") is True:
                fault = f"x-destructive.{key}: {name} is no query parameter that may be left out"
                yield operation.node.fault(fault, "name one of them", "x-destructive")
            elif key == "ahead" and not any(
                document.follow(schema).keys.get("format") == "date-time" for schema in parameter.under("schema")
            ):
                fault = f"x-destructive.ahead: {name} is no time"
                remedy = "give it the format date-time, or name it in `filters`"
                yield operation.node.fault(fault, remedy, "x-destructive")
            elif key == "hides" and name not in texts(told.get("filters")):
                fault = f"x-destructive.hides: {name} is no filter"
                yield operation.node.fault(fault, "name it in `filters`, too", "x-destructive")


def _named(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("filters", "ahead", "unsure"):
        yield from ((key, name) for name in texts(told.get(key)))
    for name, others in mapping(told.get("hides")).items():
        yield from (("hides", each) for each in (name, *texts(others)))
    for name, other in mapping(told.get("needs")).items():
        yield from (("needs", each) for each in (name, text(other)))
