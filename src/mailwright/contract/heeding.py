"""Reads from the document what a server takes no notice of, so that a call which destroys would destroy more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

JSON: TypeAlias = dict[str, Any]

# A client may want a time to be ahead by more than nothing, since the call takes time, too.
_AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Heeding:
    """What x-destructive says of filters, and the schemas of the optional query parameters by their names."""

    told: JSON
    schemas: Mapping[str, JSON]

    def ignored(self, query: Mapping[str, object]) -> str:
        """Names the first of the parameters of a call that the server would ignore; empty where it ignores none."""
        given = {name: value for name, value in query.items() if name in self.schemas and value not in ("", None)}
        return next(self._ignored(given), "")

    @property
    def examples(self) -> dict[str, str]:
        """A text for each filter that narrows a call down."""
        return {name: str(next(iter(self.schemas[name].get("enum", ())), "x")) for name in self.told["filters"]}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Pairs of filters of which the second does not count beside the first."""
        return [(name, other) for name, others in cast("JSON", self.told.get("hides", {})).items() for other in others]

    def _ignored(self, given: Mapping[str, object]) -> Iterator[str]:
        yield from (other for name, other in self.hidden if name in given and other in given)
        for name, other in cast("JSON", self.told.get("needs", {})).items():
            if name in given and not given.get(other):
                yield name
        for name, value in given.items():
            schema = self.schemas[name]
            if name in self.told.get("ahead", ()):
                unread = not _is_to_come(value)
            elif name in self.told["filters"] and isinstance(value, str) and not value.strip():
                unread = True
            elif "enum" in schema:
                unread = value not in schema["enum"]
            elif schema.get("type") == "integer":
                unread = not _is_counted(value, schema)
            else:
                most = schema.get("x-max-bytes")
                unread = most is not None and len(str(value).encode("utf-8", "surrogatepass")) > most
            if unread:
                yield name


def _is_counted(value: object, schema: JSON) -> bool:
    if not isinstance(value, int):
        return False
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    return bool(least <= value <= most)


def _is_to_come(value: object) -> bool:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return False
    return isinstance(value, datetime) and value.tzinfo is not None and value > datetime.now(UTC) + _AT_ONCE
