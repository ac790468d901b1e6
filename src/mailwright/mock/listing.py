"""Lists: filtered, sorted, and cut into pages by cursor, forwards and backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from mailwright.mock.json_value import Json, JsonObject, as_list
from mailwright.mock.state import Record


@dataclass(frozen=True, slots=True)
class Page:
    """One page, with the sort keys where others start; None where there is none."""

    records: list[Record]
    before: list[Json] | None
    after: list[Json] | None


def matches(record: Record, filters: Mapping[str, JsonObject], given: JsonObject) -> bool:
    """Whether a record passes all filters whose parameter is given."""
    return all(_passes(record, rule, given[name]) for name, rule in filters.items() if name in given)


def keys(record: Record, order: Sequence[str]) -> list[Json]:
    """The sort keys of a record, its id last: they say where it is, whatever else comes and goes."""
    names = [name.removeprefix("-") for name in order]
    return [record.get(name) for name in names if name != "id"] + [record["id"]]


def comparer(order: Sequence[str]) -> Callable[[Any, Any], int]:
    """Compares two lists of sort keys in this order; the id decides last, in its own or the first field's direction."""
    signs = [-1 if name.startswith("-") else 1 for name in order if name.removeprefix("-") != "id"]
    last = next((name for name in order if name.removeprefix("-") == "id"), order[0])
    signs.append(-1 if last.startswith("-") else 1)

    def compare(left: list[Json], right: list[Json]) -> int:
        for sign, one, other in zip(signs, left, right, strict=True):
            if one != other:
                return sign if _rank(one) > _rank(other) else -sign
        return 0

    return compare


def sort(records: Sequence[Record], order: Sequence[str]) -> list[Record]:
    """Sorts records by fields, `-` for descending."""
    key = cmp_to_key(comparer(order))
    return sorted(records, key=lambda record: key(keys(record, order)))


def reversed_order(order: Sequence[str]) -> tuple[str, ...]:
    """The same fields the other way round."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def cut(
    records: Sequence[Record],
    order: Sequence[str],
    size: int,
    *,
    after: list[Json] | None = None,
    before: list[Json] | None = None,
) -> Page:
    """Cuts one page out of sorted records: what comes after a place, or right before one."""
    compare = comparer(order)
    if after is not None:
        rest = [each for each in records if compare(keys(each, order), after) > 0]
        chosen, more_before, more_after = rest[:size], True, len(rest) > size
    elif before is not None:
        rest = [each for each in records if compare(keys(each, order), before) < 0]
        chosen, more_before, more_after = rest[-size:], len(rest) > size, True
    else:
        chosen, more_before, more_after = list(records[:size]), False, len(records) > size
    if not chosen:
        return Page([], None, None)
    return Page(
        list(chosen),
        keys(chosen[0], order) if more_before else None,
        keys(chosen[-1], order) if more_after else None,
    )


def _rank(value: Json) -> tuple[int, Json]:
    # Keys of different kinds come from cursors that somebody made up: they still need an order.
    if value is None:
        return 0, 0
    if isinstance(value, bool):
        return 1, value
    return (2, value) if isinstance(value, int | float) else (3, str(value))


def _passes(record: Record, rule: JsonObject, wanted: Json) -> bool:
    if "contains" in rule:
        return any(str(wanted).lower() in str(record.get(name, "")).lower() for name in rule["contains"])
    if "least" in rule or "most" in rule:
        value = str(record.get(rule.get("least") or rule["most"], ""))
        return value >= str(wanted) if "least" in rule else value <= str(wanted)
    if "among" in rule:
        return record.get(rule["among"]) in wanted
    if "equals" in rule:
        return bool(record.get(rule["equals"]) == wanted)
    texts = {str(each).strip().lower() for each in as_list(wanted) or [wanted]} - {""}
    held = {str(each).lower() for each in record.get(rule.get("any") or rule["all"], ())}
    if not texts:
        return True
    return bool(texts & held) if "any" in rule else texts <= held
