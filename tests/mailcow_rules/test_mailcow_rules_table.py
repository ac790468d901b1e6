"""The table of rules and the tests named after them go together."""

from __future__ import annotations

import ast
from itertools import groupby
from pathlib import Path

from mailcow_rule_table import RULES


def numbers_in_names() -> set[str]:
    """The numbers of rules in names of tests, such as 3.16."""
    found: set[str] = set()
    for file in Path(__file__).parent.glob("test_mailcow_rules_*.py"):
        names = [each.name for each in ast.parse(file.read_text("utf-8")).body if isinstance(each, ast.FunctionDef)]
        found |= {".".join(name.split("_")[2:4]) for name in names if name.startswith("test_rule_")}
    return found


def test_every_rule_has_a_test_and_every_test_a_rule() -> None:
    assert numbers_in_names() == set(RULES)


def test_numbers_have_no_gaps() -> None:
    numbers = sorted(RULES)
    for section, group in groupby(numbers, key=lambda number: number.split(".")[0]):
        members = list(group)
        assert members == [f"{section}.{place:02}" for place in range(1, len(members) + 1)]
