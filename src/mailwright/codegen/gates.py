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
        place = f"components.schemas.{name}"
        modelled = models.classes.get(name, "nothing")
        if modelled != name:
            raise Problem(f"datamodel-code-generator calls it {modelled}", place=place, remedy="rename the component")
        # openapi-python-client writes aliases out where they are used, so that these have no name there.
        if name not in classes and not schema.keys().isdisjoint({"properties", "allOf", "enum"}):
            near = next((c for c in sorted(classes) if _bare(c) == _bare(name)), "something else")
            raise Problem(f"openapi-python-client calls it {near}", place=place, remedy="rename the component")


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


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
