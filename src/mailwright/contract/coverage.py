"""What a contract run has touched: operations, parameters, statuses, optional parts of answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from mailwright.contract.document import JSON, Operation
from mailwright.contract.equality import Equality


class Coverage:
    """Counts what was there and what was absent, for each parameter and each optional property."""

    def __init__(self) -> None:
        self.operations: set[str] = set()
        self.statuses: set[tuple[str, int]] = set()
        self.parameters: dict[str, set[bool]] = defaultdict(set[bool])
        self.properties: dict[str, set[bool]] = defaultdict(set[bool])

    def request(self, operation: Operation, case: JSON, equality: Equality) -> None:
        """Notes which optional arguments a request has."""
        self.operations.add(operation.id)
        for parameter in operation.sent:
            if not parameter.required:
                present = parameter.name in case.get(parameter.place, {})
                self.parameters[f"{operation.id} {parameter.place} {parameter.name}"].add(present)
        if operation.body is not None:
            for place, present in equality.optional_properties(operation.body, case.get("body")):
                self.parameters[f"{operation.id} body {place}"].add(present)

    def answer(self, operation: Operation, status: int, schema: JSON, body: object, equality: Equality) -> None:
        """Notes a status, and which optional properties an answer has."""
        self.status(operation, status)
        for place, present in equality.optional_properties(schema, body):
            self.properties[f"{operation.id} {status} {place}"].add(present)

    def status(self, operation: Operation, status: int) -> None:
        """Notes that an operation was answered with a status."""
        self.operations.add(operation.id)
        self.statuses.add((operation.id, status))

    def gaps(self) -> list[str]:
        """Names every parameter and property that was never there, or never absent."""
        found: list[str] = []
        for each in (self.parameters, self.properties):
            for name, seen in sorted(each.items()):
                found += [
                    f"{name} never {'present' if present else 'absent'}"
                    for present in (True, False)
                    if present not in seen
                ]
        return found

    def lines(self, operations: int) -> list[str]:
        """The counters as a person reads them."""
        statuses = sorted({status for _, status in self.statuses})
        return [
            f"operations {len(self.operations)} of {operations}",
            f"optional parameters {_counted(self.parameters.values())}",
            f"optional properties of answers {_counted(self.properties.values())}",
            f"statuses {', '.join(map(str, statuses))}",
        ]


def _counted(seen: Iterable[set[bool]]) -> str:
    all_seen = list(seen)
    present, absent = (sum(each in one for one in all_seen) for each in (True, False))
    return f"{len(all_seen)}: {present} present, {absent} absent"
