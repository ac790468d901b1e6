from __future__ import annotations

import pytest
from noted_clients import Notes

from mailwright.targets import bundled_document

# What no client can have from a WildDuck 1.51.1: the error that comes instead, and why.
REFUSED = {
    "exportAudit": ("ServerError", "the server ends each export with 500 before it has written any of it"),
    "listApiMethods": ("NotFound", "the server has it only when it is started for its own tests"),
    "restoreMessage": ("InvalidRequest", "the server asks for a number and has ids of 24 hexadecimal digits"),
}
OPERATIONS = sorted(
    operation["operationId"]
    for item in bundled_document("wildduck-1.51")["paths"].values()
    for operation in item.values()
    if isinstance(operation, dict) and "operationId" in operation
)


def test_the_table_names_operations_of_the_document() -> None:
    assert len(OPERATIONS) == 125
    assert set(REFUSED) <= set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.usefixtures("whole_run")
def test_each_operation_was_answered_to_both_kinds_of_client(operation: str, notes: Notes) -> None:
    if operation in REFUSED:
        error, why = REFUSED[operation]
        assert notes.answered[operation] == set(), f"it can be had, although {why}"
        assert notes.refused[operation] == {("plain", error), ("asyncio", error)}
    else:
        assert notes.answered[operation] == {"plain", "asyncio"}
