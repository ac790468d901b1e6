"""What lint found: the place, the rule that was broken, what is wrong there and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mailwright.codegen.documents import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule, printable as `file:line: rule: message (remedy)`."""

    place: Place
    rule: str
    message: str
    remedy: str

    @property
    def order(self) -> tuple[str, int, str, str]:
        """A sort key: by file, then line, then rule."""
        return str(self.place.file), self.place.line, self.rule, self.message

    def __str__(self) -> str:
        text = f"{_shown(self.place.file)}:{self.place.line}: {self.rule}: {self.message} ({self.remedy})"
        # A finding about a lone surrogate or a control character must still fit on a terminal's line.
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _shown(file: Path) -> Path:
    """Shortens a path to one relative to the working directory, where it lies below it."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
