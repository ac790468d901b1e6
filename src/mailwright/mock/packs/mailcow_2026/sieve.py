"""A look at sieve scripts that finds commands which are none; what commands are given is not looked at."""

from __future__ import annotations

import re

from mailwright.mock.packs.mailcow_2026.records import Check, Draft, Message

_WORDS = (
    "require if elsif else stop keep discard redirect fileinto reject ereject set setflag addflag removeflag "
    "vacation notify include return global addheader deleteheader replace enclose extracttext error foreverypart "
    "break pipe filter execute report"
)
_COMMANDS = frozenset(_WORDS.split())
_PARTS = re.compile(
    r'text:[^\n]*\n.*?\n\.\n?|"(?:\\.|[^"\\])*"|/\*.*?\*/|#[^\n]*|:?[A-Za-z_]\w*|\S|\n',
    re.DOTALL | re.IGNORECASE,
)
_SKIPPED = ("text:", '"', "/*", "#")


def problem(script: str) -> str:
    """What is wrong with a script, or nothing: the first command that is unknown, and its line."""
    line, starts = 1, True
    for found in _PARTS.finditer(script.replace("\r\n", "\n").replace("\r", "\n")):
        part = found[0]
        if part[:1].isalpha() and not part.lower().startswith("text:"):
            if starts and part.lower() not in _COMMANDS:
                return f"line {line}: unknown command {part}"
            starts = False
        elif not part.lower().startswith(_SKIPPED) and part != "\n":
            starts = part in ";{}"
        line += part.count("\n")
    return ""


def is_script(name: str) -> Check:
    """The field is a sieve script."""

    def check(draft: Draft) -> Message | None:
        wrong = problem(str(draft.values[name] or ""))
        draft.values["sieve_problem"] = wrong
        return ("sieve_error", "{sieve_problem}") if wrong else None

    return check
