"""docs/runtime.md says what the runtime does: its numbers are the defaults, its samples run."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from mailwright.runtime import Limits, Options, Retries, Timeout

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "runtime.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def table(name: str) -> dict[str, str]:
    rows = PAGE.partition(f"| `{name}` | default |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {cell[0].strip("`"): cell[1] for cell in cells}


@pytest.mark.parametrize("kind", [Timeout, Retries, Limits])
def test_every_default_is_in_its_table(kind: type) -> None:
    told = table(kind.__name__)
    assert list(told) == [each.name for each in fields(kind)]
    for each in fields(kind):
        assert each.default is not MISSING
        if callable(each.default):
            assert told[each.name] == f"`{each.default.__name__}`"
        else:
            number = re.match(r"[\d,.]+", told[each.name])
            assert number, told[each.name]
            assert float(number[0].strip(",").replace(",", "")) == each.default


def test_units_in_the_table_of_limits_are_right() -> None:
    sizes = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
    found = re.findall(r"\| ([\d,]+) \((\d+) (KiB|MiB|GiB)\)", PAGE)
    assert len(found) == 4
    assert [int(number.replace(",", "")) for number, _, _ in found] == [int(n) * sizes[unit] for _, n, unit in found]


def test_every_option_is_explained() -> None:
    assert [name for name in Options.__annotations__ if f"`{name}" not in PAGE and f"{name}=" not in PAGE] == []


@pytest.mark.parametrize("sample", PYTHON)
def test_samples_run(sample: str) -> None:
    names: dict[str, object] = {}
    exec(compile(sample.replace("…", "token"), "docs/runtime.md", "exec"), names)
    assert len(names) > 2
