from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailwright.codegen import exchange as exchanging
from mailwright.codegen import publish as publishing
from mailwright.codegen.exchange import exchange
from mailwright.codegen.generate import Generated
from mailwright.codegen.publish import publish
from mailwright.targets import Target

OLD = {
    "generated/mailwright_one/__init__.py": "# old",
    "generated/mailwright_one/v1/client.py": "# old client",
    "generated/mailwright_one/v1/gone.py": "# old, and no more",
    "generated/mailwright_two/v1/client.py": "# old two",
    "generated/mailwright_three/v1/client.py": "# to be taken away",
    "mailwright.lock": "old lock",
}
NEW = {
    "generated/mailwright_one/__init__.py": "# new",
    "generated/mailwright_one/v1/client.py": "# new client",
    "generated/mailwright_one/v1/added.py": "# new file",
    "generated/mailwright_two/v1/client.py": "# new two",
    "generated/mailwright_two/__init__.py": "# new in a package that was there",
    "generated/mailwright_four/v1/client.py": "# a new package",
    "mailwright.lock": "new lock",
}
STEPS = 7  # three modules, two files, one folder taken away, the lock


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def read(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def run(root: Path) -> None:
    def result(api: str, *paths: str) -> Generated:
        files = {f"mailwright_{api}/{path}": NEW[f"generated/mailwright_{api}/{path}"] for path in paths}
        return Generated(Target(api, "1"), files, 1)

    results = [
        result("one", "v1/client.py", "v1/added.py", "__init__.py"),
        result("two", "v1/client.py", "__init__.py"),
        result("four", "v1/client.py"),
    ]
    lock = root / "mailwright.lock"
    publish(results, root, lock=lock, lock_text=NEW["mailwright.lock"], gone=["mailwright_three", "never_there"])


def test_all_files_are_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    run(tmp_path)
    assert read(tmp_path) == NEW
    assert sorted(path.name for path in (tmp_path / "generated").iterdir()) == [
        f"mailwright_{name}" for name in ("four", "one", "two")
    ]


def test_the_first_run_makes_the_folder(tmp_path: Path) -> None:
    run(tmp_path)
    assert read(tmp_path) == NEW


def test_modules_are_in_place_before_the_files_that_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = publishing._put
    order: list[str] = []

    def note(new: Path, place: Path) -> object:
        order.append((new if new.parent == tmp_path / "generated" else place).relative_to(tmp_path).as_posix())
        return put(new, place)

    monkeypatch.setattr(publishing, "_put", note)
    write(tmp_path, OLD)
    run(tmp_path)
    assert len(order) == STEPS
    assert [name.endswith("v1") for name in order[:5]] == [True, True, True, False, False]
    assert order[5:] == ["generated/mailwright_three", "mailwright.lock"]


@pytest.mark.parametrize("step", range(STEPS))
def test_a_failing_step_brings_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    put = publishing._put
    done = 0

    def fail(new: Path, place: Path) -> object:
        nonlocal done
        if done == step:
            raise OSError(28, "No space left on device", str(place))
        done += 1
        return put(new, place)

    monkeypatch.setattr(publishing, "_put", fail)
    write(tmp_path, OLD)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path)
    assert done == step
    assert read(tmp_path) == OLD


def test_writing_that_fails_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text = Path.write_text

    def fail(path: Path, text: str, **kwargs: str) -> int:
        if path.name == "added.py":
            raise OSError(28, "No space left on device", str(path))
        return write_text(path, text, **kwargs)

    write(tmp_path, OLD)
    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path)
    assert read(tmp_path) == OLD


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_a_kill_leaves_each_module_old_or_new_and_the_next_run_cleans_up(tmp_path: Path, step: int) -> None:
    write(tmp_path, OLD)
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import test_publish; from mailwright.codegen import publish as publishing\n"
        "put, left = publishing._put, [int(sys.argv[3])]\n"
        "def count(new, place):\n"
        "    if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    left[0] -= 1\n"
        "    return put(new, place)\n"
        "publishing._put = count\n"
        "publishing.shutil.rmtree = lambda path: os.kill(os.getpid(), signal.SIGKILL)\n"
        "test_publish.run(Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path), str(step)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    found = {path: text for path, text in read(tmp_path).items() if "/.mailwright-" not in path}
    for module in ("one/v1", "two/v1", "three/v1", "four/v1"):
        part, old, new = (
            {path: text for path, text in files.items() if path.startswith(f"generated/mailwright_{module}/")}
            for files in (found, OLD, NEW)
        )
        assert part in (old, new)
    assert found["mailwright.lock"] == (NEW if step == STEPS else OLD)["mailwright.lock"]
    run(tmp_path)
    assert read(tmp_path) == NEW


def not_here(one: Path, other: Path) -> None:
    raise OSError(38, "Function not implemented")


@pytest.mark.parametrize("at_once", [True, False])
def test_an_exchange_swaps_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr(exchanging, "_exchange_at_once", not_here)
    write(tmp_path, {"a": "1", "b": "2", "c/d": "3", "e/f": "4"})
    exchange(tmp_path / "a", tmp_path / "b")
    exchange(tmp_path / "c", tmp_path / "e")
    assert read(tmp_path) == {"a": "2", "b": "1", "e/d": "3", "c/f": "4"}


@pytest.mark.parametrize("fails", [0, 1])
def test_an_exchange_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int) -> None:
    move = exchanging.shutil.move
    moved = 0

    def count(source: Path, target: Path) -> None:
        nonlocal moved
        moved += 1
        if moved == fails + 1:
            raise OSError("no")
        move(source, target)

    monkeypatch.setattr(exchanging, "_exchange_at_once", not_here)
    monkeypatch.setattr(exchanging.shutil, "move", count)
    write(tmp_path, {"a": "1", "b": "2"})
    with pytest.raises(OSError, match="no"):
        exchange(tmp_path / "a", tmp_path / "b")
    assert read(tmp_path) == {"a": "1", "b": "2"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the system call")
def test_linux_swaps_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(exchanging.shutil, "move")
    write(tmp_path, {"a": "1", "b": "2"})
    exchange(tmp_path / "a", tmp_path / "b")
    assert read(tmp_path) == {"a": "2", "b": "1"}
