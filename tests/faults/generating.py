"""Makes both clients from the one document: ours, and what openapi-python-client makes without us."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from mailwright.codegen.documents import parse, to_json
from mailwright.codegen.generate import generate
from mailwright.targets import Target

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
VANILLA = "vanilla_faults"


def generate_clients(folder: Path) -> None:
    """Writes the packages `mailwright_faults` and `vanilla_faults` into a folder that is on the path of the workers."""
    document = json.loads(to_json(parse((HERE / "openapi.yaml").read_text(encoding="utf-8"), HERE / "openapi.yaml")))
    generate_vanilla(document, folder)
    generate_ours(document, folder)


def generate_ours(document: dict[str, Any], folder: Path) -> None:
    """Runs mailwright's own pipeline, lint included."""
    root = folder / "checkout"
    target = Target.parse("faults-1")
    spec = root / "specs" / target.api / target.version / "openapi.yaml"
    spec.parent.mkdir(parents=True)
    (root / "overlays").mkdir()
    spec.write_text(json.dumps(document, indent=1), encoding="utf-8")
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    for path, text in generate(target, root, newest=True).files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def generate_vanilla(document: dict[str, Any], folder: Path) -> None:
    """Runs stock openapi-python-client."""
    source, config = folder / "vanilla.json", folder / "vanilla-config.json"
    source.write_text(json.dumps(document, indent=1), encoding="utf-8")
    config.write_text(json.dumps({"package_name_override": VANILLA, "post_hooks": []}), encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(source), "--meta", "none"]
    command += ["--config", str(config), "--output-path", str(folder / VANILLA), "--overwrite"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"openapi-python-client failed:\n{done.stdout}{done.stderr}")
