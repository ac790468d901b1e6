"""`mailwright generate`: makes the client packages from specs and overlays."""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mailwright.cli import Commands
from mailwright.cli.counted import counted
from mailwright.problem import Problem

if TYPE_CHECKING:
    from mailwright.codegen.generate import Generated
    from mailwright.codegen.lock import Entry
    from mailwright.targets import Target

_SHOWN = 200  # lines of a diff; the rest is counted


def add(commands: Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "generate",
        help="make the client packages from specs and overlays",
        description="Makes generated/ from specs/, overlays/ and templates/. Targets whose inputs and outputs are as "
        "mailwright.lock says are skipped. Nothing is written unless every target succeeds.",
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="such as wildduck-1.0.107; all where left out")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--check", action="store_true", help="write nothing; show what would change and exit 1 if anything would"
    )
    how.add_argument("--force", action="store_true", help="make also what is current")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Generates what is not current (`--force`: all), or with `--check` all in memory; gives 1 where it drifts."""
    from mailwright.codegen.bundle import find_root, find_target, source_targets
    from mailwright.codegen.lock import current_entry, outputs_intact, read_lock

    root = find_root(Path.cwd())
    known = source_targets(root)
    chosen = list(dict.fromkeys(find_target(name, known) for name in args.targets)) or known
    locked = read_lock(root)
    entries = {target: current_entry(target, root, newest=target in _newest(known)) for target in chosen}
    # Asked for by name, a target is no reason to take away another one.
    gone = [] if args.targets else [target for target in locked if target not in known]

    results: list[Generated] = []
    for target, entry in entries.items():
        old = locked.get(target)
        if not (args.check or args.force) and old and old.made_from(entry) and outputs_intact(old, target, root):
            print(f"{target.name}: current", flush=True)
        else:
            results.append(_generate(target, root, newest=entry.newest))
    made = _with_outputs(entries, results)
    if args.check:
        return _check(results, made, locked, gone, root, whole=not args.targets)
    if results or gone:
        _publish(results, {**{target: locked[target] for target in locked if target not in gone}, **made}, gone, root)
    print(f"{counted(len(results), 'target')} made, {len(chosen) - len(results)} current, {len(gone)} removed")
    return 0


def _newest(known: Collection[Target]) -> set[Target]:
    """Picks the newest version of each API."""
    return {max((each for each in known if each.api == api), key=lambda t: t.order) for api in {t.api for t in known}}


def _generate(target: Target, root: Path, *, newest: bool) -> Generated:
    from mailwright.codegen.generate import generate

    started = time.perf_counter()
    result = generate(target, root, newest=newest)
    took = time.perf_counter() - started
    print(
        f"{target.name}: {result.operations} operations, {result.lines_per_operation:.1f} lines each ({took:.1f} s)",
        flush=True,
    )
    return result


def _with_outputs(entries: Mapping[Target, Entry], results: Sequence[Generated]) -> dict[Target, Entry]:
    from mailwright.codegen.lock import with_outputs

    return {result.target: with_outputs(entries[result.target], result.files) for result in results}


def _publish(results: Sequence[Generated], entries: Mapping[Target, Entry], gone: list[Target], root: Path) -> None:
    from mailwright.codegen.lock import NAME, lock_text
    from mailwright.codegen.publish import publish

    packages = {target.package for target in entries}
    # The folder of an API goes with its last target.
    folders = {t.package if t.package not in packages else f"{t.package}/{t.module}" for t in gone}
    try:
        publish(results, root, lock=root / NAME, lock_text=lock_text(entries), gone=sorted(folders))
    except OSError as error:
        raise Problem(
            f"cannot be written: {error.strerror}",
            place=str(error.filename or root / "generated"),
            remedy="check rights and disk space; nothing was changed",
        ) from error


def _check(
    results: Sequence[Generated],
    made: Mapping[Target, Entry],
    locked: Mapping[Target, Entry],
    gone: Sequence[Target],
    root: Path,
    *,
    whole: bool,
) -> int:
    """Prints how the checkout differs from what would be generated; gives 1 where it does."""
    from mailwright.codegen.drift import differences
    from mailwright.codegen.lock import NAME

    lines = list(differences(results, root, whole=whole))
    for target, entry in made.items():
        if locked.get(target) != entry:
            lines.append(f"{NAME}: the entry of {target.name} is not what would be written now")
    lines += [f"{NAME}: {target.name} has no spec any more" for target in gone]
    for line in islice(lines, _SHOWN):
        print(line)
    if len(lines) > _SHOWN:
        print(f"… and {len(lines) - _SHOWN} more lines")
    verdict = f"drift in {len(lines)} lines: run `mailwright generate`" if lines else "no drift"
    print(f"{counted(len(results), 'target')} checked, {verdict}")
    return 1 if lines else 0
