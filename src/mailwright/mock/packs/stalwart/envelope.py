"""How Stalwart says that something is wrong: management with `error` at status 200, the protocol with a problem."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from mailwright.mock import json_value
from mailwright.mock.arguments import BadBody
from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.findings import Finding
from mailwright.mock.json_value import Json

_PROBLEM = "application/problem+json"
_DETAILS = {
    400: "The request cannot be understood.",
    401: "You have to say who you are.",
    403: "This needs a permission that you have not.",
    404: "Nothing is here.",
}


def problem(status: int, detail: str = "") -> Answer:
    """A failure of the protocol, with this status."""
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Failure"
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail or _DETAILS.get(status, title)}
    return Answer({}, status, content=json_value.write(body), media_type=_PROBLEM)


class Stopped(Refused):
    """A call ends early with a problem."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__({})
        self.answer = problem(status, detail)


def refused(kind: str, **fields: Json) -> Refused:
    """A failure of management: status 200, and this kind."""
    return Refused({"error": kind, **fields})


def not_found(item: str = "") -> Refused:
    """What management says where there is no such thing."""
    return refused("notFound", item=item)


def other(details: str, reason: str | None = None) -> Refused:
    """What management says where none of its words fits."""
    return refused("other", details=details, reason=reason)


def need_enterprise(call: Call) -> None:
    """Refuses what only the enterprise edition has; a hook, too."""
    if call.edition != "enterprise":
        raise refused("unsupported", details="Enterprise feature")


def unknown_path(path: str) -> Answer:
    """There is no such path."""
    return problem(404)


def wrong_method(method: str, allowed: Sequence[str]) -> Answer:
    """The path has no such method, which is never told apart from a path that is not there."""
    return problem(404)


def bad_body(error: BadBody) -> Answer:
    """The body is no JSON."""
    return problem(400, str(error))


def bad_token() -> Answer:
    """Nobody is known by these credentials."""
    answer = problem(401)
    realms = (
        ("www-authenticate", 'Bearer realm="mail"'),
        ("www-authenticate", 'Basic realm="mail"'),
    )
    return Answer({}, 401, realms, content=answer.content, media_type=answer.media_type)


def invalid(findings: Sequence[Finding]) -> Answer:
    """The body has not the shape that it needs."""
    texts = [_text(each) for each in findings]
    return problem(400, "; ".join(texts))


def failure(status: int) -> Answer:
    """Any failure of the protocol."""
    return problem(status)


def _text(finding: Finding) -> str:
    if finding.kind == "text":
        return str(finding.facts["text"])
    place = ".".join(map(str, (finding.name, *finding.path)))
    return f"{place}: {finding.kind}"
