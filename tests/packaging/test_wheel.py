"""The built wheel, installed in an empty environment, has clients that work against a mock server."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]

CALLS = """
import sys
from importlib.metadata import requires
from mailwright_wildduck import WildDuck as Newest
from mailwright_wildduck.v1_0_107 import WildDuck
with WildDuck(sys.argv[1], access_token="secret") as mail:
    new = mail.users.create(username="jane", password="correct horse")
    print("read", mail.users.get(new.id).username)
    print("listed", [user.username for user in mail.users.list()])
"""


def python_in(environment: Path) -> Path:
    return environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    venv.create(folder / "builder", with_pip=True)
    command = [python_in(folder / "builder"), "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT]
    subprocess.run(command, check=True, timeout=300)
    return next(folder.glob("mailwright-*.whl"))


@pytest.fixture
def mock_server() -> Iterator[str]:
    command = [sys.executable, "-m", "mailwright.cli", "mock", "wildduck-1.0.107", "--port", "0", "--token", "secret"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stdout)), None)
        assert found is not None, "the mock server ended without saying its address"
        yield found[0]
    finally:
        server.terminate()
        server.wait(timeout=10)


def test_an_installed_wheel_calls_a_server(wheel: Path, mock_server: str, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    python = python_in(tmp_path / "empty")
    subprocess.run([python, "-m", "pip", "install", "-q", wheel], check=True, timeout=300)
    done = subprocess.run(
        [python, "-c", CALLS, mock_server], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False
    )
    assert done.stdout.splitlines() == ["read jane", "listed ['jane']"], done.stderr

    # Nothing but the two dependencies came along, and what needs an extra says which.
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    installed = {line.partition("==")[0].lower() for line in listed.stdout.splitlines()}
    assert not installed & {"pydantic", "jinja2", "schemathesis", "pyyaml", "uvicorn", "jsonschema-rs"}
    refused = subprocess.run(
        [python, "-m", "mailwright.cli", "mock", "wildduck-1.0.107"],
        capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "mailwright[mock]" in refused.stderr


def test_the_wheel_holds_packages_and_their_documents_only(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert "mailwright_wildduck/v1_0_107/openapi.json" in names
    assert "mailwright_wildduck/py.typed" in names
    assert "mailwright/py.typed" in names
    tops = {name.split("/")[0] for name in names}
    packages = {"mailwright", "mailwright_dovecot", "mailwright_mailcow", "mailwright_wildduck"}
    assert tops == {*packages, next(t for t in tops if t.endswith(".dist-info"))}


def test_an_editable_install_imports_the_generated_packages() -> None:
    code = "import mailwright_wildduck.v1_0_107 as w; print(w.__file__); import mailwright; print(mailwright.__file__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/", check=True)
    generated, source = map(Path, done.stdout.split())
    assert generated.is_relative_to(ROOT / "generated")
    assert source.is_relative_to(ROOT / "src")


def test_importing_a_package_loads_no_models_and_no_httpx() -> None:
    code = (
        "import sys, mailwright_wildduck.v1_0_107\n"
        "print([m for m in ('msgspec', 'httpx', 'mailwright_wildduck.v1_0_107.models') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
