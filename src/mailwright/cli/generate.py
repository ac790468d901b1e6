"""`mailwright generate`: makes the client packages from specs and overlays."""

from __future__ import annotations

import argparse
import time
from itertools import islice
from pathlib import Path

from mailwright.cli import Commands
from mailwright.problem import Problem

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
    parser.add_argument(
        "--check", action="store_true", help="write nothing; show what would change and exit 1 if anything would"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs the command."""
    from mailwright.codegen.bundle import find_root, find_target, source_targets
    from mailwright.codegen.generate import Generated, generate
    from mailwright.codegen.lock import Entry, current_entry, outputs_intact, read_lock, with_outputs, write_lock
    from mailwright.codegen.publish import differences, publish

    root = find_root(Path.cwd())
    known = source_targets(root)
    chosen = [find_target(name, known) for name in args.targets] or known
    lock = read_lock(root)
    kept = {t.name: lock[t.name] for t in known if t.name in lock}
    stale = sorted(lock.keys() - kept.keys()) if not args.targets else []

    results: list[Generated] = []
    entries: dict[str, Entry] = {}
    for target in chosen:
        newest = target.order == max(t.order for t in known if t.api == target.api)
        entry = current_entry(target, root, newest=newest)
        locked = lock.get(target.name)
        if not args.check and locked and locked.made_from(entry) and outputs_intact(locked, target, root):
            print(f"{target.name}: current", flush=True)
            continue
        started = time.perf_counter()
        result = generate(target, root, newest=newest)
        results.append(result)
        entries[target.name] = with_outputs(entry, result.files)
        print(
            f"{target.name}: {result.operations} operations, {result.lines_per_operation:.1f} lines each "
            f"({time.perf_counter() - started:.1f} s)",
            flush=True,
        )

    if args.check:
        lines = [line for result in results for line in differences(result, root)]
        for name, entry in entries.items():
            if lock.get(name) != entry:
                lines.append(f"mailwright.lock: the entry of {name} is not what would be written now")
        lines += [f"mailwright.lock: {name} has no spec any more" for name in stale]
        print("\n".join(islice(lines, _SHOWN)), end="\n" if lines else "")
        if len(lines) > _SHOWN:
            print(f"… and {len(lines) - _SHOWN} lines more")
        verdict = f"drift, {len(lines)} lines: run `mailwright generate`" if lines else "no drift"
        print(f"generate --check: {len(results)} targets, {verdict}")
        return 1 if lines else 0

    try:
        publish(results, root)
        if entries or stale:
            write_lock(root, kept | entries)
    except OSError as error:
        raise Problem(
            f"cannot be written: {error.strerror}", place=str(error.filename), remedy="check rights and disk space"
        ) from error
    print(f"generate: {len(results)} targets made, {len(chosen) - len(results)} current")
    return 0
