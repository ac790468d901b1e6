"""The clients that the contract tests are about."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailwright.codegen.generate import generate
from mailwright.contract.bindings import Client
from mailwright.targets import Target

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wildduck() -> Client:
    return Client(Target.parse("wildduck-1.0.107"))


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A small API with every shape that is more than JSON both ways, generated for the occasion."""
    root = tmp_path_factory.mktemp("contract-shapes")
    spec = root / "specs" / "shapes" / "1"
    spec.mkdir(parents=True)
    shutil.copy(Path(__file__).parent / "shapes" / "openapi.yaml", spec)
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    for path, text in generate(Target("shapes", "1"), root, newest=True).files.items():
        file = root / "generated" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    sys.path.insert(0, str(root / "generated"))
    yield Client(Target("shapes", "1"))
    sys.path.remove(str(root / "generated"))
    for name in [name for name in sys.modules if name.startswith("mailwright_shapes")]:
        del sys.modules[name]
