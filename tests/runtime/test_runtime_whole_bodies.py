"""A body that is one argument is never null."""

from __future__ import annotations

import pytest

from mailwright.runtime import UNSET, Operation, UsageError, no_null

RESTORE: Operation[object] = Operation("POST", "/restore", id="restore", result=object)


@pytest.mark.parametrize("body", [[], {}, "", 0, False, UNSET, ["a"]])
def test_what_is_something_is_the_body(body: object) -> None:
    assert no_null(RESTORE, "items", body) is body


def test_none_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="items is None") as caught:
        no_null(RESTORE, "items", None)
    assert caught.value.operation == "restore"
