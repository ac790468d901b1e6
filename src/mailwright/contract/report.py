"""Writes what a contract run found: for people, as JSON, and as JUnit XML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

from mailwright.contract.findings import Half
from mailwright.contract.suite import Suite
from mailwright.problem import Problem

_HALVES: tuple[Half, ...] = ("encode", "decode", "hostile", "server")
_SHOWN = 20
# XML has no place for most control characters, nor for lone surrogates.
_UNFIT = {code: f"\\x{code:02x}" for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}


def text(suite: Suite, *, operations: int) -> Iterator[str]:
    """Yields the lines of the report: differences, counts, coverage, and one line that says it all."""
    for number, finding in enumerate(suite.findings):
        if number == _SHOWN:
            yield f"… and {len(suite.findings) - _SHOWN} more; --report DIR writes all of them\n"
            break
        yield f"{finding}\n"
    yield from _table(suite)
    yield ""
    yield from (f"coverage: {line}" for line in suite.coverage.lines(operations))
    if gaps := suite.coverage.gaps():
        more = f" and {len(gaps) - 5} more" if len(gaps) > 5 else ""
        yield f"coverage: gaps: {'; '.join(gaps[:5])}{more}"
    for (name, what), count in sorted(suite.unjudged.items()):
        yield f"not judged: {name}: {what} ({count:,} cases)"
    yield summary(suite)


def summary(suite: Suite) -> str:
    """The whole run in one line; rates are cases a second, generation included."""
    totals = _totals(suite)
    parts: list[str] = []
    for half in _HALVES:
        if totals[half]:
            seconds = suite.seconds[half]
            rate = f" at {totals[half] / seconds:,.0f}/s" if half != "hostile" and seconds else ""
            parts.append(f"{half} {totals[half]:,}{rate}")
    count = len(suite.findings)
    return (
        f"contract {suite.client.target.name}: {count:,} difference{'' if count == 1 else 's'} "
        f"in {sum(totals.values()):,} cases ({', '.join(parts)}; seed {suite.seed})"
    )


def write(suite: Suite, folder: Path, *, operations: int) -> list[Path]:
    """Writes `contract.json` and `junit.xml` into a folder, which is made if need be.

    Raises:
        Problem: the folder cannot be written.
    """
    files = {"contract.json": _json(suite, operations), "junit.xml": _junit(suite)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise Problem(
            f"cannot be written: {error.strerror}",
            place=str(folder),
            remedy="give --report a folder you may write to",
            exit_code=2,
        ) from error
    return [folder / name for name in files]


def _table(suite: Suite) -> Iterator[str]:
    differences = Counter(finding.operation for finding in suite.findings)
    names = sorted({name for name, _ in suite.counts})
    halves: list[Half] = [half for half in _HALVES if _totals(suite)[half]]
    width = max((len(name) for name in names), default=0)
    yield "  ".join([f"{'operation':{width}}", *(f"{half:>7}" for half in halves), "differences"])
    for name in names:
        counts = (f"{suite.counts[name, half]:7,}" for half in halves)
        yield "  ".join([f"{name:{width}}", *counts, f"{differences[name]:11,}"])


def _totals(suite: Suite) -> Counter[Half]:
    totals: Counter[Half] = Counter()
    for (_, half), count in suite.counts.items():
        totals[half] += count
    return totals


def _json(suite: Suite, operations: int) -> str:
    counts: dict[str, dict[str, int]] = {}
    for (name, half), count in sorted(suite.counts.items()):
        counts.setdefault(name, {})[half] = count
    report = {
        "target": suite.client.target.name,
        "seed": suite.seed,
        "cases": suite.cases,
        "operations": counts,
        "seconds": {half: round(seconds, 3) for half, seconds in suite.seconds.items()},
        "coverage": {"lines": suite.coverage.lines(operations), "gaps": suite.coverage.gaps()},
        "unjudged": [
            {"operation": name, "what": what, "cases": count} for (name, what), count in sorted(suite.unjudged.items())
        ],
        "differences": [asdict(finding) for finding in suite.findings],
    }
    return json.dumps(report, indent=2) + "\n"


def _junit(suite: Suite) -> str:
    root = ElementTree.Element("testsuites", name=f"contract {suite.client.target.name}")
    for name in sorted({name for name, _ in suite.counts}):
        halves: list[Half] = [half for half in _HALVES if suite.counts[name, half]]
        found = [finding for finding in suite.findings if finding.operation == name]
        group = ElementTree.SubElement(
            root,
            "testsuite",
            name=name,
            tests=str(len(halves)),
            failures=str(len({finding.half for finding in found})),
        )
        for half in halves:
            case = ElementTree.SubElement(group, "testcase", classname=name, name=half)
            for finding in (each for each in found if each.half == half):
                told = str(finding).translate(_UNFIT)
                failure = ElementTree.SubElement(case, "failure", message=finding.kind.translate(_UNFIT))
                failure.text = told
            note = ElementTree.SubElement(case, "system-out")
            note.text = f"{suite.counts[name, half]} cases, seed {suite.seed}"
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
