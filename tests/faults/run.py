"""Runs the fault matrix and prints it: `nox -s faults`, or `nox -s faults -- --class redirects --backend httpx`."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from catalog import CLASSES, load
from cell import Cell
from generating import REPOSITORY, generate_clients
from judge import Verdict
from matrix import MODES, Column, Matrix, all_columns, as_text
from page import document, is_fresh
from stacks import OURS, STACKS
from worker import READY

HERE = Path(__file__).parent
DOCS = REPOSITORY / "docs" / "faults.md"
_SILENCE = 60.0
_TOO_MANY = 20


def main() -> int:
    """Returns 1 when a cell of ours failed or the docs are stale."""
    arguments = _arguments()
    cells = load(arguments.group, arguments.cell)
    columns = all_columns(arguments.backend or STACKS, arguments.mode or MODES)
    matrix = Matrix(columns)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        _say("making both clients")
        generate_clients(Path(folder))
        # Vanilla waits longest, and so goes first.
        runs = [Run(column, cells, arguments, folder) for column in sorted(columns, key=lambda each: each[0] in OURS)]
        with ThreadPoolExecutor(arguments.jobs) as pool:
            for run, verdicts in zip(runs, pool.map(Run.all, runs), strict=True):
                matrix.verdicts[run.column] = verdicts
        for run in runs:
            if run.column[0] in OURS:
                run.again_alone()
    print(as_text(matrix.rows()))
    failing = list(matrix.failing(OURS))
    # Vanilla's are told only to those who ask for them.
    for column, verdict in matrix.failing([*OURS, *(arguments.backend or ())]):
        _tell(column, verdict)
    whole = not (arguments.group or arguments.cell or arguments.backend or arguments.mode)
    stale = whole and _docs(document(matrix, cells), write=arguments.write_docs)
    print(_summary(matrix, cells, len(failing), stale=stale))
    return 1 if failing or stale else 0


class Run:
    """One stack in one mode, in a process of its own; a process that dies costs the cell it died in, no more."""

    def __init__(
        self, column: Column, cells: list[tuple[str, Cell]], arguments: argparse.Namespace, packages: str
    ) -> None:
        self.column = column
        self._cells = cells
        self._arguments = arguments
        self._packages = packages
        self._command = [sys.executable, "-X", "dev" if arguments.dev else "utf8", str(HERE / "worker.py"), *column]
        self._command += ["--packages", packages, "--class", arguments.group, "--cell", arguments.cell]
        self._verdicts: list[Verdict] = []

    def all(self) -> list[Verdict]:
        """Returns a verdict for each cell."""
        while len(self._verdicts) < len(self._cells):
            why = self._process()
            if len(self._verdicts) < len(self._cells):
                group, cell = self._cells[len(self._verdicts)]
                self._verdicts.append(Verdict(group, cell.name, str(cell.wants), why, ["the process died"]))
        if len(self._cells) > 1:
            passed = sum(verdict.passed for verdict in self._verdicts)
            _say(f"{' '.join(self.column)}: {passed}/{len(self._cells)}")
        return self._verdicts

    def again_alone(self) -> None:
        """Runs what failed once more while nothing else runs: a busy machine misses deadlines of 0.3 s."""
        failed = [at for at, verdict in enumerate(self._verdicts) if not verdict.passed]
        if len(failed) > _TOO_MANY:
            return
        for at in failed:
            group, cell = self._cells[at]
            arguments = argparse.Namespace(**{**vars(self._arguments), "group": group, "cell": cell.name})
            self._verdicts[at] = Run(self.column, [(group, cell)], arguments, self._packages).all()[0]
            _say(f"{' '.join(self.column)}: {cell.name}: {'passed' if self._verdicts[at].passed else 'failed'} alone")

    def _process(self) -> str:
        command = [*self._command, "--skip", str(len(self._verdicts))]
        with (
            tempfile.TemporaryFile("w+") as errors,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
        ):
            try:
                ready = self._read(process)
            except BaseException:
                process.kill()
                raise
            process.wait()
            errors.seek(0)
            why = f"exit {process.returncode}: {errors.read()[-1500:].strip()}"
        if not ready:
            raise SystemExit(f"{' '.join(self.column)} cannot start, {why}")
        return why

    def _read(self, process: subprocess.Popen[str]) -> bool:
        """Takes the verdicts; returns whether the process came as far as to begin."""
        assert process.stdout is not None
        timer = self._kill_later(process)
        ready = False
        for line in process.stdout:
            timer.cancel()
            if line.strip() == READY:
                ready = True
            else:
                self._take(Verdict(**json.loads(line)))
                if len(self._verdicts) % 100 == 0:
                    _say(f"{' '.join(self.column)}: {len(self._verdicts)} of {len(self._cells)}")
            timer = self._kill_later(process)
        timer.cancel()
        return ready

    def _take(self, verdict: Verdict) -> None:
        group, cell = self._cells[len(self._verdicts)] if len(self._verdicts) < len(self._cells) else ("", None)
        if cell is None or (group, cell.name) != (verdict.group, verdict.name):
            raise SystemExit("the cells were edited while they ran; run them again")
        self._verdicts.append(verdict)

    def _kill_later(self, process: subprocess.Popen[str]) -> threading.Timer:
        timer = threading.Timer(_SILENCE, process.kill)
        timer.daemon = True
        timer.start()
        return timer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s faults --", description=__doc__)
    parser.add_argument("--class", dest="group", default="", metavar="CLASS", help=f"one of {', '.join(CLASSES)}")
    parser.add_argument("--cell", default="", help="the name of one cell")
    parser.add_argument("--backend", action="append", choices=STACKS, help="may be given more than once")
    parser.add_argument("--mode", action="append", choices=MODES, help="sync or async")
    parser.add_argument("--jobs", type=int, default=3 * (os.cpu_count() or 2), help="processes at a time")
    parser.add_argument("--dev", action="store_true", help="run the cells in Python's development mode")
    parser.add_argument("--write-docs", action="store_true", help="renew docs/faults.md")
    arguments = parser.parse_args()
    if arguments.write_docs and (arguments.group or arguments.cell or arguments.backend or arguments.mode):
        parser.error("--write-docs needs the whole matrix")
    return arguments


def _tell(column: Column, verdict: Verdict) -> None:
    stack, mode = column
    print(f"\nFAILED {verdict.group}: {verdict.name} ({stack} {mode})")
    print(f"  wanted: {verdict.wanted}\n  got:    {verdict.got}")
    for wrong in verdict.wrong:
        print(f"  wrong:  {wrong}")
    again = ["--class", verdict.group, "--cell", verdict.name, "--backend", stack, "--mode", mode]
    print(f"  again:  nox -s faults -- {shlex.join(again)}")


def _docs(text: str, *, write: bool) -> bool:
    """Writes the page, or returns whether it is stale."""
    if write:
        DOCS.parent.mkdir(exist_ok=True)
        DOCS.write_text(text, encoding="utf-8")
        return False
    stale = not DOCS.exists() or not is_fresh(DOCS.read_text(encoding="utf-8"), text)
    if stale:
        print("\ndocs/faults.md is not what this run gives; renew it with: nox -s faults -- --write-docs")
    return stale


def _summary(matrix: Matrix, cells: list[tuple[str, Cell]], failing: int, *, stale: bool) -> str:
    ours = [matrix.passed(column) for column in matrix.columns if column[0] in OURS]
    theirs = [matrix.passed(column) for column in matrix.columns if column[0] not in OURS]
    text = f"\n{len(cells)} cells"
    for name, counts in (("ours", ours), ("vanilla", theirs)):
        if counts:
            text += f"; {name}: {sum(p for p, _ in counts)} of {sum(t for _, t in counts)} passed"
    return f"{text}; {failing} failed{', and the docs are stale' if stale else ''}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
