"""What operations do, as their plans say: list, create, read, update, delete, or run a command of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.listing import Page, cut, matches, reversed_order, sort
from mailwright.mock.packs import BadCursor, Pack
from mailwright.mock.state import Record
from mailwright.mock.streaming import other_answer
from mailwright.mock.values import fill
from mailwright.mock.vocabulary import Collection, PageWords, Plan, Vocabulary


class Actions:
    """Carries out calls on the state, by the vocabulary of a document and the hooks of a pack."""

    def __init__(self, vocabulary: Vocabulary, pack: Pack) -> None:
        self._vocabulary = vocabulary
        self._pack = pack

    def perform(self, call: Call) -> Answer:
        """Carries out a call whose arguments are valid.

        Raises:
            Refused: the call fails, with the answer that says so.
        """
        plan = call.operation.plan
        self._find(call, plan)
        self._run(call, plan.before)
        self._refuse(call, plan)
        match plan.action:
            case "list":
                sources = self._list(call, plan)
            case "create":
                sources = self._create(call, plan)
            case "update":
                sources = self._update(call, plan)
            case "run":
                self._run(call, (plan.target,))
                sources = {}
            case _:
                sources = {}
        self._run(call, plan.after)
        self._add(call, plan)
        if plan.action in ("read", "create") and plan.view:
            sources = {"view": self._show(call, plan, call.subject)}
        answer = call.answer or other_answer(call) or Answer(fill(plan.answer, call.sources(**sources)))
        if plan.action == "delete":
            call.state.remove(plan.collection, call.subject["id"])
        return answer

    def _find(self, call: Call, plan: Plan) -> None:
        if not plan.collection or (plan.action == "read" and not plan.by):
            return
        collection = self._vocabulary.collections[plan.collection]
        if collection.parent and collection.parent_field in call.path:
            above = self._vocabulary.collections[collection.parent]
            call.parent = call.state.get(above.name, call.path[collection.parent_field])
            if call.parent is None:
                raise _missing(call, above)
        if not plan.by:
            return
        record = call.state.get(collection.name, call.path[plan.by])
        if record is not None and call.parent is not None and record.get(collection.parent_field) != call.parent["id"]:
            record = None
        if record is None:
            raise call.refusal(plan.missing) if plan.missing is not None else _missing(call, collection)
        call.record = record

    def _run(self, call: Call, names: tuple[str, ...]) -> None:
        for name in names:
            self._pack.hooks[name](call)

    def _refuse(self, call: Call, plan: Plan) -> None:
        for rule in plan.refuse:
            if not all(name in call.given for name in rule.get("if", ())):
                continue
            if "exists" in rule:
                where = fill(rule["where"], call.sources())
                # A value that is absent matches nothing, or a rule would match more the less is given.
                hit = len(where) == len(rule["where"]) and call.state.first(rule["exists"], **where) is not None
            elif "given" in rule:
                hit = all(name in call.given and call.given[name] == value for name, value in rule["given"].items())
            else:
                hit = not any(name in call.given for name in plan.changes)
            if hit:
                raise call.refusal(rule)

    def _list(self, call: Call, plan: Plan) -> Mapping[str, Any]:
        collection = self._vocabulary.collections[plan.collection]
        scope = {} if call.parent is None else {collection.parent_field: call.parent["id"]}
        found = [each for each in call.state.all(collection.name, **scope) if matches(each, plan.filters, call.given)]
        order = plan.order
        if any(call.given.get(name) == value for name, value in plan.reverse.items()):
            order = reversed_order(order)
        records = sort(found, order)
        words = self._vocabulary.paging
        page = self._page(call, order, records) if plan.paged else Page(records, None, None)
        number = self._number(call, words) if page.before is not None else 1
        return {
            "total": len(records),
            "page": number,
            "previous": self._cursor(page.before, number - 1),
            "next": self._cursor(page.after, number + 1),
            "results": [self._show(call, plan, each) for each in page.records],
        }

    def _page(self, call: Call, order: tuple[str, ...], records: list[Record]) -> Page:
        words, given = self._vocabulary.paging, call.given
        size = given.get(words.size, words.usual)
        try:
            if words.next in given:
                return cut(records, order, size, after=self._place(order, given[words.next]))
            if words.previous in given:
                return cut(records, order, size, before=self._place(order, given[words.previous]))
        except BadCursor:
            return Page([], None, None)
        return cut(records, order, size)

    def _place(self, order: tuple[str, ...], cursor: str) -> list[Json]:
        place = self._pack.read_cursor(cursor)
        if len(place) != len([name for name in order if name.removeprefix("-") != "id"]) + 1:
            raise BadCursor("this cursor is of another list")
        return place

    def _number(self, call: Call, words: PageWords) -> int:
        """The number of a page that is not the first: what the caller says, or what its cursor does."""
        cursor = call.given.get(words.next, call.given.get(words.previous))
        if self._pack.cursor_page is not None and isinstance(cursor, str):
            return max(1, self._pack.cursor_page(cursor))
        number: int = call.given.get(words.page, 1)
        return number

    def _cursor(self, place: list[Json] | None, page: int) -> str | bool:
        return False if place is None else self._pack.write_cursor(place, page)

    def _create(self, call: Call, plan: Plan) -> Mapping[str, Any]:
        collection = self._vocabulary.collections[plan.collection]
        fields = {} if call.parent is None else {collection.parent_field: call.parent["id"]}
        call.record = call.state.add(collection.name, call.sources(), call.now, **fields)
        return {}

    def _update(self, call: Call, plan: Plan) -> Mapping[str, Any]:
        call.subject.update({name: call.given[name] for name in plan.changes if name in call.given})
        return {}

    def _add(self, call: Call, plan: Plan) -> None:
        for rule in plan.also:
            values = fill(rule["set"], call.sources())
            call.state.add(rule["in"], {**call.sources(), "given": values}, call.now, **values)

    def _show(self, call: Call, plan: Plan, record: Record) -> JsonObject:
        view = next((view for name, view in plan.view_if.items() if call.given.get(name)), plan.view)
        template = self._vocabulary.collections[plan.collection].views[view]
        sources = {**call.sources(), "record": record}
        if plan.each:
            about = replace(call, record=record, made=dict(call.made))
            self._run(about, plan.each)
            sources["made"] = about.made
        shown: JsonObject = fill(template, sources)
        return shown


def _missing(call: Call, collection: Collection) -> Refused:
    if collection.missing is None:
        return Refused({})
    return call.refusal(collection.missing)
