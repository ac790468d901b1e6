"""How each API says that a call went well or wrong."""

from __future__ import annotations

from mailwright.runtime.dialects.doveadm import DoveadmDialect
from mailwright.runtime.dialects.exit_codes import ExitCode
from mailwright.runtime.dialects.mailcow import MailcowDialect
from mailwright.runtime.dialects.protocol import Dialect, Failure, KnowsOtherVersions, kind_of_status
from mailwright.runtime.dialects.stalwart import StalwartDialect
from mailwright.runtime.dialects.wildduck import WildDuckDialect
from mailwright.runtime.errors import UsageError

__all__ = ["Dialect", "ExitCode", "Failure", "KnowsOtherVersions", "dialect", "kind_of_status"]

_DIALECTS: dict[str, Dialect] = {
    "doveadm": DoveadmDialect(),
    "mailcow": MailcowDialect(),
    "stalwart": StalwartDialect(),
    "wildduck": WildDuckDialect(),
}


def dialect(name: str) -> Dialect:
    """Returns the dialect of that name; raises `UsageError` when there is none."""
    try:
        return _DIALECTS[name]
    except KeyError:
        raise UsageError(f"there is no dialect {name!r}; known: {', '.join(sorted(_DIALECTS))}") from None
