"""The `mailwright` command: reads the command line, runs one command, and says in a sentence what went wrong."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from mailwright.problem import Problem

_COMMANDS = ("generate", "lint", "targets", "bundle", "mock", "contract", "replay", "diff", "drift")
_EXTRAS = {"mock": "mock", "contract": "contract", "replay": "contract"}
# The packages of the extras; an import error of anything else is a bug and keeps its traceback.
_OPTIONAL = frozenset(
    {
        "datamodel_code_generator",
        "jinja2",
        "jsonpath_rfc9535",
        "jsonschema_rs",
        "openapi_python_client",
        "openapi_spec_validator",
        "ruff",
        "schemathesis",
        "uvicorn",
        "yaml",
    }
)


class Commands(Protocol):
    """What a command's `add` is given: argparse's subparsers, whose own type is private."""

    def add_parser(self, name: str, *, help: str, description: str) -> argparse.ArgumentParser:  # noqa: A002
        """Adds the parser of one command."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 all is well, 1 findings, 2 wrong use, 130 interrupted."""
    command = ""
    try:
        args = _parser().parse_args(argv)
        command = args.command
        code: int = args.run(args)
        # Now and not when the interpreter ends, so that a closed pipe is met here.
        sys.stdout.flush()
    except Problem as problem:
        return _fail(_from_here(str(problem)), problem.exit_code)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OPTIONAL:
            raise
        extra = _EXTRAS.get(command, "codegen")
        return _fail(f"this command needs the extra `{extra}`: pip install 'mailwright[{extra}]'", 2)
    except RecursionError:
        return _fail("a document is nested too deeply to be worked on", 1)
    except BrokenPipeError:
        # What is left in the buffer would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _fail("the program reading the output ended before all of it was written", 1)
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mailwright", description="Typed Python clients, mock servers and contract tests for mail server APIs."
    )
    parser.add_argument("--version", action="version", version=f"mailwright {_version()}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        importlib.import_module(f"mailwright.cli.{name}").add(commands)
    return parser


def _version() -> str:
    try:
        return version("mailwright")
    except PackageNotFoundError:
        return "(not installed)"


def _from_here(message: str) -> str:
    """Shortens paths below the working directory, as a person standing there would write them."""
    return message.replace(f"{Path.cwd()}{os.sep}", "")


def _fail(message: str, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code
