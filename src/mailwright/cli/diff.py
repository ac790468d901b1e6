"""`mailwright diff`: what changed between two versions of an API, as its callers need it."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import TYPE_CHECKING

from mailwright.cli import Commands
from mailwright.cli.counted import counted
from mailwright.problem import Problem
from mailwright.targets import Target, bundled_document, installed, package_file

if TYPE_CHECKING:
    from mailwright.diff import Surface


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "diff",
        help="say what changed between two versions of an API",
        description="Compares two generated clients and their documents: what breaks callers of the Python client, "
        "what changed on the wire only, what is new. Exits with 1 when something breaks.",
    )
    parser.add_argument("old", metavar="OLD", help="the version you come from, such as wildduck-1.0.89")
    parser.add_argument("new", metavar="NEW", help="the version you go to, such as wildduck-1.0.107")
    parser.add_argument("--json", action="store_true", help="print JSON in the place of Markdown")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the changes and a summary; gives 1 where callers break, else 0."""
    from mailwright.diff import as_json, as_text, bump, compare

    old, new = _surface(args.old), _surface(args.new)
    changes = compare(old, new)
    print((as_json if args.json else as_text)(args.old, args.new, changes))
    if not args.json:
        levels = Counter(change.level for change in changes)
        print(
            f"\n{levels['breaking']} breaking, {levels['wire']} on the wire only, "
            f"{counted(levels['addition'], 'addition')}; suggested bump: {bump(changes)}"
        )
    return 1 if any(change.level == "breaking" for change in changes) else 0


def _surface(name: str) -> Surface:
    from mailwright.diff import attribute_names, surface

    target = _target(name)
    bindings = json.loads(package_file(target, "bindings.json").read_bytes())
    names = attribute_names(package_file(target, "models.py").read_text(encoding="utf-8"))
    return surface(name, bundled_document(name), bindings, names)


def _target(name: str) -> Target:
    known = installed()
    found = next((target for target in known if target.name == name), None)
    if found is None:
        names = ", ".join(target.name for target in known)
        raise Problem(f"no generated client is for {name}", remedy=f"known targets: {names}", exit_code=2)
    return found
