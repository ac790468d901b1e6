"""Faults and delays on request: what a server in trouble sends instead of its answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from mailwright.mock.message import Request, Response
from mailwright.problem import Problem

Kind: TypeAlias = Literal["", "html", "empty", "truncate", "reset"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
_PREFER = re.compile(r"\s*(?P<name>code|delay|fault)\s*=\s*\"?(?P<value>[^,;\"]*)\"?\s*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong: for one operation or all (`*`), so many `times` or always (0).

    `status` answers with that status in the API's own envelope, `delay` waits so many seconds first, and `kind` sends
    an HTML page (502 where no status is given), no body, half the body, or nothing before the connection is reset.
    """

    operation: str = "*"
    kind: Kind = ""
    status: int = 0
    delay: float = 0.0
    times: int = 0


class Faults:
    """The faults that are set, each used up after its number of times."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults: Sequence[Fault] = tuple(faults)
        for fault in self._faults:
            if fault.kind not in KINDS:
                raise Problem(f"{fault.kind!r} is no fault", remedy=f"faults are: {', '.join(KINDS[1:])}", exit_code=2)
        self._lock = threading.Lock()
        self._used: list[int] = []
        self.reset()

    def reset(self) -> None:
        """Sets all faults anew."""
        self._used = [0] * len(self._faults)

    def next(self, operation: str) -> Fault | None:
        """The fault that is due for this call, or None."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.operation not in ("*", operation) or (fault.times and self._used[place] >= fault.times):
                    continue
                self._used[place] += 1
                return fault
        return None


def asked_for(request: Request) -> Fault | None:
    """The fault that a `Prefer` header asks for, such as `Prefer: code=503, delay=0.2, fault=html`."""
    wishes: dict[str, str] = {}
    for name, value in request.headers:
        if name.lower() == "prefer":
            for part in re.split("[,;]", value):
                if match := _PREFER.fullmatch(part):
                    wishes[match["name"]] = match["value"].strip()
    if not wishes:
        return None
    kinds: list[Kind] = [each for each in KINDS if each == wishes.get("fault", "")]
    kind: Kind = kinds[0] if kinds else ""
    status = int(wishes["code"]) if re.fullmatch("[1-5][0-9][0-9]", wishes.get("code", "")) else 0
    delay = float(wishes["delay"]) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", wishes.get("delay", "")) else 0.0
    return Fault(kind=kind, status=status, delay=delay)


def spoil(response: Response, fault: Fault) -> Response:
    """The response as the fault lets it out; its `Content-Length` still is that of the whole."""
    response = replace(response, delay=fault.delay)
    match fault.kind:
        case "html":
            return replace(
                response,
                status=fault.status or 502,
                headers=_headers("text/html", len(_HTML)),
                content=_HTML,
                live=None,
            )
        case "empty":
            return replace(
                response, headers=_headers(response.header("content-type") or "text/plain", 0), content=b"", live=None
            )
        case "truncate":
            return replace(response, content=response.content[: len(response.content) // 2], cut="truncate", live=None)
        case "reset":
            return replace(response, cut="reset", live=None)
        case _:
            return response


def _headers(media_type: str, length: int) -> tuple[tuple[str, str], ...]:
    return (("content-type", media_type), ("content-length", str(length)))
