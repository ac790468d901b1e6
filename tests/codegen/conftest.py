from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shape_apis import APIS
from small_apis import api, checkout, generate_into


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = checkout(tmp_path_factory.mktemp("shapes") / "checkout")
    for name, text in APIS.items():
        generate_into(root, f"{name}-1", api(text))
    folder = root / "generated"
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("mailwright_") and name.split("_")[1] in APIS]:
        del sys.modules[name]
