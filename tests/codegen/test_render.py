from __future__ import annotations

import pytest

from mailwright.codegen.docstrings import docstring, one_line, paragraphs
from mailwright.codegen.render import client_class, format_sources
from mailwright.problem import Problem
from mailwright.targets import Target


def test_the_client_is_named_by_the_document_or_after_the_api() -> None:
    target = Target("spamfilter", "1")
    assert client_class(target, {"x-client": {"class": "SpamFilter"}}) == "SpamFilter"
    assert client_class(target, {}) == "Spamfilter"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Reads it.", '"""Reads it."""'),
        ("", ""),
        (" \n ", ""),
        ('say "x"', '"""say "x"\n    """'),
        ('"""', '"""\\"\\"\\"\n    """'),
        ("a\\", '"""a\\\\"""'),
        ("two\nlines", '"""two lines"""'),
        ("nul \0 esc \x1b", '"""nul   esc"""'),
    ],
)
def test_a_docstring_is_one_literal(text: str, written: str) -> None:
    assert docstring(text, "    ") == written
    if written:
        compile(written, "docstring", "eval")


def test_paragraphs_keep_their_indentation() -> None:
    lines = ["Reads.", "", "Args:", "    a: One\x1b."]
    assert paragraphs(lines, "  ") == '"""Reads.\n  \n  Args:\n      a: One .\n  """'


def test_one_line_joins_lines_of_every_kind() -> None:
    assert one_line(" a\r\nb\u2028c\x0bd ") == "a b c d"


def test_imports_are_sorted_and_pruned_whatever_the_folder_says() -> None:
    source = "import os\nimport ast\nx: 'int' = ast . dump( 1 )\n"
    assert format_sources({"a.py": source}) == {"a.py": 'import ast\n\nx: "int" = ast.dump(1)\n'}


def test_source_that_is_no_python_is_refused() -> None:
    with pytest.raises(Problem, match=r"ruff refuses a rendered file: .*a\.py"):
        format_sources({"a.py": "class:\n"})
