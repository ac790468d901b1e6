"""The vocabulary of `x-mock`: how a mock server behaves over time, as data.

At the root of a document:

    pack         the behaviour pack, `mailwright.mock.packs.<name>`: the dialect, and what cannot be said as data
    ids          kind of new ids: `objectid` (24 hex digits that rise), `uuid`, `counter`
    collections  what is stored, by name (below)
    formats      `path.*`, `query.next`, `body.ip`, ...: the pack's check for values of that parameter or body field
    closed       whether unknown query parameters are refused; but for operations that are `open`, and for those that
                 an operation `takes` although the document has them not
    texts        what empty texts of a body are: `refused`, but where an operation says otherwise, or as `schemas` say
    filled       query parameters that count as given where they are empty
    paging       wire names of the page `size`, `next`, `previous` and `page` parameters, and the `usual` size
    answers      the answer of each kind of action where the operation gives none; `page` is that of a list in pages
    populate     the operation and body that make one demo record; `{n}` in a text becomes its number

A collection:

    parent       `collection` it belongs to, and the `field` that holds the parent's id: also the name of the path
                 parameter. A record goes when its parent goes
    fields       the stored record: a value for each field
    starts       records that come into being with one of these
    missing      the answer where a record is not there
    views        records as answers show them

An operation does one thing: `list`, `create`, `read`, `update` or `delete` a collection, or `run` a command of
the pack (on a record of the collection `on`). Beside it:

    by           path parameter that names the record; without it a hook of `before` finds what is read
    missing      the answer where that record is not there; else the collection's
    formats      as at the root, for this operation; `blank` names body texts that may be empty and then count as
                 absent, `empty` those that may be empty and mean it
    anyBody      whether it takes bodies of any media type that is no JSON, beside those of the document
    before       hooks of the pack, once the record and its parent are found; `each` before a record is shown
    roles        roles of callers that may do it, where the pack tells callers apart
    refuse       refusals, tried in order: a record `exists` `where` its fields have these values; these values are
                 `given`; nothing of `changes` is given (`unchanged`). With `if` only where all of these are given
    changes      fields of the record that an update takes from what is given
    after        hooks of the pack, once the thing is done; `also` adds records elsewhere
    order        fields to sort by, `-` for descending, the other way round where a parameter has the value that
                 `reverse` names; `filters` by parameter: the text is in one of the fields (`contains`), the value
                 `equals` the field, is its `least` or `most`, `any` or `all` of the values are in the field;
                 the field is one of the values (`among`)
    paged        whether cursors are given and taken
    view         view of the record; `viewIf` another one where a parameter is given and true
    answer       the answer; where it is no JSON, `content` is the file, a text or `{base64: …}`, else the example of
                 the document; and `events` are a list of `{data, event, id}`, of which a caller that comes back is
                 told those behind the last one it has seen, or 204. One without content needs nothing

Values are JSON in which a text that starts with `$` is looked up:

    $given.name   a parameter or body field    $path.name    a path parameter
    $record.name  the stored record            $parent.name  the record it belongs to
    $made.name    what a hook made             $id           the new id
    $now          the time, $now+30d later     $view         the record as a read shows it
    $upload       a body that is no JSON
    $total $page $next $previous $results      what a list came to; `$page` is 1 where no page stands before

`$a.b ?? 0` is 0 where the thing is absent, `$a.b || 0` also where it is null, false, 0 or empty. What is absent is
left out of its object. `{$given.name}` inside a text is replaced by it. The key `...` spreads an object into the one
around it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from mailwright.mock.json_value import Json, JsonObject
from mailwright.problem import Problem

ACTIONS = ("list", "create", "read", "update", "delete", "run")


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of stored record."""

    name: str
    fields: JsonObject
    parent: str
    parent_field: str
    starts: tuple[JsonObject, ...]
    missing: JsonObject | None
    views: Mapping[str, JsonObject]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one operation does."""

    action: str
    target: str
    by: str
    on: str
    missing: JsonObject | None
    formats: Mapping[str, str]
    blank: frozenset[str]
    empty: frozenset[str]
    before: tuple[str, ...]
    refuse: tuple[JsonObject, ...]
    changes: tuple[str, ...]
    after: tuple[str, ...]
    also: tuple[JsonObject, ...]
    order: tuple[str, ...]
    reverse: Mapping[str, str]
    filters: Mapping[str, JsonObject]
    paged: bool
    view: str
    view_if: Mapping[str, str]
    answer: JsonObject
    content: Json = None
    events: tuple[JsonObject, ...] = ()
    each: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    open: bool = False
    takes: frozenset[str] = frozenset()
    any_body: bool = False
    texts: str = "refused"

    @property
    def collection(self) -> str:
        """The collection the operation works on; empty where it works on none."""
        return self.on if self.action == "run" else self.target


@dataclass(frozen=True, slots=True)
class PageWords:
    """Wire names of the paging parameters, and the page size where none is given."""

    size: str = "limit"
    usual: int = 20
    next: str = "next"
    previous: str = "previous"
    page: str = "page"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the root of a document says."""

    pack: str
    ids: str
    collections: Mapping[str, Collection]
    formats: Mapping[str, str]
    paging: PageWords
    answers: Mapping[str, JsonObject]
    populate: JsonObject | None
    closed: bool = False
    texts: str = "refused"
    filled: frozenset[str] = frozenset()


