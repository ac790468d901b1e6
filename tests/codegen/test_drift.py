from __future__ import annotations

from pathlib import Path

from mailwright.codegen.drift import differences
from mailwright.codegen.generate import Generated
from mailwright.targets import Target

FILES = {
    "mailwright_small/v1/client.py": "a = 1\nb = 2\n",
    "mailwright_small/v1/empty.py": "",
    "mailwright_small/__init__.py": "",
}
RESULT = Generated(Target("small", "1"), FILES, 1)


def drift(root: Path, changes: dict[str, bytes | None], *, whole: bool = True) -> list[str]:
    for path, text in {**{path: text.encode() for path, text in FILES.items()}, **changes}.items():
        file = root / "generated" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            file.write_bytes(text)
    return list(differences([RESULT], root, whole=whole))


def test_no_drift_is_nothing(tmp_path: Path) -> None:
    caches: dict[str, bytes | None] = {"mailwright_small/v1/__pycache__/client.pyc": b"", ".mypy_cache/a.json": b""}
    assert drift(tmp_path, caches) == []


def test_a_hand_edit_is_a_diff_back_to_what_it_should_be(tmp_path: Path) -> None:
    assert drift(tmp_path, {"mailwright_small/v1/client.py": b"a = 1\nb = 3\n"}) == [
        "--- generated/mailwright_small/v1/client.py",
        "+++ generated/mailwright_small/v1/client.py (as it should be)",
        "@@ -1,2 +1,2 @@",
        " a = 1",
        "-b = 3",
        "+b = 2",
    ]


def test_line_ends_and_bytes_that_are_no_text_are_seen(tmp_path: Path) -> None:
    assert drift(tmp_path, {"mailwright_small/v1/client.py": b"a = 1\r\nb = 2\r\n"}) == [
        "generated/mailwright_small/v1/client.py: other line ends"
    ]
    assert "-\\xff" in drift(tmp_path, {"mailwright_small/v1/client.py": b"a = 1\n\xff\n"})


def test_missing_files_are_named_even_when_empty(tmp_path: Path) -> None:
    lines = drift(tmp_path, {"mailwright_small/v1/client.py": None, "mailwright_small/v1/empty.py": None})
    assert lines[:2] == ["--- missing", "+++ generated/mailwright_small/v1/client.py (as it should be)"]
    assert lines[-1] == "generated/mailwright_small/v1/empty.py: missing"


def test_files_that_nothing_makes_are_named(tmp_path: Path) -> None:
    extra = {"mailwright_small/v1/mine.py": b"", "mailwright_small/v2/client.py": b"c = 3\n", "notes.txt": b""}
    inside = drift(tmp_path, dict(extra), whole=False)
    assert inside == ["generated/mailwright_small/v1/mine.py: to be deleted"]
    assert drift(tmp_path, dict(extra)) == [
        *inside,
        "generated/mailwright_small/v2/client.py: no target makes this (delete it)",
        "generated/notes.txt: no target makes this (delete it)",
    ]
