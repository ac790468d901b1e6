"""Runs the pipeline for one target: bundle, lint, models, operations, gates, files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from mailwright.codegen.bundle import bundle
from mailwright.codegen.directions import find_directions
from mailwright.codegen.documents import LocatedDict, to_json
from mailwright.codegen.gates import build_decoders, compare_names
from mailwright.codegen.lint import lint
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.operations import operations
from mailwright.codegen.methods import resources
from mailwright.codegen.models import generate_models
from mailwright.codegen.parsing import parse_operations
from mailwright.codegen.render import header, render_api, render_package
from mailwright.codegen.rpc import generators_view
from mailwright.problem import Problem
from mailwright.targets import Target


@dataclass(frozen=True, slots=True)
class Generated:
    """The files of one target, by path below `generated/`, and how many operations they hold."""

    target: Target
    files: dict[str, str]
    operations: int

    @property
    def module(self) -> str:
        """The folder of the target below `generated/`."""
        return f"{self.target.package}/{self.target.module}"

    @property
    def lines_per_operation(self) -> float:
        """Lines of Python for each operation: models, both clients, and all around them."""
        sources = (text for path, text in self.files.items() if path.startswith(self.module) and path.endswith(".py"))
        return sum(text.count("\n") for text in sources) / self.operations


def generate(target: Target, root: Path, *, newest: bool) -> Generated:
    """Generates the client of a target, in memory.

    Args:
        target: What to generate.
        root: The checkout with `specs/`, `overlays/` and `templates/`.
        newest: True for the newest version of its API, whose names the package itself has.

    Raises:
        Problem: the document does not lint, a generator refuses or loses something, or a gate is not passed.
    """
    located = bundle(target, root)
    findings = lint(located)
    if findings:
        more = f"`mailwright lint {target.name}` lists all {len(findings)} findings" if len(findings) > 1 else ""
        raise Problem(str(findings[0]), remedy=more)
    try:
        return _generate(target, located, root / "templates", newest=newest)
    except TemplateError as error:
        file = f"{getattr(error, 'filename', None) or root / 'templates' / 'client'}:{getattr(error, 'lineno', '')}"
        raise Problem(
            f"the template is at fault: {error.message}",
            place=f"{target.name}: {file.removesuffix(':')}",
            remedy="mend the template",
        ) from error
    except Problem as problem:
        # Past the linter no line of a file is at hand, so that at least the target has to be told.
        place = f"{target.name}: {problem.place}" if problem.place else target.name
        raise Problem(problem.cause, place=place, remedy=problem.remedy, exit_code=problem.exit_code) from problem


def _generate(target: Target, located: LocatedDict, templates: Path, *, newest: bool) -> Generated:
    nodes = Document(located)
    document: dict[str, Any] = json.loads(to_json(located))
    view = generators_view(document)
    models = generate_models(view, find_directions(nodes), templates / "models", header(target))
    parsed = parse_operations(view, operations(nodes), templates / "client")
    compare_names(view, models, parsed.classes)
    build_decoders(models)
    groups = resources(nodes, parsed.operations, models)
    count = sum(len(group.methods) for group in groups)
    if count != len(parsed.operations):
        raise Problem(
            f"{len(parsed.operations) - count} of {len(parsed.operations)} operations have no method",
            remedy="declare their tags in `tags`",
        )
    package = render_package(target, document, groups, models, parsed.environment)
    files = {f"{target.package}/{target.module}/{name}": text for name, text in package.items()}
    if newest:
        api = render_api(target, document, parsed.environment)
        files |= {f"{target.package}/{name}": text for name, text in api.items()}
    return Generated(target, files, count)
