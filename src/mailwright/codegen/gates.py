"""Checks that stop a run before anything is written: names the two generators give, and types msgspec can decode."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from mailwright.codegen.models import Models
from mailwright.problem import Problem

# Runs in a process of its own, because it imports what was just generated.
_BUILD_DECODERS = """
import sys
sys.path.insert(0, sys.argv[1])
import msgspec, models
for name in sys.argv[2:]:
    try:
        msgspec.json.Decoder(getattr(models, name))
    except Exception as error:
        sys.exit(f"{name}: {error}")
"""


def compare_names(document: dict[str, Any], models: Models, classes: Collection[str]) -> None:
    """Requires that component, model and openapi-python-client's class have one name.

    Raises:
        Problem: a component has another name in one of the two generators.
    """
    for name, schema in document["components"]["schemas"].items():
        if "properties" not in schema:
            continue
        got = models.classes.get(name, "nothing")
        if got != name:
            raise Problem(f"datamodel-code-generator calls {name} {got}", remedy="rename the component")
        if name not in classes:
            near = next((c for c in classes if c.lower() == name.lower()), "something else")
            raise Problem(f"openapi-python-client calls {name} {near}", remedy="rename the component")


def build_decoders(models: Models) -> None:
    """Requires that msgspec can build a decoder for every generated type.

    Raises:
        Problem: it cannot; the type and msgspec's reason are in the message.
    """
    with tempfile.TemporaryDirectory(prefix="mailwright-decoders-") as folder:
        (Path(folder) / "models.py").write_text(models.source, encoding="utf-8")
        command = [sys.executable, "-c", _BUILD_DECODERS, folder, *models.fields, *models.aliases]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Problem(
            f"msgspec cannot decode a generated type: {reason}",
            place="components.schemas",
            remedy="simplify the union it names",
        )
