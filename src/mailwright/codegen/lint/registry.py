"""The one table of rules: each has a name, a sentence for people, and the function that checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailwright.codegen.lint.nodes import Document, Fault

Check = Callable[[Document], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `sentence` says what a document has to be like; `overlay` is set where it speaks of overlay files."""

    name: str
    sentence: str
    check: Check
    overlay: bool = False


RULES: dict[str, Rule] = {}


def rule(name: str, sentence: str, *, overlay: bool = False) -> Callable[[Check], Check]:
    """Enters the decorated function into the table, under a name in kebab case."""

    def enter(check: Check) -> Check:
        if name in RULES:
            raise ValueError(f"two rules are called {name}")
        RULES[name] = Rule(name, sentence, check, overlay)
        return check

    return enter
