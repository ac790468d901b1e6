"""Flags are sent as true or not at all."""

from __future__ import annotations

import pytest

from mailwright.runtime import UNSET, Operation, UsageError, as_flag

LOOK: Operation[object] = Operation("GET", "/look", id="look", result=object)


def test_a_flag_that_is_set_is_true() -> None:
    assert as_flag(LOOK, "values", True) is True


@pytest.mark.parametrize("value", [False, None, UNSET])
def test_a_flag_that_is_not_set_is_left_out(value: object) -> None:
    assert as_flag(LOOK, "values", value) is UNSET


@pytest.mark.parametrize("value", ["false", "true", "", 0, 1, [True]])
def test_what_is_no_truth_value_is_refused_by_name(value: object) -> None:
    with pytest.raises(UsageError, match="values is True or False") as caught:
        as_flag(LOOK, "values", value)
    assert caught.value.operation == "look"
