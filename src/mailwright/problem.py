"""The one error that tools report to a person: what is wrong, where, and what to do."""

from __future__ import annotations


class Problem(Exception):
    """Something a person has to put right, said as place, cause and remedy.

    Everything in mailwright but the runtime raises it (the runtime has its own tree for callers of a client); the
    command line prints it on standard error and ends with `exit_code`: 1 when a document or a server is at fault,
    2 when the command was used wrongly.
    """

    def __init__(self, cause: str, *, place: str = "", remedy: str = "", exit_code: int = 1) -> None:
        self.cause = cause
        self.place = place
        self.remedy = remedy
        self.exit_code = exit_code
        where = f"{place}: " if place else ""
        then = f" ({remedy})" if remedy else ""
        super().__init__(f"{where}{cause}{then}")