def read_root(document: JsonObject) -> Vocabulary:
    """Reads `x-mock` at the root of a bundled document.

    Raises:
        Problem: it is absent, or not as its schema wants it.
    """
    raw = document.get("x-mock")
    if raw is None:
        raise Problem("the document has no x-mock at its root", remedy="add a 30-mock.yaml overlay for this target")
    _check("root", raw, "x-mock")
    return Vocabulary(
        pack=raw["pack"],
        ids=raw["ids"],
        collections={name: _collection(name, each) for name, each in raw["collections"].items()},
        formats=raw.get("formats", {}),
        paging=PageWords(**raw.get("paging", {})),
        answers=raw.get("answers", {}),
        populate=raw.get("populate"),
        closed=raw.get("closed", False),
        texts=raw.get("texts", "refused"),
        filled=frozenset(raw.get("filled", ())),
    )


def read_plan(raw: Any, root: Vocabulary, place: str) -> Plan:
    """Reads `x-mock` of one operation.

    Raises:
        Problem: it is not as its schema wants it, or names a collection or a view that is not there.
    """
    _check("operation", raw, place)
    action = next(each for each in ACTIONS if each in raw)
    plan = Plan(
        action=action,
        target=raw[action],
        by=raw.get("by", ""),
        on=raw.get("on", ""),
        missing=raw.get("missing"),
        formats={**root.formats, **raw.get("formats", {})},
        blank=frozenset(raw.get("blank", ())),
        empty=frozenset(raw.get("empty", ())),
        before=tuple(raw.get("before", ())),
        refuse=tuple(raw.get("refuse", ())),
        changes=tuple(raw.get("changes", ())),
        after=tuple(raw.get("after", ())),
        also=tuple(raw.get("also", ())),
        order=tuple(raw.get("order", ("id",))),
        reverse=raw.get("reverse", {}),
        filters=raw.get("filters", {}),
        paged=raw.get("paged", False),
        view=raw.get("view", ""),
        view_if=raw.get("viewIf", {}),
        answer=raw.get("answer")
        or root.answers.get("page" if raw.get("paged") and "page" in root.answers else action, {}),
        content=raw.get("content"),
        events=tuple(raw.get("events", ())),
        each=tuple(raw.get("each", ())),
        roles=frozenset(raw.get("roles", ())),
        open=raw.get("open", False),
        takes=frozenset(raw.get("takes", ())),
        any_body=raw.get("anyBody", False),
        texts=root.texts,
    )
    _check_names(plan, root, place)
    return plan


def _collection(name: str, raw: JsonObject) -> Collection:
    parent = raw.get("parent", {})
    return Collection(
        name=name,
        fields=raw["fields"],
        parent=parent.get("collection", ""),
        parent_field=parent.get("field", ""),
        starts=tuple(raw.get("starts", ())),
        missing=raw.get("missing"),
        views=raw.get("views", {}),
    )


def _check_names(plan: Plan, root: Vocabulary, place: str) -> None:
    wanted = {plan.collection, *(each["in"] for each in plan.also), *(each.get("exists", "") for each in plan.refuse)}
    for name in sorted(wanted - {""}):
        if name not in root.collections:
            known = ", ".join(root.collections)
            raise Problem(f"there is no collection {name!r}", place=place, remedy=f"collections are: {known}")
    for view in {plan.view, *plan.view_if.values()} - {""}:
        if view not in root.collections[plan.collection].views:
            raise Problem(f"collection {plan.collection!r} has no view {view!r}", place=place, remedy="add it")


def _check(part: str, raw: Any, place: str) -> None:
    for error in _validator(part).iter_errors(raw):
        where = ".".join(map(str, error.instance_path))
        raise Problem(
            error.message, place=f"{place}.{where}" if where else place, remedy="see mailwright/mock/vocabulary.py"
        )


@cache
def _validator(part: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads(files("mailwright.mock").joinpath("x-mock.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator({**schema, "$ref": f"#/$defs/{part}"})
