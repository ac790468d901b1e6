"""Kinds of records that all work alike: what is in a table of kinds becomes hooks to add, change, delete and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import number
from mailwright.mock.packs.mailcow_2026.entries import Refusal, Write, add, delete, edit, get
from mailwright.mock.packs.mailcow_2026.store import next_id
from mailwright.mock.state import Record, State

Message: TypeAlias = tuple[str, ...]
ITEM = "<item>"
"""Stands in a message for the item as it was given."""


def text(value: Json) -> str:
    """A value as text; nothing is empty."""
    return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is given: how it is read, and what it is where it is not.

    One that `keeps` keeps the old value where an empty one is given, one that is `fixed` is never changed.
    """

    read: Callable[[Json], Json] = text
    otherwise: Json = None
    keeps: bool = False
    fixed: bool = False


@dataclass(slots=True)
class Draft:
    """A record as it would be; checks look at it, and complete it."""

    write: Write
    values: JsonObject
    is_new: bool

    @property
    def state(self) -> State:
        """What the mock stores."""
        return self.write.state


Check: TypeAlias = Callable[[Draft], Message | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record: how it is called, its fields, what is checked, and what entries and answers say.

    `called` is what the log says, `{}` the action in it. In messages `{name}` is a field of the record, `{items}` are
    all items. `unknown` is said of a record that is to be changed and is not there, `gone` of one that is to be
    deleted; without it the server does not look. A delete `ends` at an item that is no number, or has it `skipped`.
    `more` is what answers show beside the fields; `stray` is whether one record alone has a member `0`.
    """

    word: str
    words: str
    called: tuple[str, ...]
    items: str = "id"
    items_deleted: str = ""
    id_field: str = ""
    fields: Mapping[str, Field]
    checks: tuple[Check, ...] = ()
    added: Message
    edited: Message
    removed: Message
    unknown: Message = ("access_denied",)
    gone: Message | None = None
    no_number: Literal["", "ends", "skipped"] = ""
    shown: tuple[str, ...]
    more: Callable[[State, Record], JsonObject] = field(default=lambda state, record: {})
    stray: bool = False


def hooks(kind: Kind) -> dict[str, Hook]:
    """The hooks of a kind: `create_…`, `update_…`, `delete_…`, `list_…` and `get_…`."""

    def names(action: str) -> tuple[str, ...]:
        return tuple(each.format(action) for each in kind.called)

    @add(*names("add"))
    def create(write: Write) -> None:
        given = write.attributes
        values: JsonObject = {
            name: each.otherwise if given.get(name) is None else each.read(given[name])
            for name, each in kind.fields.items()
        }
        draft = Draft(write, values, is_new=True)
        if not _is_good(kind, draft, None):
            return
        put_new(kind.words, draft, str(draft.values[kind.id_field]) if kind.id_field else "")
        write.success(*_filled(kind.added, draft, None))

    @edit(*names("edit"), items=kind.items)
    def update(write: Write, item: Json) -> None:
        record = write.state.get(kind.words, str(item))
        if record is None:
            write.danger(*_filled(kind.unknown, Draft(write, {}, is_new=False), item))
            return
        changes = {
            name: each.read(write.attributes[name])
            for name, each in kind.fields.items()
            if _is_changed(each, write.attributes.get(name))
        }
        draft = Draft(write, {**record, **changes}, is_new=False)
        if _is_good(kind, draft, item):
            write.state.put(kind.words, {**draft.values, "id": record["id"], "modified": write.time})
            write.success(*_filled(kind.edited, draft, item))

    @delete(*names("delete"), items=kind.items_deleted or kind.items)
    def remove(write: Write, item: Json) -> None:
        if kind.no_number and not str(item).strip().isdigit():
            if kind.no_number == "ends":
                raise Refusal("Cannot delete item")
            return
        record = write.state.get(kind.words, str(item))
        draft = Draft(write, record or {}, is_new=False)
        if record is None and kind.gone is not None:
            write.danger(*_filled(kind.gone, draft, item))
            return
        write.state.remove(kind.words, str(item))
        write.success(*_filled(kind.removed, draft, item))

    def read(call: Call) -> Json:
        record = call.state.get(kind.words, str(next(iter(call.path.values()))))
        return None if record is None else {**shown(call.state, record), **({"0": None} if kind.stray else {})}

    def shown(state: State, record: Record) -> JsonObject:
        plain = {name: number(record["id"]) if name == "id" else record[name] for name in kind.shown}
        return {**plain, **kind.more(state, record)}

    def list_some(call: Call) -> Json:
        owner = next(iter(call.path.values()), None)
        records = call.state.all(kind.words) if owner is None else call.state.all(kind.words, owner=str(owner))
        return [shown(call.state, each) for each in records]

    return {
        f"create_{kind.word}": create,
        f"update_{kind.words}": update,
        f"delete_{kind.words}": remove,
        f"list_{kind.words}": get(list_some),
        f"get_{kind.word}": get(read),
    }


def put_new(collection: str, draft: Draft, key: str = "") -> None:
    """Stores a new record, with the next number of its collection where it has no key."""
    draft.values["id"] = key or str(next_id(draft.state, collection))
    draft.state.put(collection, {**draft.values, "created": draft.write.time, "modified": None})


def _is_changed(field: Field, given: Json) -> bool:
    return given is not None and not field.fixed and not (field.keeps and not given)


def _is_good(kind: Kind, draft: Draft, item: Json) -> bool:
    for check in kind.checks:
        if (message := check(draft)) is not None:
            draft.write.danger(*_filled(message, draft, item))
            return False
    return True


def _filled(message: Message, draft: Draft, item: Json) -> tuple[Json, ...]:
    known = {**draft.values, "item": item, "items": ",".join(str(each) for each in draft.write.items)}
    return tuple(item if each == ITEM else each.format_map(known) for each in message)
