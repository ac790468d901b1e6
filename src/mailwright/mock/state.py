"""What a mock remembers: records in collections, children below their parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from mailwright.mock.chance import Chance
from mailwright.mock.json_value import JsonObject
from mailwright.mock.values import fill
from mailwright.mock.vocabulary import Collection

Record: TypeAlias = JsonObject


class State:
    """All records of one mock, and where new ids and texts come from."""

    def __init__(self, collections: Mapping[str, Collection], chance: Chance) -> None:
        self.chance = chance
        self._collections = collections
        self._records: dict[str, dict[str, Record]] = {name: {} for name in collections}

    def all(self, collection: str, **fields: Any) -> Iterator[Record]:
        """The records of a collection whose fields have these values, the oldest first."""
        for record in list(self._records[collection].values()):
            if all(name in record and record[name] == value for name, value in fields.items()):
                yield record

    def first(self, collection: str, **fields: Any) -> Record | None:
        """The first record whose fields have these values, or None."""
        return next(self.all(collection, **fields), None)

    def get(self, collection: str, record_id: str) -> Record | None:
        """The record of this id, or None."""
        return self._records[collection].get(record_id)

    def add(self, collection: str, sources: Mapping[str, Any], now: datetime, **fields: Any) -> Record:
        """Adds a record made from the collection's template and these fields, and those that start with it."""
        spec = self._collections[collection]
        known: dict[str, Any] = {"given": {}, "record": {}, **sources, "id": self.chance.id(), "now": now}
        known |= {"hex": self.chance.hex(known["id"]), "seconds": int(now.timestamp())}
        record: Record = {"id": known["id"], **fill(spec.fields, known), **fields}
        self._records[collection][record["id"]] = record
        for start in spec.starts:
            below = self._collections[start["in"]]
            values = fill(start["set"], {**known, "record": record})
            self.add(start["in"], {**known, "given": values}, now, **{below.parent_field: record["id"]})
        return record

    def remove(self, collection: str, record_id: str) -> None:
        """Removes a record and all that belongs to it."""
        self._records[collection].pop(record_id, None)
        for name, spec in self._collections.items():
            if spec.parent == collection:
                for child in self.all(name, **{spec.parent_field: record_id}):
                    self.remove(name, child["id"])

    def put(self, collection: str, record: Record) -> None:
        """Adds a record that has its id already."""
        self._records[collection][record["id"]] = record

    def move(self, record_id: str, source: str, target: str) -> Record | None:
        """Moves a record to another collection, with its id, without what belongs to it; None where there is none."""
        record = self._records[source].pop(record_id, None)
        if record is not None:
            self.put(target, record)
        return record

    def count(self) -> dict[str, int]:
        """How many records each collection holds."""
        return {name: len(records) for name, records in self._records.items()}
